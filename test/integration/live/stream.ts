/** A client of server-sent events that reads as a browser does, over a real connection. */
import { get, type IncomingMessage } from 'node:http'

interface StreamedEvent {
  readonly id: string
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into data of every shape
  readonly data: any
}

export interface TestStream {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** comments and all, as they came */
  text(): string
  /** the next event that was not answered yet; rejects after 20 s, and when the stream has ended without another */
  next(): Promise<StreamedEvent>
  /** the next event of that name; others before it are passed over */
  nextOf(event: string): Promise<StreamedEvent>
  /** all events so far */
  readonly events: readonly StreamedEvent[]
  /** resolves when the connection is gone */
  readonly closed: Promise<void>
  /** reads nothing more, as a client that hangs */
  pause(): void
  resume(): void
  close(): void
}

export async function openStream(url: string, headers: Record<string, string> = {}): Promise<TestStream> {
  const events: StreamedEvent[] = []
  let text = ''
  let parsed = 0
  let answered = 0
  let over = false
  const changed = new EventTarget()
  const tell = () => changed.dispatchEvent(new Event('change'))
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const response = await new Promise<IncomingMessage>((resolved, rejected) => {
    get(url, { agent: false, headers: { accept: 'text/event-stream', ...headers } }, resolved).on('error', rejected)
  })
  response.setEncoding('utf8')
  response.on('data', (piece: string) => {
    text += piece
    for (;;) {
      const end = text.indexOf('\n\n', parsed)
      if (end < 0) break
      const fields = new Map(
        text
          .slice(parsed, end)
          .split('\n')
          .filter(line => !line.startsWith(':'))
          .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
      )
      parsed = end + 2
      const data = fields.get('data')
      if (data !== undefined)
        events.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) })
    }
    tell()
  })
  response.on('error', () => undefined)
  response.on('close', () => {
    over = true
    tell()
    resolve()
  })
  const next = async (): Promise<StreamedEvent> => {
    const deadline = AbortSignal.timeout(20_000)
    while (answered >= events.length) {
      if (over) throw new Error(`The stream ended after ${events.length} events: ${text}`)
      await new Promise<void>((resolved, rejected) => {
        deadline.addEventListener('abort', () => rejected(new Error('No event came for 20 s')), { once: true })
        changed.addEventListener('change', () => resolved(), { once: true })
      })
    }
    return events[answered++] as StreamedEvent
  }
  return {
    status: response.statusCode as number,
    headers: response.headers,
    text: () => text,
    events,
    closed,
    next,
    async nextOf(name) {
      for (;;) {
        const found = await next()
        if (found.event === name) return found
      }
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  }
}
