import { randomUUID } from 'node:crypto'
import { isKiviError, type Point, type PointEnd, type PointQuestion, type PointStore } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { createAnswerCache } from './measures/answer-cache.ts'
import { type Bind, boundedRows, createParameters } from './measures/statement.ts'
import { points as pointsTable } from './migrations/derived-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import type { Pulse } from './pulse.ts'
import { literal } from './sql.ts'
import { together } from './together.ts'

/** Rows of one insert: a point is some 200 bytes. */
const ROWS_AT_ONCE = 5_000

/** Most questions of one statement. */
const AT_ONCE = 100

interface Row {
  /** place of the question */
  readonly q: number
  readonly from: number
  readonly to: number
  readonly group_values: readonly string[]
  readonly value: number | null
  readonly reason: string
  readonly n: number
  readonly parts: string
  readonly low: number | null
  readonly high: number | null
  readonly complete: number
  readonly provisional: number
  readonly until: number | null
  readonly known: number
  readonly computed: number
}

const MS = (column: string): string => `toUnixTimestamp64Milli(${column})`

export interface PointStoreOptions {
  /** says when there are new points: until then what was read is kept. Without, everything is read each time */
  readonly pulse?: Pick<Pulse, 'latest'>
  /** most bytes of kept points; default 16 MiB */
  readonly cacheBytes?: number
}

/** Points in the table of that name. `migrate` must have run. */
export function createPointStore(clickhouse: ClickHouse, options: PointStoreOptions = {}): PointStore {
  const { pulse, cacheBytes = 16 << 20 } = options
  const kept = createAnswerCache<readonly Point[]>({ maxBytes: cacheBytes, size: points => 600 * points.length })
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const table = storedTable(target, pointsTable())
  const bounded = boundedRows(clickhouse, {})
  /** All of them from one statement, each by its place in the table. */
  const readAll = async (questions: readonly PointQuestion[]): Promise<ReadonlyArray<readonly Point[]>> => {
    const { bind, values } = createParameters()
    const arms = questions.map((question, index) => `${selectSql(table, question, index, bind)}`)
    const rows = await bounded<Row>(`SELECT * FROM (${arms.join(' UNION ALL ')}) ORDER BY q, to, group_values`, values)
    const found = Map.groupBy(rows, row => row.q)
    return questions.map((question, index) => (found.get(index) ?? []).map(row => fromRow(row, question)))
  }
  const read = together(async (questions: readonly PointQuestion[]) => {
    try {
      return await readAll(questions)
    } catch (error) {
      // one that is too large is nobody else's fault
      if (questions.length === 1 || !isKiviError(error, 'question_too_large')) throw error
      return Promise.all(questions.map(async question => (await readAll([question]))[0] ?? []))
    }
  }, AT_ONCE)
  return {
    async write(points) {
      for (let i = 0; i < points.length; i += ROWS_AT_ONCE)
        await insertRows(clickhouse, table, points.slice(i, i + ROWS_AT_ONCE).map(toRow), randomUUID())
    },
    async read(question) {
      const state = (await pulse?.latest())?.rows ?? null
      if (state === null) return read(question)
      return kept.get(JSON.stringify([state.get('points') ?? '', question]), () => read(question))
    },
    async ends(since) {
      const rows = await clickhouse.rows<Omit<PointEnd, 'provisional'> & { provisional: number }>(
        `SELECT indicator, version, window, ${MS('to_time')} AS to, provisional,
                ${MS('provisional_until')} AS provisionalUntil, known, ${MS('computed_at')} AS computedAt
         FROM ${table} FINAL
         WHERE empty(dimensions) AND to_time >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
         ORDER BY to_time, indicator, version, window`,
        { since },
      )
      return rows.map(row => ({ ...row, provisional: row.provisional === 1 }))
    },
  }
}

const selectSql = (
  table: string,
  { indicator, version, window, by, from, to, ends }: PointQuestion,
  index: number,
  bind: Bind,
): string => `SELECT toUInt32(${index}) AS q, ${MS('from_time')} AS from, ${MS('to_time')} AS to, group_values, value, reason, n,
  parts, low, high, complete, provisional, ${MS('provisional_until')} AS until, known, ${MS('computed_at')} AS computed
FROM ${table} FINAL
WHERE indicator = ${bind(indicator, 'String')} AND version = ${bind(version, 'String')} AND window = ${bind(window, 'String')}
  AND dimensions = ${texts(by)} AND to_time >= ${instant(from)} AND to_time < ${instant(to)}
  ${ends === undefined ? '' : `AND ${MS('to_time')} IN (${ends.map(Number).join(', ')})`}`

const instant = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${Number(ms)}), 'UTC')`

/** An empty array as a parameter has no type of its own. */
const texts = (values: readonly string[]): string =>
  values.length === 0 ? 'emptyArrayString()' : `[${values.map(literal).join(', ')}]`

function toRow(point: Point): Record<string, unknown> {
  return {
    indicator: point.indicator,
    version: point.version,
    window: point.window,
    dimensions: point.by,
    group_values: point.group,
    from_time: dateTime(point.from),
    to_time: dateTime(point.to),
    value: point.value,
    reason: point.reason ?? '',
    n: point.n,
    parts: JSON.stringify(point.parts),
    low: point.interval?.[0] ?? null,
    high: point.interval?.[1] ?? null,
    complete: point.complete ? 1 : 0,
    provisional: point.provisional ? 1 : 0,
    provisional_until: point.provisionalUntil === null ? null : dateTime(point.provisionalUntil),
    known: point.known,
    computed_at: dateTime(point.computedAt),
  }
}

function fromRow(row: Row, { indicator, version, window, by }: PointQuestion): Point {
  return {
    indicator,
    version,
    window,
    by,
    group: row.group_values,
    from: row.from,
    to: row.to,
    value: row.value,
    reason: row.reason === '' ? null : row.reason,
    n: row.n,
    parts: JSON.parse(row.parts) as Point['parts'],
    interval: row.low === null || row.high === null ? null : [row.low, row.high],
    complete: row.complete === 1,
    provisional: row.provisional === 1,
    provisionalUntil: row.until,
    known: row.known,
    computedAt: row.computed,
  }
}
