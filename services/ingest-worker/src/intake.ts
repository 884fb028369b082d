import type { CutBatch, Insert, LedgerEnd, LedgerEntry, NewRecord, RecordSet } from '@kivi/domain'

/** The open batch of one partition: what topology.ts folds records into. */
export interface Intake {
  /** position after the last record that was added */
  readonly position: number
  readonly records: number
  /** no more should be added: a limit of records, bytes or cells is reached */
  readonly full: boolean
  /** event-time watermark over all that was added, epoch ms, −1 before the first event */
  readonly watermark: number
  /**
   * Makes rows from `first` on decodable, `last` excluded at most: asks the registry for schemas that are not known
   * yet. Gives the end of the rows that are: fewer where they name too many unknown schemas for one plan.
   * @throws KiviError registry_unreachable: an outage, to be tried again
   */
  prepare(set: RecordSet, first: number, last: number): Promise<number>
  /** folds rows [first, last); synchronous */
  add(set: RecordSet, first: number, last: number): void
  /** control or aborted records lie up to this position */
  skipTo(position: number): void
  /** the folded batch; the intake begins anew at its end, under the catalog in force (a replay is one batch) */
  take(): ReadyBatch
}

export interface ReadyBatch {
  readonly cut: CutBatch
  /** in the order in which they are written, the ledger's last */
  readonly inserts: readonly Insert[]
  readonly deadLetters: readonly NewRecord[]
  readonly ledger: LedgerEntry
}

/** What a partition begins with in a session. */
export interface IntakeStart {
  readonly topic: string
  readonly partition: number
  readonly lineage: string
  readonly position: number
  /** the ledger where it ends, null for a new lineage */
  readonly ledger: LedgerEnd | null
  /** hash of the catalog to fold with, null: the one in force (a replay takes the catalog of its plan) */
  readonly catalog: string | null
  /** schema ids to be taken as unknown, as planned; null: ask the registry */
  readonly unknownSchemas: readonly number[] | null
}

/** Loads the duplicate set, watermark and stamp from the ledger. */
export type OpenIntake = (start: IntakeStart) => Promise<Intake>
