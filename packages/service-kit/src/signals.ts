/** Signals belong to main alone: it turns the first into an orderly stop and the second into the end. */

export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

export interface StopSignal extends Disposable {
  /** aborted by the first SIGINT or SIGTERM; the reason is its name */
  readonly signal: AbortSignal
}

/** Ctrl-C under npm comes twice: from the terminal, and at once again from npm, which passes on what it got itself. */
const SAME_PRESS_MS = 1_000

/**
 * @param force called for the second signal, when the person does not want to wait for an orderly stop any more
 */
export function stopOnSignal(
  source: SignalSource,
  force: (signal: string) => void,
  now: () => number = () => performance.now(),
): StopSignal {
  const controller = new AbortController()
  let first = Number.NEGATIVE_INFINITY
  const listen = (name: 'SIGINT' | 'SIGTERM') => () => {
    if (!controller.signal.aborted) {
      first = now()
      controller.abort(name)
    } else if (now() - first > SAME_PRESS_MS) force(name)
  }
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') }
  source.on('SIGINT', listeners.SIGINT)
  source.on('SIGTERM', listeners.SIGTERM)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      source.off('SIGINT', listeners.SIGINT)
      source.off('SIGTERM', listeners.SIGTERM)
    },
  }
}

/** Resolves when the signal is aborted; at once where it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const wake = () => resolve()
  signal.addEventListener('abort', wake, { once: true })
  await promise
  clearTimeout(timer)
  signal.removeEventListener('abort', wake)
}
