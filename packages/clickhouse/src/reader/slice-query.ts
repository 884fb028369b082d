import { LEVEL, type LevelRange, type Measure, type SliceQuestion, type TimeRange } from '@kivi/domain'

/**
 * The one statement of a question. Each arm of its UNION ALL reads one kind of aggregate (so that counts never pay
 * for distinct states) over ranges that do not overlap (so that a row belongs to one range); of many windows that
 * overlap, as a rolling value has them, one arm gives each row to all that hold it. Texts of the caller appear as
 * bound parameters only.
 */
export interface Statement {
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
  /** rows are of the form GroupRow: all cells of a group in one; else each is a CellRow */
  readonly isByGroup: boolean
}

/** Which slices make up a range; see planLevels of the domain. */
export type PlanRange = (range: TimeRange) => readonly LevelRange[]

/** yyyymm of the local day that holds the instant. */
export type MonthOf = (time: number) => number

/** A row of the answer. */
export interface CellRow {
  /** index of the question */
  readonly q: number
  /** index into its ranges */
  readonly r: number
  readonly id: string
  readonly g: readonly string[]
  /** 64- and 128-bit integers travel as text */
  readonly n: string
  readonly s: string
  /** null: infinite, i.e. no values */
  readonly lo: number | null
  readonly hi: number | null
  readonly l: string
  readonly d: string
  readonly keys: readonly number[]
  readonly counts: readonly string[]
}

/** All cells of one group, a list for each column of a CellRow: its names and values are told once. */
export interface GroupRow {
  readonly q: number
  readonly g: readonly string[]
  readonly rs: readonly number[]
  readonly ids: readonly string[]
  readonly ns: readonly number[]
  readonly ss: readonly string[]
  readonly los: ReadonlyArray<number | null>
  readonly his: ReadonlyArray<number | null>
  readonly ls: readonly number[]
  readonly ds: readonly number[]
  /** only where there is a histogram */
  readonly keyss?: ReadonlyArray<readonly number[]>
  readonly countss?: ReadonlyArray<readonly string[]>
}

type Kind = 'plain' | 'distinct' | 'exact' | 'histogram'

interface Arm {
  readonly kind: Kind
  readonly measures: readonly Measure[]
  /** indexes into the question's ranges, ascending by time */
  readonly ranges: readonly number[]
  /** may a slice belong to several of the ranges? */
  readonly overlap: boolean
}

/** An arm costs milliseconds of its own: more layers than this are read as one. */
const MOST_LAYERS = 3
/** A row is held against every piece of every range. */
const MOST_PIECES = 2000

const NONE = 'emptyArrayInt32() AS keys, emptyArrayString() AS counts'
const VALUES: Record<Kind, string> = {
  plain: `min(min) AS lo, max(max) AS hi, '0' AS d, ${NONE}`,
  distinct: `0. AS lo, 0. AS hi, toString(uniqCombined64Merge(uniq)) AS d, ${NONE}`,
  exact: `0. AS lo, 0. AS hi, toString(uniqExactMerge(exact)) AS d, ${NONE}`,
  histogram: `min(min) AS lo, max(max) AS hi, '0' AS d,
  sumMap(buckets.1, buckets.2) AS histogram, histogram.1 AS keys, arrayMap(c -> toString(c), histogram.2) AS counts`,
}

type Bind = (value: unknown, type: string) => string

/** Builds the statement; null where nothing is asked. */
export function sliceStatement(
  questions: readonly SliceQuestion[],
  plan: PlanRange,
  monthOf: MonthOf,
): Statement | null {
  const params: Record<string, unknown> = {}
  // the arms of a long series name the same thousands of bounds: once is enough
  const names = new Map<string, string>()
  const bind: Bind = (value, type) => {
    const key = JSON.stringify(value)
    const name = names.get(key) ?? `p${names.size}`
    names.set(key, name)
    params[name] = value
    return `{${name}:${type}}`
  }
  const arms = questions.flatMap((question, index) => {
    const plans = question.ranges.map(range => plan(range))
    return armsOf(question, plans).map(arm => armSql(arm, index, question, plans, bind, monthOf))
  })
  if (arms.length === 0) return null
  const isByGroup = questions.some(({ by }) => by.length > 0)
  const hasHistograms = questions.some(({ measures }) => measures.some(({ agg }) => agg === 'quantile'))
  const sql = arms.join('\nUNION ALL\n')
  return { sql: isByGroup ? `${groupRows(hasHistograms)}\nFROM (${sql})\nGROUP BY q, g` : sql, params, isByGroup }
}

function groupRows(hasHistograms: boolean): string {
  const lists = ['r', 'id', 's', 'lo', 'hi', ...(hasHistograms ? ['keys', 'counts'] : [])]
  // a JSON number holds every count there can be, and takes a third of the memory of its text
  const counts = ['n', 'l', 'd'].map(column => `groupArray(toUInt64(${column})) AS ${column}s`)
  return `SELECT q, g, ${[...lists.map(column => `groupArray(${column}) AS ${column}s`), ...counts].join(', ')}`
}

function armsOf(question: SliceQuestion, plans: ReadonlyArray<readonly LevelRange[]>): Arm[] {
  const all = question.ranges.map((_, index) => index).filter(index => plans[index]!.length > 0)
  const days = all.filter(index => plans[index]!.every(part => part.level === LEVEL.day))
  const others = all.filter(index => !days.includes(index))
  const of = (...kinds: string[]) => question.measures.filter(measure => kinds.includes(measure.agg))
  const wanted: Array<[Kind, readonly Measure[], readonly number[]]> = [
    ['plain', of('count', 'sum', 'mean', 'min', 'max'), all],
    ['histogram', of('quantile'), all],
    ['exact', of('count_distinct'), days],
    ['distinct', of('count_distinct'), others],
  ]
  return wanted.flatMap(([kind, measures, ranges]): Arm[] => {
    if (measures.length === 0 || ranges.length === 0) return []
    const found = layers(ranges, question.ranges)
    const pieces = ranges.reduce((sum, index) => sum + plans[index]!.length, 0)
    if (found.length <= MOST_LAYERS || pieces > MOST_PIECES)
      return found.map(layer => ({ kind, measures, ranges: layer, overlap: false }))
    return [{ kind, measures, ranges, overlap: true }]
  })
}

/** Sorts ranges into as few layers as a greedy choice finds, so that no two ranges of a layer overlap. */
function layers(indexes: readonly number[], ranges: readonly TimeRange[]): number[][] {
  const found: Array<{ end: number; ranges: number[] }> = []
  for (const index of [...indexes].sort((a, b) => ranges[a]!.from - ranges[b]!.from)) {
    const range = ranges[index]!
    const layer = found.find(candidate => candidate.end <= range.from)
    if (layer) {
      layer.ranges.push(index)
      layer.end = range.to
    } else found.push({ end: range.to, ranges: [index] })
  }
  return found.map(layer => layer.ranges)
}

function armSql(
  arm: Arm,
  index: number,
  question: SliceQuestion,
  plans: ReadonlyArray<readonly LevelRange[]>,
  bind: Bind,
  monthOf: MonthOf,
): string {
  const dimension = (field: string) => dimensionSql(arm.measures, field, bind)
  // as a number of seconds: ClickHouse reads no DateTime of fewer than ten digits, which those before 2001 have
  const instant = (ms: number) => `toDateTime(${bind(ms / 1000, 'UInt32')}, 'UTC')`
  const from = Math.min(...arm.ranges.map(index => question.ranges[index]!.from))
  const to = Math.max(...arm.ranges.map(index => question.ranges[index]!.to))
  const group = question.by.length === 0 ? 'emptyArrayString()' : `[${question.by.map(dimension).join(', ')}]`
  const conditions = [
    `measure IN ${bind(
      arm.measures.map(measure => measure.id),
      'Array(String)',
    )}`,
    `month BETWEEN ${bind(monthOf(from), 'UInt32')} AND ${bind(monthOf(to - 1), 'UInt32')}`,
    `(${merged(arm.ranges.map(index => plans[index]!))
      .map(
        part =>
          `(level = ${bind(part.level, 'UInt8')} AND start >= ${instant(part.from)} AND start < ${instant(part.to)})`,
      )
      .join(' OR ')})`,
    ...question.filters.map(filter => `has(${bind(filter.values, 'Array(String)')}, ${dimension(filter.field)})`),
  ]
  // an arm without groups still answers only where there are slices, as GROUP BY gives no row for no rows
  return `SELECT ${index} AS q, ${arm.overlap ? rangesSql(arm, plans, bind) : rangeSql(arm, question, bind)} AS r, measure AS id, ${group} AS g,
  toString(sum(count)) AS n, toString(sum(sum)) AS s, toString(sum(late)) AS l, ${VALUES[arm.kind]}
FROM slices
WHERE ${conditions.join('\n  AND ')}
GROUP BY r, id${question.by.length === 0 ? '' : ', g'}`
}

/** The index of the range that holds a slice: by the largest range start at or below the slice's. */
function rangeSql(arm: Arm, question: SliceQuestion, bind: Bind): string {
  if (arm.ranges.length === 1) return `toUInt32(${bind(arm.ranges[0], 'UInt32')})`
  const from = arm.ranges.map(index => question.ranges[index]!.from / 1000)
  const [first, step] = [from[0]!, from[1]! - from[0]!]
  // steps of one length are counted: a list of thousands of starts is longer than a request may be
  if (arm.ranges.every((range, n) => range === arm.ranges[0]! + n && from[n] === first + n * step)) {
    const steps = `intDiv(toUnixTimestamp(start) - ${bind(first, 'UInt32')}, ${bind(step, 'UInt32')})`
    return `toUInt32(least(${steps}, ${bind(arm.ranges.length - 1, 'UInt32')}) + ${bind(arm.ranges[0], 'UInt32')})`
  }
  const starts = bind(from, 'Array(UInt32)')
  const indexes = bind(arm.ranges, 'Array(UInt32)')
  return `transform(roundDown(toUnixTimestamp(start), ${starts}), ${starts}, ${indexes}, toUInt32(0))`
}

/** The indexes of all ranges that hold a slice. */
function rangesSql(arm: Arm, plans: ReadonlyArray<readonly LevelRange[]>, bind: Bind): string {
  const pieces = arm.ranges.flatMap(index => plans[index]!.map(piece => ({ index, ...piece })))
  const column = (of: (piece: (typeof pieces)[number]) => number) => bind(pieces.map(of), 'Array(UInt32)')
  const at = 'toUnixTimestamp(start)'
  return `arrayJoin(arrayFilter((i, l, f, t) -> level = l AND ${at} >= f AND ${at} < t, ${[
    column(piece => piece.index),
    column(piece => piece.level),
    column(piece => piece.from / 1000),
    column(piece => piece.to / 1000),
  ].join(', ')}))`
}

/** A dimension's value in the measure's own order of dimensions. */
function dimensionSql(measures: readonly Measure[], field: string, bind: Bind): string {
  const places = measures.map(measure => measure.dimensions.indexOf(field) + 1)
  if (places.includes(0)) throw new Error(`a measure of the question does not declare the dimension ${field}`)
  if (new Set(places).size === 1) return `toString(dims[${bind(places[0], 'UInt8')}])`
  const ids = bind(
    measures.map(measure => measure.id),
    'Array(String)',
  )
  return `toString(dims[transform(toString(measure), ${ids}, ${bind(places, 'Array(UInt8)')}, toUInt8(1))])`
}

/** Runs of one level that touch or overlap as one condition. */
function merged(plans: ReadonlyArray<readonly LevelRange[]>): LevelRange[] {
  const parts = plans.flat().sort((a, b) => a.level - b.level || a.from - b.from)
  const out: LevelRange[] = []
  for (const part of parts) {
    const previous = out.at(-1)
    if (previous && previous.level === part.level && previous.to >= part.from)
      out[out.length - 1] = { ...previous, to: Math.max(previous.to, part.to) }
    else out.push(part)
  }
  return out
}
