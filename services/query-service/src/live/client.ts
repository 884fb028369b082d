import type { View } from '../access/view.ts'
import {
  type BoardEvents,
  eventText,
  HEARTBEAT,
  idOf,
  type Mark,
  NOTHING,
  OPENING,
  type StreamEvent,
} from './event-text.ts'

/** Where a client's bytes go. */
export interface Sink {
  /** `taken` is called once the operating system has the bytes. They are shared with others: nothing may change them */
  write(bytes: readonly Buffer[], taken: () => void): void
  /** the connection is gone, whoever ended it */
  onClose(listener: () => void): void
  /** ends after what was written */
  end(): void
  destroy(): void
}

const ENDS = {
  stopping: 'Kivi stops, or is started anew: connect again.',
  key_revoked: 'The key was revoked.',
  too_slow: 'More was to be told than the connection took: connect again, and what was missed is told then.',
  renewed: 'A stream lasts for an hour: connect again.',
} as const
export type EndReason = keyof typeof ENDS

export interface ClientLimits {
  /** silence after which a comment is sent, ms */
  readonly heartbeatMs: number
  /** a connection that takes nothing for so long is given up, ms */
  readonly stalledMs: number
  /** so long a stream lasts at most, ms: what nobody noticed of a connection ends then */
  readonly lifetimeMs: number
  /** most alerts that wait for a slow connection */
  readonly waitingAlerts: number
}

export interface ClientOptions {
  readonly view: View
  /** by which the streams of one caller are counted; null where no key is needed */
  readonly caller: string | null
  readonly sink: Sink
  /** what it says it has; null: it comes for the first time */
  readonly has: Mark | null
  readonly limits: ClientLimits
  /** monotonic, ms */
  readonly clock: () => number
  /** from 0 to 1, by which streams that began together do not all end together */
  readonly spread: number
  readonly onSent: (event: StreamEvent) => void
  readonly onDropped: () => void
  readonly onClosed: (client: Client, reason: EndReason | 'gone') => void
}

/**
 * One connection. One event at a time is under way: while the connection takes nothing nothing more is written, of the
 * boards that come meanwhile only the last one counts, and so many alerts wait at most.
 */
export interface Client {
  readonly view: View
  readonly caller: string | null
  show(board: BoardEvents): void
  /** an alert that changed, and its place in the feed */
  tell(alert: Buffer, position: number): void
  /** what the board cannot be read for */
  complain(problem: Buffer): void
  /** alerts after the position are not told: the client has to ask for all of them */
  startOver(position: number): void
  /** looks at the clock: heartbeat, connections that are stuck or old */
  look(): void
  end(reason: EndReason): void
}

/** How long an ended connection may still take what was written, ms; a stop of the service waits for it. */
const FAREWELL_MS = 500

export function createClient(options: ClientOptions): Client {
  const { sink, limits, clock } = options
  const begun = clock()
  const until = begun + limits.lifetimeMs * (1 - 0.1 * options.spread)
  let has: Mark = options.has ?? NOTHING
  let latest: BoardEvents | null = null
  let waiting: Array<{ readonly bytes: Buffer; readonly event: StreamEvent; readonly alerts: number }> = []
  let complaint: Buffer | null = null
  /** the client was told that the board cannot be read */
  let troubled = false
  /** and it can be again, which it has not been told yet */
  let recovered = false
  let writingSince: number | null = null
  let lastWrite = begun
  let ended: EndReason | null = null
  let closed = false

  const write = (...bytes: Buffer[]): void => {
    lastWrite = clock()
    writingSince = lastWrite
    sink.write(bytes, () => {
      writingSince = null
      flush()
    })
  }
  const send = (event: StreamEvent, bytes: Buffer, now: Mark): void => {
    has = now
    write(Buffer.from(`id: ${idOf(has)}\n`), bytes)
    options.onSent(event)
  }
  const flush = (): void => {
    if (writingSince !== null || ended !== null || closed) return
    const first = waiting.shift()
    if (first !== undefined) send(first.event, first.bytes, { ...has, alerts: first.alerts })
    else if (complaint !== null) {
      const problem = complaint
      complaint = null
      troubled = true
      recovered = false
      send('problem', problem, has)
    } else if (latest !== null && latest.values !== has.values) {
      troubled = recovered = false
      send('board', latest.board, { ...has, values: latest.values, marks: latest.marks })
    } else if (latest !== null && (latest.marks !== has.marks || recovered)) {
      troubled = recovered = false
      send('freshness', latest.freshness, { ...has, marks: latest.marks })
    }
  }
  const end = (reason: EndReason): void => {
    if (ended !== null || closed) return
    ended = reason
    sink.write([eventText('end', { reason, detail: ENDS[reason] })], () => undefined)
    sink.end()
    setTimeout(() => sink.destroy(), FAREWELL_MS).unref()
    options.onClosed(client, reason)
  }
  const queue = (event: StreamEvent, bytes: Buffer, alerts: number): void => {
    waiting.push({ event, bytes, alerts })
    if (waiting.length > limits.waitingAlerts) {
      waiting = []
      end('too_slow')
    } else flush()
  }

  sink.onClose(() => {
    closed = true
    if (ended === null) options.onClosed(client, 'gone')
  })
  const client: Client = {
    view: options.view,
    caller: options.caller,
    show(board) {
      if (writingSince !== null && latest !== null && latest.values !== has.values && latest.values !== board.values)
        options.onDropped()
      latest = board
      complaint = null
      recovered = troubled
      flush()
    },
    tell: (alert, position) => queue('alert', alert, position),
    complain(problem) {
      complaint = problem
      flush()
    },
    startOver(position) {
      const detail = 'Alerts that changed meanwhile are no longer known here: ask for all of them.'
      queue('start_over', eventText('start_over', { of: 'alerts', detail }), position)
    },
    look() {
      const now = clock()
      if (writingSince !== null && now - writingSince >= limits.stalledMs) end('too_slow')
      else if (now >= until) end('renewed')
      else if (writingSince === null && now - lastWrite >= limits.heartbeatMs) write(HEARTBEAT)
    },
    end,
  }
  write(OPENING)
  return client
}
