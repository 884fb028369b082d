import type { EventStreamHandlers, ServerEvent } from './event-stream.ts'
import { backoff, isAborted, pause } from './pause.ts'
import { KiviProblem } from './problem.ts'
import type { Send } from './request.ts'
import type { Operation } from './types.ts'

/** Something that happened. */
export interface KiviEvent {
  /** what `data` is: `board`, `alert`, … */
  readonly event: string
  /** to go on after it: `lastEventId` */
  readonly id: string
  readonly data: unknown
}

export interface StreamOptions {
  /** parameters of the stream's address */
  readonly asked?: Readonly<Record<string, unknown>>
  /** goes on after this event */
  readonly lastEventId?: string
  /** ends the stream */
  readonly signal?: AbortSignal
  /** a connection that is silent for so long is taken for dead; default 45 s, three heartbeats */
  readonly silenceMs?: number
  /** the stream is open: at first, and after each interruption */
  readonly onOpen?: () => void
  /** told of interruptions, after which it connects anew by itself; a refusal is thrown */
  readonly onProblem?: (problem: KiviProblem) => void
}

const SILENCE_MS = 45_000
const RETRY_MS = 1000
const ACCEPT = 'text/event-stream'
const OPERATION = 'stream' as Operation

/**
 * Events over `fetch`, since a browser's EventSource sends no key. Connects anew after an interruption and asks for
 * what came meanwhile by `Last-Event-ID`. Ends by `break` or when the signal aborts.
 */
export async function* stream(
  send: Send,
  readEvents: (
    body: ReadableStream<Uint8Array>,
    handlers: EventStreamHandlers,
  ) => AsyncGenerator<ServerEvent, void, undefined>,
  options: StreamOptions,
): AsyncGenerator<KiviEvent, void, undefined> {
  const { signal, silenceMs = SILENCE_MS, onOpen, onProblem } = options
  let lastId = options.lastEventId ?? ''
  let retryMs = RETRY_MS
  let failures = 0
  while (!isAborted(signal)) {
    // silence ends the connection, not the stream
    const connection = new AbortController()
    const end = () => connection.abort(signal?.reason)
    signal?.addEventListener('abort', end, { once: true })
    let silence: ReturnType<typeof setTimeout> | undefined
    const alive = () => {
      clearTimeout(silence)
      silence = setTimeout(() => connection.abort(new Error(`nothing came for ${silenceMs} ms`)), silenceMs)
    }
    try {
      alive()
      const response = await send(
        OPERATION,
        options.asked ?? {},
        { accept: ACCEPT, headers: lastId === '' ? {} : { 'last-event-id': lastId } },
        { signal: connection.signal, timeoutMs: Number.POSITIVE_INFINITY },
      )
      if (response.body === null) throw new Error('the answer has no body')
      failures = 0
      onOpen?.()
      const handlers = { onRetry: (ms: number) => (retryMs = ms), onLife: alive, lastId }
      for await (const { event, data, id } of readEvents(response.body, handlers)) {
        lastId = id
        yield { event, id, data: JSON.parse(data) as unknown }
      }
      // closed by the other side, as a service does that stops
      await pause(retryMs * (0.5 + Math.random()), signal).catch(() => undefined)
    } catch (error) {
      if (isAborted(signal)) return
      const problem = interruption(error)
      if (!problem.isPassing) throw problem
      failures++
      onProblem?.(problem)
      const told = (problem.retryAfterSeconds ?? 0) * 1000
      await pause(Math.max(told, backoff(failures, Math.random())), signal).catch(() => undefined)
    } finally {
      clearTimeout(silence)
      signal?.removeEventListener('abort', end)
      connection.abort()
    }
  }
}

function interruption(error: unknown): KiviProblem {
  if (error instanceof KiviProblem) return error
  return new KiviProblem(
    {
      code: 'unreachable',
      title: 'The live connection was interrupted',
      detail: error instanceof Error ? error.message : String(error),
      status: 0,
    },
    { cause: error },
  )
}
