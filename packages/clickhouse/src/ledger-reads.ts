import type { LedgerEnd, SourceRange } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import type { Target } from './migrations/table.ts'
import { everyReplica } from './replicas.ts'
import { readIdRows } from './row-binary/id-rows.ts'

type Place = Omit<SourceRange, 'to'>
type Lineage = Omit<Place, 'from'>

const OF_LINEAGE = 'topic = {topic:String} AND partition = {partition:UInt32} AND lineage = {lineage:String}'

/** Ledger rows looked at in one query. */
const PAGE = 100_000

/**
 * Where the ledger's rows, each beginning at the end of the one before, come to from `from` on, and what the last
 * entry before that point says. From 0 the lineage's first row is meant: a log may have been cut off before Kivi
 * first read it. Null: the lineage has no row.
 */
export async function ledgerEnd(clickhouse: ClickHouse, target: Target, place: Place): Promise<LedgerEnd | null> {
  const first = await firstPosition(clickhouse, target, place)
  if (first === null) return null
  let to = place.from === 0 ? first : place.from
  for (;;) {
    const next = await contiguousEnd(clickhouse, target, { ...place, from: to })
    if (next === to) break
    to = next
  }
  const last = await lastEntry(clickhouse, target, place, to, '')
  const withRecords =
    last === null || last.last_offset >= 0
      ? last
      : await lastEntry(clickhouse, target, place, to, 'AND last_offset >= 0')
  return {
    to,
    lastOffset: withRecords?.last_offset ?? -1,
    lastStamp: withRecords?.last_stamp ?? -1,
    digest: withRecords?.digest ?? '',
    highStamp: last?.high_stamp ?? -1,
    watermark: last?.watermark ?? -1,
  }
}

async function firstPosition(clickhouse: ClickHouse, target: Target, lineage: Lineage): Promise<number | null> {
  const [row] = await clickhouse.rows<{ first: number }>(
    `SELECT from_position AS first FROM ${ledger(target)} WHERE ${OF_LINEAGE} ORDER BY from_position LIMIT 1`,
    place(lineage),
  )
  return row?.first ?? null
}

/** End of the run of adjoining ranges among the next PAGE of them; `from` itself where none begins there. */
async function contiguousEnd(clickhouse: ClickHouse, target: Target, { from, ...lineage }: Place): Promise<number> {
  const [row] = await clickhouse.rows<{ to: number }>(
    `WITH page AS (
       SELECT from_position, max(to_position) AS to_position FROM ${ledger(target)}
       WHERE ${OF_LINEAGE} AND from_position >= {from:UInt64}
       GROUP BY from_position ORDER BY from_position LIMIT ${PAGE}),
     gaps AS (
       SELECT to_position, from_position != lagInFrame(to_position, 1, {from:UInt64}) OVER
         (ORDER BY from_position ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS gap, from_position FROM page),
     runs AS (
       SELECT to_position, sum(gap) OVER
         (ORDER BY from_position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS gaps_before FROM gaps)
     SELECT max(to_position) AS to FROM runs WHERE gaps_before = 0`,
    { ...place(lineage), from },
  )
  return Math.max(from, row?.to ?? 0)
}

interface Entry {
  last_offset: number
  last_stamp: number
  high_stamp: number
  watermark: number
  digest: string
}

/** The last row that ends at or before `to`. */
async function lastEntry(
  clickhouse: ClickHouse,
  target: Target,
  lineage: Lineage,
  to: number,
  further: string,
): Promise<Entry | null> {
  const [row] = await clickhouse.rows<Entry>(
    `SELECT last_offset, last_stamp, high_stamp, watermark, digest FROM ${ledger(target)}
     WHERE ${OF_LINEAGE} AND from_position <= {to:UInt64} AND to_position <= {to:UInt64} ${further}
     ORDER BY from_position DESC LIMIT 1`,
    { ...place(lineage), to },
  )
  return row ?? null
}

/** The newest lineage of a partition by its ledger; null where that has no row of it. */
export async function lineageOf(
  clickhouse: ClickHouse,
  target: Target,
  topic: string,
  partition: number,
): Promise<string | null> {
  const [row] = await clickhouse.rows<{ lineage: string }>(
    `SELECT lineage FROM ${ledger(target)} WHERE topic = {topic:String} AND partition = {partition:UInt32}
     GROUP BY lineage ORDER BY max(written_at) DESC, max(to_position) DESC LIMIT 1`,
    { topic, partition },
  )
  return row?.lineage ?? null
}

/** Hashes of accepted ids with their clamped stamps ≥ since, a run per ledger row, in the order of the log. */
export async function* acceptedIds(
  clickhouse: ClickHouse,
  target: Target,
  source: Lineage & { readonly before: number; readonly since: number },
): AsyncGenerator<{ hashes: BigUint64Array; stamps: Float64Array }> {
  // high_stamp never falls, so that the rows from the first one at `since` on hold all ids that are not older
  const rows = clickhouse.bytes(
    `SELECT arrayFilter((hash, stamp) -> stamp >= {since:Int64}, id_hashes, id_stamps),
            CAST(arrayFilter(stamp -> stamp >= {since:Int64}, id_stamps), 'Array(Float64)')
     FROM ${ledger(target)}
     WHERE ${OF_LINEAGE} AND to_position <= {before:UInt64} AND high_stamp >= {since:Int64}
     ORDER BY from_position LIMIT 1 BY from_position FORMAT RowBinary`,
    { ...place(source), before: source.before, since: Math.floor(source.since) },
  )
  for await (const ids of readIdRows(rows)) if (ids.hashes.length > 0) yield ids
}

const ledger = (target: Target): string => everyReplica(target, { name: 'ledger' })

const place = ({ topic, partition, lineage }: Lineage) => ({ topic, partition, lineage })
