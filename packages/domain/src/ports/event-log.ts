import type { RecordSet } from '../record-set.ts'
import type { StateLog } from './state-log.ts'

/** The event log: Kafka, or the embedded one. See test/contract/event-log.ts for what every adapter promises. */
export interface EventLog {
  /** partitions of a topic, ascending */
  partitions(topic: string): Promise<readonly number[]>
  /** low: first position that can be read; high: position after the last record */
  bounds(topic: string): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>>
  /** the record at exactly this offset, or null where the log has none */
  recordAt(topic: string, partition: number, offset: number): Promise<LogRecord | null>
  /** creates the topic where it is missing; checks what exactly-once needs of it and tells what is doubtful */
  ensureTopic(
    topic: string,
    options: {
      readonly partitions: number
      /** a topic whose records, with headers added, this one has to take */
      readonly roomFor?: string
    },
  ): Promise<{ readonly warnings: readonly string[] }>
  producer(): Promise<LogProducer>
  consume(options: ConsumeOptions): Promise<LogConsumer>
  /** a topic of full states by key, with one writer at a time; made where it is missing */
  states(topic: string): Promise<StateLog>
  close(): Promise<void>
}

export interface LogRecord {
  readonly partition: number
  readonly offset: number
  readonly stamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: ReadonlyArray<readonly [name: string, value: Uint8Array | null]>
}

export interface NewRecord {
  readonly key: string | Uint8Array | null
  readonly value: string | Uint8Array | null
  /** epoch ms; default now */
  readonly stamp?: number
  readonly headers?: ReadonlyArray<readonly [name: string, value: string | Uint8Array]>
  /** default: murmur2 of the key, as Java's client does */
  readonly partition?: number
}

export interface LogProducer {
  /** resolves when every record is durable (acks=all; one SQLite transaction) */
  send(topic: string, records: readonly NewRecord[]): Promise<void>
  /**
   * records and progress as one transaction: `progress` becomes the committed metadata of `group` (offset
   * `progress.position`) if and only if the records are in the log. Fenced: an older producer of the same
   * group is refused with log_fenced.
   */
  sendWithProgress(
    topic: string,
    records: readonly NewRecord[],
    progress: { readonly group: string; readonly position: number; readonly metadata: string },
  ): Promise<void>
  /** what sendWithProgress last committed for the group on this topic, else null */
  progress(topic: string, group: string): Promise<{ readonly position: number; readonly metadata: string } | null>
  close(): Promise<void>
}

export interface ConsumeOptions {
  readonly topic: string
  readonly group: string
  readonly handler: ConsumerHandler
  /** group session time-out in ms; default 30 000 */
  readonly sessionTimeoutMs?: number
  /** longest wait for records of one fetch, ms; default 250 */
  readonly maxWaitMs?: number
  readonly maxBytesPerPartition?: number
}

/**
 * What the worker gives the log. Each join of the group (Kafka: GROUP_JOIN) makes a new Session, for partitions
 * that are kept too; the older session is dead from that moment and its calls are refused without being sent.
 */
export interface ConsumerHandler {
  /**
   * Called synchronously at each join, all partitions paused and earlier pauses and seeks forgotten; the
   * handler reads positions, then calls session.start(partition, position).
   */
  joined(session: Session): void
  /**
   * Records of a started partition in order, gapless by position (set.from is the previous set.to). Awaited
   * before the partition's next set: back pressure. The set is valid until the promise settles.
   */
  records(session: Session, set: RecordSet): Promise<void>
  /**
   * The partition was read to its end (position = high): called at most about every maxWaitMs.
   * @param asOf wall clock at which the log was asked, epoch ms: what an answer that lay there for long (this process
   *   was stopped) says is no news
   */
  caughtUp(session: Session, partition: number, position: number, asOf: number): void
  /**
   * The session will end because the group rebalances or the consumer stops; nothing more is delivered, commits still
   * work. Awaited as long as the group allows: what is open may be finished, so that nobody has to replay it.
   */
  leaving?(session: Session): Promise<void>
  /** the consumer cannot go on; nothing further is delivered */
  failed(error: Error): void
}

export interface Session {
  /** ascending with each join of this process */
  readonly epoch: number
  readonly partitions: readonly number[]
  /** false from the moment a newer session exists, the consumer left or stopped */
  readonly alive: () => boolean
  /**
   * performance.now() until which this owner can be sure that nobody else owns its partitions, by the monotonic or
   * the wall clock, whichever gets there first
   */
  readonly leaseUntil: () => number
  /** what the group last committed, by partition; absent: nothing */
  committed(): Promise<ReadonlyMap<number, { readonly offset: number; readonly metadata: string }>>
  /** delivery begins at this position; throws position_outside_log where the log does not hold it */
  start(partition: number, position: number): Promise<void>
  pause(partition: number): void
  resume(partition: number): void
  /**
   * One request for all of them. The epoch is checked in the tick in which it is sent. `refused`: a newer
   * generation or owner exists (nothing was written). `ambiguous`: it may or may not have been, or may yet be.
   */
  commit(commits: readonly Commit[]): Promise<'committed' | 'refused' | 'ambiguous'>
  /** leaves the group and joins it again (a new Session follows) */
  rejoin(reason: string): void
}

export interface Commit {
  readonly partition: number
  readonly offset: number
  readonly metadata: string
}

export interface LogConsumer {
  /** stops delivery, waits for running handlers, leaves the group */
  stop(): Promise<void>
}
