/**
 * A story of the shop as the worker stores it: decoded, judged, folded, written to ClickHouse, with the derived tables
 * that rules read. Of the catalog only what rules read is folded.
 */
import {
  createBatchStore,
  createClickHouse,
  createDeriver,
  createMeasureSource,
  createSliceReader,
  migrate,
} from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import {
  type AlertRule,
  type Catalog,
  createHasher,
  createZone,
  FoldMemory,
  type MeasureSource,
  measuresBehind,
  type RuleEvaluation,
  readRule,
} from '@kivi/domain'
import { BATCH_LIMITS, createIntake } from '@kivi/ingest-worker'
import { rememberCells } from '../../../services/standalone/src/alerts/remembered-cells.ts'
import type { DemoEvent } from '../../../services/standalone/src/demo/event.ts'
import { recordSetOf } from '../../../services/standalone/src/scenarios/record-set.ts'

const FOREVER = Number.POSITIVE_INFINITY
const KEPT = { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER, raw: FOREVER }
const TOPIC = 'shop.events'
export const WATERMARK = { disorder: 30_000, idleAfter: 30_000 }
const MINUTE = 60_000

export interface StoredShop extends AsyncDisposable {
  readonly source: MeasureSource
  /** what a rule of a running Kivi finds, a question at a time */
  find(rule: AlertRule, instants: readonly number[]): Promise<RuleEvaluation['instants']>
}

interface StoreOptions {
  readonly url: string
  readonly database: string
  readonly catalog: Catalog
  readonly events: Iterable<readonly DemoEvent[]>
  /** everything before it is known */
  readonly until: number
}

/** What the rules read, and nothing else. */
export function forRules(catalog: Catalog): Catalog {
  const indicators = [...catalog.alerting.rules.values()].flatMap(
    ({ indicator }) => catalog.indicators.get(indicator ?? '') ?? [],
  )
  const used = new Set(indicators.flatMap(indicator => measuresBehind(catalog, indicator).map(({ id }) => id)))
  const only = <T>(all: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...all].filter(([id]) => used.has(id)))
  const derivedMeasures = only(catalog.derivedMeasures)
  const entities = new Set([...derivedMeasures.values()].flatMap(one => (one.kind === 'entity' ? one.entity : [])))
  return {
    ...{ ...catalog, measures: only(catalog.measures), derivedMeasures },
    entities: new Map([...catalog.entities].filter(([name]) => entities.has(name))),
    ...{ attributions: new Map(), funnels: new Map(), linkedBy: [] },
  }
}

export async function storeShop({ url, database, catalog, events, until }: StoreOptions): Promise<StoredShop> {
  const clickhouse = createClickHouse({ url, database })
  await migrate(clickhouse, { retention: KEPT })
  const zone = createZone(catalog.timezone)
  const slices = createSliceReader(clickhouse, { zone: () => zone, timeLimitSeconds: 300, rowLimit: 5_000_000 })
  const store = createBatchStore(clickhouse)
  await store.storeCatalog(catalog.hash, catalog.files)
  const now = () => until + MINUTE
  const deriver = createDeriver({ clickhouse, progress: () => slices.progress(), watermark: WATERMARK, now })
  const derive = async () => {
    while ((await deriver.pass(catalog, AbortSignal.timeout(600_000))).more);
  }
  await derive()
  // derived tables are made of raw events: those of tickets only
  const isKept = ({ event_type }: DemoEvent) => event_type === 'ticket'
  const [plain, kept] = [await openIntake(0, false), await openIntake(1, true)]
  for (const piece of events) {
    await plain.add(piece.filter(event => !isKept(event)))
    await kept.add(piece.filter(isKept))
  }
  for (const intake of [plain, kept]) await intake.end()
  await derive()
  const source = createMeasureSource({ clickhouse, slices, rawRetentionMs: FOREVER, now, timeLimitSeconds: 300 })
  const remembered = rememberCells(source)
  const calendar = { zone, fiscalYearStart: catalog.fiscalYearStart }
  const basis = { now: until, watermark: until, retention: KEPT, calendar, derived: () => until }
  return {
    source,
    find: (rule, instants) => readRule(rule, instants, { source: remembered, catalog, basis }),
    async [Symbol.asyncDispose]() {
      await clickhouse.command(`DROP DATABASE ${database}`)
      await clickhouse.close()
    },
  }

  /** One partition. */
  async function openIntake(partition: number, raw: boolean) {
    let [position, waiting] = [0, [] as DemoEvent[]]
    const intake = createIntake(
      {
        ...{ topic: TOPIC, partition, lineage: `${database}-${partition}`, position },
        ...{ ledger: null, catalog: null, unknownSchemas: null },
      },
      { first: catalog, current: () => catalog },
      {
        registry: createSchemaRegistry({ url: null }),
        hasher: createHasher(await store.seed()),
        judge: { retentionRaw: FOREVER, clockSkew: FOREVER, horizon: 0, disorder: WATERMARK.disorder },
        ...{ raw, limits: BATCH_LIMITS, memory: new FoldMemory(), worker: 'bench', now },
      },
    )
    async function write(): Promise<void> {
      const set = recordSetOf(
        waiting.map(event => ({ value: JSON.stringify(event), stamp: event.event_time })),
        position,
      )
      waiting = []
      await intake.prepare(set, 0, set.count)
      intake.add(set, 0, set.count)
      position = set.to
      for (const insert of intake.take().inserts) await store.insert(insert, 1, AbortSignal.timeout(120_000))
    }
    return {
      async add(piece: readonly DemoEvent[]): Promise<void> {
        waiting = waiting.concat(piece)
        if (waiting.length >= BATCH_LIMITS.records) await write()
      },
      async end(): Promise<void> {
        if (waiting.length > 0) await write()
        const at = { position, high: position, watermark: until, idleSince: null, at: until, worker: 'bench' }
        await store.storeProgress([{ topic: TOPIC, partition, ...at }])
      },
    }
  }
}
