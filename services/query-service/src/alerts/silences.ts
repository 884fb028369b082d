/** Silences as they are sent and shown. */
import { randomUUID } from 'node:crypto'
import {
  type AlertState,
  type Catalog,
  formatMatcher,
  isInForce,
  type Matcher,
  matchesAll,
  parseMatcher,
  type Silence,
  type SilenceAnswer,
  type SilenceRequest,
} from '@kivi/domain'
import { describeScope, type View } from '../access/view.ts'
import { ProblemError } from '../http/problems.ts'
import { formatTime, parseLength, parseTime } from '../questions/times.ts'
import { seesAlert, stateOf } from './shown.ts'

/** Silence for longer is a rule that nobody wants. */
const LONGEST_MS = 366 * 86_400_000

/** @param known the silence that is changed; null: a new one */
export function readSilence(sent: SilenceRequest, known: Silence | null, author: string, now: number): Silence {
  const matchers = sent.matchers.map((text, index) => {
    const matcher = parseMatcher(text)
    if (matcher !== null) return matcher
    throw new ProblemError(
      'invalid_parameter',
      `matchers/${index} is ${JSON.stringify(text)}: expected a label, one of = != =~ !~, and a value: campaign="spring", region=~"eu-.*".`,
      { parameter: `matchers/${index}` },
    )
  })
  if (matchesAll(matchers, {}))
    throw new ProblemError(
      'invalid_parameter',
      'These matchers match everything there is: name a label that has to be there, such as alertname="CtrLow".',
      { parameter: 'matchers' },
    )
  const from = sent.from === undefined ? (known?.from ?? now) : parseTime(sent.from, 'from')
  const until = untilOf(sent, from, now)
  return {
    id: known?.id ?? randomUUID(),
    matchers,
    from,
    until,
    author,
    reason: sent.reason,
    // the later of two words counts, also where a clock stood still
    setAt: Math.max(now, (known?.setAt ?? 0) + 1),
    ended: false,
  }
}

function untilOf({ until, duration }: SilenceRequest, from: number, now: number): number {
  if ((until === undefined) === (duration === undefined))
    throw new ProblemError('invalid_parameter', 'Give either until or duration: when does the silence end?', {
      parameter: 'until',
    })
  const parameter = until === undefined ? 'duration' : 'until'
  const end =
    until === undefined ? Math.max(from, now) + parseLength(duration as string, 'duration') : parseTime(until, 'until')
  if (end <= from || end <= now)
    throw new ProblemError('invalid_parameter', `${parameter} ends at ${formatTime(end)}, which is over already.`, {
      parameter,
    })
  if (end - from > LONGEST_MS)
    throw new ProblemError(
      'invalid_parameter',
      `${parameter} is more than a year away: change the rule instead, or its route.`,
      { parameter },
    )
  return end
}

export const endedSilence = (silence: Silence, author: string, now: number): Silence => ({
  ...silence,
  author,
  ended: true,
  setAt: Math.max(now, silence.setAt + 1),
})

/** Where the view is limited: is the silence about nothing but its part? */
export function seesSilence(view: View, { matchers }: Pick<Silence, 'matchers'>, catalog: Catalog): boolean {
  if (view.scope === null) return true
  const pinned = new Map(matchers.filter(isEqual).map(({ label, value }) => [label, value]))
  const indicator = catalog.indicators.get(pinned.get('indicator') ?? '')
  return indicator !== undefined && view.sees(indicator) && view.seesSegment(Object.fromEntries(pinned))
}

const isEqual = ({ op }: Matcher): boolean => op === '='

/** Throws out_of_scope where the silence would reach beyond the view. */
export function needsSilence(view: View, silence: Silence, catalog: Catalog): void {
  if (view.scope === null || seesSilence(view, silence, catalog)) return
  const needed = ['indicator', ...Object.keys(view.scope.dimensions)].map(name => `${name}="…"`).join(', ')
  throw new ProblemError(
    'out_of_scope',
    `The key is limited to ${describeScope(view.scope)}: a silence with it has to be about just that, by the matchers ${needed}.`,
    { parameter: 'matchers' },
  )
}

export function silenceAnswer(
  silence: Silence,
  { state, catalog, view, now }: { state: AlertState; catalog: Catalog; view: View; now: number },
): SilenceAnswer {
  const { id, matchers, from, until, author, reason, setAt, ended } = silence
  const isActive = isInForce(silence, now)
  const mutes = !isActive
    ? 0
    : [...state.instances.values()].filter(
        instance =>
          stateOf(instance) === 'firing' && seesAlert(view, instance, catalog) && matchesAll(matchers, instance.labels),
      ).length
  return {
    id,
    matchers: matchers.map(formatMatcher),
    from: formatTime(from),
    until: formatTime(until),
    author,
    reason,
    state: ended || until <= now ? 'ended' : isActive ? 'active' : 'planned',
    set_at: formatTime(setAt),
    mutes,
  }
}
