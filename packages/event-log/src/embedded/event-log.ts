import type { ConsumeOptions, EventLog, LogConsumer, LogProducer, LogRecord, StateLog } from '@kivi/domain'
import { type Logger, SILENT } from '../logger.ts'
import { BatchReader, recordColumns } from '../record-batches.ts'
import { copyOfRow } from '../record-columns.ts'
import { EmbeddedConsumer } from './consumer.ts'
import { asLogError, openDatabase } from './database.ts'
import { EmbeddedProducer } from './producer.ts'
import { EmbeddedStateLog } from './states/state-log.ts'
import { compact } from './states/table.ts'
import { Storage } from './storage.ts'

export interface EmbeddedLogOptions {
  /** the SQLite file; its directory is made where it is missing */
  readonly path: string
  /** records are kept at least so long, ms, and until every group has read them; default 7 days */
  readonly retentionMs?: number
  readonly logger?: Logger
}

const RETENTION_MS = 7 * 24 * 3_600_000
/** Retention goes in small steps between other work: a delete holds the write lock. */
const RETENTION_EVERY_MS = 10_000
const RETENTION_STEP = 16
/** Superseded states stay that long, so that the copy of the history sees them after an outage of its store. */
const COMPACTION_LAG_MS = 6 * 3_600_000
/** But no more of them than that: a thousand alerts that flap write as many at every evaluation, a kilobyte each. */
const MOST_SUPERSEDED = 250_000
const COMPACTION_STEP = 2_000
/** Steps of one round: it keeps up with ten thousand alerts that flap. */
const COMPACTION_STEPS = 10

/** The event log in one SQLite file, for one machine: several processes may append, one consumes in each group. */
export function embeddedEventLog(options: EmbeddedLogOptions): EventLog {
  return new EmbeddedEventLog(options)
}

class EmbeddedEventLog implements EventLog {
  readonly #storage: Storage
  readonly #logger: Logger
  readonly #retentionMs: number
  readonly #consumers = new Set<EmbeddedConsumer>()
  readonly #producers = new Set<EmbeddedProducer>()
  readonly #states = new Set<StateLog>()
  readonly #retention: NodeJS.Timeout

  constructor(options: EmbeddedLogOptions) {
    this.#storage = new Storage(openDatabase(options.path))
    this.#logger = options.logger ?? SILENT
    this.#retentionMs = options.retentionMs ?? RETENTION_MS
    this.#retention = setInterval(() => this.#retain(), RETENTION_EVERY_MS)
    this.#retention.unref()
  }

  async partitions(topic: string): Promise<readonly number[]> {
    return Array.from({ length: this.#storage.partitions(topic) }, (_, partition) => partition)
  }

  async bounds(topic: string): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>> {
    return this.#storage.bounds(topic)
  }

  async recordAt(topic: string, partition: number, offset: number): Promise<LogRecord | null> {
    const bounds = this.#storage.bounds(topic).get(partition)
    if (!bounds || offset < bounds.low || offset >= bounds.high) return null
    const records = this.#storage.read(topic, partition, offset, 1)
    if (records === null) return null
    const columns = recordColumns()
    columns.partition = partition
    const fetched = { partition, errorCode: 0, highWatermark: bounds.high, aborted: [], records }
    if (!new BatchReader(fetched, offset, `${topic}/${partition}`).next(columns)) return null
    return columns.count > 0 && columns.offset[0] === offset ? copyOfRow(columns, 0) : null
  }

  async ensureTopic(topic: string, options: { readonly partitions: number }) {
    try {
      this.#storage.ensureTopic(topic, options.partitions)
    } catch (error) {
      throw asLogError(error, `making the topic ${topic}`)
    }
    return { warnings: [] }
  }

  async producer(): Promise<LogProducer> {
    const producer = new EmbeddedProducer(this.#storage, () => {
      for (const consumer of this.#consumers) consumer.appended()
    })
    this.#producers.add(producer)
    return producer
  }

  async consume(options: ConsumeOptions): Promise<LogConsumer> {
    this.#storage.partitions(options.topic)
    const consumer = new EmbeddedConsumer(options, this.#storage, this.#logger)
    this.#consumers.add(consumer)
    return consumer
  }

  async states(topic: string): Promise<StateLog> {
    const states = new EmbeddedStateLog(this.#storage, topic, this.#logger)
    this.#states.add(states)
    return states
  }

  async close(): Promise<void> {
    clearInterval(this.#retention)
    await Promise.all([...this.#states].map(states => states.close()))
    this.#states.clear()
    await Promise.all([...this.#producers].map(producer => producer.close()))
    await Promise.all([...this.#consumers].map(consumer => consumer.stop()))
    this.#producers.clear()
    this.#consumers.clear()
    if (this.#storage.db.isOpen) this.#storage.db.close()
  }

  #retain(): void {
    const before = Date.now() - this.#retentionMs
    try {
      for (const topic of this.#storage.topics())
        for (let partition = 0; partition < this.#storage.partitions(topic); partition++)
          this.#storage.retain(topic, partition, before, RETENTION_STEP)
      for (let step = 0; step < COMPACTION_STEPS; step++)
        if (compact(this.#storage, Date.now() - COMPACTION_LAG_MS, COMPACTION_STEP, MOST_SUPERSEDED) === 0) break
    } catch (error) {
      // the next round tries again
      this.#logger.warn({ error: (error as Error).message }, 'removing old records failed')
    }
  }
}
