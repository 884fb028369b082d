/**
 * One candidate for a state log in SQLite. Who leads gives signs of life; the others take over when these have not
 * come for the leader's lease, by their own clock, or when its process is gone.
 */
import type { Candidate, CandidateOptions } from '@kivi/domain'
import { LogLeadership } from '../../leadership.ts'
import { endOf, type Moment, now } from '../../lease.ts'
import type { Logger } from '../../logger.ts'
import { sleep } from '../../signal.ts'
import { asLogError } from '../database.ts'
import { isGone } from '../gone.ts'
import type { Storage } from '../storage.ts'
import { appendAsOwner, beat, type Owner, readOwner, release, takeOver } from './table.ts'

const SESSION_TIMEOUT_MS = 30_000
/** How often candidates look whether the leader is gone. */
const POLL_MS = 100
/** After a leadership that was lost: whoever has it is given time. */
const PAUSE_MS = 1_000

export class EmbeddedCandidate implements Candidate {
  readonly #storage: Storage
  readonly #topic: string
  readonly #options: CandidateOptions
  readonly #logger: Logger
  readonly #leaseMs: number
  readonly #stopped = Promise.withResolvers<void>()
  readonly #done: Promise<void>
  #stopping = false

  constructor(storage: Storage, topic: string, options: CandidateOptions, logger: Logger) {
    this.#storage = storage
    this.#topic = topic
    this.#options = options
    this.#logger = logger
    this.#leaseMs = options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#stopped.resolve()
    await this.#done
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping) {
        const owner = await this.#whenFree()
        if (owner === null) return
        const began = now()
        const taken = takeOver(this.#storage, this.#topic, owner, this.#leaseMs, this.#options.takeOver())
        if (taken) await this.#lead(taken.epoch, taken.state, began)
      }
    } catch (error) {
      this.#options.handler.failed(asLogError(error, `contending for ${this.#topic}`))
    }
  }

  /** The owner whose place is free; null when this candidate stops. */
  async #whenFree(): Promise<Owner | null> {
    let seen = readOwner(this.#storage, this.#topic)
    let since = performance.now()
    while (!this.#stopping) {
      if (isGone(seen) || performance.now() - since >= seen.lease_ms) return seen
      await this.#pause(Math.min(POLL_MS, seen.lease_ms / 10))
      const owner = readOwner(this.#storage, this.#topic)
      if (owner.epoch === seen.epoch && owner.beat === seen.beat && !owner.released) continue
      seen = owner
      since = performance.now()
    }
    return null
  }

  /** @param began when the take-over was sent: the lease counts from there */
  async #lead(epoch: number, state: Map<string, string>, began: Moment): Promise<void> {
    const { handler } = this.#options
    let acknowledged = began
    const leadership = new LogLeadership({
      epoch,
      leaseUntil: () => endOf(acknowledged, this.#leaseMs),
      append: async changes => appendAsOwner(this.#storage, this.#topic, epoch, changes),
    })
    const life = setInterval(() => {
      const sent = now()
      try {
        if (beat(this.#storage, this.#topic, epoch)) acknowledged = sent
        else leadership.end('a newer leader took over')
      } catch (error) {
        // a busy or full disk: the lease runs on, and out if this lasts
        this.#logger.warn({ topic: this.#topic, error: (error as Error).message }, 'no sign of life')
      }
    }, this.#leaseMs / 10)
    this.#logger.info({ topic: this.#topic, epoch, keys: state.size }, 'leads')
    try {
      try {
        handler.leading(leadership, state)
      } catch (error) {
        // whoever cannot lead makes room for another
        this.#stopping = true
        leadership.end((error as Error).message)
        handler.ended(leadership, (error as Error).message)
        handler.failed(error as Error)
        return
      }
      const reason = await Promise.race([leadership.over, this.#whenStopped(leadership)])
      leadership.end(reason)
      handler.ended(leadership, reason)
      this.#logger.info({ topic: this.#topic, reason }, 'leads no more')
    } finally {
      clearInterval(life)
      release(this.#storage, this.#topic, epoch)
    }
    await this.#pause(PAUSE_MS)
  }

  /** Ends early when this candidate stops. */
  async #pause(ms: number): Promise<void> {
    await Promise.race([sleep(ms), this.#stopped.promise])
  }

  async #whenStopped(leadership: LogLeadership): Promise<string> {
    await this.#stopped.promise
    if (leadership.leads()) await this.#options.handler.leaving?.(leadership)
    return 'this candidate stops'
  }
}
