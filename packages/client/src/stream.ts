import type { EventStreamHandlers, ServerEvent } from './event-stream.ts'
import { backoff, isAborted, pause } from './pause.ts'
import { KiviProblem } from './problem.ts'
import type { Send } from './request.ts'
import type { Answer, Asked, Operation } from './types.ts'

interface Events {
  /** the whole board: takes the place of the one before */
  readonly board: Answer<'board'>
  /** only these of the board changed */
  readonly freshness: Pick<Answer<'board'>, 'watermark' | 'newest_event'>
  /** an alert as `GET /v1/alerts` tells it, after a change */
  readonly alert: AlertChange
  /** changes were missed: ask for all of these anew */
  readonly start_over: { readonly of: string; readonly detail: string }
  /** the board cannot be read now; ends with the next `board` or `freshness` */
  readonly problem: { readonly code: string; readonly detail: string }
  /** Kivi ends the connection; a new one is opened by itself */
  readonly end: { readonly reason: string; readonly detail: string }
}

interface AlertChange {
  readonly id: string
  readonly [field: string]: unknown
}

/** Something that happened: `event` says what `data` is. A newer Kivi may have further ones: let them pass. */
export type KiviEvent = {
  readonly [E in keyof Events]: {
    readonly event: E
    /** to go on after it: `lastEventId` */
    readonly id: string
    readonly data: Events[E]
  }
}[keyof Events]

export interface StreamOptions {
  /** which board; default that of `GET /v1/board` */
  readonly asked?: Asked<'stream'>
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
const OPERATION: Operation = 'stream'

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
        opened => opened,
      )
      if (response.body === null) throw new Error('the answer has no body')
      failures = 0
      onOpen?.()
      const handlers = { onRetry: (ms: number) => (retryMs = ms), onLife: alive, lastId }
      for await (const { event, data, id } of readEvents(response.body, handlers)) {
        lastId = id
        yield { event, id, data: JSON.parse(data) } as KiviEvent
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
