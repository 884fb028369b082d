/** Server-sent events as bytes (WHATWG HTML, 9.2), and the ids by which a client goes on where it was. */
import { createHash } from 'node:crypto'
import type { Rendered } from '../http/rendered.ts'

export type StreamEvent = 'board' | 'freshness' | 'alert' | 'start_over' | 'problem' | 'end'

/** How long a client waits before it connects again, ms. */
const RETRY_MS = 3_000

export const HEARTBEAT = Buffer.from(':\n\n')
export const OPENING = Buffer.from(`retry: ${RETRY_MS}\n\n`)

/** Name and data of an event, without the id, which each client has its own of. */
export function eventText(event: StreamEvent, data: object): Buffer {
  // JSON.stringify leaves no line break in the text, so that one data line holds it
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** What a client has: nothing that it has is sent to it again. */
export interface Mark {
  /** of the board without its freshness */
  readonly values: string
  /** of the freshness */
  readonly marks: string
  /** position in the feed of alerts */
  readonly alerts: number
}

export const NOTHING: Mark = { values: '', marks: '', alerts: 0 }

export const idOf = ({ values, marks, alerts }: Mark): string => `${values}.${marks}.${alerts}`

/** What the client says it has; null where it says nothing, or nothing that was ever an id. */
export function parseId(text: string | undefined): Mark | null {
  const found = /^([\w-]{0,16})\.([\w-]{0,16})\.(\d{1,15})$/.exec(text ?? '')
  if (found === null) return null
  const [, values = '', marks = '', alerts = ''] = found
  return { values, marks, alerts: Number(alerts) }
}

/** A board as it goes to clients, made once for all who watch it. */
export interface BoardEvents {
  readonly etag: string
  readonly values: string
  readonly marks: string
  /** the whole board */
  readonly board: Buffer
  /** what changes with every batch of events, though no value does */
  readonly freshness: Buffer
}

export function boardEvents({ body, etag }: Pick<Rendered, 'body' | 'etag'>): BoardEvents {
  const { watermark, newest_event, ...values } = JSON.parse(body) as Record<string, unknown>
  const freshness = { watermark, newest_event }
  return {
    etag,
    values: hashOf(values),
    marks: hashOf(freshness),
    // just what GET /v1/board answers
    board: Buffer.from(`event: board\ndata: ${body}\n\n`),
    freshness: eventText('freshness', freshness),
  }
}

/** 72 bits: that two boards of one client are taken for each other would take longer than there are dashboards. */
const hashOf = (value: object): string =>
  createHash('sha1').update(JSON.stringify(value)).digest('base64url').slice(0, 12)
