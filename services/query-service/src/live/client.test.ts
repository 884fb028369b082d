import { expect, test } from 'vitest'
import { ALL } from '../access/view.ts'
import { createClient, type Sink } from './client.ts'
import { boardEvents, eventText, type Mark, parseId } from './event-text.ts'

const LIMITS = { heartbeatMs: 15_000, stalledMs: 30_000, lifetimeMs: 3_600_000, waitingAlerts: 3 }
const board = (value: number, watermark = '2026-03-10T12:00:05Z') =>
  boardEvents({
    body: JSON.stringify({ indicators: [{ id: 'clicks', value }], watermark, newest_event: null }),
    etag: `${value} ${watermark}`,
  })
const alert = (name: string) => eventText('alert', { name })

/** A connection that takes what is written at once, or holds it until `take`. */
function connect(has: Mark | null = null, { slow = false } = {}) {
  let now = 0
  const text: string[] = []
  const held: Array<() => void> = []
  let close = (): void => undefined
  const happened: string[] = []
  const sink: Sink = {
    write(bytes, taken) {
      text.push(Buffer.concat([...bytes]).toString())
      if (slow) held.push(taken)
      else taken()
    },
    onClose: listener => {
      close = listener
    },
    end: () => void happened.push('end'),
    destroy: () => void happened.push('destroy'),
  }
  const sent: string[] = []
  let dropped = 0
  const client = createClient({
    view: ALL,
    caller: null,
    sink,
    has,
    limits: LIMITS,
    clock: () => now,
    spread: 0,
    onSent: event => sent.push(event),
    onDropped: () => dropped++,
    onClosed: (_, reason) => void happened.push(`closed ${reason}`),
  })
  return {
    client,
    sent,
    text,
    happened,
    dropped: () => dropped,
    /** the connection takes what was last written */
    take: () => held.shift()?.(),
    close: () => close(),
    pass(ms: number) {
      now += ms
      client.look()
    },
    id: () => parseId(/^id: (.+)$/m.exec(text.at(-1) ?? '')?.[1]),
    last: () => JSON.parse(/^data: (.+)$/m.exec(text.at(-1) ?? '')?.[1] ?? 'null'),
  }
}

test('a board is sent when a value changed, its freshness alone when nothing else did, nothing when nothing did', () => {
  const { client, sent, text } = connect()
  client.show(board(1))
  client.show(board(1))
  client.show(board(1, '2026-03-10T12:00:06Z'))
  client.show(board(2, '2026-03-10T12:00:06Z'))
  expect(sent).toEqual(['board', 'freshness', 'board'])
  expect(text[0]).toMatch(/^retry: \d+\n\n$/)
  expect(text[1]).toMatch(/^id: \S+\nevent: board\ndata: \{"indicators":\[.+\}\n\n$/)
  expect(text[2]).toContain('data: {"watermark":"2026-03-10T12:00:06Z","newest_event":null}\n\n')
})

test('whoever comes back with the id of the last event is sent only what it does not have', () => {
  const before = connect()
  before.client.show(board(1))
  before.client.tell(alert('a'), 7)
  const has = before.id() as Mark
  expect(has.alerts).toBe(7)
  const same = connect(has)
  same.client.show(board(1))
  expect(same.sent).toEqual([])
  const later = connect(has)
  later.client.show(board(1, '2026-03-10T12:00:09Z'))
  expect(later.sent).toEqual(['freshness'])
  const changed = connect(has)
  changed.client.show(board(2))
  expect(changed.sent).toEqual(['board'])
})

test('while a connection takes nothing, nothing more is written to it, and only the last board counts', () => {
  const { client, text, take, dropped, last } = connect(null, { slow: true })
  for (let value = 1; value <= 1000; value++) client.show(board(value))
  expect(text).toHaveLength(1)
  expect(dropped()).toBe(999)
  take()
  expect(last().indicators[0].value).toBe(1000)
  client.show(board(1001))
  expect(text).toHaveLength(2)
  take()
  expect(last().indicators[0].value).toBe(1001)
})

test('alerts wait for a slow connection in order and before the board, and too many end it', () => {
  const { client, sent, take, happened, text } = connect(null, { slow: true })
  client.show(board(1))
  for (const [index, name] of ['a', 'b', 'c'].entries()) client.tell(alert(name), index + 1)
  for (let n = 0; n < 4; n++) take()
  expect(sent).toEqual(['alert', 'alert', 'alert', 'board'])
  for (let n = 4; n < 8; n++) client.tell(alert('d'), n)
  expect(happened).toEqual(['end', 'closed too_slow'])
  expect(text.at(-1)).toContain('event: end\ndata: {"reason":"too_slow"')
})

test('a connection that takes nothing for long is given up; one that is slow is not', () => {
  const dead = connect(null, { slow: true })
  dead.pass(29_999)
  expect(dead.happened).toEqual([])
  dead.pass(1)
  expect(dead.happened).toEqual(['end', 'closed too_slow'])
  const slow = connect(null, { slow: true })
  for (let value = 0; value < 10; value++) {
    slow.pass(29_000)
    slow.take()
    slow.client.show(board(value))
  }
  expect(slow.happened).toEqual([])
})

test('silence is broken by a comment every 15 seconds', () => {
  const { client, pass, text } = connect()
  pass(14_999)
  expect(text).toHaveLength(1)
  pass(1)
  pass(15_000)
  expect(text.slice(1)).toEqual([':\n\n', ':\n\n'])
  client.show(board(1))
  pass(14_999)
  expect(text).toHaveLength(4)
})

test('a stream ends after its time, once, and nothing is written after that', () => {
  const { client, pass, happened, text } = connect()
  pass(3_600_000)
  pass(3_600_000)
  client.show(board(1))
  client.end('stopping')
  expect(happened).toEqual(['end', 'closed renewed'])
  expect(text.at(-1)).toContain('"reason":"renewed"')
})

test('a connection that is gone is told once, and nothing is written to it', () => {
  const { client, close, happened, text } = connect()
  close()
  client.show(board(1))
  client.tell(alert('a'), 1)
  client.end('stopping')
  expect(happened).toEqual(['closed gone'])
  expect(text).toHaveLength(1)
})

test('an outage is told, and that it is over, though no value changed', () => {
  const { client, sent } = connect()
  const problem = eventText('problem', { code: 'store_unavailable', detail: 'away' })
  client.show(board(1))
  client.complain(problem)
  client.show(board(1))
  client.show(board(1))
  expect(sent).toEqual(['board', 'problem', 'freshness'])
})

test('an outage that was over before a slow connection could be told of it is not told', () => {
  const { client, sent, take } = connect(null, { slow: true })
  client.complain(eventText('problem', { code: 'store_unavailable', detail: 'away' }))
  client.show(board(1))
  take()
  take()
  expect(sent).toEqual(['board'])
})
