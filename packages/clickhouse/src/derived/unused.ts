/** Tables of definitions that no catalog has any more. */
import type { ClickHouse } from '../client.ts'
import { derivedBuilds, derivedState } from '../migrations/derived-tables.ts'
import { onCluster, storedTable, type Target } from '../migrations/table.ts'
import { identifier } from '../sql.ts'
import { readPresent } from './state.ts'

/** Deployments that go back and forth between two catalogs must not build everything anew each time. */
const UNUSED_DAYS = 7

/** Drops the derived tables that are not in `used` and that nobody has kept up for a week; gives their names. */
export async function dropUnused(
  clickhouse: ClickHouse,
  target: Target,
  used: ReadonlySet<string>,
  now: number,
): Promise<string[]> {
  const candidates = [...(await readPresent(clickhouse)).values()].filter(({ name }) => !used.has(name))
  if (candidates.length === 0) return []
  const touched = await clickhouse.rows<{ uuid: string; at: number }>(
    `SELECT toString(table_uuid) AS uuid, toUnixTimestamp64Milli(max(at)) AS at FROM (
       SELECT table_uuid, at FROM ${storedTable(target, derivedState())}
       UNION ALL SELECT table_uuid, at FROM ${storedTable(target, derivedBuilds())}) GROUP BY table_uuid`,
  )
  const last = new Map(touched.map(({ uuid, at }) => [uuid, at]))
  // one without any row was made a moment ago, by an evaluator of another catalog
  const old = candidates.filter(({ uuid }) => now - (last.get(uuid) ?? now) > UNUSED_DAYS * 86_400_000)
  for (const { name } of old)
    await clickhouse.command(
      `DROP TABLE IF EXISTS ${identifier(target.database)}.${identifier(name)}${onCluster(target)}`,
    )
  return old.map(({ name }) => name)
}
