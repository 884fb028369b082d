/** The consumer of a group on the embedded log: one owner, all partitions, one reading loop each. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Commit, type ConsumeOptions, KiviError, type LogConsumer, type Session } from '@kivi/domain'
import type { Logger } from '../logger.ts'
import { BatchReader, recordColumns } from '../record-batches.ts'
import type { RecordColumns } from '../record-columns.ts'
import { Signal } from '../signal.ts'
import { asLogError } from './database.ts'
import { commitOffsets, currentEpoch, leaseLeft, readOffsets, release, takeOver } from './groups.ts'
import type { Storage } from './storage.ts'

const SESSION_TIMEOUT_MS = 30_000
const MAX_WAIT_MS = 250
const MAX_BYTES_PER_PARTITION = 1024 * 1024
/** How often other processes' appends and take-overs are looked for: a pragma and a look-up, microseconds. */
const POLL_MS = 20

export class EmbeddedConsumer implements LogConsumer {
  readonly #options: Required<ConsumeOptions>
  readonly #storage: Storage
  readonly #logger: Logger
  readonly #wake = new Signal()
  #session: OwnerSession | undefined
  #rejoin: string | undefined
  #stopping = false
  #failure: Error | undefined
  #epoch = 0
  readonly #done: Promise<void>

  constructor(options: ConsumeOptions, storage: Storage, logger: Logger) {
    this.#options = {
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      maxWaitMs: MAX_WAIT_MS,
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      ...options,
    }
    this.#storage = storage
    this.#logger = logger
    this.#done = this.#run()
  }

  /** Something was appended in this process. */
  appended(): void {
    this.#session?.notify()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake.notify()
    await this.#done
  }

  async #run(): Promise<void> {
    try {
      // a turn later, so that consume() returns before the handler is called
      await nextTurn()
      while (!this.#stopping) await this.#own()
    } catch (error) {
      this.#session?.close()
      this.#options.handler.failed(asLogError(error, `consuming ${this.#options.topic}`))
    }
  }

  /** Takes the group over and serves one session to its end. */
  async #own(): Promise<void> {
    const { topic, group, sessionTimeoutMs, handler } = this.#options
    const epoch = takeOver(this.#storage, group, sessionTimeoutMs)
    const since = performance.now()
    while (!this.#stopping && leaseLeft(this.#storage, group, epoch, performance.now() - since) > 0) {
      if (currentEpoch(this.#storage, group) !== epoch) break
      await this.#wake.wait(POLL_MS)
    }
    const session = new OwnerSession(++this.#epoch, epoch, this.#options, this.#storage, {
      rejoin: reason => {
        this.#rejoin = reason
        this.#wake.notify()
      },
      failed: error => {
        this.#failure ??= error
        this.#wake.notify()
      },
    })
    this.#session = session
    this.#rejoin = undefined
    if (!this.#stopping && session.confirm()) {
      this.#logger.info({ topic, group, epoch }, 'owns the group')
      handler.joined(session)
      await this.#watch(session)
    }
    // handlers that run may still commit, unless somebody else has the group
    session.closeDelivery()
    await session.idle(() => session.confirm())
    const fenced = currentEpoch(this.#storage, group) !== epoch
    session.close()
    release(this.#storage, group, epoch)
    if (this.#failure) throw this.#failure
    if (fenced && !this.#stopping)
      throw new KiviError('log_fenced', `Another process took over the group ${group}; this one stops reading.`)
  }

  /** Until the session is over: wakes the readers when others append, and keeps the lease. */
  async #watch(session: OwnerSession): Promise<void> {
    let version = this.#dataVersion()
    while (!this.#stopping && this.#rejoin === undefined && !this.#failure && session.confirm()) {
      await this.#wake.wait(POLL_MS)
      const changed = this.#dataVersion()
      if (changed !== version) session.notify()
      version = changed
    }
  }

  /** Changes with each commit of another connection to the file. */
  #dataVersion(): number {
    return (this.#storage.sql('pragma data_version').get() as { data_version: number }).data_version
  }
}

interface Reader {
  readonly id: number
  readonly wake: Signal
  position: number
  paused: boolean
  started: number
  running: Promise<void> | null
}

interface SessionEvents {
  readonly rejoin: (reason: string) => void
  readonly failed: (error: Error) => void
}

class OwnerSession implements Session {
  readonly epoch: number
  readonly partitions: readonly number[]
  readonly #owner: number
  readonly #options: Required<ConsumeOptions>
  readonly #storage: Storage
  readonly #events: SessionEvents
  readonly #readers = new Map<number, Reader>()
  #alive = true
  #delivering = true
  #confirmedAt = 0

  constructor(
    epoch: number,
    owner: number,
    options: Required<ConsumeOptions>,
    storage: Storage,
    events: SessionEvents,
  ) {
    this.epoch = epoch
    this.#owner = owner
    this.#options = options
    this.#storage = storage
    this.#events = events
    this.partitions = Array.from({ length: storage.partitions(options.topic) }, (_, partition) => partition)
  }

  readonly alive = (): boolean => this.#alive

  /** Looked up when it is asked for: a timer that renews it would be late where a fold keeps the thread busy. */
  readonly leaseUntil = (): number => (this.confirm() ? this.#confirmedAt + this.#options.sessionTimeoutMs : 0)

  /** Is this still the owner? Extends the lease if so, else the session is dead. */
  confirm(): boolean {
    const now = performance.now()
    if (this.#alive && currentEpoch(this.#storage, this.#options.group) === this.#owner) {
      this.#confirmedAt = now
      return true
    }
    this.close()
    return false
  }

  async committed(): Promise<ReadonlyMap<number, { readonly offset: number; readonly metadata: string }>> {
    return readOffsets(this.#storage, this.#options.group, this.#options.topic)
  }

  async start(partition: number, position: number): Promise<void> {
    const { topic } = this.#options
    const bounds = this.#storage.bounds(topic).get(partition)
    if (!bounds || position < bounds.low || position > bounds.high)
      throw new KiviError(
        'position_outside_log',
        `${topic}/${partition} is to go on from position ${position}, but the log holds ${bounds ? `${bounds.low} to ${bounds.high}` : 'no such partition'}. The file of the embedded log was replaced or rolled back.`,
      )
    if (!this.#delivering) return
    const known = this.#readers.get(partition)
    const reader = known ?? { id: partition, wake: new Signal(), position, paused: false, started: 0, running: null }
    reader.position = position
    reader.paused = false
    reader.started++
    if (known) reader.wake.notify()
    else {
      this.#readers.set(partition, reader)
      reader.running = this.#read(reader).catch(error => {
        if (this.#delivering) this.#events.failed(error as Error)
      })
    }
  }

  pause(partition: number): void {
    const reader = this.#readers.get(partition)
    if (reader) reader.paused = true
  }

  resume(partition: number): void {
    const reader = this.#readers.get(partition)
    if (!reader) return
    reader.paused = false
    reader.wake.notify()
  }

  async commit(commits: readonly Commit[]): Promise<'committed' | 'refused' | 'ambiguous'> {
    if (!this.#alive) return 'refused'
    try {
      const { group, topic } = this.#options
      if (commitOffsets(this.#storage, group, this.#owner, topic, commits)) return 'committed'
      this.close()
      return 'refused'
    } catch {
      // a failed fsync or a full disk: SQLite says that it is undone, but it may have to be proven by a read
      return 'ambiguous'
    }
  }

  rejoin(reason: string): void {
    this.close()
    this.#events.rejoin(reason)
  }

  notify(): void {
    for (const reader of this.#readers.values()) reader.wake.notify()
  }

  closeDelivery(): void {
    this.#delivering = false
    this.notify()
  }

  close(): void {
    this.#alive = false
    this.closeDelivery()
  }

  /** Resolves when no handler runs and what is open was finished; `confirm` is called now and then, to keep the lease while they do. */
  async idle(confirm: () => unknown): Promise<void> {
    const timer = setInterval(confirm, Math.min(1_000, this.#options.sessionTimeoutMs / 10))
    try {
      await Promise.all([...this.#readers.values()].map(reader => reader.running))
      if (this.#alive) await this.#options.handler.leaving?.(this)
    } finally {
      clearInterval(timer)
    }
  }

  async #read(reader: Reader): Promise<void> {
    const { topic, maxBytesPerPartition, maxWaitMs } = this.#options
    const columns = recordColumns()
    columns.partition = reader.id
    while (this.#delivering) {
      if (reader.paused) {
        await reader.wake.wait()
        continue
      }
      const asOf = Date.now()
      const records = this.#storage.read(topic, reader.id, reader.position, maxBytesPerPartition)
      if (records === null) {
        this.#options.handler.caughtUp(this, reader.id, reader.position, asOf)
        await reader.wake.wait(maxWaitMs)
        continue
      }
      await this.#deliver(reader, records, columns)
      columns.release()
      // handlers that need not wait must not keep timers and sockets from their turn
      await nextTurn()
    }
  }

  async #deliver(reader: Reader, records: Buffer, columns: RecordColumns): Promise<void> {
    const { started } = reader
    const fetched = { partition: reader.id, errorCode: 0, highWatermark: 0, aborted: [], records }
    const batches = new BatchReader(fetched, reader.position, `${this.#options.topic}/${reader.id}`)
    while (this.#delivering && !reader.paused && reader.started === started && batches.next(columns)) {
      await this.#options.handler.records(this, columns)
      if (reader.started === started) reader.position = columns.to
    }
  }
}
