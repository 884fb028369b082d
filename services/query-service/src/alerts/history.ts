/** What happened to alerts, newest first. */
import type {
  AlertEventAnswer,
  AlertFact,
  AlertHistoryAnswer,
  AlertHistoryQuestion,
  Catalog,
  DimensionFilter,
  PlacedFact,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { ProblemError } from '../http/problems.ts'
import { formatTime, parseTime } from '../questions/times.ts'

export interface AskedHistory {
  readonly alert?: string
  readonly rule?: string
  readonly from?: string
  readonly to?: string
  readonly filter?: readonly string[]
  readonly limit: number
  readonly cursor?: string
}

const DEFAULT_MS = 7 * 86_400_000

/** The question within the view; null: the view sees none of it. */
export function historyQuestion(
  asked: AskedHistory,
  filters: readonly DimensionFilter[],
  { view, catalog, now }: { readonly view: View; readonly catalog: Catalog; readonly now: number },
): AlertHistoryQuestion | null {
  const to = asked.to === undefined ? now + 1 : parseTime(asked.to, 'to')
  const from = asked.from === undefined ? to - DEFAULT_MS : parseTime(asked.from, 'from')
  if (from >= to) throw new ProblemError('invalid_parameter', 'to is not after from.', { parameter: 'to' })
  const labels = new Map<string, readonly string[]>()
  const narrow = (label: string, values: readonly string[]) =>
    labels.set(label, labels.get(label)?.filter(value => values.includes(value)) ?? values)
  for (const { field, values } of filters) narrow(field, values)
  if (view.scope !== null) {
    narrow('indicator', [...view.listed(catalog).indicators.keys()])
    for (const [label, values] of Object.entries(view.scope.dimensions)) narrow(label, values)
  }
  if ([...labels.values()].some(values => values.length === 0)) return null
  return {
    from,
    to,
    labels: Object.fromEntries(labels),
    // one more tells whether there is a next page
    limit: asked.limit + 1,
    ...(asked.alert === undefined ? {} : { alert: asked.alert }),
    ...(asked.rule === undefined ? {} : { rule: asked.rule }),
    ...(asked.cursor === undefined ? {} : { before: readCursor(asked.cursor) }),
  }
}

export function historyAnswer(facts: readonly PlacedFact[], limit: number): AlertHistoryAnswer {
  const shown = facts.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(({ fact }) => eventAnswer(fact)),
    next: last === undefined || facts.length <= limit ? null : cursorOf(last),
  }
}

const cursorOf = ({ offset, index, fact }: PlacedFact): string =>
  Buffer.from([fact.at, offset, index].join('.')).toString('base64url')

function readCursor(cursor: string): { at: number; offset: number; index: number } {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null)
    throw new ProblemError('invalid_parameter', 'cursor is not one that this list gave: begin again without it.', {
      parameter: 'cursor',
    })
  const [at, offset, index] = match.slice(1).map(Number) as [number, number, number]
  return { at, offset, index }
}

function eventAnswer(fact: AlertFact): AlertEventAnswer {
  const base = {
    at: formatTime(fact.at),
    event: fact.fact,
    id: fact.alert,
    alert: fact.rule,
    labels: fact.labels,
    ...{ instant: null, value: null, target: null, reason: null, receiver: null, answer: null },
  }
  switch (fact.fact) {
    case 'pending':
      return { ...base, instant: formatTime(fact.instant), value: fact.value }
    case 'firing':
    case 'resolved':
      return {
        ...base,
        instant: formatTime(fact.instant),
        value: fact.value,
        target: fact.target,
        reason: fact.reason,
      }
    case 'muted':
      return { ...base, instant: formatTime(fact.startsAt), receiver: fact.receiver }
    case 'gap':
      return { ...base, instant: formatTime(fact.from), reason: `not evaluated until ${formatTime(fact.to)}` }
    case 'leader':
      return { ...base, reason: fact.name }
    default:
      return { ...base, receiver: fact.receiver, answer: fact.answer }
  }
}
