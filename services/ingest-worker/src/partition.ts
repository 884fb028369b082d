import { recycle } from '@kivi/clickhouse'
import {
  encodeMark,
  isQuiet,
  KiviError,
  type LedgerEnd,
  mayCut,
  messageOf,
  newProtocol,
  type PartitionProgress,
  type Plan,
  type ProtocolAction,
  type ProtocolEvent,
  type ProtocolState,
  type RecordSet,
  step,
} from '@kivi/domain'
import type { Intake, OpenIntake, ReadyBatch } from './intake.ts'
import type { Persistence } from './persistence.ts'
import { type PositionSources, readPosition } from './read-position.ts'
import { createSilence } from './silence.ts'
import type { OnStep } from './steps.ts'

/** What a partition's session needs of the outside. */
export interface PartitionDeps extends PositionSources, Persistence {
  readonly openIntake: OpenIntake
  readonly writeDeadLetters: (batch: ReadyBatch) => Promise<void>
  readonly now: () => number
  readonly flushIntervalMs: number
  /** an insert must be answered this long before the lease ends, so that a late one cannot meet a new owner, ms */
  readonly leaseMarginMs: number
  readonly worker: string
  readonly onStep: OnStep
  readonly tell: PartitionTelling
}

/** What may be said of a partition; see events.ts. */
export interface PartitionTelling {
  started(fields: { partition: number; position: number; lineage: string; replayTo: number | null }): void
  lineageRestarted(fields: { partition: number; reason: string }): void
  written(fields: { partition: number; batch: ReadyBatch; ms: number }): void
  stopped(fields: { partition: number; code: string; reason: string }): void
}

const LONGEST_INSERT_MS = 20_000

/**
 * One partition in one session of the group: carries out the actions of the exactly-once protocol
 * (packages/domain/src/exactly-once) and feeds the answers back. Dropped whole when the session ends.
 */
export class Partition {
  #state: ProtocolState = newProtocol
  #intake: Intake | null = null
  #replay: Plan | null = null
  #batch: ReadyBatch | null = null
  #batchSince = 0
  /** some send of the batch had no answer: its bytes may still be on their way */
  #doubtful = false
  #openSince: number | null = null
  #ledger: LedgerEnd | null = null
  #progress: { position: number; high: number; watermark: number } | null = null
  readonly #silence = createSilence()
  #lastWritten = 0
  #waiters: (() => void)[] = []
  readonly #deps: PartitionDeps
  readonly #fail: (error: unknown) => void

  constructor(deps: PartitionDeps, fail: (error: unknown) => void) {
    this.#deps = deps
    this.#fail = fail
  }

  start(): void {
    this.#feed({ type: 'joined' })
  }

  /** Drops everything: a newer session exists. */
  end(): void {
    this.#feed({ type: 'lost' })
  }

  get id(): number {
    return this.#deps.partition
  }

  get over(): boolean {
    return this.#state.phase === 'over'
  }

  /** Folds a record set; resolves when it was taken in, possibly after waiting for the batch before to be written. */
  async records(set: RecordSet): Promise<void> {
    let row = 0
    while (row < set.count && this.#alive()) {
      const intake = this.#intake!
      const last = this.#rowsBefore(set, row)
      if (last > row) {
        const first = row
        const prepare = () => intake.prepare(set, first, last)
        const end = await this.#deps.persist('ask the Schema Registry', prepare, this.#alive)
        if (!this.#alive()) return
        this.#openSince ??= this.#deps.now()
        intake.add(set, row, end)
        row = end
      }
      const replayed = this.#replay !== null && row === last && (row < set.count || set.to >= this.#replay.to)
      if (replayed) intake.skipTo(this.#replay!.to)
      // a replay is one batch, however large: the plan says where it ends
      if (replayed || (this.#replay === null && intake.full)) await this.#cutWhenPossible()
    }
    if (!this.#alive()) return
    this.#intake!.skipTo(set.to)
    if (this.#replay !== null && set.to >= this.#replay.to) {
      this.#intake!.skipTo(this.#replay.to)
      await this.#cutWhenPossible()
    }
    this.#silence.broken()
  }

  /** @param asOf wall clock at which the log was asked and had no more, epoch ms */
  caughtUp(position: number, asOf: number): void {
    if (this.#progress === null || this.#openSince !== null) return
    this.#progress.high = Math.max(position, this.#progress.high)
    if (this.#progress.position >= position) this.#silence.seen(asOf)
  }

  /** Called about every flush interval: cuts what is old enough, closes what is finished. */
  tick(): void {
    if (!this.#alive() || this.#intake === null || this.#replay !== null || !mayCut(this.#state)) return
    const now = this.#deps.now()
    if (this.#openSince !== null) {
      if (now - this.#openSince >= this.#deps.flushIntervalMs) this.#cut()
    } else if (now - this.#lastWritten >= this.#deps.flushIntervalMs) {
      if (this.#intake.position > this.#position()) this.#cut()
      else this.#feed({ type: 'idle' })
    }
  }

  /** Writes what is open, closes the last batch; resolves when nothing is under way, or the session ended. */
  async drain(): Promise<void> {
    while (this.#alive() && !(isQuiet(this.#state) && this.#openSince === null)) {
      if (mayCut(this.#state) && this.#replay === null && this.#intake !== null) {
        if (this.#openSince !== null) this.#cut()
        else this.#feed({ type: 'idle' })
      }
      // a replay that has not come to its end needs records that will not come any more: the next owner does it
      if (this.#replay !== null || this.#intake === null) return
      if (!this.#alive() || (isQuiet(this.#state) && this.#openSince === null)) return
      await this.#changed()
    }
  }

  /** for the table `partitions`; null until the position is known */
  progress(): PartitionProgress | null {
    if (this.#progress === null || this.over) return null
    const { topic, partition, worker, now } = this.#deps
    return { topic, partition, ...this.#progress, ...this.#silence.told(now()), worker }
  }

  #alive = (): boolean => this.#state.phase !== 'over' && this.#deps.session.alive()

  #position(): number {
    return this.#state.phase === 'filling' ? this.#state.position : -1
  }

  /** index after the last row from `row` on that belongs to the batch under way */
  #rowsBefore(set: RecordSet, row: number): number {
    if (this.#replay === null) return set.count
    let last = row
    while (last < set.count && set.offset[last]! < this.#replay.to) last++
    return last
  }

  async #cutWhenPossible(): Promise<void> {
    while (this.#alive() && !mayCut(this.#state)) await this.#changed()
    if (this.#alive()) this.#cut()
  }

  #cut(): void {
    const batch = this.#intake!.take()
    this.#batch = batch
    this.#batchSince = this.#deps.now()
    this.#doubtful = false
    this.#openSince = null
    this.#deps.onStep('before-plan', this.#deps.partition)
    this.#replay = null
    this.#feed({ type: 'cut', batch: batch.cut })
  }

  #feed(event: ProtocolEvent): void {
    const { state, actions } = step(this.#state, event)
    this.#state = state
    for (const action of actions) void this.#guard(this.#carryOut(action))
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  #changed(): Promise<void> {
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      if (!this.#alive()) return
      this.#feed({ type: 'lost' })
      this.#fail(error)
    }
  }

  async #carryOut(action: ProtocolAction): Promise<void> {
    const { partition, session, store, onStep, tell } = this.#deps
    switch (action.type) {
      case 'read-position':
        return this.#readPosition()
      case 'deliver':
        return this.#deliver(action.from, action.replay, action.lineage)
      case 'commit': {
        onStep('before-commit', partition)
        if (!this.#leased(0)) return
        const commit = { partition, offset: action.offset, metadata: encodeMark(action.mark) }
        const answer = await session.commit([commit])
        if (!this.#alive()) return
        if (action.mark.plan !== null && answer === 'committed') onStep('after-plan', partition)
        return this.#feed({ type: 'commit-answer', answer })
      }
      case 'write-dead-letters': {
        const batch = this.#batch!
        const write = () => this.#deps.writeDeadLetters(batch)
        await this.#deps.persist('write dead letters', write, this.#alive)
        if (this.#alive()) this.#feed({ type: 'dead-letters-written' })
        return
      }
      case 'prove': {
        const insert = this.#batch!.inserts[action.insert]!
        const present = await this.#deps.persist('look up a proof', () => store.hasProof(insert), this.#alive)
        if (this.#alive()) this.#feed({ type: 'proof', present })
        return
      }
      case 'insert':
        return this.#insert(action.insert, action.attempt)
      case 'written':
        return this.#written(action.to)
      case 'rejoin':
        return session.rejoin(action.reason)
      case 'stop':
        tell.stopped({ partition, code: action.code, reason: action.reason })
        session.pause(partition)
        // what is wrong with a partition is no reason to stop the others; what is wrong with the store is
        if (action.code === 'store_rejected')
          this.#fail(
            new KiviError(action.code, `Partition ${partition} of ${this.#deps.topic} stops. ${action.reason}`),
          )
    }
  }

  async #insert(index: number, attempt: number): Promise<void> {
    const { partition, store, session, onStep, leaseMarginMs } = this.#deps
    if (!this.#leased(2 * leaseMarginMs)) return
    const insert = this.#batch!.inserts[index]!
    const deadline = Math.min(LONGEST_INSERT_MS, session.leaseUntil() - performance.now() - leaseMarginMs)
    try {
      const answer = await this.#deps.sendOnce(signal => store.insert(insert, attempt, signal), deadline)
      if (!this.#alive()) return
      if (answer === 'doubtful') this.#doubtful = true
      else onStep(insert.table === 'ledger' ? 'after-ledger' : 'after-insert', partition)
      this.#feed({ type: 'insert-answer', answer })
    } catch (error) {
      if (!this.#alive()) return
      this.#feed({ type: 'insert-refused', reason: messageOf(error) })
    }
  }

  /** Is nobody else the owner for another `margin` ms? Else everything is dropped and the group joined again. */
  #leased(margin: number): boolean {
    const { session } = this.#deps
    if (!this.#alive()) return false
    if (session.leaseUntil() - performance.now() > margin) return true
    this.#feed({ type: 'lost' })
    session.rejoin('no heartbeat was acknowledged within the lease')
    return false
  }

  async #readPosition(): Promise<void> {
    const { partition, persist, tell } = this.#deps
    const { decision, ledger } = await persist('read the position', () => readPosition(this.#deps), this.#alive)
    if (!this.#alive()) return
    this.#ledger = ledger
    if (decision.kind === 'go' && decision.restarted !== null) {
      this.#ledger = null
      tell.lineageRestarted({ partition, reason: decision.restarted })
    }
    this.#feed({ type: 'position', decision })
  }

  async #deliver(from: number, replay: Plan | null, lineage: string): Promise<void> {
    const { topic, partition, session } = this.#deps
    const start = {
      topic,
      partition,
      lineage,
      position: from,
      ledger: this.#ledger,
      catalog: replay?.catalog || null,
      unknownSchemas: replay?.digest ? replay.unknownSchemas : null,
    }
    const intake = await this.#deps.persist('load the duplicate set', () => this.#deps.openIntake(start), this.#alive)
    if (!this.#alive()) return
    const { high } = await this.#deps.persist('read the end of the log', this.#deps.bounds, this.#alive)
    if (!this.#alive()) return
    this.#intake = intake
    this.#replay = replay
    this.#lastWritten = this.#deps.now()
    this.#progress = { position: from, high, watermark: intake.watermark }
    this.#silence.broken()
    this.#deps.tell.started({ partition, position: from, lineage, replayTo: replay?.to ?? null })
    await session.start(partition, from)
  }

  #written(to: number): void {
    const { partition, now, tell } = this.#deps
    const batch = this.#batch!
    this.#batch = null
    this.#lastWritten = now()
    const { watermark } = batch.ledger
    this.#progress = { position: to, high: Math.max(to, this.#progress!.high), watermark }
    this.#silence.broken()
    tell.written({ partition, batch, ms: now() - this.#batchSince })
    if (!this.#doubtful) for (const insert of batch.inserts) recycle(insert.body)
  }
}
