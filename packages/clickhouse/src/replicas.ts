import { storedTable, type Target } from './migrations/table.ts'
import { literal } from './sql.ts'

/**
 * The table to read where an answer must hold what was acknowledged a moment ago. A replica that lags would deny a
 * block that another one has, so in a cluster all replicas of all shards are read (an unreachable one is an error,
 * never an empty answer). The same row then comes once per replica.
 */
export function everyReplica(target: Target, table: { readonly name: string; readonly everywhere?: boolean }): string {
  const stored = storedTable(target, table)
  return target.cluster === null ? stored : `clusterAllReplicas(${literal(target.cluster)}, ${stored})`
}
