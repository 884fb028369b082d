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
import { type CellRow, sliceStatement } from './slice-query.ts'

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
  const rowsOf = boundedRows(clickhouse, options, {
    max_rows_to_group_by: options.rowLimit ?? 200_000,
    group_by_overflow_mode: 'throw',
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
      for (const row of await rowsOf<CellRow>(statement.sql, statement.params))
        cells[row.q]?.push(cellOf(row, questions[row.q] as SliceQuestion))
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

function cellOf(row: CellRow, question: SliceQuestion): SliceCell {
  const parts: MergedParts = {
    count: Number(row.n),
    sum: BigInt(row.s),
    min: row.lo ?? Number.POSITIVE_INFINITY,
    max: row.hi ?? Number.NEGATIVE_INFINITY,
    late: Number(row.l),
    distinct: Number(row.d),
    buckets: new Map(row.keys.map((bucket, index) => [bucket, Number(row.counts[index])])),
  }
  return { range: row.r, measure: row.id, group: question.by.length === 0 ? [] : row.g, parts }
}

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
