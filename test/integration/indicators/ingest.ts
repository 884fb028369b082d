/** Events into the store the way the worker brings them: decoded, judged, folded, written as blocks. */
import { type ClickHouse, createBatchStore } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type Catalog, createHasher, FoldMemory } from '@kivi/domain'
import { recordSet } from '../../../packages/decoding/src/testing/record-set.ts'
import { BATCH_LIMITS, createIntake } from '../../../services/ingest-worker/src/topology.ts'
import type { GivenEvent } from '../../independent/history.ts'

const TOPIC = 'shop.events'
/** of a batch here: small enough that a big history is several */
const BATCH_RECORDS = 20_000
const DISORDER_MS = 30_000

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
