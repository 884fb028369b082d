/**
 * The storefront as a service: history first, then live. Events and the instant up to which they were made are one
 * transaction of the log, so a restart repeats nothing and catches up with the time it was down.
 */
import type { LogProducer, NewRecord } from '@kivi/domain'
import { delay, type Started, type Telemetry } from '@kivi/service-kit'
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

export const DEMO_GROUP = 'kivi-demo'
const SEED = 20_191_124
const DAY = 86_400_000
/** History that a first start makes up, and the most that a later one catches up with. */
const HISTORY_MS = 14 * DAY
const EVENTS_PER_SECOND = 1
/** Time made up at once: small enough that the process hears of a stop in between. */
const PIECE_MS = 2 * 3_600_000
const LIVE_EVERY_MS = 500

interface Progress {
  readonly openedAt: number
}

/** Resolves when the storefront runs; history is then still being written. */
export async function startDemo(options: DemoOptions): Promise<Started<void>> {
  const { producer, topic, telemetry, now } = options
  const before = await producer.progress(topic, DEMO_GROUP)
  const openedAt = before === null ? now() - HISTORY_MS : (JSON.parse(before.metadata) as Progress).openedAt
  const shop = openStorefront({
    seed: SEED,
    eventsPerSecond: EVENTS_PER_SECOND,
    localTime: localTimeIn(options.timezone),
    openedAt,
  })
  const stopping = new AbortController()

  const run = async (): Promise<void> => {
    let position = Math.max(before?.position ?? openedAt, now() - HISTORY_MS)
    const behind = now() - position
    telemetry.logger.info({ hours: Math.round(behind / 3_600_000) }, 'the storefront makes up its history')
    let live = false
    while (!stopping.signal.aborted) {
      const to = Math.min(now(), position + PIECE_MS)
      if (to > position) {
        const events = shop.eventsBetween(position, to)
        const metadata = JSON.stringify({ openedAt } satisfies Progress)
        await producer.sendWithProgress(topic, events.map(toRecord), { group: DEMO_GROUP, position: to, metadata })
        position = to
      }
      if (position < now() - LIVE_EVERY_MS) continue
      if (!live) telemetry.logger.info('the storefront is live')
      live = true
      await delay(LIVE_EVERY_MS, stopping.signal)
    }
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
