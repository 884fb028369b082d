import type { OutcomeCounts } from '@kivi/domain'
import type { ClickHouse, QueryParameters } from './client.ts'
import { DEFAULT_RETENTION, type Retention, STANDSTILL_SECONDS } from './retention.ts'
import { identifier } from './sql.ts'

export interface ReconcileOptions {
  /** default: all topics */
  readonly topic?: string
  /** by which it is known what may be gone already, and whether raw events are kept; default: DEFAULT_RETENTION */
  readonly retention?: Retention
  /** epoch ms; default: the clock */
  readonly now?: number
}

/** What the ledger says of one lineage of a partition. */
export interface LineageReport {
  readonly topic: string
  readonly partition: number
  readonly lineage: string
  readonly from: number
  readonly to: number
  readonly batches: number
  readonly records: number
  readonly outcomes: OutcomeCounts
  /** epoch ms; −1: no event yet */
  readonly watermark: number
}

/**
 * gap: positions of the log that no batch covers. overlap: positions that two batches cover. miscounted: a batch whose
 * outcomes do not add up to its records. events_missing, events_extra: a batch with other than its accepted events in
 * `events`. slices_missing: a batch without its block of `slices`. slices_doubled: a block that is there more than
 * once. slices_stray: a block of a range that is no batch of the ledger, although the ledger has passed it.
 */
export type FindingKind =
  | 'gap'
  | 'overlap'
  | 'miscounted'
  | 'events_missing'
  | 'events_extra'
  | 'slices_missing'
  | 'slices_doubled'
  | 'slices_stray'

export interface Finding {
  readonly kind: FindingKind
  readonly topic: string
  readonly partition: number
  readonly lineage: string
  /** the range of positions concerned */
  readonly from: number
  readonly to: number
  /** what was expected there and what was found: positions, records, events or blocks, as the kind says */
  readonly expected: number
  readonly found: number
}

export interface ReconcileReport {
  readonly lineages: readonly LineageReport[]
  readonly totals: OutcomeCounts & { readonly records: number; readonly batches: number }
  /** at most FINDINGS_SHOWN of each check */
  readonly findings: readonly Finding[]
  readonly truncated: boolean
}

export const FINDINGS_SHOWN = 1_000

/**
 * Checks the ledger against itself (does each batch begin where the one before ended, do its outcomes add up?) and
 * against the tables that it vouches for. Changes nothing. Batches under way are no findings.
 */
export async function reconcile(clickhouse: ClickHouse, options: ReconcileOptions = {}): Promise<ReconcileReport> {
  const retention = options.retention ?? DEFAULT_RETENTION
  const now = options.now ?? Date.now()
  const database = identifier(clickhouse.database)
  const parameters = {
    topic: options.topic ?? '',
    provenSince: Math.floor((now - STANDSTILL_SECONDS * 1000) / 1000) + 86_400,
    keptSince: Number.isFinite(retention.raw) ? Math.max(0, now - retention.raw) : 0,
  }
  const find = (sql: string) => findings(clickhouse, sql.replaceAll('{database}', database), parameters)
  const checks = [ADJOINING, MISCOUNTED, PROOFS_DOUBLED, PROOFS_STRAY]
  if (retention.raw > 0) checks.push(EVENTS, PROOFS_MISSING)
  const lineages = await readLineages(clickhouse, database, parameters)
  const found = []
  // one after the other: each may read a whole table
  for (const check of checks) found.push(await find(check))
  return {
    lineages,
    totals: totalsOf(lineages),
    findings: found.flat(),
    truncated: found.some(list => list.length >= FINDINGS_SHOWN),
  }
}

async function readLineages(
  clickhouse: ClickHouse,
  database: string,
  parameters: QueryParameters,
): Promise<LineageReport[]> {
  const rows = await clickhouse.rows<Omit<LineageReport, 'outcomes'> & OutcomeCounts>(
    `SELECT topic, partition, lineage, min(from_position) AS from, max(to_position) AS to, count() AS batches,
       sum(l.records) AS records, sum(l.accepted) AS accepted, sum(l.duplicate) AS duplicate,
       sum(l.rejected) AS rejected, sum(l.too_late) AS too_late, sum(l.too_early) AS too_early,
       argMax(l.watermark, l.from_position) AS watermark
     FROM ${database}.ledger AS l WHERE ${OF_TOPIC}
     GROUP BY topic, partition, lineage ORDER BY topic, partition, min(written_at)`,
    parameters,
  )
  return rows.map(({ accepted, duplicate, rejected, too_late, too_early, ...row }) => ({
    ...row,
    outcomes: { accepted, duplicate, rejected, too_late, too_early },
  }))
}

function totalsOf(lineages: readonly LineageReport[]): ReconcileReport['totals'] {
  const totals = { records: 0, batches: 0, accepted: 0, duplicate: 0, rejected: 0, too_late: 0, too_early: 0 }
  for (const { records, batches, outcomes } of lineages) {
    totals.records += records
    totals.batches += batches
    for (const [name, count] of Object.entries(outcomes)) totals[name as keyof OutcomeCounts] += count
  }
  return totals
}

async function findings(clickhouse: ClickHouse, sql: string, parameters: QueryParameters): Promise<Finding[]> {
  return await clickhouse.rows<Finding>(
    `SELECT kind, topic, partition, lineage, from, to, expected, found FROM (${sql})
     ORDER BY topic, partition, lineage, from, to LIMIT ${FINDINGS_SHOWN}`,
    parameters,
  )
}

const OF_TOPIC = "({topic:String} = '' OR topic = {topic:String})"

/** Each batch begins where the furthest one before it ended. */
const ADJOINING = `
  SELECT if(from_position > reached, 'gap', 'overlap') AS kind, topic, partition, lineage,
    least(from_position, reached) AS from, if(from_position > reached, from_position, least(reached, to_position)) AS to,
    reached AS expected, from_position AS found
  FROM (
    SELECT topic, partition, lineage, from_position, to_position,
      max(to_position) OVER earlier AS reached, count() OVER earlier AS before
    FROM {database}.ledger WHERE ${OF_TOPIC}
    WINDOW earlier AS (PARTITION BY topic, partition, lineage ORDER BY from_position, to_position
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
  WHERE before > 0 AND from_position != reached`

const MISCOUNTED = `
  SELECT 'miscounted' AS kind, topic, partition, lineage, from_position AS from, to_position AS to,
    records AS expected, accepted + duplicate + rejected + too_late + too_early AS found
  FROM {database}.ledger WHERE ${OF_TOPIC} AND expected != found`

/** Events by the batch that holds their position. Batches with events that may be gone by retention are left out. */
const EVENTS = `
  SELECT if(found < expected, 'events_missing', 'events_extra') AS kind, topic, partition, lineage,
    from_position AS from, to_position AS to, l.accepted AS expected, e.events AS found
  FROM (SELECT * FROM {database}.ledger WHERE ${OF_TOPIC}
        AND (first_event_time IS NULL OR toUnixTimestamp64Milli(first_event_time) >= {keptSince:Int64})) AS l
  LEFT JOIN (
    SELECT topic, partition, lineage, from_position, count() AS events
    FROM (SELECT topic, partition, lineage, offset FROM {database}.events WHERE ${OF_TOPIC}) AS stored
    ASOF JOIN (SELECT topic, partition, lineage, from_position, to_position FROM {database}.ledger) AS batches
    ON stored.topic = batches.topic AND stored.partition = batches.partition AND stored.lineage = batches.lineage
      AND stored.offset >= batches.from_position
    WHERE stored.offset < batches.to_position
    GROUP BY topic, partition, lineage, from_position) AS e
  USING (topic, partition, lineage, from_position)
  WHERE expected != found`

/**
 * Proofs with the range that their token names, lineage/partition/from-to/slices/month. `OrZero`: ClickHouse may read
 * the token of a row before it has found that the row is none.
 */
const PROOFS = `
  SELECT dims[2] AS topic, toUInt32OrZero(splitByChar('/', dims[1])[2]) AS partition,
    splitByChar('/', dims[1])[1] AS lineage,
    toUInt64OrZero(splitByChar('-', splitByChar('/', dims[1])[3])[1]) AS from_position,
    toUInt64OrZero(splitByChar('-', splitByChar('/', dims[1])[3])[2]) AS to_position,
    sum(count) AS blocks
  FROM {database}.slices WHERE measure = '' AND level = 0 AND ({topic:String} = '' OR dims[2] = {topic:String})
  GROUP BY dims, month`

const PROOFS_DOUBLED = `
  SELECT 'slices_doubled' AS kind, topic, partition, lineage, from_position AS from, to_position AS to,
    toUInt64(1) AS expected, blocks AS found
  FROM (${PROOFS}) WHERE blocks > 1`

const PROOFS_STRAY = `
  SELECT 'slices_stray' AS kind, topic, partition, lineage, from_position AS from, to_position AS to,
    toUInt64(0) AS expected, blocks AS found
  FROM (${PROOFS}) AS proofs
  INNER JOIN (SELECT topic, partition, lineage, max(to_position) AS reached FROM {database}.ledger
    GROUP BY topic, partition, lineage) AS ends USING (topic, partition, lineage)
  WHERE from_position < reached AND (topic, partition, lineage, from_position, to_position) NOT IN
    (SELECT topic, partition, lineage, from_position, to_position FROM {database}.ledger)`

/** Only of batches that are young enough for their proof to be there still. */
const PROOFS_MISSING = `
  SELECT 'slices_missing' AS kind, topic, partition, lineage, from_position AS from, to_position AS to,
    toUInt64(1) AS expected, toUInt64(0) AS found
  FROM {database}.ledger
  WHERE ${OF_TOPIC} AND accepted > 0 AND written_at >= fromUnixTimestamp({provenSince:Int64})
    AND (topic, partition, lineage, from_position, to_position) NOT IN
      (SELECT topic, partition, lineage, from_position, to_position FROM (${PROOFS}))`
