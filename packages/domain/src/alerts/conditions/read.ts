/** Reads a rule's indicator at instants: all windows of all of them in one reading, and decides for each group. */
import type { Catalog } from '../../definitions/index.ts'
import { clusteredWidths } from '../../indicators/clustered.ts'
import { changesLater, isPlain, measuresBehind } from '../../indicators/graph.ts'
import { type Asked, type Basis, readSheet, type Sheet } from '../../indicators/sheet.ts'
import type { Window } from '../../indicators/window.ts'
import type { MeasureSource } from '../../ports/measure-source.ts'
import type { Interval } from '../../statistics/index.ts'
import type { Observation } from '../evaluate/observation.ts'
import type { Evaluation } from '../evaluate/rule.ts'
import type { AlertRule, Condition } from '../types/rules.ts'
import { earlierIn, needsInterval } from './expression.ts'
import { observeGroup, windowsOf } from './observe.ts'
import type { Reading, Subject } from './reading.ts'

export interface RuleReader {
  readonly source: Pick<MeasureSource, 'read' | 'clusters'>
  readonly catalog: Catalog
  /** of now: what is asked of the past is asked as of then */
  readonly basis: Omit<Basis, 'asOf' | 'newest'>
}

const MOST_WINDOWS = 1_000
/** Numbers of one answer: beyond it the next instants are asked for by themselves. */
const MOST_NUMBERS = 100_000

/**
 * At how many instants a rule may be read at once: one question has only so many windows, and its answer only so many
 * numbers.
 * @param numbers of one window: groups times measures, as far as is known
 */
export function instantsAtOnce({ condition }: AlertRule, numbers = 0): number {
  const windows = mostWindows(condition)
  return Math.max(1, Math.floor(Math.min(MOST_WINDOWS / windows, MOST_NUMBERS / (windows * Math.max(1, numbers)))))
}

/** Windows of one instant. */
function mostWindows(condition: Condition): number {
  switch (condition.kind) {
    case 'anomaly':
      return condition.history * (condition.baseline === 'weekly' ? 7 : 1) + 1
    case 'pace':
      return 9
    case 'expression':
      return 1 + earlierIn(condition).length
    default:
      return 2
  }
}

/** Observations at each instant, in one reading for all of them wherever what is known now was known then. */
export async function readRule(
  rule: AlertRule,
  instants: readonly number[],
  { source, catalog, basis }: RuleReader,
): Promise<Evaluation['instants']> {
  const indicator = rule.indicator === null ? undefined : catalog.indicators.get(rule.indicator)
  if (indicator === undefined) throw new Error(`alert ${rule.id} reads no indicator that there is`)
  const subject: Subject = { rule, indicator, catalog, calendar: basis.calendar }
  // what follows up on events knows more later on than it did then
  const grows = measuresBehind(catalog, indicator).some(measure =>
    changesLater(catalog, measure, [...rule.by, ...rule.filters.map(({ field }) => field)]),
  )
  const readings = grows ? instants.map(instant => [instant]) : [instants]
  // of what is made of nothing but its own window the value is all that conditions look at
  const bare = isPlain(catalog, indicator)
  const found: Array<Evaluation['instants'][number]> = []
  for (const together of readings) {
    const asOf = grows ? (together[0] ?? null) : null
    const windows = together.map(instant => windowsOf(subject, instant))
    const asked = windows.flatMap(each =>
      each.map((window): Asked => ({ indicator, window, by: rule.by, filters: rule.filters, bare })),
    )
    const sheet = await readSheet(source, catalog, asked, { ...basis, newest: null, asOf })
    let first = 0
    for (const [i, instant] of together.entries()) {
      const own = windows[i] ?? []
      found.push({ instant, observations: await observe(subject, own, sheet, first, source) })
      first += own.length
    }
  }
  return found
}

async function observe(
  subject: Subject,
  windows: readonly Window[],
  sheet: Sheet,
  first: number,
  source: RuleReader['source'],
): Promise<Observation[]> {
  const { rule } = subject
  const { condition } = rule
  const groups = groupsIn(sheet, first, windows.length)
  const plain: Reading = {
    windows,
    at: (index, group) => sheet.at(first + index, group),
    interval: group => sheet.interval(first, group),
  }
  const reading =
    condition.kind === 'expression' ? await withIntervals(subject, condition, plain, groups, source) : plain
  return groups.map(group => observeGroup(subject, reading, group))
}

/** Groups of which anything is known in any of so many windows, each once. */
function groupsIn(sheet: Sheet, first: number, windows: number): ReadonlyArray<readonly string[]> {
  if (windows === 1) return sheet.groups(first)
  const groups = new Map<string, readonly string[]>()
  // windows that were read together share the arrays
  const seen = new Set<readonly string[]>()
  for (let i = 0; i < windows; i++)
    for (const group of sheet.groups(first + i)) {
      if (seen.has(group)) continue
      seen.add(group)
      groups.set(group.join('\u0000'), group)
    }
  return [...groups.values()]
}

/**
 * Intervals of ratios of many events a person come from raw events: a second reading, made only where a value alone
 * would raise an alert.
 */
async function withIntervals(
  subject: Subject,
  condition: Extract<Condition, { readonly kind: 'expression' }>,
  plain: Reading,
  groups: Iterable<readonly string[]>,
  source: RuleReader['source'],
): Promise<Reading> {
  const { rule, indicator, catalog } = subject
  const [window] = plain.windows
  if (indicator.interval !== 'clustered' || window === undefined) return plain
  if (![...groups].some(group => needsInterval(condition, subject, plain, group))) return plain
  const { from, to } = window
  const widths = await clusteredWidths(source, catalog, { indicator, from, to, by: rule.by, filters: rule.filters })
  if (widths === null) return plain
  return {
    ...plain,
    interval(group): Interval | null {
      const half = widths.of(group)
      const { value } = plain.at(0, group)
      if (value === null) return null
      // one person alone says nothing for sure; where nobody may ask, the value has to do
      if (half === 'too_few') return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      return typeof half === 'string' ? null : [value - half, value + half]
    },
  }
}
