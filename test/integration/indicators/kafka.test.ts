/**
 * Through real Kafka and two worker processes, shuffled within the allowed disorder, with producer duplicates and late
 * events: every indicator is what it is after an ordered import.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaEventLog } from '@kivi/event-log'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { KIVI, kiviPrints, type Running, start } from '../../acceptance/support/command.ts'
import { calendarOf, DAY, HOUR } from '../../independent/calendar.ts'
import type { GivenEvent } from '../../independent/history.ts'
import { seededStories, tell, tellInvalid } from '../../independent/stories.ts'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../../support/index.ts'
import { comparable, disagreements } from './compare.ts'
import { createIndicatorWorld, type IndicatorWorld, type Range, shippedCatalog } from './world.ts'

/** events of the last hundred days: older ones are refused some day */
const calendar = calendarOf('UTC')
const today = calendar.day(Date.now())
const SPAN = { zone: 'UTC', from: calendar.start(today - 100), to: calendar.start(today - 2) }
const DISORDER_MS = 30_000

const timeOf = (event: GivenEvent): number => Date.parse(event.event_time)
/** one of nine is a bot's, a colleague's or a test's */
const events: GivenEvent[] = [
  ...tell(seededStories(31, 1500, 150), SPAN),
  ...tellInvalid(seededStories(32, 190, 150), SPAN),
].sort((a, b) => timeOf(a) - timeOf(b))

/** What a producer sends: nearly in order, one of twenty twice, one of fifty hours too late. */
function asSent(): { sent: GivenEvent[]; repeated: number } {
  const placed = events.map((event, i) => {
    const late = i % 50 === 7
    return { event, at: timeOf(event) + ((i * 7919) % DISORDER_MS) + (late ? 5 * HOUR + ((i * 31) % 20) * HOUR : 0) }
  })
  const again = placed
    .filter((_, i) => i % 20 === 3)
    .map(({ event, at }, i) => ({ event, at: at + 1 + ((i * 104_729) % (2 * HOUR)) }))
  const sent = [...placed, ...again].sort((a, b) => a.at - b.at).map(({ event }) => event)
  return { sent, repeated: again.length }
}

const database = uniqueName('two_workers')
const workers: Running[] = []
const urls: string[] = []
let directory: string
let env: Record<string, string>
let followed: IndicatorWorld
let ordered: IndicatorWorld
let catalog: Awaited<ReturnType<typeof shippedCatalog>>

beforeAll(async () => {
  catalog = await shippedCatalog()
  directory = await mkdtemp(join(tmpdir(), 'kivi-indicators-'))
  env = {
    KIVI_KAFKA_BROKERS: (await kafkaBrokers()).join(','),
    KIVI_CLICKHOUSE_URL: await clickhouseUrl(),
    KIVI_CLICKHOUSE_DATABASE: database,
    KIVI_TOPIC_EVENTS: `${database}.events`,
    KIVI_TOPIC_DEAD: `${database}.dead`,
    KIVI_GROUP_ID: database,
    KIVI_DATA_DIR: join(directory, 'data'),
    // the tables keep what the query asks for, however long ago it was
    KIVI_RETENTION_10S: 'forever',
  }
  followed = await createIndicatorWorld(catalog, database)
  ordered = await createIndicatorWorld(catalog)
  await ordered.given(events, SPAN.to)
  for (let i = 0; i < 2; i++) {
    const worker = start(KIVI, ['start', 'ingest-worker'], { env })
    workers.push(worker)
    urls.push((await worker.says(/metrics and health are at (http:[^"]+)"/))[1] as string)
  }
  await shared()
}, 180_000)
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGTERM')
  await Promise.all(workers.map(worker => worker.ended))
  await followed?.[Symbol.asyncDispose]()
  await ordered?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** Until each of the two has half of the partitions. */
async function shared(): Promise<void> {
  const partitions = async (url: string) =>
    /^kivi_ingest_partitions (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
  for (;;) {
    const now = await Promise.all(urls.map(partitions))
    if (now.every(count => count === '2')) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

interface Outcomes {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly workers: number
}

async function ingested(accepted: number): Promise<Outcomes> {
  for (;;) {
    const [row] = await followed.clickhouse.rows<Outcomes>(
      `SELECT toUInt32(sum(accepted)) AS accepted, toUInt32(sum(duplicate)) AS duplicate,
              toUInt32(sum(rejected)) AS rejected, toUInt32(uniqExact(worker)) AS workers FROM ledger`,
    )
    if (row!.accepted >= accepted) return row!
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

it('every indicator is what it is after an ordered import, and what the plain loops say', async () => {
  const { sent, repeated } = asSent()
  const log = kafkaEventLog({ brokers: env['KIVI_KAFKA_BROKERS']!.split(',') })
  const producer = await log.producer()
  for (let i = 0; i < sent.length; i += 250)
    await producer.send(
      env['KIVI_TOPIC_EVENTS']!,
      sent.slice(i, i + 250).map(event => ({
        key: String(event['user_id'] ?? event['anonymous_id'] ?? event.event_id),
        value: JSON.stringify(event),
      })),
    )
  await producer.close()
  await log.close()
  const outcomes = await ingested(events.length)
  expect(outcomes).toMatchObject({ accepted: events.length, rejected: 0, workers: 2 })
  // the last ones may still be on their way when the last new event is there
  expect(outcomes.duplicate).toBeGreaterThan(0.9 * repeated)
  expect(await kiviPrints(['reconcile', '--json'], { env })).toContain('"findings":[]')

  await followed.follow(SPAN.to)
  const middle = calendar.month(SPAN.from + 50 * DAY)
  const windows: Range[] = [
    { from: middle, to: calendar.month(middle, 1) },
    { from: SPAN.from + 40 * DAY, to: SPAN.from + 41 * DAY },
    { from: SPAN.to - 30 * DAY, to: SPAN.to },
  ]
  const ids = comparable(catalog)
  const [got, expected] = [await followed.values(ids, windows), await ordered.values(ids, windows)]
  const value = (answers: typeof got) => answers.map(({ id, window, groups }) => [id, window, groups.get('')?.value])
  expect(value(got)).toEqual(value(expected))
  expect(await disagreements(followed, catalog, events, windows, SPAN.to)).toEqual([])
  const [late] = await followed.clickhouse.rows<{ late: number }>(
    'SELECT toUInt32(sum(late)) AS late FROM slices WHERE level = 3',
  )
  expect(late!.late).toBeGreaterThan(events.length / 100)
}, 240_000)
