/**
 * The storefront as a service. Events, and the instant up to which they were made, are one transaction of the log, so
 * a restart repeats nothing and catches up with the time it was down.
 *
 * A first start makes up two weeks. The last day comes first and goes on live at once, so that the board is full
 * within seconds; the days before it follow beside that, as late events do.
 */
import type { LogProducer, NewRecord } from '@kivi/domain'
import { aborted, delay, type Started, type Telemetry } from '@kivi/service-kit'
import type { DemoEvent } from './event.ts'
import { localTimeIn } from './rhythm.ts'
import { openStorefront } from './storefront.ts'

export interface DemoOptions {
  readonly producer: LogProducer
  readonly topic: string
  readonly timezone: string
  readonly telemetry: Telemetry
  readonly now: () => number
  /** events cannot be written any more */
  readonly fail: (error: unknown) => void
}

const DEMO_GROUPS = { live: 'kivi-demo', history: 'kivi-demo-history' } as const

const SEED = 20_191_124
const HOUR = 3_600_000
const DAY = 24 * HOUR
const HISTORY_MS = 14 * DAY
/** What a first start makes up before it goes live. */
const RECENT_MS = DAY
/** A storefront that was down for longer leaves a gap. */
const LONGEST_CATCH_UP_MS = 14 * DAY
const EVENTS_PER_SECOND = 1
/** Time made up at once: small enough that a stop is heard in between. */
const PIECE_MS = 2 * HOUR
const LIVE_EVERY_MS = 500
/** The history takes a quarter of the time at most, on a slow machine too. */
const HISTORY_PAUSES = 3
const LEAST_PAUSE_MS = 50

/** What is committed with each piece; the same in both groups. */
interface Origin {
  readonly openedAt: number
  readonly liveFrom: number
}

/** Resolves when the storefront runs; what it makes up first is then still being written. */
export async function startDemo(options: DemoOptions): Promise<Started<void>> {
  const { producer, topic, telemetry, now } = options
  const live = await producer.progress(topic, DEMO_GROUPS.live)
  const history = await producer.progress(topic, DEMO_GROUPS.history)
  const before = live ?? history
  const origin: Origin =
    before === null
      ? { openedAt: now() - HISTORY_MS, liveFrom: now() - RECENT_MS }
      : (JSON.parse(before.metadata) as Origin)
  const stopping = new AbortController()

  const writer = (group: string) => {
    const shop = openStorefront({
      seed: SEED,
      eventsPerSecond: EVENTS_PER_SECOND,
      localTime: localTimeIn(options.timezone),
      openedAt: origin.openedAt,
    })
    const metadata = JSON.stringify(origin)
    return async function write(from: number, to: number): Promise<void> {
      const events = shop.eventsBetween(from, to)
      await producer.sendWithProgress(topic, events.map(toRecord), { group, position: to, metadata })
    }
  }

  const isLive = Promise.withResolvers<void>()
  const runLive = async (): Promise<void> => {
    const write = writer(DEMO_GROUPS.live)
    let position = Math.max(live?.position ?? origin.liveFrom, now() - LONGEST_CATCH_UP_MS)
    let caughtUp = false
    while (!stopping.signal.aborted) {
      const to = Math.min(now(), position + PIECE_MS)
      // a clock that was set back: nothing to do until it has passed this point again
      if (to > position) await write(position, to)
      position = Math.max(position, to)
      if (now() - position > LIVE_EVERY_MS) continue
      if (!caughtUp) telemetry.logger.info('the storefront is live')
      caughtUp = true
      isLive.resolve()
      await delay(LIVE_EVERY_MS, stopping.signal)
    }
  }

  const runHistory = async (): Promise<void> => {
    await Promise.race([isLive.promise, aborted(stopping.signal)])
    const write = writer(DEMO_GROUPS.history)
    let position = history?.position ?? origin.openedAt
    while (position < origin.liveFrom && !stopping.signal.aborted) {
      const to = Math.min(origin.liveFrom, position + PIECE_MS)
      const begun = performance.now()
      await write(position, to)
      position = to
      // live events come behind these in the log: a history written as fast as it goes would hold them up
      await delay(LEAST_PAUSE_MS + HISTORY_PAUSES * (performance.now() - begun), stopping.signal)
    }
  }

  const run = async () => {
    const goingLive = runLive()
    await Promise.all([goingLive, runHistory()])
  }
  const running = run().catch(error => {
    if (!stopping.signal.aborted) options.fail(error)
  })
  return {
    value: undefined,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

const toRecord = (event: DemoEvent): NewRecord => ({
  key: String(event['user_id'] ?? event['anonymous_id'] ?? event.event_id),
  value: Buffer.from(JSON.stringify(event)),
})
