import { KiviError, type LogProducer, type NewRecord } from '@kivi/domain'
import { partitionOf } from '../murmur2.ts'
import { type PreparedRecord, prepare, toBytes } from '../record-batch-writer.ts'
import { asLogError, inTransaction } from './database.ts'
import { readOffsets, storeOffset } from './groups.ts'
import type { Storage } from './storage.ts'

/** The partition number under which a group's progress of sendWithProgress is kept, as on Kafka. */
const PROGRESS_PARTITION = 0

interface Waiting {
  readonly topic: string
  readonly records: readonly PreparedRecord[]
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Appends to the embedded log. Sends that come in the same turn of the event loop share one transaction, hence one
 * fsync: many small requests at once cost little more than one.
 */
export class EmbeddedProducer implements LogProducer {
  readonly #storage: Storage
  readonly #appended: () => void
  #waiting: Waiting[] = []
  /** the partition of the next send's records without key or partition */
  #next = 0
  /** epochs of this producer, by group of sendWithProgress */
  readonly #epochs = new Map<string, number>()
  #closed = false

  constructor(storage: Storage, appended: () => void) {
    this.#storage = storage
    this.#appended = appended
  }

  async send(topic: string, records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return
    const prepared = this.#prepare(topic, records)
    await new Promise<void>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush())
      this.#waiting.push({ topic, records: prepared, resolve, reject })
    })
  }

  async sendWithProgress(
    topic: string,
    records: readonly NewRecord[],
    progress: { readonly group: string; readonly position: number; readonly metadata: string },
  ): Promise<void> {
    const { group, position, metadata } = progress
    const batches = this.#storage.encode(this.#prepare(topic, records))
    try {
      const epoch = this.#own(group)
      inTransaction(this.#storage.db, () => {
        if (this.#writer(group) !== epoch)
          throw new KiviError('log_fenced', `A newer process took over ${group}; this one stops writing.`)
        this.#storage.append(topic, batches, Date.now())
        storeOffset(this.#storage, group, topic, PROGRESS_PARTITION, position, metadata, 0)
      })
    } catch (error) {
      throw asLogError(error, `appending to ${topic} with the progress of ${group}`)
    }
    this.#appended()
  }

  async progress(
    topic: string,
    group: string,
  ): Promise<{ readonly position: number; readonly metadata: string } | null> {
    try {
      // as on Kafka: who asks where to go on is the one that goes on
      this.#own(group)
      const found = readOffsets(this.#storage, group, topic).get(PROGRESS_PARTITION)
      return found ? { position: found.offset, metadata: found.metadata } : null
    } catch (error) {
      throw asLogError(error, `reading the progress of ${group}`)
    }
  }

  async close(): Promise<void> {
    this.#flush()
    this.#closed = true
  }

  #prepare(topic: string, records: readonly NewRecord[]): PreparedRecord[] {
    if (this.#closed) throw new KiviError('log_unreachable', 'This producer is closed.')
    const partitions = this.#storage.partitions(topic)
    const now = Date.now()
    const keyless = this.#next++ % partitions
    return records.map(record => {
      const key = record.key === null ? null : toBytes(record.key)
      const partition = record.partition ?? (key === null ? keyless : partitionOf(key, partitions))
      if (!(partition >= 0 && partition < partitions))
        throw new KiviError('log_misconfigured', `The topic ${topic} has no partition ${partition}.`)
      return prepare(record, key, partition, now)
    })
  }

  #flush(): void {
    const sends = this.#waiting
    if (sends.length === 0) return
    this.#waiting = []
    try {
      const byTopic = new Map<string, PreparedRecord[]>()
      for (const { topic, records } of sends) {
        const known = byTopic.get(topic)
        if (known) for (const record of records) known.push(record)
        else byTopic.set(topic, [...records])
      }
      const encoded = [...byTopic].map(([topic, records]) => [topic, this.#storage.encode(records)] as const)
      inTransaction(this.#storage.db, () => {
        const now = Date.now()
        for (const [topic, batches] of encoded) this.#storage.append(topic, batches, now)
      })
    } catch (error) {
      for (const send of sends) send.reject(asLogError(error, `appending to ${send.topic}`))
      return
    }
    for (const send of sends) send.resolve()
    this.#appended()
  }

  /** The first use of a group makes this producer its writer, and shuts out older ones. */
  #own(group: string): number {
    let epoch = this.#epochs.get(group)
    if (epoch === undefined) {
      epoch = inTransaction(this.#storage.db, () => {
        const next = this.#writer(group) + 1
        this.#storage.sql('insert or replace into writers ("group", epoch) values (?, ?)').run(group, next)
        return next
      })
      this.#epochs.set(group, epoch)
    }
    return epoch
  }

  #writer(group: string): number {
    const row = this.#storage.sql('select epoch from writers where "group" = ?').get(group) as
      | { epoch: number }
      | undefined
    return row?.epoch ?? 0
  }
}
