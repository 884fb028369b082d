/** A year of events into ClickHouse the worker's way: decoded, judged, folded into slices, kept raw. */
import { type ClickHouse, createBatchStore } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type Catalog, createHasher, FoldMemory } from '@kivi/domain'
import { recordSet } from '../../../packages/decoding/src/testing/record-set.ts'
import { BATCH_LIMITS, createIntake } from '../../../services/ingest-worker/src/topology.ts'
import { tellYear, YEAR } from './year.ts'

const TOPIC = 'bench.events'
const BATCH_RECORDS = 100_000

/** @returns events that were accepted */
export async function fillYear(
  clickhouse: ClickHouse,
  catalog: Catalog,
  size: { readonly events: number; readonly people: number },
  told: (accepted: number) => void,
): Promise<number> {
  const store = createBatchStore(clickhouse)
  await store.storeCatalog(catalog.hash, catalog.files)
  const intake = createIntake(
    { topic: TOPIC, partition: 0, lineage: 'bench', position: 0, ledger: null, catalog: null, unknownSchemas: null },
    { first: catalog, current: () => catalog },
    {
      registry: createSchemaRegistry({ url: null }),
      hasher: createHasher(await store.seed()),
      judge: {
        retentionRaw: Number.POSITIVE_INFINITY,
        clockSkew: Number.POSITIVE_INFINITY,
        horizon: 0,
        disorder: 30_000,
      },
      raw: true,
      limits: BATCH_LIMITS,
      memory: new FoldMemory(),
      worker: 'bench',
      now: Date.now,
    },
  )
  let accepted = 0
  async function write(): Promise<void> {
    const { inserts, ledger } = intake.take()
    for (const insert of inserts) await store.insert(insert, 1, AbortSignal.timeout(120_000))
    accepted += ledger.accepted
    told(accepted)
  }
  let position = 0
  for (const lines of tellYear(size.events, size.people)) {
    const set = recordSet(lines, { from: position })
    set.stamp.fill(YEAR.to)
    await intake.prepare(set, 0, set.count)
    intake.add(set, 0, set.count)
    position += lines.length
    if (intake.records >= BATCH_RECORDS || intake.full) await write()
  }
  if (intake.records > 0) await write()
  await store.storeProgress([
    {
      topic: TOPIC,
      partition: 0,
      position,
      high: position,
      watermark: YEAR.to,
      idleSince: null,
      at: YEAR.to,
      worker: 'bench',
    },
  ])
  return accepted
}
