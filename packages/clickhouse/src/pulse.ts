import type { PartitionProgress } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { boundedRows } from './measures/statement.ts'

/**
 * Whatever can change an answer, read by one statement: how far partitions and derived tables are, whether ids are
 * linked, whether anything was set or recorded. A thousand dashboards that ask each second cost this statement once a
 * second, and others only when it says that there is something new.
 */
export interface Pulse {
  /** as of now */
  beat(): Promise<PulseState>
  /** as of some moment not longer ago than `maxAgeMs` of the options; whoever comes meanwhile waits for that reading */
  latest(): Promise<PulseState>
}

interface PulseState {
  readonly partitions: readonly PartitionProgress[]
  /** derived tables that are there, by name */
  readonly derived: ReadonlyMap<string, DerivedTableState>
  /** tables of links that hold any */
  readonly linked: ReadonlySet<string>
  /**
   * A mark of the rows of each small table, by name: it changes with every insert, and now and then without one. A table
   * that was never written to has none; null where nobody can say, because shards and replicas hold them.
   */
  readonly rows: ReadonlyMap<string, string> | null
}

interface DerivedTableState {
  readonly watermark: number
  /** wall clock of the last time that it was brought up to date, epoch ms */
  readonly at: number
  /** changes whenever its rows do */
  readonly state: string
}

export interface PulseOptions {
  readonly clickhouse: Pick<ClickHouse, 'rows'> & Partial<Pick<ClickHouse, 'cluster'>>
  /** default 0: `latest` reads each time */
  readonly maxAgeMs?: number
  /** monotonic, ms */
  readonly clock?: () => number
}

interface Row {
  readonly kind: 'partition' | 'derived' | 'linked' | 'rows'
  readonly name: string
  readonly cells: readonly string[]
}

const TIME = (column: string): string => `toString(toUnixTimestamp64Milli(${column}))`

const STATE = `SELECT 'partition' AS kind, topic AS name,
  [toString(partition), toString(position), toString(high), toString(watermark),
   ifNull(${TIME('idle_since')}, ''), ${TIME('at')}, worker] AS cells
FROM partitions FINAL
UNION ALL
-- of tables that were dropped and made again only the present one counts
SELECT 'derived', table_name, [toString(max(watermark)), ${TIME('max(at)')},
  toString(groupBitXor(cityHash64(table_uuid, topic, partition, lineage, position)))]
FROM derived_state FINAL
WHERE table_uuid IN (SELECT uuid FROM system.tables WHERE database = currentDatabase())
GROUP BY table_name
UNION ALL
SELECT 'linked', t.name, emptyArrayString() FROM system.tables AS t
WHERE t.database = currentDatabase() AND startsWith(t.name, 'links_') AND t.total_rows > 0`

// a table is made of its parts, which never change: their names are its state, however many rows there are
const ROWS = `
UNION ALL
SELECT 'rows', p.table, [toString(groupBitXor(cityHash64(p.name)))] FROM system.parts AS p
WHERE p.database = currentDatabase() AND p.active
  AND p.table IN ('targets_set', 'north_star_set', 'references_posted', 'points')
GROUP BY p.table`

export function createPulse({ clickhouse, maxAgeMs = 0, clock = () => performance.now() }: PulseOptions): Pulse {
  const alone = (clickhouse.cluster ?? null) === null
  const rowsOf = boundedRows(clickhouse, {})
  let last: { readonly at: number; readonly state: Promise<PulseState> } | null = null

  const beat = (): Promise<PulseState> => {
    const state = rowsOf<Row>(alone ? STATE + ROWS : STATE, {}).then(rows => stateOf(rows, alone))
    const reading = { at: clock(), state }
    last = reading
    // a failure is not kept
    state.catch(() => {
      if (last === reading) last = null
    })
    return state
  }
  return {
    beat,
    latest: () => (last !== null && clock() - last.at < maxAgeMs ? last.state : beat()),
  }
}

function stateOf(found: readonly Row[], alone: boolean): PulseState {
  const of = (kind: Row['kind']) => found.filter(row => row.kind === kind)
  const partitions = of('partition').map(progressOf)
  partitions.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
  return {
    partitions,
    derived: new Map(
      of('derived').map(({ name, cells: [watermark, at, state] }) => [
        name,
        { watermark: Number(watermark), at: Number(at), state: state ?? '' },
      ]),
    ),
    linked: new Set(of('linked').map(({ name }) => name)),
    rows: alone ? new Map(of('rows').map(({ name, cells }) => [name, cells[0] ?? ''])) : null,
  }
}

function progressOf({ name, cells }: Row): PartitionProgress {
  const [partition, position, high, watermark, idleSince, at, worker = ''] = cells
  return {
    topic: name,
    partition: Number(partition),
    position: Number(position),
    high: Number(high),
    watermark: Number(watermark),
    idleSince: idleSince === '' ? null : Number(idleSince),
    at: Number(at),
    worker,
  }
}
