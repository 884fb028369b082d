/** A signal aborts between two looks at it, which the type of `aborted` does not tell. */
export const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Resolves after so many ms; rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

const FIRST_MS = 500
const LONGEST_MS = 30_000

/** How long to wait after so many failures in a row: doubling, up to half a minute, and not all at the same instant. */
export function backoff(failures: number, random: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return most * (0.5 + random / 2)
}
