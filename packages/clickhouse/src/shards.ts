import { KiviError, type SourceRange } from '@kivi/domain'
import type { ClickHouse } from './client.ts'

/**
 * Shard (from 1) of a partition of the log: hash(topic, partition), so that all batches of a partition go to one.
 * When shards are added it changes, which is harmless: proofs are looked up on all shards.
 */
export function shardOf(clickhouse: ClickHouse, cluster: string): (source: SourceRange) => Promise<number> {
  let count: number | null = null
  return async source => {
    count ??= await shardCount(clickhouse, cluster)
    let hash = 0x811c9dc5
    for (const byte of Buffer.from(`${source.topic}/${source.partition}`)) hash = Math.imul(hash ^ byte, 0x01000193)
    return ((hash >>> 0) % count) + 1
  }
}

async function shardCount(clickhouse: ClickHouse, cluster: string): Promise<number> {
  const [row] = await clickhouse.rows<{ shards: number }>(
    'SELECT uniqExact(shard_num) AS shards FROM system.clusters WHERE cluster = {cluster:String}',
    { cluster },
  )
  if (row !== undefined && row.shards > 0) return row.shards
  throw new KiviError(
    'config_invalid',
    `ClickHouse knows no cluster '${cluster}' (KIVI_CLICKHOUSE_CLUSTER); SELECT cluster FROM system.clusters lists those it knows.`,
  )
}
