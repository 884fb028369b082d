/** Events into the store the way the worker brings them: decoded, judged, folded, written as blocks. */
import { type ClickHouse, createBatchStore, createDeriver, type createSliceReader } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type Catalog, createHasher, FoldMemory } from '@kivi/domain'
import { recordSet } from '../../../packages/decoding/src/testing/record-set.ts'
import { BATCH_LIMITS, createIntake } from '../../../services/ingest-worker/src/topology.ts'
import type { GivenEvent } from '../../independent/history.ts'

const TOPIC = 'shop.events'
/** of a batch here: small enough that a big history is several */
const BATCH_RECORDS = 20_000
const DISORDER_MS = 30_000
const FOLLOWED_WITHIN_MS = 240_000

/** How a watermark follows the events, here and in the service that is asked. */
export const WATERMARK = { disorderMs: DISORDER_MS, idleAfterMs: 30_000 }

/** Brings the catalog's derived tables up to date with what was ingested. */
export function createFollower(
  clickhouse: ClickHouse,
  catalog: Catalog,
  slices: ReturnType<typeof createSliceReader>,
  now: () => number,
): () => Promise<void> {
  const deriver = createDeriver({
    clickhouse,
    progress: () => slices.progress(),
    watermark: { disorder: WATERMARK.disorderMs, idleAfter: WATERMARK.idleAfterMs },
    now,
  })
  return async () => {
    const signal = AbortSignal.timeout(FOLLOWED_WITHIN_MS)
    while ((await deriver.pass(catalog, signal)).more);
  }
}

export interface Ingested {
  readonly accepted: number
  readonly rejected: number
}

export interface IngestOptions {
  /** nothing is known of a lineage that was not used before */
  readonly lineage: string
  /** stamp of every record, epoch ms: no event may be after it */
  readonly stamp: number
}

/** One partition's events, in the order in which they are given. */
export async function ingest(
  clickhouse: ClickHouse,
  catalog: Catalog,
  events: readonly GivenEvent[],
  { lineage, stamp }: IngestOptions,
): Promise<Ingested> {
  const store = createBatchStore(clickhouse)
  await store.storeCatalog(catalog.hash, catalog.files)
  const intake = createIntake(
    { topic: TOPIC, partition: 0, lineage, position: 0, ledger: null, catalog: null, unknownSchemas: null },
    { first: catalog, current: () => catalog },
    {
      registry: createSchemaRegistry({ url: null }),
      hasher: createHasher(await store.seed()),
      judge: {
        retentionRaw: Number.POSITIVE_INFINITY,
        clockSkew: Number.POSITIVE_INFINITY,
        horizon: 3_600_000,
        disorder: DISORDER_MS,
      },
      raw: true,
      limits: BATCH_LIMITS,
      memory: new FoldMemory(),
      worker: 'test',
      now: () => stamp,
    },
  )
  const ingested = { accepted: 0, rejected: 0 }
  for (let from = 0; from < events.length; from += BATCH_RECORDS) {
    const values = events.slice(from, from + BATCH_RECORDS).map(event => JSON.stringify(event))
    const set = recordSet(values, { from })
    set.stamp.fill(stamp)
    await intake.prepare(set, 0, set.count)
    intake.add(set, 0, set.count)
    const { inserts, ledger } = intake.take()
    for (const insert of inserts) await store.insert(insert, 1, AbortSignal.timeout(30_000))
    ingested.accepted += ledger.accepted
    ingested.rejected += ledger.rejected
  }
  return ingested
}

/** Where the one partition stands: everything before the instant is there. */
export async function passWatermark(clickhouse: ClickHouse, position: number, watermark: number): Promise<void> {
  await createBatchStore(clickhouse).storeProgress([
    {
      topic: TOPIC,
      partition: 0,
      position,
      high: position,
      watermark,
      idleSince: null,
      at: watermark,
      worker: 'test',
    },
  ])
}
