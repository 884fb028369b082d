/**
 * Keeps derived tables up to date with the ledger. A pass may end anywhere (a crash, a time limit): what is not noted
 * in derived_state or derived_builds is done again by the next one, and rows that are written twice are the same.
 */
import { type Catalog, overallWatermark, type PartitionProgress, type WatermarkSettings } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import type { Target } from '../migrations/table.ts'
import { type BuildStep, buildTable } from './build.ts'
import { createDerived, type DerivedTable, derivedTables } from './derived-table.ts'
import { type Lineage, lineageKey, readBatches, readLineages } from './ledger-runs.ts'
import { type Refreshed, refreshTable } from './refresh.ts'
import {
  type Build,
  type Positions,
  type Present,
  readBuilds,
  readPresent,
  readStates,
  type State,
  writeStates,
} from './state.ts'
import { createStatements, type Limits } from './statements.ts'
import { dropUnused } from './unused.ts'
import type { PassWork } from './work.ts'

export interface DeriverOptions {
  readonly clickhouse: ClickHouse
  /** where each partition of the log stands */
  readonly progress: () => Promise<readonly PartitionProgress[]>
  readonly watermark: WatermarkSettings
  readonly now: () => number
  readonly limits?: Partial<Limits>
  /** told before each statement that writes, for tests */
  readonly onStatement?: (sql: string) => void | Promise<void>
}

/** What a pass did for one table. */
export interface TableReport {
  readonly table: string
  /** the entity's name, or `links` */
  readonly label: string
  readonly ready: boolean
  /** of a table that is being built: share of its events that were read */
  readonly built: number
  readonly changedKeys: number
  readonly ms: number
  /** up to when it holds everything, epoch ms; null: not known, or not ready */
  readonly watermark: number | null
  /** accepted events that the ledger has and the table does not */
  readonly behind: number
}

export interface DeriveReport {
  readonly tables: readonly TableReport[]
  /** there is more to do at once */
  readonly more: boolean
  /** of all events when the pass began, epoch ms; null: not known */
  readonly watermark: number | null
  /** tables of definitions that nobody uses any more, dropped now */
  readonly dropped: readonly string[]
}

export interface Deriver {
  /** Brings the catalog's tables up to date, for as long as the limits allow. `signal` ends it between statements. */
  pass(catalog: Catalog, signal: AbortSignal): Promise<DeriveReport>
}

/** How often at least the ledger is searched for lineages that are new. */
const LINEAGES_MS = 600_000

export function createDeriver(options: DeriverOptions): Deriver {
  const { clickhouse, now } = options
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const statements = createStatements(clickhouse, options.limits ?? {}, options.onStatement)
  const lineages = createLineages(clickhouse, target, now)
  /** only grows: a minimum over partitions may fall back when one begins anew */
  let highest = -1

  return {
    async pass(catalog, signal) {
      const begun = now()
      const until = performance.now() + statements.limits.passMs
      // the watermark first: whatever is before it is in the ledger that is read after it
      const progress = await options.progress()
      highest = overallWatermark(progress, begun, options.watermark, highest)
      const watermark = highest < 0 ? null : highest
      const tables = derivedTables(catalog)
      const present = await ensureTables(clickhouse, target, tables)
      const wanted = tables.map(table => present.get(table.definition.name)!)
      const builds = await readBuilds(clickhouse, target, wanted)
      const states = await readStates(clickhouse, target, wanted)
      const known = await lineages(progress, [...states.values()])
      const batches = await readBatches(clickhouse, target, leastPositions(known, tables, builds, states))

      const happened: PassWork['happened'] = new Map()
      const work: PassWork = { statements, target, signal, until, begun, watermark, batches, known, happened }
      const written: Array<readonly [Present, State]> = []
      const reports: TableReport[] = []
      let more = false
      for (const table of tables) {
        signal.throwIfAborted()
        const there = present.get(table.definition.name)!
        const build = builds.get(there.name)
        const done =
          build?.finished === true ? await refresh(work, table, startOf(build, states.get(there.name), begun)) : null
        if (done === null) continue
        written.push([there, done.state])
        reports.push(done.report)
        more ||= done.more
      }
      // those that serve are told of before the building of new ones takes its time
      await writeStates(clickhouse, target, written)
      for (const table of tables) {
        const there = present.get(table.definition.name)!
        const build = builds.get(there.name) ?? null
        if (build?.finished === true) continue
        const step = await buildTable(work, clickhouse, table, there, build, now)
        reports.push(buildReport(table, step))
        more = true
      }
      const dropped = await dropUnused(clickhouse, target, new Set(tables.map(table => table.definition.name)), begun)
      return { tables: reports, more, watermark, dropped }
    },
  }
}

interface Done {
  readonly state: State
  readonly report: TableReport
  readonly more: boolean
}

/** Refreshes go on where the build began to read, until there is a refresh of their own. */
const startOf = (build: Build, state: State | undefined, begun: number): State =>
  state ?? { positions: build.positions, watermark: null, at: begun }

async function refresh(work: PassWork, table: DerivedTable, state: State): Promise<Done> {
  const begun = performance.now()
  const refreshed: Refreshed = await refreshTable(work, table, state.positions)
  const complete = refreshed.behind === 0
  const watermark = complete ? larger(work.watermark, state.watermark) : state.watermark
  return {
    state: { positions: refreshed.positions, watermark, at: work.begun },
    report: {
      table: table.definition.name,
      label: table.label,
      ready: true,
      built: 1,
      changedKeys: refreshed.changedKeys,
      ms: performance.now() - begun,
      watermark,
      behind: refreshed.behind,
    },
    more: !complete,
  }
}

const buildReport = (table: DerivedTable, step: BuildStep): TableReport => ({
  table: table.definition.name,
  label: table.label,
  ready: false,
  built: step.events === 0 ? 1 : step.done / step.events,
  changedKeys: 0,
  ms: step.ms,
  watermark: null,
  behind: step.events - step.done,
})

const larger = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/** From where the ledger has to be read so that no table misses anything. */
function leastPositions(
  known: readonly Lineage[],
  tables: readonly DerivedTable[],
  builds: ReadonlyMap<string, Build>,
  states: ReadonlyMap<string, State>,
): Positions {
  const least = new Map<string, number>()
  for (const { definition } of tables) {
    const build = builds.get(definition.name)
    if (build?.finished !== true) continue
    const positions = states.get(definition.name)?.positions ?? build.positions
    const at = new Map(positions.map(each => [lineageKey(each), each.position]))
    for (const lineage of known) {
      const key = lineageKey(lineage)
      least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, at.get(key) ?? 0))
    }
  }
  return known.flatMap(lineage => {
    const position = least.get(lineageKey(lineage))
    return position === undefined ? [] : [{ ...lineage, position }]
  })
}

/** Creates the tables that are missing. */
async function ensureTables(
  clickhouse: ClickHouse,
  target: Target,
  tables: readonly DerivedTable[],
): Promise<ReadonlyMap<string, Present>> {
  const present = await readPresent(clickhouse)
  const missing = tables.filter(table => !present.has(table.definition.name))
  if (missing.length === 0) return present
  for (const table of missing) for (const statement of createDerived(target, table)) await clickhouse.command(statement)
  return readPresent(clickhouse)
}

/**
 * The ledger's lineages. They are looked for anew when the partitions show that there may be another one: the
 * ledger is large, and they change only when a topic is made.
 */
function createLineages(clickhouse: ClickHouse, target: Target, now: () => number) {
  let known: readonly Lineage[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return async (progress: readonly PartitionProgress[], states: readonly State[]): Promise<readonly Lineage[]> => {
    const reached = new Map<string, number>()
    for (const { topic, partition, position } of states.flatMap(state => state.positions)) {
      const place = JSON.stringify([topic, partition])
      reached.set(place, Math.max(reached.get(place) ?? 0, position))
    }
    const odd = progress.some(({ topic, partition, position }) => {
      if (!known.some(lineage => lineage.topic === topic && lineage.partition === partition)) return true
      return position < (reached.get(JSON.stringify([topic, partition])) ?? 0)
    })
    if (odd || now() - readAt > LINEAGES_MS) {
      known = await readLineages(clickhouse, target)
      readAt = now()
    }
    return known
  }
}
