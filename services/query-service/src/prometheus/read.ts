/** Reads what the selectors of a query need, all of them at once. */
import { type Asked, type DimensionFilter, type Indicator, lengthWindow } from '@kivi/domain'
import type { Desk } from '../answers/desk.ts'
import { type Answers, readAnswers } from '../answers/recorded.ts'
import { PrometheusError } from './errors.ts'
import { fold } from './fold.ts'
import type { Leaf } from './leaves.ts'
import type { Notes } from './notes.ts'
import { matchesNothing, namedValues } from './promql/matchers.ts'
import type { Matcher } from './promql/syntax.ts'
import { dimensionsByLabel, labelSet, metricName, type Series, selected } from './series.ts'
import { type SlottedWindows, windowsOf } from './windows.ts'

/** Windows overlap: each is read by itself. */
const MOST_WINDOWS_OF_ONE = 400
const MOST_WINDOWS = 4000
const MOST_SERIES = 1000
const MOST_SAMPLES = 1_000_000

interface Reading extends SlottedWindows {
  readonly leaf: Leaf
  readonly indicator: Indicator
  /** labels that the series have, in the order of `by` */
  readonly labels: readonly string[]
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
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
