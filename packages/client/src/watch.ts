import { backoff, isAborted, pause } from './pause.ts'
import { KiviProblem } from './problem.ts'
import type { Parameters, Send } from './request.ts'
import type { CallOptions, Operation } from './types.ts'

export interface WatchOptions extends CallOptions {
  /** how long to wait between an answer and the next question; default 1 s */
  readonly everyMs?: number
  /** told of what passes by itself and is asked again; what does not is thrown */
  readonly onProblem?: (problem: KiviProblem) => void
}

const EVERY_MS = 1000

/**
 * Asks again and again and yields each answer that differs from the one before: the first at once, then whenever the
 * data change. Kivi answers an unchanged question with 304 and without touching its store. Ends by `break` or when
 * the signal aborts.
 */
export async function* watch(
  send: Send,
  operation: Operation,
  asked: Parameters,
  options: WatchOptions,
): AsyncGenerator<unknown, void, undefined> {
  let etag: string | null = null
  let failures = 0
  const { signal, everyMs = EVERY_MS } = options
  while (!isAborted(signal)) {
    try {
      const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag }
      const told: { answer: unknown; etag: string | null } | null = await send(
        operation,
        asked,
        { accept: 'application/json', headers },
        options,
        async response =>
          // an address without a mark cannot say that nothing changed
          response.status === 304 ? null : { answer: await response.json(), etag: response.headers.get('etag') },
      )
      failures = 0
      if (told !== null) {
        etag = told.etag
        yield told.answer
      }
      await pause(everyMs, signal)
    } catch (error) {
      if (isAborted(signal)) return
      if (!(error instanceof KiviProblem) || !error.isPassing) throw error
      failures++
      options.onProblem?.(error)
      const told = (error.retryAfterSeconds ?? 0) * 1000
      await pause(Math.max(told, backoff(failures, Math.random())), signal).catch(() => undefined)
    }
  }
}
