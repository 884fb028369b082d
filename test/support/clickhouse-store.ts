import { createClient } from '@clickhouse/client'
import { type ClickHouse, createClickHouse, migrate, type Retention } from '@kivi/clickhouse'
import type { FoldedBatch, LedgerEntry, SliceColumns, SourceRange } from '@kivi/domain'
import { clickhouseUrl, uniqueName } from './services.ts'

const FOREVER = Number.POSITIVE_INFINITY
/** For tests that live in a time of their own, where nothing may go by the clock of this machine. */
export const KEPT_FOREVER: Retention = { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER, raw: FOREVER }

/** A connection to a database of its own on the run's ClickHouse, migrated unless said otherwise. */
export async function createStoreDatabase(
  options: { readonly migrated?: boolean; readonly retention?: Retention } = {},
): Promise<ClickHouse & AsyncDisposable> {
  const clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('store') })
  if (options.migrated !== false)
    await migrate(clickhouse, options.retention === undefined ? {} : { retention: options.retention })
  return {
    ...clickhouse,
    [Symbol.asyncDispose]: async () => {
      // by way of another database: a request that names a missing one is refused, and a test may have made none
      const client = createClient({ url: clickhouse.options.url, database: 'default' })
      await client.command({ query: `DROP DATABASE IF EXISTS ${clickhouse.database} SYNC` })
      await client.close()
      await clickhouse.close()
    },
  }
}

export const sourceRange = (from: number, to: number, lineage = 'aaaa', partition = 3): SourceRange => ({
  topic: 'shop.events',
  lineage,
  partition,
  from,
  to,
})

/** A ledger entry of a batch of which every position is an accepted record. */
export function ledgerEntry(source: SourceRange, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  const records = source.to - source.from
  return {
    ...source,
    records,
    accepted: records,
    duplicate: 0,
    rejected: 0,
    tooLate: 0,
    tooEarly: 0,
    digest: source.to.toString(16).padStart(16, '0'),
    lastOffset: source.to - 1,
    lastStamp: 1_000 * source.to,
    highStamp: 1_000 * source.to,
    firstEventTime: null,
    lastEventTime: null,
    watermark: 1_000 * source.to - 30_000,
    catalogHash: 'c0ffee',
    idHashes: BigUint64Array.from({ length: records }, (_, i) => BigInt(source.from + i)),
    idStamps: Float64Array.from({ length: records }, (_, i) => 1_000 * (source.from + i + 1)),
    worker: 'worker-1',
    durationMs: 12,
    ...changes,
  }
}

/** A folded batch of one cell of the day level per month: `count` orders. */
export function foldedBatch(months: readonly number[], count = 1): FoldedBatch {
  return { measures: ['orders'], tuples: [['spring', 'web']], months: months.map(month => dayColumns(month, count)) }
}

function dayColumns(month: number, count: number): SliceColumns {
  return {
    month,
    rows: 1,
    measure: new Uint16Array([0]),
    level: new Uint8Array([3]),
    start: new Uint32Array([Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1) / 1000]),
    tuple: new Int32Array([0]),
    count: new Float64Array([count]),
    sumHigh: new Float64Array([0]),
    sumLow: new Float64Array([-125_000]),
    min: new Float64Array([-12.5]),
    max: new Float64Array([-12.5]),
    late: new Float64Array([0]),
    distinctStart: new Int32Array([0, 2]),
    distinctHigh: new Int32Array([-1, 7]),
    distinctLow: new Int32Array([-1, 9]),
    bucketStart: new Int32Array([0, 1]),
    bucket: new Int32Array([-40]),
    bucketCount: new Float64Array([1]),
  }
}
