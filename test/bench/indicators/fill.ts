/**
 * A year of events into ClickHouse. A tenth of them comes the worker's way: decoded, judged, folded into slices, kept
 * raw. The others are copies of those, of other people with other orders, made by ClickHouse itself in a tenth of the
 * time; the slices are those of the tenth: reading them is timed by `npm run bench -- query`.
 */
import { type ClickHouse, createBatchStore } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type Catalog, createHasher, FoldMemory } from '@kivi/domain'
import { recordSet } from '../../../packages/decoding/src/testing/record-set.ts'
import { BATCH_LIMITS, createIntake } from '../../../services/ingest-worker/src/topology.ts'
import { tellYear, YEAR } from './year.ts'

const TOPIC = 'bench.events'
const BATCH_RECORDS = 100_000
/** how many times everything is there */
const TIMES = 10
/** what is another thing in each copy */
const OWN = ['order_id', 'ticket_id', 'subscription_id', 'opportunity_id']

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
  for (const lines of tellYear(size.events / TIMES, size.people / TIMES)) {
    const set = recordSet(lines, { from: position })
    set.stamp.fill(YEAR.to)
    await intake.prepare(set, 0, set.count)
    intake.add(set, 0, set.count)
    position += lines.length
    if (intake.records >= BATCH_RECORDS || intake.full) await write()
  }
  if (intake.records > 0) await write()
  for (let copy = 1; copy < TIMES; copy++) {
    await copyYear(clickhouse, copy, position)
    accepted += position
    told(accepted)
  }
  position *= TIMES
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

async function copyYear(clickhouse: ClickHouse, copy: number, events: number): Promise<void> {
  const other = (column: string) => `if(${column} = '', '', concat(${column}, '-${copy}'))`
  const changed = {
    event_id: other('event_id'),
    user_id: other('user_id'),
    anonymous_id: other('anonymous_id'),
    session_id: other('session_id'),
    strings: `mapApply((k, v) -> (k, if(k IN (${OWN.map(name => `'${name}'`).join(', ')}), concat(v, '-${copy}'), v)), strings)`,
    offset: `offset + ${copy * events}`,
  }
  const replaced = Object.entries(changed).map(([column, sql]) => `${sql} AS ${column}`)
  const settings = 'insert_deduplicate = 0, max_insert_threads = 1, max_threads = 1'
  await clickhouse.command(
    `INSERT INTO events SETTINGS ${settings} SELECT * REPLACE (${replaced.join(', ')}) FROM (SELECT * FROM events WHERE offset < ${events})`,
  )
  await clickhouse.command(
    `INSERT INTO ledger SETTINGS ${settings} SELECT * REPLACE (from_position + ${copy * events} AS from_position,
       to_position + ${copy * events} AS to_position, last_offset + ${copy * events} AS last_offset)
     FROM (SELECT * FROM ledger WHERE to_position <= ${events})`,
  )
}
