/**
 * A log of full states by key with one writer at a time: a compacted topic of Kafka, or a keyed table in SQLite. The
 * state is the fold "last value of each key". See test/contract/state-log.ts for what every adapter promises.
 */

/** A record of the log as it is read. `stamp` is epoch ms. */
export interface StateRecord {
  readonly offset: number
  readonly stamp: number
  readonly key: string
  /** the key's full state from here on; null: there is none any more */
  readonly value: string | null
}

export interface StateChange {
  readonly key: string
  /** the full state; null removes the key */
  readonly value: string | null
}

export interface StateLog {
  /** what is doubtful about the topic's settings */
  readonly warnings: readonly string[]
  /** Becomes a candidate: one of all candidates of all processes leads, the others wait. */
  contend(options: CandidateOptions): Promise<Candidate>
  /**
   * Records from a position on, for whoever follows without leading; nothing is waited for longer than `maxWaitMs`
   * (default 0). Every record is there for some hours at least; of older ones the last of each key is.
   * Throws position_outside_log where `from` lies beyond the end: the topic was made anew.
   */
  read(from: number, options?: { readonly maxWaitMs?: number }): Promise<StateRecords>
  close(): Promise<void>
}

export interface StateRecords {
  /** ascending by offset, perhaps with gaps, perhaps none */
  readonly records: readonly StateRecord[]
  /** where to go on */
  readonly next: number
  /** nothing stood behind `next` when it was read */
  readonly end: boolean
}

export interface CandidateOptions {
  readonly handler: LeaderHandler
  /** ms without a sign of life after which another leads; default 30 000 */
  readonly sessionTimeoutMs?: number
  /** the record that a take-over appends, before anything else of the new leader */
  readonly takeOver: () => { readonly key: string; readonly value: string }
}

export interface LeaderHandler {
  /**
   * This process leads. `state` is the fold up to its own take-over record, which is in it: nobody else can append
   * any more. The map is the handler's to keep and change.
   */
  leading(leadership: Leadership, state: Map<string, string>): void
  /**
   * The leadership is about to end in an orderly way (the candidate stops, or others came and the group shares anew).
   * Appends still work; awaited as long as the group allows.
   */
  leaving?(leadership: Leadership): Promise<void>
  /** The leadership is over, for good; another may follow. Called once for each. */
  ended(leadership: Leadership, reason: string): void
  /** the candidate cannot go on */
  failed(error: Error): void
}

export interface Leadership {
  /** ascends with each take-over by whatever process: the offset of its record */
  readonly epoch: number
  /** May a request of this leader be sent now? To be asked in the tick in which it is written. */
  leads(): boolean
  /** performance.now() until which nobody else can lead, by the monotonic or the wall clock, whichever ends first */
  leaseUntil(): number
  /**
   * Appends all or nothing, one append at a time. `ended`: this leadership is over, because a newer leader exists, or
   * because the append may or may not be in the log; either way the next leader's fold tells. Never to be repeated.
   */
  append(changes: readonly StateChange[]): Promise<'appended' | 'ended'>
}

export interface Candidate {
  /** ends the leadership, if there is one, and stops contending */
  stop(): Promise<void>
}
