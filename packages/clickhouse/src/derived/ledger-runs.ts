/** What the ledger holds without a gap beyond the point up to which a table follows it. */
import type { ClickHouse } from '../client.ts'
import type { Target } from '../migrations/table.ts'
import { everyReplica } from '../replicas.ts'
import { literal } from '../sql.ts'

/** A partition of the log as it was created once. */
export interface Lineage {
  readonly topic: string
  readonly partition: number
  readonly lineage: string
}

/** Positions [from, to) of a lineage, complete in the ledger, and the event times of their accepted events. */
export interface Run extends Lineage {
  readonly from: number
  readonly to: number
  readonly accepted: number
  /** the partition's after the last batch, epoch ms; -1 before its first event */
  readonly watermark: number
  /** epoch ms; null: no event was accepted */
  readonly times: { readonly first: number; readonly last: number } | null
}

export const lineageKey = ({ topic, partition, lineage }: Lineage): string =>
  JSON.stringify([topic, partition, lineage])

/** SQL over `events` or `ledger`: of this lineage. */
const ofLineage = ({ topic, partition, lineage }: Lineage): string =>
  `topic = ${literal(topic)} AND partition = ${partition} AND lineage = ${literal(lineage)}`

/** SQL over `events`: at the positions of one of the runs. */
export function atPositions(runs: readonly Run[]): string {
  const arms = runs.map(run => `(${ofLineage(run)} AND offset >= ${run.from} AND offset < ${run.to})`)
  return arms.length === 0 ? '0' : `(${arms.join(' OR ')})`
}

/** Every lineage that the ledger knows. */
export const readLineages = (clickhouse: ClickHouse, target: Target): Promise<Lineage[]> =>
  clickhouse.rows<Lineage>(
    `SELECT DISTINCT topic, partition, lineage FROM ${everyReplica(target, { name: 'ledger' })}
     ORDER BY topic, partition, lineage`,
  )

interface Batch extends Lineage {
  readonly from: number
  readonly to: number
  readonly accepted: number
  readonly watermark: number
  readonly first: number | null
  readonly last: number | null
}

/** Batches looked at of one lineage in one pass: what lies beyond is found by the next one. */
const BATCHES = 20_000

/**
 * The batches of each lineage that adjoin from its position on. From 0 its first batch is meant: a log may have been
 * cut off before Kivi first read it.
 */
export async function readBatches(
  clickhouse: ClickHouse,
  target: Target,
  from: ReadonlyArray<Lineage & { readonly position: number }>,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const found = new Map<string, Run[]>(from.map(lineage => [lineageKey(lineage), []]))
  if (from.length === 0) return found
  const arms = from.map(each => `(${ofLineage(each)} AND from_position >= ${each.position})`)
  const rows = await clickhouse.rows<Batch>(
    `SELECT topic, partition, lineage, from_position AS from, max(to_position) AS to, max(accepted) AS accepted,
            max(watermark) AS watermark,
            toUnixTimestamp64Milli(min(first_event_time)) AS first, toUnixTimestamp64Milli(max(last_event_time)) AS last
     FROM ${everyReplica(target, { name: 'ledger' })} WHERE ${arms.join(' OR ')}
     GROUP BY topic, partition, lineage, from_position
     ORDER BY topic, partition, lineage, from_position LIMIT ${BATCHES} BY topic, partition, lineage`,
  )
  const positions = new Map(from.map(each => [lineageKey(each), each.position]))
  for (const { first, last, ...batch } of rows) {
    const key = lineageKey(batch)
    const at = positions.get(key)!
    if (at !== 0 && batch.from !== at) continue
    found.get(key)!.push({ ...batch, times: first === null || last === null ? null : { first, last } })
    positions.set(key, batch.to)
  }
  return found
}

/** Cuts batches, in their order, into runs of at most `events` accepted events, or of one batch. */
export function cutRuns(batches: readonly Run[], events: number): Run[] {
  const runs: Run[] = []
  for (const batch of batches) {
    const open = runs.at(-1)
    if (open !== undefined && open.accepted + batch.accepted <= events) runs[runs.length - 1] = joined(open, batch)
    else runs.push(batch)
  }
  return runs
}

function joined(a: Run, b: Run): Run {
  const times =
    a.times === null || b.times === null
      ? (a.times ?? b.times)
      : { first: Math.min(a.times.first, b.times.first), last: Math.max(a.times.last, b.times.last) }
  return { ...a, to: b.to, accepted: a.accepted + b.accepted, watermark: b.watermark, times }
}
