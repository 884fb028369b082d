/**
 * Fetches the started partitions of one session and hands them over. Each broker has one loop with one request
 * under way; a partition whose handler runs is left out of it, so that a slow one does not hold up the others.
 */
import { type ConsumerHandler, KiviError, type Session } from '@kivi/domain'
import type { Logger } from '../logger.ts'
import { BatchReader, type FetchedPartition, recordColumns } from '../record-batches.ts'
import type { RecordColumns } from '../record-columns.ts'
import { Signal, sleep } from '../signal.ts'
import { isRetriable, STALE_METADATA } from './errors.ts'
import { fetchRaw } from './fetch.ts'
import { type Cluster, createErrorFromCode, type PartitionMetadata } from './kafkajs.ts'

export interface FetcherOptions {
  readonly topic: string
  readonly maxWaitMs: number
  readonly maxBytesPerPartition: number
  readonly maxBytes: number
}

interface Partition {
  readonly id: number
  position: number
  paused: boolean
  /** ascends with each start: what was fetched for an earlier one is dropped */
  started: number
  delivering: Promise<void> | null
  caughtUpAt: number
  caughtUpPosition: number
}

const OFFSET_OUT_OF_RANGE = 1
const NO_LEADER = -1
/** Longest wait for data while some partitions are being handled: they are due as soon as that is done. */
const SHORT_WAIT_MS = 20
const MAX_BACKOFF_MS = 2_000

export class Fetcher {
  readonly #cluster: Cluster
  readonly #options: FetcherOptions
  readonly #handler: ConsumerHandler
  readonly #session: Session
  readonly #logger: Logger
  readonly #failed: (error: Error) => void
  readonly #partitions = new Map<number, Partition>()
  readonly #loops = new Map<number, Signal>()
  #metadata: readonly PartitionMetadata[] = []
  #leaders: ReadonlyMap<number, number> = new Map()
  /** record columns not in use; their arrays are large and stay */
  readonly #pool: RecordColumns[] = []
  #open = true

  constructor(
    cluster: Cluster,
    options: FetcherOptions,
    handler: ConsumerHandler,
    session: Session,
    logger: Logger,
    failed: (error: Error) => void,
  ) {
    this.#cluster = cluster
    this.#options = options
    this.#handler = handler
    this.#session = session
    this.#logger = logger
    this.#failed = failed
  }

  start(id: number, position: number): void {
    if (!this.#open) return
    const known = this.#partitions.get(id)
    if (known) {
      known.position = position
      known.paused = false
      known.started++
      known.caughtUpPosition = -1
    } else
      this.#partitions.set(id, {
        id,
        position,
        paused: false,
        started: 0,
        delivering: null,
        caughtUpAt: 0,
        caughtUpPosition: -1,
      })
    this.#wake()
  }

  pause(id: number): void {
    const partition = this.#partitions.get(id)
    if (partition) partition.paused = true
  }

  resume(id: number): void {
    const partition = this.#partitions.get(id)
    if (!partition) return
    partition.paused = false
    this.#wake()
  }

  /** No further fetch and no further set; handlers that run go on. */
  close(): void {
    this.#open = false
    for (const wake of this.#loops.values()) wake.notify()
  }

  /** Resolves when no handler runs any more. Close first. */
  async idle(): Promise<void> {
    await Promise.all([...this.#partitions.values()].map(partition => partition.delivering))
  }

  /** One loop per broker that leads a started partition. */
  #wake(): void {
    for (const partition of this.#partitions.values()) {
      const leader = this.#leader(partition.id)
      if (this.#loops.has(leader)) continue
      const wake = new Signal()
      this.#loops.set(leader, wake)
      void this.#loop(leader, wake)
    }
    for (const wake of this.#loops.values()) wake.notify()
  }

  /** The broker that leads the partition; a partition without one is looked after by a loop that asks for metadata. */
  #leader(id: number): number {
    const metadata = this.#cluster.findTopicPartitionMetadata(this.#options.topic)
    if (metadata !== this.#metadata) {
      this.#metadata = metadata
      this.#leaders = new Map(metadata.map(({ partitionId, leader }) => [partitionId, leader]))
      // whoever refreshed it: partitions may have moved to brokers without a loop
      if (this.#open) queueMicrotask(() => this.#wake())
    }
    return this.#leaders.get(id) ?? NO_LEADER
  }

  async #loop(node: number, wake: Signal): Promise<void> {
    let backoff = 0
    try {
      while (this.#open) {
        const own = [...this.#partitions.values()].filter(partition => this.#leader(partition.id) === node)
        if (own.length === 0) break
        const busy = own.some(partition => partition.delivering !== null)
        const ready = own.filter(partition => !partition.paused && partition.delivering === null)
        if (ready.length === 0) {
          await wake.wait()
          continue
        }
        try {
          const wanted = ready.map(partition => ({
            partition,
            position: partition.position,
            started: partition.started,
          }))
          const broker = await this.#cluster.findBroker({ nodeId: node })
          const asOf = Date.now()
          const answers = await fetchRaw(broker, {
            topic: this.#options.topic,
            partitions: wanted.map(({ partition, position }) => ({ partition: partition.id, position })),
            maxWaitMs: busy ? Math.min(SHORT_WAIT_MS, this.#options.maxWaitMs) : this.#options.maxWaitMs,
            maxBytesPerPartition: this.#options.maxBytesPerPartition,
            maxBytes: this.#options.maxBytes,
          })
          if (!this.#open) break
          let stale = false
          const deliveries: Promise<void>[] = []
          for (const answer of answers) {
            const request = wanted.find(({ partition }) => partition.id === answer.partition)
            // paused or started elsewhere meanwhile: what came is not wanted any more
            if (!request || request.partition.paused || request.partition.started !== request.started)
              answer.release?.()
            else if (answer.errorCode !== 0) stale = this.#refused(answer, request.position) || stale
            else if (answer.records.length > 0) deliveries.push(this.#deliver(request.partition, answer, asOf, wake))
            else {
              answer.release?.()
              this.#caughtUp(request.partition, answer.highWatermark, asOf)
            }
          }
          if (stale) {
            backoff = Math.min(MAX_BACKOFF_MS, Math.max(50, backoff * 2))
            await sleep(backoff)
            await this.#cluster.refreshMetadata()
            this.#wake()
          } else backoff = 0
          // most handlers are done at once; the next fetch then asks for all partitions
          if (deliveries.length > 0) await Promise.race([Promise.all(deliveries), sleep(SHORT_WAIT_MS)])
        } catch (error) {
          if (!this.#open) break
          if (!isRetriable(error)) throw error
          backoff = Math.min(MAX_BACKOFF_MS, Math.max(50, backoff * 2))
          this.#logger.warn({ broker: node, error: (error as Error).message, backoff }, 'fetch failed, trying again')
          await sleep(backoff)
          await this.#cluster.refreshMetadata().catch(() => {})
          this.#wake()
        }
      }
    } catch (error) {
      this.#failed(error as Error)
    } finally {
      this.#loops.delete(node)
    }
  }

  /** The broker's error for a partition: true where fresh metadata may help, else it throws. */
  #refused(answer: FetchedPartition, position: number): boolean {
    if (answer.errorCode === OFFSET_OUT_OF_RANGE)
      throw new KiviError(
        'position_outside_log',
        `${this.#options.topic}/${answer.partition}: the log does not hold position ${position} any more. Its retention deleted records before they were read, or the topic was recreated.`,
      )
    const error = createErrorFromCode(answer.errorCode)
    if (STALE_METADATA.has((error as { type?: string }).type ?? '')) return true
    throw error
  }

  #deliver(partition: Partition, answer: FetchedPartition, asOf: number, wake: Signal): Promise<void> {
    const delivery = this.#handOver(partition, answer, asOf)
      .catch(error => {
        // a handler of a session that is over may well give up; nothing is lost with it
        if (this.#open) this.#failed(error as Error)
        else this.#logger.debug({ partition: partition.id, error: (error as Error).message }, 'handler gave up')
      })
      .finally(() => {
        partition.delivering = null
        wake.notify()
      })
    partition.delivering = delivery
    return delivery
  }

  async #handOver(partition: Partition, answer: FetchedPartition, asOf: number): Promise<void> {
    const { topic } = this.#options
    const { started } = partition
    const wanted = () => this.#open && !partition.paused && partition.started === started
    const reader = new BatchReader(answer, partition.position, `${topic}/${partition.id}`)
    const columns = this.#pool.pop() ?? recordColumns()
    columns.partition = partition.id
    try {
      while (wanted() && reader.next(columns)) {
        await this.#handler.records(this.#session, columns)
        if (partition.started === started) partition.position = columns.to
      }
    } finally {
      columns.release()
      this.#pool.push(columns)
      answer.release?.()
    }
    if (wanted()) this.#caughtUp(partition, answer.highWatermark, asOf)
  }

  #caughtUp(partition: Partition, high: number, asOf: number): void {
    if (partition.position < high) return
    const now = performance.now()
    const again = partition.caughtUpPosition === partition.position
    if (again && now - partition.caughtUpAt < this.#options.maxWaitMs) return
    partition.caughtUpAt = now
    partition.caughtUpPosition = partition.position
    this.#handler.caughtUp(this.#session, partition.id, partition.position, asOf)
  }
}
