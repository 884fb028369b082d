export { createAlertHistoryStore } from './alert-history-store.ts'
export { createAuditStore } from './audit-store.ts'
export { createBatchStore, LARGEST_BLOCK_ROWS } from './batch-store.ts'
export {
  type ClickHouse,
  type ClickHouseOptions,
  createClickHouse,
  type QueryParameters,
  type RequestOptions,
} from './client.ts'
export { INSERT_COLUMNS } from './columns.ts'
export { checkDeduplicationWindow, type InsertLoad } from './deduplication-window.ts'
export {
  createDeriver,
  type DeriveReport,
  type Deriver,
  type DeriverOptions,
  type TableReport,
} from './derived/deriver.ts'
export { createLateEvents, firstEventTime, type LateEvents, type LateSpan } from './derived/late-events.ts'
export {
  ANONYMOUS_SQL,
  entityTableName,
  fieldColumn,
  linksTableName,
  PERSON_SQL,
  textColumn,
  USER_SQL,
} from './derived/names.ts'
export { createImportMemory, type ImportMemory, type ImportProgress } from './import-memory.ts'
export { eventsInsert, ledgerInsert, sliceInserts } from './inserts.ts'
export * from './journeys/index.ts'
export { createKeyStore } from './key-store.ts'
export * from './measures/index.ts'
export { type MigrateOptions, type MigrateReport, migrate } from './migrations/migrate.ts'
export { createPointStore } from './point-store.ts'
export { insertToken, proofRow } from './proofs.ts'
export { createPulse } from './pulse.ts'
export * from './reader/index.ts'
export {
  FINDINGS_SHOWN,
  type Finding,
  type FindingKind,
  type LineageReport,
  type ReconcileOptions,
  type ReconcileReport,
  reconcile,
} from './reconcile.ts'
export { DEFAULT_RETENTION, type Retention, STANDSTILL_SECONDS } from './retention.ts'
export { backoff, type Classification, classify, type RetryKind, type RetryOptions, withRetry } from './retry.ts'
export { type EventRow, writeEventRow } from './row-binary/events.ts'
export { writeLedgerRow } from './row-binary/ledger.ts'
export { writeSliceColumns, writeSliceRow } from './row-binary/slices.ts'
export { RowBinaryWriter, recycle } from './row-binary/writer.ts'
export { createSilenceStore } from './silence-store.ts'
export {
  type BackfillNote,
  type CountedRun,
  createSliceBackfillStore,
  type SliceBackfillStore,
  type StoredEvent,
} from './slice-backfill.ts'
export { createSteeringStore } from './steering-store.ts'
export { createSystemSource } from './system-source.ts'
