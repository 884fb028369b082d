/** A leadership as the handler sees it, whatever the log beneath. */
import type { Leadership, StateChange } from '@kivi/domain'
import { isKiviError } from '@kivi/domain'

export interface LeadershipParts {
  readonly epoch: number
  /** performance.now() until which it lasts; 0 where it is over */
  readonly leaseUntil: () => number
  /** throws where it is refused, or where nobody knows whether it was done */
  readonly append: (changes: readonly StateChange[]) => Promise<void>
}

/** The longest wait of a timer. */
const LOOK_MS = 1_000

export class LogLeadership implements Leadership {
  readonly epoch: number
  /** resolves with the reason when it is over */
  readonly over: Promise<string>
  readonly #parts: LeadershipParts
  #finish!: (reason: string) => void
  #ended: string | undefined
  #appending: Promise<unknown> | undefined
  #watch: NodeJS.Timeout | undefined

  constructor(parts: LeadershipParts) {
    this.epoch = parts.epoch
    this.#parts = parts
    this.over = new Promise(resolve => {
      this.#finish = resolve
    })
    this.#look()
  }

  leads(): boolean {
    if (this.#ended === undefined && performance.now() >= this.#parts.leaseUntil())
      this.end('its lease ran out: the log did not answer in time, or another leads')
    return this.#ended === undefined
  }

  leaseUntil(): number {
    return this.leads() ? this.#parts.leaseUntil() : 0
  }

  async append(changes: readonly StateChange[]): Promise<'appended' | 'ended'> {
    if (!this.leads()) return 'ended'
    if (this.#appending) throw new Error('a leader appends once at a time: the append before this one is under way')
    if (changes.length === 0) return 'appended'
    const append = this.#parts.append(changes)
    this.#appending = append
    try {
      // a log that hangs must not hold up whoever waits beyond the lease
      await Promise.race([append, this.over])
    } catch (error) {
      const fenced = isKiviError(error, 'log_fenced')
      this.end(fenced ? 'a newer leader took over' : `an append failed: ${(error as Error).message}`)
    } finally {
      this.#appending = undefined
    }
    append.catch(() => {})
    return this.#ended === undefined ? 'appended' : 'ended'
  }

  end(reason: string): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    clearTimeout(this.#watch)
    this.#finish(reason)
  }

  /** The end is told when it comes, not when somebody asks next. */
  #look(): void {
    const left = this.#parts.leaseUntil() - performance.now()
    this.#watch = setTimeout(
      () => {
        if (this.leads()) this.#look()
      },
      Math.min(LOOK_MS, Math.max(1, left)),
    )
    this.#watch.unref()
  }
}
