import type { AnyMeasure, Catalog, DerivedProgress, Occurrences } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { entityTableName, linksTableName } from '../derived/names.ts'
import type { Pulse } from '../pulse.ts'

interface StateRow {
  readonly name: string
  readonly mark: string
  readonly seen: string
  readonly state: string
}

// of tables that were dropped and made again only the present one counts
const STATES = `SELECT table_name AS name, toString(max(watermark)) AS mark,
  toString(toUnixTimestamp64Milli(max(at))) AS seen,
  toString(groupBitXor(cityHash64(table_uuid, topic, partition, lineage, position))) AS state
FROM derived_state FINAL
WHERE table_name IN {names:Array(String)}
  AND table_uuid IN (SELECT uuid FROM system.tables WHERE database = currentDatabase())
GROUP BY name ORDER BY name`

/** How far the derived tables are that some measures of a catalog rest on; see the port MeasureSource. */
export function createDerivedProgress(pulse: Pick<Pulse, 'latest'>) {
  return async function derivedProgress(catalog: Catalog, measures?: readonly AnyMeasure[]): Promise<DerivedProgress> {
    const names = measures === undefined ? allTables(catalog) : tablesOf(catalog, measures)
    if (names.length === 0) return NO_TABLES
    const { derived } = await pulse.latest()
    const found = names.flatMap(name => {
      const table = derived.get(name)
      return table === undefined ? [] : [{ name, ...table }]
    })
    const ready = found.length === names.length && found.every(({ watermark }) => watermark >= 0)
    return {
      version: JSON.stringify(found.map(({ name, state }) => [name, state])),
      watermark: ready ? Math.min(...found.map(({ watermark }) => watermark)) : null,
      at: found.length === 0 ? null : Math.min(...found.map(({ at }) => at)),
    }
  }
}

const NO_TABLES: DerivedProgress = { version: '', watermark: Number.POSITIVE_INFINITY, at: null }

/** How far some derived tables are; infinitely where there are none. */
export async function progressOfTables(
  clickhouse: Pick<ClickHouse, 'rows'>,
  names: readonly string[],
): Promise<DerivedProgress> {
  if (names.length === 0) return NO_TABLES
  const rows = await clickhouse.rows<StateRow>(STATES, { names })
  const marks = rows.map(({ mark }) => Number(mark))
  const ready = rows.length === names.length && marks.every(mark => mark >= 0)
  return {
    version: JSON.stringify(rows.map(({ name, state }) => [name, state])),
    watermark: ready ? Math.min(...marks) : null,
    at: rows.length === 0 ? null : Math.min(...rows.map(({ seen }) => Number(seen))),
  }
}

/** Every table that the catalog derives. */
const allTables = (catalog: Catalog): string[] =>
  [...[...catalog.entities.values()].map(entityTableName), linksTableName(catalog)].filter(name => name !== null)

/** Tables that the measures read, links included. */
function tablesOf(catalog: Catalog, measures: readonly AnyMeasure[]): string[] {
  const entities = new Set<string>()
  let persons = false
  const read = (occurrences: Occurrences) => entities.add(occurrences.entity)
  for (const measure of measures) {
    if (measure.kind === 'entity') entities.add(measure.entity)
    if (measure.kind === 'attributed') {
      const attribution = catalog.attributions.get(measure.attribution)
      for (const occurrences of attribution ? [...attribution.touches, attribution.conversions] : []) read(occurrences)
    }
    persons ||= measure.kind === 'entity' || measure.kind === 'attributed' || measure.kind === 'funnel'
  }
  const tables = [...entities].flatMap(name => {
    const entity = catalog.entities.get(name)
    return entity === undefined ? [] : [entityTableName(entity)]
  })
  const links = persons ? linksTableName(catalog) : null
  return [...tables, ...(links === null ? [] : [links])].sort()
}
