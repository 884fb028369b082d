/** Reads what the selectors of a query need, all of them at once. */
import {
  type Asked,
  type Catalog,
  type DimensionFilter,
  floorTo,
  type Indicator,
  isStored,
  isSumOfSums,
  lengthWindow,
  type Moment,
  measuresBehind,
  parseWindow,
  QUARTER_HOUR,
  TEN_SECONDS,
  type TimeRange,
} from '@kivi/domain'
import { latestWindow } from '../answers/asked-window.ts'
import { type Desk, momentOf } from '../answers/desk.ts'
import { type Answers, readAnswers } from '../answers/recorded.ts'
import { ProblemError } from '../http/problems.ts'
import { PrometheusError } from './errors.ts'
import type { Leaf } from './leaves.ts'
import { durationText } from './parameters.ts'
import { matchesNothing, namedValues } from './promql/matchers.ts'
import type { Matcher } from './promql/syntax.ts'
import { sampling } from './sampling.ts'
import { dimensionsByLabel, type LabelSet, labelSet, metricName, selected } from './series.ts'

/** Windows overlap: each is read by itself. */
const MOST_WINDOWS_OF_ONE = 400
const MOST_WINDOWS = 4000
const MOST_SERIES = 1000
const MOST_SAMPLES = 1_000_000
/** Where the data end longer ago than this there is no sample, as in Prometheus. */
const LOOKBACK_MS = 5 * 60_000

/** One number a step; null: there is none. */
export type Column = ReadonlyArray<number | null>

export interface Series {
  readonly labels: LabelSet
  readonly values: Column
}

/** What people should know who look at the result. */
export interface Notes {
  readonly infos: Set<string>
  readonly warnings: Set<string>
}

interface Reading {
  readonly leaf: Leaf
  readonly indicator: Indicator
  /** labels that the series have, in the order of `by` */
  readonly labels: readonly string[]
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
  readonly windows: readonly TimeRange[]
  /** of each step the windows that its value is made of; empty: it has none */
  readonly slots: ReadonlyArray<readonly number[]>
}

/** The series of each leaf at the times (epoch ms), from one reading. */
export async function readLeaves(
  desk: Desk,
  leaves: readonly Leaf[],
  times: readonly number[],
  notes: Notes,
): Promise<ReadonlyMap<Leaf['node'], readonly Series[]>> {
  const subjects = leaves.flatMap(leaf =>
    selected(desk.listed, leaf.selector.matchers).flatMap(indicator => subjectOf(leaf, indicator, notes) ?? []),
  )
  if (subjects.length > MOST_WINDOWS)
    throw new PrometheusError(
      'bad_data',
      `the query selects ${subjects.length} indicators, and ${MOST_WINDOWS} are the most`,
    )
  const most = Math.min(MOST_WINDOWS_OF_ONE, Math.floor(MOST_WINDOWS / Math.max(1, subjects.length)))
  const readings = await Promise.all(
    subjects.map(
      async (subject): Promise<Reading> => ({
        ...subject,
        ...(await windowsOf(desk, subject, times, most, notes)),
      }),
    ),
  )
  const asked: Asked[] = []
  const firsts = readings.map(({ indicator, windows, by, filters }) => {
    const first = asked.length
    for (const { from, to } of windows)
      asked.push({ indicator, window: lengthWindow(from, to), by, filters, bare: true })
    return first
  })
  const answers = await readAnswers(desk, asked)
  const found = new Map<Leaf['node'], Series[]>(leaves.map(({ node }) => [node, []]))
  for (const [index, reading] of readings.entries())
    found.get(reading.leaf.node)?.push(...seriesOf(reading, answers, firsts[index] as number, notes))
  return found
}

type Subject = Pick<Reading, 'leaf' | 'indicator' | 'labels' | 'by' | 'filters'>

/** What is asked of an indicator; null where none of its series can match. */
function subjectOf(leaf: Leaf, indicator: Indicator, notes: Notes): Subject | null {
  const { matchers } = leaf.selector
  const known = dimensionsByLabel(indicator)
  const strangers = leaf.labels.filter(label => !known.has(label))
  // whoever selects by a pattern expects that some have no such label
  if (strangers.length > 0 && matchers.some(({ label, op }) => label === '__name__' && op === '='))
    notes.infos.add(
      `${metricName(indicator.id)} has no label ${strangers.join(', ')}: it has ${known.size === 0 ? 'none' : [...known.keys()].join(', ')}`,
    )
  if (!matchers.every(one => one.label === '__name__' || known.has(one.label) || matchesNothing(one))) return null
  const labels = leaf.labels.filter(label => known.has(label))
  const filters = matchers.flatMap((one): DimensionFilter[] => {
    const [field, values] = [known.get(one.label), namedValues(one)]
    return field === undefined || values === null ? [] : [{ field, values }]
  })
  return { leaf, indicator, labels, by: labels.map(label => known.get(label) as string), filters }
}

/** The windows that the steps need: each once. */
async function windowsOf(
  desk: Desk,
  { leaf, indicator }: Subject,
  times: readonly number[],
  most: number,
  notes: Notes,
): Promise<Pick<Reading, 'windows' | 'slots'>> {
  const { rangeMs, offsetMs } = leaf.selector
  const counts = leaf.function === 'increase' || leaf.function === 'rate'
  if (counts) assertCounts(desk.catalog, indicator, leaf.function)
  const moved = times.map(time => time - offsetMs)
  const overTime = rangeMs !== null && !counts && leaf.function !== 'delta'
  // two windows a step
  const limit = leaf.function === 'delta' ? Math.max(1, Math.floor(most / 2)) : most
  const { grid, coarsened, instants } = sampling(moved, overTime ? rangeMs : null, limit, indicator.record?.everyMs)
  if (coarsened)
    notes.infos.add(
      `${metricName(indicator.id)} was evaluated every ${durationText(grid)} because the query has many steps: take a shorter range or a larger step for finer ones`,
    )
  const windowAt = await windowsEnding(desk, indicator, counts ? rangeMs : null, instants, notes)
  const places = new Map<string, number>()
  const windows: TimeRange[] = []
  const place = (window: TimeRange): number => {
    const key = `${window.from}/${window.to}`
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, windows.length)
    return windows.push(window) - 1
  }
  const slots = instants.map(ends => {
    const wanted = leaf.function === 'delta' && rangeMs !== null ? ends.flatMap(end => [end - rangeMs, end]) : ends
    const held = wanted.map(windowAt)
    // of the difference both have to be there
    if (leaf.function === 'delta' && held.includes(null)) return []
    return [...new Set(held.flatMap(window => (window === null ? [] : [place(window)])))]
  })
  return { windows, slots }
}

/**
 * The window of `length` (null: the indicator's own) that ends at an instant, or with the newest slice that is complete
 * where the data do not reach so far yet; null where there are no data, or none so fine any more.
 */
async function windowsEnding(
  desk: Desk,
  indicator: Indicator,
  length: number | null,
  instants: ReadonlyArray<readonly number[]>,
  notes: Notes,
): Promise<(end: number) => TimeRange | null> {
  const moment = momentOf(desk, indicator)
  const { watermark } = moment
  const own = parseWindow(indicator.window)
  const span = length ?? (own.ok ? own.ms : null)
  if (watermark === null || span === null) return () => null
  const complete = floorTo(watermark, TEN_SECONDS)
  const isNew = instants.some(ends => ends.some(end => end >= complete))
  const newest = isNew ? await newestWindow(desk, indicator, length, complete, moment, notes) : null
  const known = new Map<number, TimeRange | null>()
  return end => {
    if (end >= complete) return end - watermark > LOOKBACK_MS ? null : newest
    let window = known.get(end)
    if (window === undefined) {
      window = windowEnding(end, span, moment)
      known.set(end, window)
    }
    return window
  }
}

async function newestWindow(
  desk: Desk,
  indicator: Indicator,
  length: number | null,
  complete: number,
  moment: Moment,
  notes: Notes,
): Promise<TimeRange | null> {
  if (length !== null) return windowEnding(complete, length, moment)
  try {
    return await latestWindow(desk, indicator, {})
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    notes.warnings.add(`${metricName(indicator.id)}: ${error.message}`)
    return null
  }
}

/** With bounds that are stored at its age: the end moves down to one. */
function windowEnding(end: number, length: number, moment: Moment): TimeRange | null {
  const ends = [floorTo(end, TEN_SECONDS), floorTo(end, QUARTER_HOUR), moment.calendar.zone.day(end).start]
  for (const to of ends) {
    const window = { from: to - length, to }
    if (isStored(window, moment)) return window
  }
  return null
}

/** What happened in a range can be told of what is counted and summed, not of rates and of levels. */
function assertCounts(catalog: Catalog, indicator: Indicator, name: string): void {
  const measures = measuresBehind(catalog, indicator)
  const isLevel = measures.some(measure => measure.kind === 'entity' && measure.timing.kind === 'end')
  const isPlain = indicator.type === 'simple' || (indicator.type === 'derived' && indicator.offsets.size === 0)
  if (isPlain && !isLevel && isSumOfSums(catalog, indicator)) return
  throw new PrometheusError(
    'bad_data',
    `${name} is of counts and sums, and ${metricName(indicator.id)} is none: use delta for its change, or avg_over_time for its mean`,
  )
}

function seriesOf(reading: Reading, answers: Answers, first: number, notes: Notes): Series[] {
  const { leaf, indicator, labels, windows, slots } = reading
  const name = leaf.function === null || leaf.function === 'last_over_time' ? metricName(indicator.id) : null
  const fields = labels.map((label): [string, readonly Matcher[]] => [
    label,
    leaf.selector.matchers.filter(one => one.label === label),
  ])
  const groups = new Map<string, readonly string[]>()
  for (let index = 0; index < windows.length; index++)
    for (const group of answers.groups(first + index)) groups.set(group.join('\u0000'), group)
  const matching = [...groups.values()].filter(group =>
    fields.every(([, matchers], place) => matchers.every(one => one.matches(group[place] ?? ''))),
  )
  const kept = largest(matching, group =>
    windows.reduce((sum, _, index) => sum + answers.at(first + index, group).n, 0),
  )
  if (kept.length < matching.length)
    notes.warnings.add(
      `${metricName(indicator.id)} has ${matching.length} series here: these are the ${MOST_SERIES} largest`,
    )
  if (kept.length * slots.length > MOST_SAMPLES)
    throw new PrometheusError(
      'bad_data',
      `the query has more than ${MOST_SAMPLES} samples: take a larger step or narrower matchers`,
    )
  return kept.map(group => {
    const values = windows.map((_, index) => answers.at(first + index, group).value)
    return {
      labels: labelSet(
        name,
        fields.map(([label], place) => [label, group[place] ?? '']),
      ),
      values: slots.map(slot => fold(leaf, slot, values)),
    }
  })
}

function largest(
  groups: ReadonlyArray<readonly string[]>,
  volume: (group: readonly string[]) => number,
): ReadonlyArray<readonly string[]> {
  if (groups.length <= MOST_SERIES) return groups
  return groups
    .map(group => ({ group, volume: volume(group) }))
    .sort((a, b) => b.volume - a.volume)
    .slice(0, MOST_SERIES)
    .map(({ group }) => group)
}

/** A step's value from its samples; those without a number do not count. */
function fold({ function: name, selector }: Leaf, slot: readonly number[], all: Column): number | null {
  const values = slot.flatMap(index => all[index] ?? [])
  const [first] = values
  if (first === undefined) return null
  const last = values.at(-1) as number
  const sum = () => values.reduce((total, value) => total + value, 0)
  switch (name) {
    case null:
    case 'last_over_time':
    case 'increase':
      return last
    case 'rate':
      return last / ((selector.rangeMs ?? 0) / 1000)
    case 'delta':
      // a window of which only one end has a number has not changed by anything that can be told
      return values.length < slot.length ? null : last - first
    case 'avg_over_time':
      return sum() / values.length
    case 'sum_over_time':
      return sum()
    case 'count_over_time':
      return values.length
    case 'min_over_time':
      return Math.min(...values)
    case 'max_over_time':
      return Math.max(...values)
  }
}
