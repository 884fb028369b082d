import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvents, type ServerEvent } from './event-stream.ts'

/** The events of a stream whose bytes come in these pieces. */
async function eventsOf(pieces: readonly Uint8Array[]): Promise<{ events: ServerEvent[]; retries: number[] }> {
  const retries: number[] = []
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  const handlers = { onRetry: (ms: number) => void retries.push(ms), onLife: () => undefined, lastId: '' }
  const events: ServerEvent[] = []
  for await (const event of readEvents(body, handlers)) events.push(event)
  return { events, retries }
}

const TEXT =
  'retry: 3000\n: a comment\n\nid: 1\nevent: board\ndata: {"label":"点击率"}\n\n' +
  'data:first\r\ndata:  second\r\n\r\nid\rdata\r\revent: lost\n\nretry: soon\nid: with\u0000null\ndata: x\n\ndata: unfinished'

const EXPECTED = [
  { event: 'board', data: '{"label":"点击率"}', id: '1' },
  { event: 'message', data: 'first\n second', id: '1' },
  { event: 'message', data: '', id: '' },
  { event: 'message', data: 'x', id: '' },
]

test('wherever the bytes are cut, the events are the same', async () => {
  const bytes = new TextEncoder().encode(TEXT)
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(cuts, async places => {
      const sorted = [0, ...places.sort((a, b) => a - b), bytes.length]
      const pieces = sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end))
      expect(await eventsOf(pieces)).toEqual({ events: EXPECTED, retries: [3000] })
    }),
  )
})
