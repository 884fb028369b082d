/** Where the worker writes: one method per action of the exactly-once protocol. ClickHouse, in packages/clickhouse. */

export type StoreTable = 'events' | 'slices' | 'ledger'

/**
 * One block of one table that touches exactly one ClickHouse partition (month), hence becomes one part: its rows
 * are there or not there together, and its proof tells which.
 */
export interface Insert {
  readonly table: StoreTable
  /** yyyymm */
  readonly month: number
  /** lineage/partition/from-to/table/month: the deduplication token, `/2`, `/3` … appended for further tries */
  readonly token: string
  readonly source: SourceRange
  /** RowBinary rows in the table's column order (INSERT_COLUMNS), proof row included */
  readonly body: readonly Uint8Array[]
  readonly rows: number
}

export interface SourceRange {
  readonly topic: string
  readonly lineage: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

/** One batch in the ledger. */
export interface LedgerEntry extends SourceRange {
  readonly records: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly tooLate: number
  readonly tooEarly: number
  /** 16 hex digits over (offset, stamp, outcome) of each record */
  readonly digest: string
  /** the last record's; −1 where the range holds none */
  readonly lastOffset: number
  readonly lastStamp: number
  /** largest clamped stamp so far in the lineage */
  readonly highStamp: number
  /** of accepted events; null where there are none */
  readonly firstEventTime: number | null
  readonly lastEventTime: number | null
  /** the partition's watermark after the batch, epoch ms; −1 before the first event */
  readonly watermark: number
  readonly catalogHash: string
  /** accepted ids: 64-bit hashes, and clamped stamps in the same order */
  readonly idHashes: BigUint64Array
  readonly idStamps: Float64Array
  readonly worker: string
  readonly durationMs: number
}

export interface BatchStore {
  /** is the block's part there? (proof row of slices, position columns of events, the row itself of ledger) */
  hasProof(insert: Insert): Promise<boolean>
  /** sends under the token (attempt 1) or token/attempt; `signal` aborts at the deadline */
  insert(insert: Insert, attempt: number, signal: AbortSignal): Promise<void>
  /** the ledger's contiguous end beginning at `from`, with the last entry before it; null: no rows of the lineage */
  ledgerEnd(topic: string, partition: number, lineage: string, from: number): Promise<LedgerEnd | null>
  /** lineage of the newest ledger row of the partition, null where there is none */
  lineage(topic: string, partition: number): Promise<string | null>
  /** the `to` of a range beginning at `from` of which some block is proven but the ledger is not, else null */
  provenRange(source: Omit<SourceRange, 'to'>): Promise<number | null>
  /** accepted ids with clamped stamp ≥ since of ledger rows that end at or before `before`, in log order */
  acceptedIds(source: Omit<SourceRange, 'to' | 'from'> & { before: number; since: number }): AsyncIterable<{
    hashes: BigUint64Array
    stamps: Float64Array
  }>
  /** catalogs are stored by hash before their first plan */
  storeCatalog(hash: string, files: ReadonlyMap<string, string>): Promise<void>
  loadCatalog(hash: string): Promise<ReadonlyMap<string, string> | null>
  /** the installation's random 64-bit seed of all hashes (ids, persons): made once by the first migration */
  seed(): Promise<bigint>
  /** live state of partitions, for freshness; repeatable, the newest row wins */
  storeProgress(rows: readonly PartitionProgress[]): Promise<void>
}

export interface LedgerEnd {
  /** end of the contiguous rows from `from` (from itself where none begins there) */
  readonly to: number
  readonly lastOffset: number
  readonly lastStamp: number
  readonly highStamp: number
  readonly watermark: number
  readonly digest: string
}

export interface PartitionProgress {
  readonly topic: string
  readonly partition: number
  readonly position: number
  /** position after the log's last record when last seen */
  readonly high: number
  /** event-time watermark, −1 before the first event */
  readonly watermark: number
  /** wall clock (epoch ms) since when the partition is read to its end and silent, null while it is not */
  readonly idleSince: number | null
  readonly at: number
  readonly worker: string
}
