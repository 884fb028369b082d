import { randomUUID } from 'node:crypto'
import type { Point, PointEnd, PointStore } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { boundedRows } from './measures/statement.ts'
import { points as pointsTable } from './migrations/derived-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { literal } from './sql.ts'

/** Rows of one insert: a point is some 200 bytes. */
const ROWS_AT_ONCE = 5_000

interface Row {
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

/** Points in the table of that name. `migrate` must have run. */
export function createPointStore(clickhouse: ClickHouse): PointStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const table = storedTable(target, pointsTable())
  const bounded = boundedRows(clickhouse, {})
  return {
    async write(points) {
      for (let i = 0; i < points.length; i += ROWS_AT_ONCE)
        await insertRows(clickhouse, table, points.slice(i, i + ROWS_AT_ONCE).map(toRow), randomUUID())
    },
    async read({ indicator, version, window, by, from, to, ends }) {
      const rows = await bounded<Row>(
        `SELECT ${MS('from_time')} AS from, ${MS('to_time')} AS to, group_values, value, reason, n, parts, low, high,
                complete, provisional, ${MS('provisional_until')} AS until, known, ${MS('computed_at')} AS computed
         FROM ${table} FINAL
         WHERE indicator = {indicator:String} AND version = {version:String} AND window = {window:String}
           AND dimensions = ${texts(by)}
           AND to_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND to_time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
           ${ends === undefined ? '' : `AND ${MS('to_time')} IN (${ends.map(Number).join(', ')})`}
         ORDER BY to_time, group_values`,
        { indicator, version, window, from, to },
      )
      return rows.map(row => fromRow(row, { indicator, version, window, by }))
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

function fromRow(row: Row, key: Pick<Point, 'indicator' | 'version' | 'window' | 'by'>): Point {
  return {
    ...key,
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
