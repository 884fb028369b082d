import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { loadCatalogFiles } from '@kivi/catalog'
import { type ClickHouse, checkDeduplicationWindow, createBatchStore } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type BatchStore, type Catalog, createHasher, type EventLog, FoldMemory, KiviError } from '@kivi/domain'
import type { Check, Config, Started, Telemetry } from '@kivi/service-kit'
import { workerEvents } from './events.ts'
import type { IntakeStart, OpenIntake } from './intake.ts'
import { createPersistence } from './persistence.ts'
import type { OnStep } from './steps.ts'
import { BATCH_LIMITS, type BatchLimits, createIntake, type TopologyDeps } from './topology.ts'
import { Worker } from './worker.ts'

export interface IngestWorkerOptions {
  readonly log: EventLog
  /** its database is migrated */
  readonly clickhouse: ClickHouse
  /** the one in force: a changed one counts from the next batch on */
  readonly catalog: () => Catalog
  readonly config: Pick<Config, 'topics' | 'group' | 'ingest' | 'retention' | 'schemaRegistry'>
  readonly telemetry: Telemetry
  /** session time-out of the consumer group, ms; default 30 000 */
  readonly sessionTimeoutMs?: number
  /** default: host, process and a random part */
  readonly worker?: string
  readonly limits?: Partial<BatchLimits>
  readonly onStep?: OnStep
}

export interface IngestWorker {
  /** rejects when the worker cannot go on, with the reason for a person; it has to be stopped then */
  readonly failure: Promise<never>
  /** has it joined the group, and goes each of its partitions on? */
  readonly check: Check
}

/** How long a stop may take to write what is open: below what orchestrators grant before they kill. */
const DRAIN_DEADLINE_MS = 8_000

/** Joins the consumer group and ingests until stopped. */
export async function startIngestWorker(options: IngestWorkerOptions): Promise<Started<IngestWorker>> {
  const { log, clickhouse, config, telemetry } = options
  const tell = workerEvents(telemetry)
  const store = createBatchStore(clickhouse)
  const seed = await store.seed()
  const catalog = await followCatalog(options.catalog, store)
  const { events, dead } = config.topics
  for (const [topic, options] of [
    [events, { partitions: 4 }],
    [dead, { partitions: 4, roomFor: events }],
  ] as const) {
    const { warnings } = await log.ensureTopic(topic, options)
    for (const warning of warnings) telemetry.logger.warn({ topic }, warning)
  }
  const sessionTimeoutMs = options.sessionTimeoutMs ?? 30_000
  await checkDeduplicationWindow(clickhouse, {
    partitions: (await log.partitions(config.topics.events)).length,
    flushIntervalMs: config.ingest.flushIntervalMs,
    latestApplyMs: sessionTimeoutMs,
  })
  const worker = options.worker ?? `${hostname()}/${process.pid}/${randomBytes(3).toString('hex')}`
  const topology: TopologyDeps = {
    registry: createSchemaRegistry({ url: config.schemaRegistry?.url ?? null }),
    hasher: createHasher(seed),
    judge: {
      retentionRaw: config.retention.raw === 0 ? Number.POSITIVE_INFINITY : config.retention.raw,
      clockSkew: config.ingest.clockSkewMs,
      horizon: config.ingest.duplicateHorizonMs,
      disorder: config.ingest.disorderMs,
    },
    raw: config.retention.raw > 0,
    limits: { ...BATCH_LIMITS, ...options.limits },
    memory: new FoldMemory(),
    worker,
    now: Date.now,
  }
  const deadLetters = await log.producer()
  const ingest = new Worker({
    log,
    deadLetters,
    store,
    openIntake: intakeOpener(store, catalog.inForce, topology),
    persistence: () => createPersistence(tell),
    topic: config.topics.events,
    deadTopic: config.topics.dead,
    group: config.group,
    flushIntervalMs: config.ingest.flushIntervalMs,
    sessionTimeoutMs,
    drainDeadlineMs: DRAIN_DEADLINE_MS,
    watermark: { disorder: config.ingest.disorderMs, idleAfter: config.ingest.idleAfterMs },
    worker,
    lineageAfter: (partition, previous) => lineage(seed, config.topics.events, partition, previous),
    now: Date.now,
    onStep: options.onStep ?? (() => undefined),
    tell,
  })
  await ingest.start()
  const looking = setInterval(catalog.look, CATALOG_EVERY_MS)
  return {
    value: { failure: ingest.failure, check: { name: 'ingest', run: () => ingest.waitsFor() } },
    async stop() {
      clearInterval(looking)
      await ingest.stop()
      await deadLetters.close()
    },
  }
}

/** How often the worker looks whether there is another catalog, ms. */
const CATALOG_EVERY_MS = 200

/** A catalog is stored by its hash before the first plan that names it; until it is, the one before goes on. */
async function followCatalog(wanted: () => Catalog, store: Pick<BatchStore, 'storeCatalog'>) {
  let inForce = wanted()
  await store.storeCatalog(inForce.hash, inForce.files)
  let storing = false
  return {
    inForce: () => inForce,
    look(): void {
      const next = wanted()
      if (storing || next === inForce) return
      storing = true
      const stored = next.hash === inForce.hash ? Promise.resolve() : store.storeCatalog(next.hash, next.files)
      stored.then(
        () => {
          inForce = next
          storing = false
        },
        // ClickHouse is away: batches wait too, and this is tried again
        () => {
          storing = false
        },
      )
    },
  }
}

/** The same worker that begins a partition again finds the same lineage; another installation has another one. */
function lineage(seed: bigint, topic: string, partition: number, previous: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([String(seed), topic, partition, previous]))
    .digest('hex')
    .slice(0, 16)
}

/** Opens a partition's batch with the memory that the ledger keeps: log time, watermark, accepted ids. */
function intakeOpener(store: BatchStore, inForce: () => Catalog, deps: TopologyDeps): OpenIntake {
  const byHash = new Map<string, Catalog>()

  /** A replay folds with the catalog that planned it, also after a deployment changed it. */
  async function catalogOf(hash: string): Promise<Catalog> {
    if (hash === inForce().hash) return inForce()
    const known = byHash.get(hash)
    if (known) return known
    const files = await store.loadCatalog(hash)
    const loaded = files === null ? null : loadCatalogFiles(files)
    if (!loaded?.catalog || loaded.catalog.hash !== hash)
      throw new KiviError(
        'catalog_invalid',
        `A batch under way was planned with catalog ${hash.slice(0, 12)}, which ${files === null ? 'is not stored' : 'this version of Kivi reads otherwise'}. ` +
          'Start the version of Kivi that planned it once; it finishes the batch.',
      )
    byHash.set(hash, loaded.catalog)
    return loaded.catalog
  }

  return async function openIntake(start: IntakeStart) {
    const first = start.catalog === null ? inForce() : await catalogOf(start.catalog)
    const intake = createIntake(start, { first, current: inForce }, deps)
    if (start.ledger !== null && Number.isFinite(deps.judge.horizon)) {
      const { topic, partition, lineage, position, ledger } = start
      const since = Math.max(0, ledger.highStamp - deps.judge.horizon)
      const ids = store.acceptedIds({ topic, partition, lineage, before: position, since })
      for await (const { hashes, stamps } of ids) intake.restoreIds(hashes, stamps)
    }
    return intake
  }
}
