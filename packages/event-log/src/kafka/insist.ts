import { sleep } from '../signal.ts'
import { isRetriable } from './errors.ts'

const MAX_PAUSE_MS = 2_000

/**
 * Asks until there is an answer, with ever longer pauses, as long as `goOn` allows another try. Only for questions:
 * whatever writes is never repeated here.
 *
 * @param refresh what to do between tries: metadata or the coordinator may be stale
 */
export async function insist<T>(
  ask: () => Promise<T>,
  goOn: (error: unknown) => boolean,
  refresh: (error: unknown) => Promise<unknown>,
): Promise<T> {
  for (let pause = 50; ; pause = Math.min(MAX_PAUSE_MS, pause * 2)) {
    try {
      return await ask()
    } catch (error) {
      if (!isRetriable(error) || !goOn(error)) throw error
      await sleep(pause)
      // a refresh that fails shows in the next try
      await refresh(error).catch(() => {})
    }
  }
}

/** Allows tries for so long, beginning now. */
export function within(ms: number): () => boolean {
  const deadline = performance.now() + ms
  return () => performance.now() < deadline
}
