/**
 * Components start in order; if one fails, what had started stops in reverse. Stopping has names and a deadline,
 * so that a component that hangs is told by name and does not hold up the others.
 */
import type { Logger } from './logger.ts'

/** What starting something gives: its value and the way to stop it. */
export interface Started<T> {
  readonly value: T
  stop(): Promise<void>
}

export interface StopProblem {
  readonly component: string
  readonly error: unknown
}

export interface LifecycleOptions {
  readonly logger: Logger
  /** longest time that one component may take to stop, ms; default 10 000 */
  readonly stopDeadlineMs?: number
}

export class Lifecycle implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()
  readonly #logger: Logger
  readonly #deadlineMs: number
  readonly #problems: StopProblem[] = []
  readonly #stopAsked = new AbortController()
  #stopping: Promise<readonly StopProblem[]> | null = null

  constructor(options: LifecycleOptions) {
    this.#logger = options.logger
    this.#deadlineMs = options.stopDeadlineMs ?? 10_000
  }

  /** true from the moment that stop was asked for: nothing more may start */
  get stopping(): boolean {
    return this.#stopping !== null
  }

  /**
   * Starts a component and answers its value. Where it fails, everything started before stops in reverse and
   * the failure is thrown.
   */
  async start<T>(
    name: string,
    start: () => Promise<Started<T>>,
    options: { stopDeadlineMs?: number } = {},
  ): Promise<T> {
    if (this.stopping) throw new StoppedError(name)
    const begun = performance.now()
    let started: Started<T>
    try {
      started = await start()
    } catch (error) {
      // whoever hears of the error tells it; here only who it was
      if (!this.stopping) this.#logger.debug({ component: name }, `${name} could not start`)
      await this.stop()
      throw error
    }
    const stopIt = () => this.#stopOne(name, started, options.stopDeadlineMs ?? this.#deadlineMs)
    // Stop was asked for while this one was starting: the stack is gone already.
    if (this.stopping) {
      await stopIt()
      throw new StoppedError(name)
    }
    this.#stack.defer(stopIt)
    this.#logger.debug({ component: name, ms: Math.round(performance.now() - begun) }, `${name} started`)
    return started.value
  }

  /** aborted when stop is asked for: what waits during a start need not wait any longer */
  get signal(): AbortSignal {
    return this.#stopAsked.signal
  }

  /** Stops everything in reverse order, once; answers what did not stop cleanly. Never throws. */
  stop(): Promise<readonly StopProblem[]> {
    this.#stopAsked.abort()
    this.#stopping ??= this.#stack.disposeAsync().then(() => this.#problems)
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stopOne(name: string, started: Started<unknown>, deadlineMs: number): Promise<void> {
    const begun = performance.now()
    try {
      await withDeadline(started.stop(), deadlineMs, `${name} did not stop within ${deadlineMs} ms`)
      this.#logger.debug({ component: name, ms: Math.round(performance.now() - begun) }, `${name} stopped`)
    } catch (error) {
      this.#problems.push({ component: name, error })
      this.#logger.error({ component: name, err: error }, `${name} did not stop cleanly`)
    }
  }
}

/** Something was to start while everything was being stopped. */
export class StoppedError extends Error {
  constructor(component: string) {
    super(`${component} was not started: Kivi is stopping`)
    this.name = 'StoppedError'
  }
}

/** Rejects with `message` when the promise has not settled after `ms`. */
export async function withDeadline<T>(promise: Promise<T>, ms: number, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(message)), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
