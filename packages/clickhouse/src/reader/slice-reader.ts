import {
  type LevelRange,
  type MergedParts,
  type PartitionProgress,
  planLevels,
  type SliceCell,
  type SliceQuestion,
  type SliceSource,
  type TimeRange,
  type Zone,
} from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { boundedRows, type QuestionLimits } from '../measures/statement.ts'
import { type CellRow, type GroupRow, sliceStatement } from './slice-query.ts'

export interface SliceReaderOptions extends QuestionLimits {
  /** of the catalog; asked at each question, because a catalog can be changed while Kivi runs */
  readonly zone: () => Zone
}

// aliases are no names of columns: inside an expression ClickHouse would take the alias
const PROGRESS = `SELECT topic AS t, partition AS p, toString(position) AS pos, toString(high) AS top,
  toString(watermark) AS mark, toString(toUnixTimestamp64Milli(idle_since)) AS idle,
  toString(toUnixTimestamp64Milli(at)) AS seen, worker AS who
FROM partitions FINAL ORDER BY t, p`

interface ProgressRow {
  readonly t: string
  readonly p: number
  readonly pos: string
  readonly top: string
  readonly mark: string
  readonly idle: string | null
  readonly seen: string
  readonly who: string
}

/** Reads merged slices from ClickHouse, within limits of time, rows and memory. Shapes: the port SliceSource. */
export function createSliceReader(clickhouse: Pick<ClickHouse, 'rows'>, options: SliceReaderOptions): SliceSource {
  const rowLimit = options.rowLimit ?? 200_000
  const rowsOf = boundedRows(clickhouse, options, {
    max_rows_to_group_by: rowLimit,
    group_by_overflow_mode: 'throw',
    // of rows that hold all cells of a group their number says little
    max_result_bytes: rowLimit * CELL_BYTES,
  })
  return {
    async read(questions) {
      const cells: SliceCell[][] = questions.map(() => [])
      const zone = options.zone()
      const statement = sliceStatement(
        questions,
        range => planOf(range, zone),
        time => zone.day(time).month,
      )
      if (statement === null) return cells
      if (statement.isByGroup)
        for (const row of await rowsOf<GroupRow>(statement.sql, statement.params))
          pushCells(cells[row.q] as SliceCell[], row, questions[row.q] as SliceQuestion)
      else
        for (const row of await rowsOf<CellRow>(statement.sql, statement.params))
          cells[row.q]?.push({ range: row.r, measure: row.id, group: NO_GROUP, parts: partsOf(row) })
      return cells
    },
    async progress() {
      return (await rowsOf<ProgressRow>(PROGRESS, {})).map(progressOf)
    },
  }
}

const FOREVER = { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity }

/** Who asks has checked its bounds against the retention; here only the coarsest slices are chosen. */
function planOf({ from, to }: TimeRange, zone: Zone): readonly LevelRange[] {
  const plan = planLevels(from, to, zone, FOREVER, from)
  if (plan.ok) return plan.ranges
  throw new RangeError(`[${from}, ${to}) is not made of slices: ${plan.bound} lies inside one`)
}

/** Cells of one group share its array. */
function pushCells(cells: SliceCell[], row: GroupRow, { by }: SliceQuestion): void {
  const group = by.length === 0 ? NO_GROUP : row.g
  for (let i = 0; i < row.rs.length; i++)
    cells.push({
      range: row.rs[i]!,
      measure: row.ids[i]!,
      group,
      parts: {
        count: row.ns[i]!,
        sum: sumOf(row.ss[i]!),
        min: row.los[i] ?? Number.POSITIVE_INFINITY,
        max: row.his[i] ?? Number.NEGATIVE_INFINITY,
        late: row.ls[i]!,
        distinct: row.ds[i]!,
        buckets: bucketsOf(row.keyss?.[i], row.countss?.[i]),
      },
    })
}

const partsOf = (row: CellRow): MergedParts => ({
  count: Number(row.n),
  sum: sumOf(row.s),
  min: row.lo ?? Number.POSITIVE_INFINITY,
  max: row.hi ?? Number.NEGATIVE_INFINITY,
  late: Number(row.l),
  distinct: Number(row.d),
  buckets: bucketsOf(row.keys, row.counts),
})

const sumOf = (text: string): bigint => (text === '0' ? 0n : BigInt(text))

/** Few measures are histograms: all others share one that is empty. */
const bucketsOf = (keys: readonly number[] = [], counts: readonly string[] = []): MergedParts['buckets'] =>
  keys.length === 0 ? NO_BUCKETS : new Map(keys.map((bucket, index) => [bucket, Number(counts[index])]))

const NO_GROUP: readonly string[] = []
const NO_BUCKETS: MergedParts['buckets'] = new Map()
/** of one cell as ClickHouse answers it, with its share of the group's names; histograms have more, and are few */
const CELL_BYTES = 1_000

const progressOf = (row: ProgressRow): PartitionProgress => ({
  topic: row.t,
  partition: row.p,
  position: Number(row.pos),
  high: Number(row.top),
  watermark: Number(row.mark),
  idleSince: row.idle === null ? null : Number(row.idle),
  at: Number(row.seen),
  worker: row.who,
})
