/**
 * A process of many dashboards. Each has a connection of its own and asks once a second, at an instant of its own within
 * the second, as people who opened their pages at different times; a tool that lets all of them ask in the same
 * millisecond would measure its own queue. A poll's time counts from when it was due,
 * or from when it was sent, where the timer was a fraction of a millisecond early.
 */
import { Agent, get, type IncomingMessage } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

export interface PollsAsked {
  readonly url: string
  readonly dashboards: number
  readonly seconds: number
  /** sends If-None-Match, as browsers do */
  readonly etag: boolean
  /** accept-encoding of browsers */
  readonly compressed: boolean
  /** watch this stream meanwhile, and so many of them never read */
  readonly streams: { readonly url: string; readonly watching: number; readonly stuck: number } | null
}

export interface PollsMeasured {
  readonly polls: number
  readonly failed: number
  /** polls that were due while the one before was not answered yet */
  readonly skipped: number
  readonly unchanged: number
  readonly bytes: number
  /** ms */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  /** of this process: what it adds to the times itself, ms */
  readonly ownDelayP99: number
  /** CPU seconds of this process */
  readonly cpu: number
  readonly streams: {
    readonly events: number
    readonly boards: number
    /** between the first and the last client to have a board, ms: median and most; null: no second board came */
    readonly spreadP50: number | null
    readonly spreadMax: number | null
    readonly ended: number
  } | null
}

// whoever asked is gone
process.once('disconnect', () => process.exit(1))
process.once('message', async (asked: PollsAsked) => {
  process.send?.(await run(asked), () => process.exit(0))
})

async function run(asked: PollsAsked): Promise<PollsMeasured> {
  const watched = asked.streams === null ? null : await watch(asked.streams)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const opening = performance.now()
  // connections open over the first seconds, which are not counted
  const counted = opening + OPENING_MS
  const seen: Seen = { from: counted, until: counted + 1000 * asked.seconds, times: [], ...NOTHING }
  setTimeout(() => delay.enable(), OPENING_MS)
  const cpu = process.cpuUsage()
  await Promise.all(
    Array.from({ length: asked.dashboards }, (_, index) =>
      // spread over a second each, and over three of them all
      dashboard(asked, opening + (1000 * index) / asked.dashboards + 1000 * (index % 3), seen),
    ),
  )
  const used = process.cpuUsage(cpu)
  delay.disable()
  const { times, failed, skipped, unchanged, bytes } = seen
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN
  return {
    polls: times.length,
    ...{ failed, skipped, unchanged, bytes },
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: times.at(-1) ?? Number.NaN,
    ownDelayP99: delay.percentile(99) / 1e6,
    cpu: (used.user + used.system) / 1e6,
    streams: watched?.() ?? null,
  }
}

const OPENING_MS = 3_000
const NOTHING = { failed: 0, skipped: 0, unchanged: 0, bytes: 0 }

/** What came of the polls that were due in the time that counts. */
interface Seen {
  readonly from: number
  readonly until: number
  readonly times: number[]
  failed: number
  skipped: number
  unchanged: number
  bytes: number
}

async function dashboard({ url, etag, compressed }: PollsAsked, first: number, seen: Seen): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let mark: string | null = null
  for (let due = first; due < seen.until; due += 1000) {
    const wait = due - performance.now()
    if (wait < -1000) {
      // nobody asks again before the answer is there
      if (due >= seen.from) seen.skipped++
      continue
    }
    if (wait > 0) await sleep(wait)
    const begun = Math.min(due, performance.now())
    const headers: Record<string, string> = { accept: 'application/json' }
    if (compressed) headers['accept-encoding'] = 'gzip, deflate, br'
    if (etag && mark !== null) headers['if-none-match'] = mark
    const answer = await ask(url, agent, headers).catch(() => null)
    mark = answer?.etag ?? mark
    if (due < seen.from) continue
    seen.times.push(performance.now() - begun)
    seen.bytes += answer?.bytes ?? 0
    if (answer?.status === 304) seen.unchanged++
    else if (answer?.status !== 200) seen.failed++
  }
  agent.destroy()
}

function ask(url: string, agent: Agent, headers: Record<string, string>) {
  return new Promise<{ status: number; bytes: number; etag: string | null }>((resolve, reject) => {
    const request = get(url, { agent, headers, timeout: 10_000 }, response => {
      let bytes = 0
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, bytes, etag: response.headers.etag ?? null }),
      )
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer for 10 s')))
    request.on('error', reject)
  })
}

/** Opens the streams; the answered function tells what came through them. */
async function watch({ url, watching, stuck }: NonNullable<PollsAsked['streams']>) {
  const boards = new Map<string, number[]>()
  let events = 0
  let ended = 0
  const open = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { agent: false, headers: { accept: 'text/event-stream' } }, resolve).on('error', reject)
    })
  for (let index = 0; index < stuck; index++) (await open()).pause().on('error', () => undefined)
  for (let index = 0; index < watching; index++) {
    const stream = await open()
    let rest = ''
    stream.on('error', () => undefined)
    stream.on('close', () => void ended++)
    stream.setEncoding('utf8').on('data', (text: string) => {
      const all = (rest + text).split('\n\n')
      rest = all.pop() as string
      for (const event of all) {
        if (!event.includes('\ndata: ')) continue
        events++
        if (!event.includes('event: board')) continue
        const id = event.slice(0, event.indexOf('\n'))
        boards.set(id, [...(boards.get(id) ?? []), performance.now()])
      }
    })
  }
  return () => {
    // the first board came as each one connected
    const spreads = [...boards.values()]
      .slice(1)
      .filter(times => times.length === watching)
      .map(times => Math.max(...times) - Math.min(...times))
      .sort((a, b) => a - b)
    return {
      events,
      boards: boards.size,
      spreadP50: spreads[Math.floor(spreads.length / 2)] ?? null,
      spreadMax: spreads.at(-1) ?? null,
      ended,
    }
  }
}
