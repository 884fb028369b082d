import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKivi, type KiviEvent, KiviProblem } from './index.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let handle: Handler
const heard: Array<{ method: string; url: string; headers: IncomingMessage['headers'] }> = []
const server = createServer((request, response) => {
  heard.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
  handle(request, response)
})
let baseUrl: string

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => void heard.splice(0))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
}

const problem = (code: string, status: number) => ({ code, status, title: 'A title', detail: 'What to do.' })

/** What was thrown; fails where nothing was. */
async function problemOf(work: Promise<unknown>): Promise<KiviProblem> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof KiviProblem) return error
  throw error
}

describe('a call', () => {
  it('puts path, query and repeated parameters where they belong, percent-encoded', async () => {
    handle = (_, response) => json(response, { value: null })
    const kivi = createKivi({ baseUrl: `${baseUrl}/` })
    expect(await kivi.value({ id: 'a/b ü', window: '7d', filter: ['region:a,b', 'x:%'] })).toEqual({ value: null })
    expect(heard[0]?.url).toBe('/v1/indicators/a%2Fb%20%C3%BC/value?window=7d&filter=region%3Aa%2Cb&filter=x%3A%25')
    expect(heard[0]?.headers.authorization).toBeUndefined()
  })

  it('sends a body as JSON, with the key of the moment', async () => {
    const keys = ['one', 'two']
    handle = (request, response) => {
      const pieces: Buffer[] = []
      request.on('data', piece => pieces.push(piece))
      request.on('end', () => json(response, { sent: JSON.parse(Buffer.concat(pieces).toString()) }))
    }
    const kivi = createKivi({ baseUrl, key: async () => keys.shift() ?? null })
    const body = { items: [{ value: 1 }], reason: 'plan' }
    expect(await kivi.setTargets({ id: 'ctr', body })).toEqual({ sent: body })
    await kivi.setTargets({ id: 'ctr', body })
    await kivi.setTargets({ id: 'ctr', body })
    expect(heard.map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ['PUT', 'Bearer one'],
      ['PUT', 'Bearer two'],
      ['PUT', undefined],
    ])
    expect(heard[0]?.headers['content-type']).toBe('application/json')
  })

  it('asks for a table where one is wanted', async () => {
    handle = (_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end('t,value\r\n')
    const kivi = createKivi({ baseUrl })
    expect(await kivi.csv('series', { id: 'ctr' })).toBe('t,value\r\n')
    expect(heard[0]?.headers.accept).toBe('text/csv')
    expect(kivi.address('series', { id: 'ctr', step: 'day' })).toBe('/v1/indicators/ctr/series?step=day')
  })
})

describe('what goes wrong', () => {
  it('is a problem with the code, and what to do, of the API', async () => {
    handle = (_, response) =>
      json(response, { ...problem('unknown_dimension', 400), parameter: 'by', allowed: ['campaign'] }, 400)
    const error = await problemOf(createKivi({ baseUrl }).value({ id: 'ctr', by: 'x' }))
    expect(error).toMatchObject({
      code: 'unknown_dimension',
      status: 400,
      title: 'A title',
      detail: 'What to do.',
      message: 'A title: What to do.',
      parameter: 'by',
      allowed: ['campaign'],
      isPassing: false,
      retryAfterSeconds: null,
    })
  })

  it('passes where Kivi says when to come back', async () => {
    handle = (_, response) => json(response, problem('store_unavailable', 503), 503, { 'retry-after': '2' })
    expect(await problemOf(createKivi({ baseUrl }).board())).toMatchObject({ isPassing: true, retryAfterSeconds: 2 })
  })

  it('is told from what stands between: an answer that is not Kivi’s', async () => {
    handle = (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
    const error = await problemOf(createKivi({ baseUrl }).board())
    expect(error).toMatchObject({ code: 'not_kivi', status: 502, detail: expect.stringContaining('Bad Gateway') })
  })

  it('has a code where nobody answers, with the platform’s error as its cause', async () => {
    const error = await problemOf(createKivi({ baseUrl: 'http://127.0.0.1:1' }).board())
    expect(error).toMatchObject({ code: 'unreachable', status: 0, isPassing: true, cause: expect.any(TypeError) })
    expect(error.detail).toContain('http://127.0.0.1:1')
  })

  it('has a code where an answer does not come, or does not end, in time', async () => {
    for (const begins of [false, true]) {
      handle = (_, response) => {
        if (begins) response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":')
      }
      const error = await problemOf(createKivi({ baseUrl, timeoutMs: 50 }).board())
      expect([begins, error.code, error.detail]).toEqual([begins, 'timed_out', expect.stringContaining('50 ms')])
    }
  })

  it('is the caller’s own reason where the caller aborts', async () => {
    const controller = new AbortController()
    handle = () => controller.abort('enough')
    const asked = createKivi({ baseUrl }).board({}, { signal: controller.signal })
    await expect(asked).rejects.toBe('enough')
  })
})

describe('watching', () => {
  it('yields what changes, asks with the mark of the answer before, and rides out what passes', async () => {
    const script: Handler[] = [
      (_, response) => json(response, { at: 1 }, 200, { etag: '"a"' }),
      (_, response) => response.writeHead(304).end(),
      (_, response) => json(response, problem('store_unavailable', 503), 503),
      (_, response) => json(response, { at: 2 }, 200, { etag: '"b"' }),
    ]
    handle = (request, response) => script.shift()?.(request, response)
    const told: string[] = []
    const seen: unknown[] = []
    const options = { everyMs: 1, onProblem: (error: KiviProblem) => told.push(error.code) }
    for await (const answer of createKivi({ baseUrl }).watch('board', {}, options)) {
      seen.push(answer)
      if (seen.length === 2) break
    }
    expect(seen).toEqual([{ at: 1 }, { at: 2 }])
    expect(told).toEqual(['store_unavailable'])
    expect(heard.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"a"', '"a"', '"a"'])
  })

  it('throws what does not pass', async () => {
    handle = (_, response) => json(response, problem('unknown_indicator', 404), 404)
    const watched = createKivi({ baseUrl }).watch('value', { id: 'nope' })
    expect(await problemOf(watched.next())).toMatchObject({ code: 'unknown_indicator' })
  })

  it('ends when the signal aborts, while it waits too', async () => {
    handle = (_, response) => json(response, { at: 1 })
    const controller = new AbortController()
    const watched = createKivi({ baseUrl }).watch('board', {}, { everyMs: 3_600_000, signal: controller.signal })
    await watched.next()
    const rest = watched.next()
    controller.abort()
    expect(await rest).toEqual({ done: true, value: undefined })
  })
})

describe('the live stream', () => {
  const open = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })

  it('has every event once, over interruptions, by the id of the last one', async () => {
    const script: Handler[] = [
      (_, response) =>
        open(response).end('retry: 1\nid: 7\nevent: freshness\ndata: {"watermark":\ndata: null}\n\n: beat\n\n'),
      (_, response) => {
        // the connection breaks within an event, which is then not one
        open(response).write(
          'id: 8\nevent: end\ndata: {"reason":"renewed","detail":""}\n\nid: 9\nevent: board\ndata: {"a"',
        )
        setTimeout(() => response.destroy(), 20)
      },
      (_, response) => open(response).write('id: 9\r\nevent: problem\r\ndata: {"code":"x","detail":"é"}\r\n\r\n'),
    ]
    handle = (request, response) => script.shift()?.(request, response)
    const problems: string[] = []
    const events: KiviEvent[] = []
    const kivi = createKivi({ baseUrl, key: 'secret' })
    for await (const event of kivi.live({ onProblem: ({ code }) => problems.push(code) })) {
      events.push(event)
      if (events.length === 3) break
    }
    expect(events).toEqual([
      { event: 'freshness', id: '7', data: { watermark: null } },
      { event: 'end', id: '8', data: { reason: 'renewed', detail: '' } },
      { event: 'problem', id: '9', data: { code: 'x', detail: 'é' } },
    ])
    expect(problems).toEqual(['unreachable'])
    expect(heard.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '8'])
    expect(heard.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer secret'))
  })

  it('takes a connection on which nothing comes for a dead one', async () => {
    const script: Handler[] = [
      (_, response) => open(response).write(': hello\n\n'),
      (_, response) => open(response).write('id: 1\nevent: freshness\ndata: {}\n\n'),
    ]
    handle = (request, response) => script.shift()?.(request, response)
    const problems: string[] = []
    const live = createKivi({ baseUrl }).live({ silenceMs: 50, onProblem: ({ detail }) => problems.push(detail) })
    expect((await live.next()).value).toMatchObject({ id: '1' })
    await live.return()
    expect(problems).toEqual(['nothing came for 50 ms'])
  })

  it('throws a refusal that does not pass, and ends when the signal aborts', async () => {
    handle = (_, response) => json(response, problem('key_unknown', 401), 401)
    expect(await problemOf(createKivi({ baseUrl }).live().next())).toMatchObject({ code: 'key_unknown' })
    handle = (_, response) => open(response).write(': hello\n\n')
    const controller = new AbortController()
    const live = createKivi({ baseUrl }).live({ signal: controller.signal, onOpen: () => controller.abort() })
    expect(await live.next()).toEqual({ done: true, value: undefined })
  })
})
