/**
 * A consumer of one topic in one group: joins, gives the handler a session per generation, keeps it alive by
 * heartbeats, and joins again when the group rebalances or the handler asks for it.
 */
import type { Commit, ConsumeOptions, LogConsumer, Session } from '@kivi/domain'
import { KiviError } from '@kivi/domain'
import { endOf, type Moment, now } from '../lease.ts'
import type { Logger } from '../logger.ts'
import { Signal, sleep } from '../signal.ts'
import { asKiviError, errorType, isRetriable, UNKNOWN_MEMBER } from './errors.ts'
import { Fetcher } from './fetcher.ts'
import { type Generation, Group, partitionIds } from './group.ts'
import { insist } from './insist.ts'
import type { Cluster } from './kafkajs.ts'

export interface ConsumerDependencies {
  /** the consumer's own: a join blocks a connection */
  readonly cluster: Cluster
  readonly bounds: (topic: string) => Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>>
  readonly logger: Logger
}

const SESSION_TIMEOUT_MS = 30_000
const MAX_WAIT_MS = 250
const MAX_BYTES_PER_PARTITION = 1024 * 1024
const MAX_BYTES = 8 * 1024 * 1024
/** New partitions of the topic are looked for this often. */
const METADATA_AGE_MS = 60_000
const MAX_BACKOFF_MS = 5_000
/** A join that is under way at a stop gets so long to end by itself. */
const JOIN_GRACE_MS = 500

/** Why a session ends: with or without time for running handlers to finish, as the same member or a new one. */
type End = { readonly reason: string; readonly drain: boolean; readonly leave: boolean }

export class KafkaConsumer implements LogConsumer {
  readonly #options: Required<ConsumeOptions>
  readonly #dependencies: ConsumerDependencies
  readonly #group: Group
  readonly #logger: Logger
  #epoch = 0
  #session: GroupSession | undefined
  /** handlers of earlier sessions: one of them must not run beside one of a later session */
  #leftover: Promise<void> = Promise.resolve()
  #stopping = false
  #failure: Error | undefined
  #joining = false
  readonly #wake = new Signal()
  readonly #done: Promise<void>

  constructor(options: ConsumeOptions, dependencies: ConsumerDependencies) {
    this.#options = {
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      maxWaitMs: MAX_WAIT_MS,
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      ...options,
    }
    this.#dependencies = dependencies
    this.#logger = dependencies.logger
    const { topic, group, sessionTimeoutMs } = this.#options
    const timeouts = { sessionTimeoutMs, rebalanceTimeoutMs: Math.max(sessionTimeoutMs, 30_000) }
    this.#group = new Group(dependencies.cluster, { topic, group, ...timeouts }, this.#logger)
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#session?.end({ reason: 'stop', drain: true, leave: true })
    this.#wake.notify()
    // a join waits for all members, perhaps long; nobody waits for it any more
    const drop = setTimeout(() => this.#joining && void this.#group.dropConnection(), JOIN_GRACE_MS)
    await this.#done
    clearTimeout(drop)
  }

  async #run(): Promise<void> {
    let backoff = 100
    while (!this.#stopping && !this.#failure) {
      let generation: Generation
      try {
        this.#joining = true
        generation = await this.#group.join()
        backoff = 100
      } catch (error) {
        if (this.#stopping) break
        const type = errorType(error) ?? ''
        // others came or went between joining and the assignment
        if (type === 'REBALANCE_IN_PROGRESS') continue
        if (UNKNOWN_MEMBER.has(type)) this.#group.forgetMember()
        if (!isRetriable(error)) {
          this.#fail(asKiviError(error, `joining the group ${this.#options.group}`))
          break
        }
        this.#logger.warn({ group: this.#options.group, error: (error as Error).message }, 'join failed, trying again')
        await this.#wake.wait(backoff)
        backoff = Math.min(MAX_BACKOFF_MS, backoff * 2)
        continue
      } finally {
        this.#joining = false
      }
      if (this.#stopping) break
      await this.#serve(generation)
    }
    await this.#leftover
    await this.#group.leave()
    await this.#dependencies.cluster.disconnect()
  }

  async #serve(generation: Generation): Promise<void> {
    const session = new GroupSession(++this.#epoch, generation, this.#options, this.#group, {
      ...this.#dependencies,
      leftover: this.#leftover,
      failed: error => {
        this.#fail(error)
        session.end({ reason: 'failed', drain: false, leave: true })
      },
    })
    this.#session = session
    const { topic, group } = this.#options
    this.#logger.info(
      { topic, group, generation: generation.id, partitions: generation.partitions },
      'joined the group',
    )
    try {
      this.#options.handler.joined(session)
    } catch (error) {
      this.#fail(error as Error)
      session.end({ reason: 'failed', drain: false, leave: true })
    }
    const end = await session.ended
    this.#session = undefined
    this.#leftover = session.idle()
    this.#logger.info({ topic, group, generation: generation.id, reason: end.reason }, 'left the generation')
    if (end.leave) await this.#group.leave()
  }

  #fail(error: Error): void {
    if (this.#failure) return
    this.#failure = error
    this.#logger.error({ group: this.#options.group, error: error.message }, 'consumer cannot go on')
    this.#options.handler.failed(error)
  }
}

interface SessionDependencies extends ConsumerDependencies {
  readonly leftover: Promise<void>
  readonly failed: (error: Error) => void
}

class GroupSession implements Session {
  readonly epoch: number
  readonly partitions: readonly number[]
  /** resolves when the session is over: not alive, nothing more is delivered */
  readonly ended: Promise<End>
  readonly #generation: Generation
  readonly #options: Required<ConsumeOptions>
  readonly #group: Group
  readonly #dependencies: SessionDependencies
  readonly #fetcher: Fetcher
  readonly #lease: number
  readonly #tick = new Signal()
  #alive = true
  #end: End | undefined
  /** when the last heartbeat was sent that was acknowledged */
  #acknowledged: Moment

  constructor(
    epoch: number,
    generation: Generation,
    options: Required<ConsumeOptions>,
    group: Group,
    dependencies: SessionDependencies,
  ) {
    this.epoch = epoch
    this.partitions = generation.partitions
    this.#generation = generation
    this.#options = options
    this.#group = group
    this.#dependencies = dependencies
    this.#acknowledged = generation.joined
    // the rebalance time-out is never the shorter one (see KafkaConsumer)
    this.#lease = options.sessionTimeoutMs
    const { topic, maxWaitMs, maxBytesPerPartition } = options
    const { cluster, logger, failed } = dependencies
    const fetch = { topic, maxWaitMs, maxBytesPerPartition, maxBytes: Math.max(MAX_BYTES, maxBytesPerPartition) }
    this.#fetcher = new Fetcher(cluster, fetch, options.handler, this, logger, failed)
    this.ended = this.#keepAlive()
  }

  readonly alive = (): boolean => this.#alive

  readonly leaseUntil = (): number => (this.#alive ? endOf(this.#acknowledged, this.#lease) : 0)

  /** Ends the session; the first reason counts. */
  end(end: End): void {
    this.#end ??= end
    this.#tick.notify()
  }

  /** Resolves when no handler of this session or an earlier one runs. */
  async idle(): Promise<void> {
    await this.#dependencies.leftover
    await this.#fetcher.idle()
  }

  async committed(): Promise<ReadonlyMap<number, { readonly offset: number; readonly metadata: string }>> {
    return this.#insist('reading committed offsets', () => this.#group.committed(this.partitions))
  }

  async start(partition: number, position: number): Promise<void> {
    const { topic } = this.#options
    const bounds = (await this.#insist('asking for the bounds of the log', () => this.#dependencies.bounds(topic))).get(
      partition,
    )
    if (!bounds || position < bounds.low || position > bounds.high)
      throw new KiviError(
        'position_outside_log',
        `${topic}/${partition} is to go on from position ${position}, but the log holds ${bounds ? `${bounds.low} to ${bounds.high}` : 'no such partition'}. Its retention deleted records before they were read, or the topic was recreated.`,
      )
    await this.#dependencies.leftover
    if (this.#alive && this.partitions.includes(partition)) this.#fetcher.start(partition, position)
  }

  pause(partition: number): void {
    this.#fetcher.pause(partition)
  }

  resume(partition: number): void {
    this.#fetcher.resume(partition)
  }

  commit(commits: readonly Commit[]) {
    return this.#group.commit(this.#generation, commits, this.alive)
  }

  rejoin(reason: string): void {
    // at once: what is under way under this generation must not be built upon
    this.#close()
    this.end({ reason, drain: false, leave: true })
  }

  #close(): void {
    this.#alive = false
    this.#fetcher.close()
  }

  /** Repeats a question to the brokers while the session lives. */
  async #insist<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await insist(ask, this.alive, async error => {
        if (errorType(error)?.includes('COORDINATOR')) await this.#group.findCoordinator()
      })
    } catch (error) {
      throw asKiviError(error, doing)
    }
  }

  /** Heartbeats until the session is to end, whatever handlers do; then the end, drained as it says. */
  async #keepAlive(): Promise<End> {
    const interval = Math.min(1_000, this.#options.sessionTimeoutMs / 10)
    let metadataAt = performance.now()
    while (!this.#end) {
      await this.#tick.wait(interval)
      if (this.#end) break
      // an end that comes while a heartbeat hangs does not wait for it
      void this.#heartbeat().then(end => {
        if (end) this.end(end)
        else this.#tick.notify()
      })
      await this.#tick.wait()
      if (!this.#end && this.#generation.leads && performance.now() - metadataAt > METADATA_AGE_MS) {
        metadataAt = performance.now()
        const end = await this.#lookForPartitions()
        if (end) this.end(end)
      }
    }
    const end = this.#end
    this.#fetcher.close()
    if (end.drain) await this.#drain(end, interval)
    this.#alive = false
    return end
  }

  /** Lets running handlers finish while the generation still allows them to commit. */
  async #drain(end: End, interval: number): Promise<void> {
    let idle = false
    const finish = async () => {
      await this.idle()
      if (this.#alive) await this.#options.handler.leaving?.(this)
    }
    const done = finish()
      .catch(error => this.#dependencies.logger.debug({ error: (error as Error).message }, 'handler gave up'))
      .then(() => {
        idle = true
        this.#tick.notify()
      })
    // a rebalance waits for all members: a third of the session time-out is left to handlers
    const deadline = end.leave ? Number.POSITIVE_INFINITY : performance.now() + this.#options.sessionTimeoutMs / 3
    while (!idle && this.#alive && performance.now() < deadline) {
      await Promise.race([done, sleep(Math.min(interval, Math.max(1, deadline - performance.now())))])
      if (idle) break
      const refused = await this.#heartbeat()
      if (refused && !refused.drain) break
    }
  }

  async #heartbeat(): Promise<End | undefined> {
    const sent = now()
    let hung: NodeJS.Timeout | undefined
    try {
      // a connection that hangs is dropped in time to try another before the lease ends
      hung = setTimeout(() => void this.#group.dropConnection(), this.#options.sessionTimeoutMs / 4)
      await this.#group.heartbeat(this.#generation)
      this.#acknowledged = sent
      return undefined
    } catch (error) {
      const type = errorType(error) ?? ''
      if (type === 'REBALANCE_IN_PROGRESS') return { reason: 'rebalance', drain: true, leave: false }
      if (UNKNOWN_MEMBER.has(type)) {
        // ended without this member: somebody else may own the partitions already
        this.#close()
        this.#group.forgetMember(this.#generation.memberId)
        return { reason: type, drain: false, leave: false }
      }
      this.#dependencies.logger.warn({ error: (error as Error).message }, 'heartbeat failed')
      if (type.includes('COORDINATOR') || !type) await this.#group.findCoordinator().catch(() => {})
      return undefined
    } finally {
      clearTimeout(hung)
    }
  }

  /** The leader assigns partitions that were added to the topic, by a new generation. */
  async #lookForPartitions(): Promise<End | undefined> {
    const { cluster, logger } = this.#dependencies
    const { topic } = this.#options
    try {
      const before = partitionIds(cluster, topic).length
      await cluster.refreshMetadata()
      return partitionIds(cluster, topic).length === before
        ? undefined
        : { reason: 'partitions were added', drain: true, leave: false }
    } catch (error) {
      logger.debug({ error: (error as Error).message }, 'looking for new partitions failed')
      return undefined
    }
  }
}
