/** How far the derived tables are, for those who read them. */
import { createHash } from 'node:crypto'
import type { Catalog, DerivedProgress } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { referencesPosted } from '../migrations/derived-tables.ts'
import { storedTable, type Target } from '../migrations/table.ts'
import { derivedTables } from './derived-table.ts'
import { readBuilds, readPresent, readStates } from './state.ts'

/**
 * Of the catalog's derived tables together: the watermark is that of the one that is furthest behind, null while one
 * is not there or not built. `links` belongs to every question about persons, so it is always among them.
 *
 * @param entities only these; default: all of the catalog
 */
export async function readDerivedProgress(
  clickhouse: ClickHouse,
  catalog: Pick<Catalog, 'entities' | 'linkedBy'>,
  entities: Iterable<string> = catalog.entities.keys(),
): Promise<DerivedProgress> {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const asked = new Set(entities)
  const tables = derivedTables({
    linkedBy: catalog.linkedBy,
    entities: new Map([...catalog.entities].filter(([name]) => asked.has(name))),
  })
  const [present, posted] = await Promise.all([readPresent(clickhouse), readPosted(clickhouse, target)])
  const wanted = tables.flatMap(table => present.get(table.definition.name) ?? [])
  const [builds, states] = await Promise.all([
    readBuilds(clickhouse, target, wanted),
    readStates(clickhouse, target, wanted),
  ])
  let watermark: number | null = Number.POSITIVE_INFINITY
  let at: number | null = null
  const mark: unknown[] = [posted]
  for (const { definition } of tables) {
    const there = present.get(definition.name)
    const state = states.get(definition.name)
    const ready = builds.get(definition.name)?.finished === true
    const reached = ready ? (state?.watermark ?? null) : null
    watermark = watermark === null || reached === null ? null : Math.min(watermark, reached)
    if (state !== undefined) at = Math.min(at ?? Number.POSITIVE_INFINITY, state.at)
    mark.push([definition.name, there?.uuid, ready, state?.positions])
  }
  return {
    version: createHash('sha1').update(JSON.stringify(mark)).digest('base64url'),
    watermark: watermark === Number.POSITIVE_INFINITY ? null : watermark,
    at,
  }
}

async function readPosted(clickhouse: ClickHouse, target: Target): Promise<unknown> {
  const [row] = await clickhouse.rows<{ rows: number; at: number }>(
    `SELECT count() AS rows, toUnixTimestamp64Milli(max(set_at)) AS at FROM ${storedTable(target, referencesPosted())}`,
  )
  return row
}
