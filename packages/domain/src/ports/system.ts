/** How Kivi itself does, as those who run it look at it. Each question may fail by itself. */

export interface SystemSource {
  /** what became of the records of the log, since an instant (epoch ms), and where each partition's ledger ends */
  ledger(since: number): Promise<LedgerSummary>
  /** every derived table that is there */
  derivedTables(): Promise<readonly DerivedTableState[]>
  /** of each indicator that has recorded points, the newest one */
  recorded(): Promise<ReadonlyArray<{ readonly indicator: string; readonly to: number; readonly computedAt: number }>>
  /** of ClickHouse, and of Kivi's schema in it */
  versions(): Promise<{ readonly clickhouse: string; readonly schema: number }>
}

export interface LedgerSummary {
  readonly batches: number
  readonly records: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly tooLate: number
  readonly tooEarly: number
  /** 95 % of batches were written within so many ms; null: there were none */
  readonly slowMs: number | null
  /** of the lineage that was written to last */
  readonly ends: ReadonlyArray<{
    readonly topic: string
    readonly partition: number
    readonly lineage: string
    readonly position: number
    /** epoch ms */
    readonly writtenAt: number
  }>
}

export interface DerivedTableState {
  readonly table: string
  /** it can be asked */
  readonly isBuilt: boolean
  /** how much of the first build is done, 0 to 1; null: it has not begun */
  readonly built: number | null
  /** epoch ms; null: not known */
  readonly watermark: number | null
  /** epoch ms; null: never */
  readonly refreshedAt: number | null
}

/** The event log, where the one who is asked reads it. */
export interface LogWatch {
  /** position after the last record of each partition of the events' topic */
  ends(): Promise<ReadonlyMap<number, number>>
  /** what was set aside since an instant (epoch ms), and the newest of it */
  deadLetters(since: number): Promise<DeadLetterSummary>
}

export interface DeadLetterSummary {
  /** most frequent first */
  readonly reasons: ReadonlyArray<{ readonly reason: string; readonly letters: number }>
  /** there may be more than were counted: only so many of the newest are looked at */
  readonly isCut: boolean
  /** newest first */
  readonly newest: ReadonlyArray<{
    readonly id: string
    readonly reason: string
    readonly detail: string
    /** epoch ms */
    readonly filedAt: number
  }>
}
