import {
  type BatchStore,
  type ConsumerHandler,
  type EventLog,
  KiviError,
  type LogConsumer,
  type LogProducer,
  partitionWatermark,
  type Session,
  type WatermarkSettings,
} from '@kivi/domain'
import type { OpenIntake } from './intake.ts'
import { Partition, type PartitionTelling } from './partition.ts'
import type { Persistence } from './persistence.ts'
import type { OnStep } from './steps.ts'

export interface WorkerDeps {
  readonly log: EventLog
  readonly deadLetters: LogProducer
  readonly store: BatchStore
  readonly openIntake: OpenIntake
  /** one per partition and session */
  readonly persistence: () => Persistence
  readonly topic: string
  readonly deadTopic: string
  readonly group: string
  readonly flushIntervalMs: number
  readonly sessionTimeoutMs: number
  readonly drainDeadlineMs: number
  /** by which the watermark of a silent partition is told */
  readonly watermark: WatermarkSettings
  /** names this process in the ledger */
  readonly worker: string
  readonly lineageAfter: (partition: number, previous: string | null) => string
  readonly now: () => number
  readonly onStep: OnStep
  readonly tell: PartitionTelling & {
    joined(fields: { epoch: number; partitions: readonly number[] }): void
    watermark(fields: { partition: number; seconds: number }): void
    progressFailed(fields: { error: unknown }): void
  }
}

/** How often at least the state of a silent partition is told again, so that readers see that its worker lives. */
const PROGRESS_EVERY_MS = 5_000

/** The ingest worker: one member of the consumer group. */
export class Worker {
  readonly #deps: WorkerDeps
  #partitions = new Map<number, Partition>()
  #session: Session | null = null
  #consumer: LogConsumer | null = null
  #timer: NodeJS.Timeout | null = null
  #progress: Promise<void> = Promise.resolve()
  #told = new Map<number, string>()
  #toldAt = 0
  readonly #failed = Promise.withResolvers<never>()

  constructor(deps: WorkerDeps) {
    this.#deps = deps
    this.#failed.promise.catch(() => undefined)
  }

  /** rejects when the worker cannot go on: loudly, with nothing committed that was not written */
  get failure(): Promise<never> {
    return this.#failed.promise
  }

  /** null: every partition that the group gave it goes on; else what it waits for, for a person */
  waitsFor(): string | null {
    if (this.#session === null || !this.#session.alive()) return 'the consumer group has not let this worker in yet'
    for (const partition of this.#partitions.values()) {
      if (partition.over) return `partition ${partition.id} has stopped`
      if (partition.progress() === null) return `partition ${partition.id} still looks for its position`
    }
    return null
  }

  async start(): Promise<void> {
    const { log, topic, group, sessionTimeoutMs, flushIntervalMs } = this.#deps
    this.#consumer = await log.consume({ topic, group, handler: this.#handler(), sessionTimeoutMs })
    this.#timer = setInterval(() => this.#tick(), Math.max(20, flushIntervalMs / 4))
  }

  /** Takes no more records, writes what is open and closes it, as far as the deadline allows; leaves the group. */
  async stop(): Promise<void> {
    const stopped = this.#consumer?.stop()
    const deadline = Promise.withResolvers<void>()
    const timer = setTimeout(deadline.resolve, this.#deps.drainDeadlineMs)
    await Promise.race([stopped, deadline.promise])
    clearTimeout(timer)
    if (this.#timer) clearInterval(this.#timer)
    await this.#tellProgress(true)
    // what is still open now is replayed by the next owner
    for (const partition of this.#partitions.values()) partition.end()
    await stopped
  }

  #handler(): ConsumerHandler {
    return {
      joined: session => this.#join(session),
      records: async (session, set) => {
        if (session !== this.#session) return
        try {
          await this.#partitions.get(set.partition)?.records(set)
        } catch (error) {
          this.#fail(error)
        }
      },
      caughtUp: (session, partition, position, asOf) => {
        if (session === this.#session) this.#partitions.get(partition)?.caughtUp(position, asOf)
      },
      leaving: async session => {
        if (session === this.#session) await Promise.all([...this.#partitions.values()].map(p => p.drain()))
      },
      failed: error => this.#fail(error),
    }
  }

  /** Every join begins anew, for partitions that are kept too: what was open belongs to the session before. */
  #join(session: Session): void {
    const { log, topic, deadTopic, store, openIntake, persistence, deadLetters, tell } = this.#deps
    for (const partition of this.#partitions.values()) partition.end()
    this.#session = session
    this.#told.clear()
    tell.joined({ epoch: session.epoch, partitions: session.partitions })
    this.#partitions = new Map(
      session.partitions.map(id => {
        const deps = {
          topic,
          partition: id,
          session,
          store,
          openIntake,
          recordAt: (offset: number) => log.recordAt(topic, id, offset),
          bounds: async () => {
            const bounds = (await log.bounds(topic)).get(id)
            if (!bounds) throw new KiviError('log_misconfigured', `Topic ${topic} has no partition ${id}.`)
            return bounds
          },
          writeDeadLetters: (batch: { deadLetters: Parameters<LogProducer['send']>[1] }) =>
            deadLetters.send(deadTopic, batch.deadLetters),
          ...persistence(),
          lineageAfter: this.#deps.lineageAfter,
          now: this.#deps.now,
          flushIntervalMs: this.#deps.flushIntervalMs,
          leaseMarginMs: Math.min(2_000, this.#deps.sessionTimeoutMs / 8),
          worker: this.#deps.worker,
          onStep: this.#deps.onStep,
          tell,
        }
        return [id, new Partition(deps, error => this.#fail(error))]
      }),
    )
    for (const partition of this.#partitions.values()) partition.start()
  }

  #tick(): void {
    for (const partition of this.#partitions.values()) partition.tick()
    this.#tellWatermarks()
    void this.#tellProgress(false)
  }

  /** As readers take them: through a silence they follow the clock, so that nobody is called to a shop that sleeps. */
  #tellWatermarks(): void {
    const { now, watermark, tell } = this.#deps
    for (const partition of this.#partitions.values()) {
      const progress = partition.progress()
      const at = progress === null ? -1 : partitionWatermark(progress, now(), watermark)
      if (at >= 0) tell.watermark({ partition: partition.id, seconds: at / 1000 })
    }
  }

  /** One write at a time; a failed one is only told, the next one carries everything again. */
  #tellProgress(last: boolean): Promise<void> {
    this.#progress = this.#progress.then(async () => {
      const now = this.#deps.now()
      const again = last || now - this.#toldAt >= PROGRESS_EVERY_MS
      const rows = [...this.#partitions.values()].map(p => p.progress()).filter(row => row !== null)
      const key = (row: (typeof rows)[number]) =>
        `${row.position}/${row.high}/${row.watermark}/${row.idleSince !== null}`
      const changed = rows.filter(row => again || this.#told.get(row.partition) !== key(row))
      if (changed.length === 0) return
      if (again) this.#toldAt = now
      try {
        await this.#deps.store.storeProgress(changed)
        for (const row of changed) this.#told.set(row.partition, key(row))
      } catch (error) {
        this.#deps.tell.progressFailed({ error })
      }
    })
    return this.#progress
  }

  #fail(error: unknown): void {
    for (const partition of this.#partitions.values()) partition.end()
    this.#failed.reject(error)
  }
}
