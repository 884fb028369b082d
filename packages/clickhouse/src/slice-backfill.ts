/**
 * What a backfill of slices needs of the store: which positions of the log were counted under which catalog, the raw
 * events of a range, blocks of slices with proofs of their own, and a note of how far it is. The worker's proof rows
 * have the measure ''; those of a backfill have the measure that they are of, so that neither takes the other for its own.
 */
import { randomUUID } from 'node:crypto'
import { type BatchStore, type Insert, LEVEL, type SliceRow, type SourceRange } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { atPositions, type Lineage, type Run } from './derived/ledger-runs.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { derivedBuilds } from './migrations/derived-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { proofStart } from './proofs.ts'
import { everyReplica } from './replicas.ts'
import { writeSliceRow } from './row-binary/slices.ts'
import { RowBinaryWriter } from './row-binary/writer.ts'
import { literal } from './sql.ts'

/** Positions [from, to) of a lineage whose batches were all judged by one of the catalogs, or all by others. */
export interface CountedRun extends Lineage {
  readonly from: number
  readonly to: number
  readonly counted: boolean
}

/** A row of `events` as it is stored. */
export interface StoredEvent {
  readonly event_type: string
  /** epoch ms */
  readonly time: number
  readonly common: readonly string[]
  readonly strings: Readonly<Record<string, string>>
  readonly numbers: Readonly<Record<string, number>>
  readonly properties: Readonly<Record<string, string>>
  /** decimal */
  readonly person: string
}

/** How far the backfill of a measure is. */
export interface BackfillNote {
  readonly done: ReadonlyArray<Lineage & { readonly position: number }>
  /** what was begun: its blocks may be there */
  readonly pending: SourceRange | null
  readonly step: number
  /** who writes it */
  readonly by: string
  /** wall clock, epoch ms */
  readonly at: number
  readonly finished: boolean
}

export interface SliceBackfillStore {
  /** hashes of the catalogs by which batches were judged */
  catalogs(): Promise<readonly string[]>
  /** runs of batches in the order of the log; `counted`: those of these catalogs */
  runs(catalogs: readonly string[]): Promise<readonly CountedRun[]>
  events(range: SourceRange, types: readonly string[], fields: readonly string[]): AsyncIterable<StoredEvent>
  /** writes the rows of one month, once however often it is called with the same range */
  write(range: SourceRange, measure: string, month: number, rows: readonly SliceRow[], writtenAt: number): Promise<void>
  read(measure: string): Promise<BackfillNote | null>
  note(measure: string, note: BackfillNote): Promise<void>
}

const NO_TABLE = '00000000-0000-0000-0000-000000000000'
const ATTEMPTS = 5

export function createSliceBackfillStore(
  clickhouse: ClickHouse,
  batches: Pick<BatchStore, 'insert'>,
): SliceBackfillStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const builds = storedTable(target, derivedBuilds())

  const isThere = async (token: string, insert: Insert, measure: string): Promise<boolean> => {
    const rows = await clickhouse.rows(
      `SELECT 1 AS present FROM ${everyReplica(target, { name: 'slices' })}
       WHERE month = {month:UInt32} AND measure = {measure:String} AND level = 0
         AND start = toDateTime({start:UInt32}, 'UTC') AND dims = [{token:String}, {topic:String}] LIMIT 1`,
      { month: insert.month, measure, start: proofStart(insert.source), token, topic: insert.source.topic },
    )
    return rows.length > 0
  }

  return {
    catalogs: async () => {
      const rows = await clickhouse.rows<{ hash: string }>(
        `SELECT DISTINCT catalog_hash AS hash FROM ${everyReplica(target, { name: 'ledger' })} ORDER BY hash`,
      )
      return rows.map(row => row.hash)
    },
    runs: async catalogs => {
      const has = catalogs.length === 0 ? '0' : `catalog_hash IN (${catalogs.map(literal).join(', ')})`
      const of = 'PARTITION BY topic, partition, lineage ORDER BY from_position'
      const rows = await clickhouse.rows<Omit<CountedRun, 'counted'> & { counted: number }>(
        `SELECT topic, partition, lineage, counted, min(from_position) AS from, max(to_position) AS to FROM (
           SELECT *, sum(turns) OVER (${of} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM (
             SELECT topic, partition, lineage, from_position, to_position, toUInt8(${has}) AS counted,
               counted != lagInFrame(counted, 1, counted) OVER (${of} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS turns
             FROM (SELECT topic, partition, lineage, from_position, max(to_position) AS to_position,
                     any(catalog_hash) AS catalog_hash
                   FROM ${everyReplica(target, { name: 'ledger' })}
                   GROUP BY topic, partition, lineage, from_position)))
         GROUP BY topic, partition, lineage, counted, run ORDER BY topic, partition, lineage, from`,
      )
      return rows.map(row => ({ ...row, counted: row.counted === 1 }))
    },
    events: (range, types, fields) => {
      const run: Run = { ...range, accepted: 0, watermark: -1, times: null }
      const ofType = types.length === 0 ? '1' : `event_type IN (${types.map(literal).join(', ')})`
      return clickhouse.stream<StoredEvent>(
        `SELECT toString(event_type) AS event_type, toUnixTimestamp64Milli(event_time) AS time,
                [${fields.map(field => `toString(${field})`).join(', ')}] AS common, strings, numbers, properties,
                toString(person) AS person
         FROM events WHERE ${ofType} AND ${atPositions([run])} ORDER BY offset`,
        undefined,
        { settings: { priority: 5 } },
      )
    },
    async write(range, measure, month, rows, writtenAt) {
      const token = `${range.lineage}/${range.partition}/${range.from}-${range.to}/backfill/${measure}/${month}`
      const writer = new RowBinaryWriter()
      writeSliceRow(writer, proof(range, measure, month, token, writtenAt))
      for (const row of rows) writeSliceRow(writer, row)
      const insert: Insert = {
        table: 'slices',
        month,
        token,
        source: range,
        body: writer.detach(),
        rows: rows.length + 1,
      }
      // a token whose part was lost in a crash would drop the block for good: the next attempt has another one
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        if (await isThere(token, insert, measure)) return
        await batches.insert(insert, attempt, new AbortController().signal)
      }
      if (!(await isThere(token, insert, measure)))
        throw new Error(`the block ${token} was accepted ${ATTEMPTS} times and is not in slices`)
    },
    read: async measure => {
      const [row] = await clickhouse.rows<{
        text: string
        step: number
        by: string
        at: number
        finished: number
      }>(
        `SELECT positions AS text, step, build AS by, toUnixTimestamp64Milli(at) AS at, finished FROM ${builds}
         WHERE table_name = {name:String} AND table_uuid = {uuid:UUID} ORDER BY step DESC, at DESC LIMIT 1`,
        { name: `slices:${measure}`, uuid: NO_TABLE },
      )
      if (row === undefined) return null
      const { text, finished, ...note } = row
      return { ...(JSON.parse(text) as Pick<BackfillNote, 'done' | 'pending'>), ...note, finished: finished === 1 }
    },
    note: (measure, { done, pending, step, by, at, finished }) =>
      insertRows(
        clickhouse,
        builds,
        [
          {
            table_name: `slices:${measure}`,
            table_uuid: NO_TABLE,
            build: by,
            positions: JSON.stringify({ done, pending }),
            built_from: 0,
            events: 0,
            done: 0,
            finished: finished ? 1 : 0,
            step,
            begun_at: dateTime(at),
            at: dateTime(at),
          },
        ],
        randomUUID(),
      ),
  }
}

const proof = (range: SourceRange, measure: string, month: number, token: string, writtenAt: number): SliceRow => ({
  measure,
  level: LEVEL.proof,
  start: proofStart(range),
  dims: [token, range.topic],
  month,
  count: 1,
  sum: 0n,
  min: 0,
  max: 0,
  late: Math.floor(writtenAt / 1000),
  distinct: [],
  buckets: new Map(),
})
