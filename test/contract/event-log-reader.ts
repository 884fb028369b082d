import type { ConsumeOptions, ConsumerHandler, EventLog, LogConsumer, RecordSet, Session } from '@kivi/domain'
import { Changes } from './changes.ts'

/** A delivered record, copied out of its set. */
export interface Delivered {
  readonly epoch: number
  readonly partition: number
  readonly offset: number
  readonly stamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: [string, string | null][]
}

export interface ReaderOptions {
  /** where a session's partitions begin; default what was committed, else 0; null: the test starts them */
  readonly begin?: 'committed' | null
  /** instead of going on at once */
  readonly onRecords?: (session: Session, set: RecordSet) => Promise<void>
  /** before the session ends */
  readonly onLeaving?: (session: Session) => Promise<void>
  readonly sessionTimeoutMs?: number
  readonly maxBytesPerPartition?: number
}

const text = (set: RecordSet, start: number, end: number) =>
  start < 0 ? null : Buffer.from(set.bytes.subarray(start, end)).toString()

/** A consumer that remembers what it was given, with ways to wait for it. */
export class Reader implements ConsumerHandler {
  readonly records_: Delivered[] = []
  readonly sets: { epoch: number; partition: number; from: number; to: number; count: number }[] = []
  readonly sessions: Session[] = []
  readonly caughtUpAt: { epoch: number; partition: number; position: number; asOf: number }[] = []
  readonly errors: Error[] = []
  consumer!: LogConsumer
  readonly #options: ReaderOptions
  readonly #changed = new Changes()

  private constructor(options: ReaderOptions) {
    this.#options = options
  }

  static async open(log: EventLog, topic: string, group: string, options: ReaderOptions = {}): Promise<Reader> {
    const reader = new Reader(options)
    const { sessionTimeoutMs, maxBytesPerPartition } = options
    const consume: ConsumeOptions = {
      topic,
      group,
      handler: reader,
      maxWaitMs: 50,
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
      ...(maxBytesPerPartition === undefined ? {} : { maxBytesPerPartition }),
    }
    reader.consumer = await log.consume(consume)
    return reader
  }

  get session(): Session {
    return this.sessions.at(-1)!
  }

  async leaving(session: Session): Promise<void> {
    await this.#options.onLeaving?.(session)
  }

  joined(session: Session): void {
    this.sessions.push(session)
    this.#changed.notify()
    if (this.#options.begin === null) return
    void this.#begin(session).catch(error => {
      if (session.alive()) this.failed(error as Error)
    })
  }

  async #begin(session: Session): Promise<void> {
    const committed = await session.committed()
    for (const partition of session.partitions) await session.start(partition, committed.get(partition)?.offset ?? 0)
  }

  async records(session: Session, set: RecordSet): Promise<void> {
    const { epoch } = session
    const { partition, from, to, count } = set
    for (let row = 0; row < count; row++)
      this.records_.push({
        epoch,
        partition,
        offset: set.offset[row]!,
        stamp: set.stamp[row]!,
        key: text(set, set.keyStart[row]!, set.keyEnd[row]!),
        value: text(set, set.valueStart[row]!, set.valueEnd[row]!),
        headers: set.headers(row).map(([name, value]) => [name, value === null ? null : Buffer.from(value).toString()]),
      })
    this.sets.push({ epoch, partition, from, to, count })
    this.#changed.notify()
    await this.#options.onRecords?.(session, set)
  }

  caughtUp(session: Session, partition: number, position: number, asOf: number): void {
    this.caughtUpAt.push({ epoch: session.epoch, partition, position, asOf })
    this.#changed.notify()
  }

  failed(error: Error): void {
    this.errors.push(error)
    this.#changed.notify()
  }

  /** Resolves when the condition holds; a consumer that fails fails the wait, unless that is what is waited for. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.errors[0]) throw this.errors[0]
      await this.#changed.next()
    }
  }

  /** Values in the order of delivery, of one partition or of all. */
  values(partition?: number): (string | null)[] {
    return this.records_.filter(r => partition === undefined || r.partition === partition).map(record => record.value)
  }

  /** A session that has all partitions, all read to their end. */
  async caughtUpEverywhere(positions: ReadonlyMap<number, { readonly high: number }>): Promise<void> {
    await this.until(() =>
      [...positions].every(([partition, { high }]) =>
        this.caughtUpAt.some(each => each.partition === partition && each.position === high),
      ),
    )
  }
}
