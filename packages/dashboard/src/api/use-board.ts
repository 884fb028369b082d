import { createKivi, KiviProblem } from '@kivi/client'
import { useEffect, useState } from 'preact/hooks'
import { standAt } from '../format/place.ts'
import { accessKey, keyAsked } from '../settings/key.ts'
import { carryAlerts, hearAlerts, heardAnew } from './alerts.ts'
import { ask, Refused } from './ask.ts'
import type { Board } from './board.ts'

/** What of the board is asked for; empty: everything, over each indicator's own window. */
export interface AskedBoard {
  readonly window: string
  readonly level: string
  readonly owner: string
}

/** How the page hears of changes: as they happen, by asking now and then, or not at all just now. */
export type Connection = 'live' | 'polling' | 'lost'

export interface KnownBoard {
  /** the last one, also while nothing newer comes */
  readonly value: Board | null
  readonly refused: Refused | null
  readonly connection: Connection
  readonly again: () => void
}

/** So long the stream may take to show the board before it is asked for otherwise. */
const PATIENCE_MS = 1500
const POLL_MS = 3000
/** Three heartbeats of the stream. */
const SILENCE_MS = 45_000
/** A page that nobody looks at listens for so long: a browser has few connections to one host, for all its tabs. */
const UNSEEN_MS = 10_000
const TICK_MS = 5000

/** Address of the board that is asked for. */
function boardPath(asked: AskedBoard): string {
  const query = new URLSearchParams(given(asked))
  return query.size === 0 ? '/v1/board' : `/v1/board?${query}`
}

const given = (asked: AskedBoard): Array<[string, string]> => Object.entries(asked).filter(([, value]) => value !== '')

/**
 * The board as it changes. It listens to the stream, and asks every few seconds while that gives nothing: behind a
 * proxy that holds streams up the page is still fresh. After sleep, and when the page is looked at again, it starts
 * anew at once.
 */
export function useBoard(asked: AskedBoard): KnownBoard {
  const path = boardPath(asked)
  const [known, setKnown] = useState<Omit<KnownBoard, 'again'> & { readonly path: string }>(() => unknown(path))
  const [round, setRound] = useState(0)
  const key = accessKey.value

  // the question is told by its address; another key asks anew, and so does each round
  useEffect(() => {
    setKnown(before => (before.path === path ? before : unknown(path)))
    return follow(asked, path, change => setKnown(before => ({ ...before, ...change(before.value) })))
  }, [path, key, round])

  const current = known.path === path ? known : unknown(path)
  return { ...current, again: () => setRound(before => before + 1) }
}

const unknown = (path: string) => ({ path, value: null, refused: null, connection: 'polling' as const })

type Change = (before: Board | null) => Partial<Omit<KnownBoard, 'again'>>

/** Tells of every change until it is ended. */
function follow(asked: AskedBoard, path: string, onChange: (change: Change) => void): () => void {
  let ended = false
  let stream: AbortController | null = null
  let poll = 0
  let unseen = 0
  let live = false
  const carried = carryAlerts()

  const show = (board: Board, connection: Connection) => {
    standAt(board)
    onChange(() => ({ value: board, refused: null, connection }))
  }
  const fail = (refused: Refused) => {
    live = false
    // another key asks anew
    if (refused.status === 401) {
      keyAsked.value = refused.code
      stop()
    }
    onChange(() => ({ refused, connection: 'lost' }))
  }
  const pollIn = (ms: number) => {
    window.clearTimeout(poll)
    poll = window.setTimeout(async () => {
      try {
        const board = await ask<Board>(path)
        // meanwhile the stream may have shown a newer one
        if (ended || live) return
        show(board, 'polling')
      } catch (error) {
        if (ended || live) return
        const refused = refusedBy(error)
        fail(refused)
        if (refused.status === 401) return
      }
      if (document.visibilityState === 'visible') pollIn(POLL_MS)
    }, ms)
  }
  const listen = async () => {
    stream?.abort()
    const mine = new AbortController()
    stream = mine
    live = false
    pollIn(PATIENCE_MS)
    const kivi = createKivi(accessKey.peek() === null ? {} : { key: () => accessKey.peek() })
    try {
      const events = kivi.live({
        asked: Object.fromEntries(given(asked)),
        signal: mine.signal,
        silenceMs: SILENCE_MS,
        onOpen: heardAnew,
        onProblem: () => {
          live = false
          pollIn(0)
        },
      })
      for await (const { event, data } of events) {
        if (mine.signal.aborted) return
        hearAlerts(event)
        if (event === 'board' || event === 'freshness') {
          live = true
          window.clearTimeout(poll)
        }
        if (event === 'board') show(data as Board, 'live')
        else if (event === 'freshness')
          onChange(before =>
            before === null
              ? {}
              : { value: { ...before, ...(data as Partial<Board>) }, refused: null, connection: 'live' },
          )
        else if (event === 'problem') {
          const { code, detail } = data as { code: string; detail: string }
          onChange(() => ({ refused: new Refused(code, 503, detail), connection: 'live' }))
        } else if (event === 'end') {
          live = false
          pollIn(PATIENCE_MS)
        }
      }
    } catch (error) {
      if (mine.signal.aborted) return
      const refused = refusedBy(error)
      // a Kivi, or a proxy before it, without streams: asking still works
      if (refused.status === 401 || refused.status === 403) {
        window.clearTimeout(poll)
        fail(refused)
      } else pollIn(0)
    }
  }
  const stop = () => {
    live = false
    stream?.abort()
    stream = null
    window.clearTimeout(poll)
  }
  const seen = () => {
    window.clearTimeout(unseen)
    if (document.visibilityState !== 'visible') unseen = window.setTimeout(stop, UNSEEN_MS)
    else {
      if (stream === null) void listen()
      if (!live) pollIn(0)
    }
  }
  // a device that slept: the connection is dead, though nobody was told so
  let ticked = Date.now()
  const tick = window.setInterval(() => {
    const slept = Date.now() - ticked > 4 * TICK_MS
    ticked = Date.now()
    if (slept && stream !== null) {
      void listen()
      pollIn(0)
    }
  }, TICK_MS)
  const online = () => {
    if (document.visibilityState !== 'visible') return
    void listen()
    pollIn(0)
  }
  // an open connection says nothing of it for a while
  const offline = () => {
    stop()
    fail(new Refused('unreachable', 0, 'the device is not connected'))
  }
  document.addEventListener('visibilitychange', seen)
  window.addEventListener('online', online)
  window.addEventListener('offline', offline)
  void listen()
  return () => {
    ended = true
    stop()
    carried()
    window.clearTimeout(unseen)
    window.clearInterval(tick)
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('online', online)
    window.removeEventListener('offline', offline)
  }
}

function refusedBy(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof KiviProblem) return new Refused(error.code, error.status, error.detail)
  return new Refused('unexpected', 0, String(error))
}
