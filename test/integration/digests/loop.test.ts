/**
 * Reports as the evaluator sends them: a real log, a real leader that is stopped in the middle, real values, a real
 * receiver, by a clock that the test puts forward.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createAlertHistoryStore,
  createMeasureSource,
  createPointStore,
  createSliceReader,
  createSteeringStore,
} from '@kivi/clickhouse'
import {
  createZone,
  type DigestAnswer,
  type DigestLane,
  DigestState,
  digestLaneOf,
  type EventLog,
  type MeasureSource,
} from '@kivi/domain'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { createDigestSource } from '@kivi/query-service'
import { createReceiver } from '@kivi/receivers'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import { expect, test, vi } from 'vitest'
import { startAlerting } from '../../../services/evaluator/src/alerting/app.ts'
import { kafkaBrokers, uniqueName } from '../../support/index.ts'
import { Hook } from '../alerts/hook.ts'
import { filesOf, openShop } from '../alerts/shop.ts'
import { catalogOf } from '../query/fixture.ts'

// a few dozen steps of a second each, on a machine that may be busy
vi.setConfig({ testTimeout: 180_000 })

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const KEPT = { tenSeconds: 30 * DAY, quarterHour: Number.POSITIVE_INFINITY, day: Number.POSITIVE_INFINITY }

interface Report {
  readonly key: string
  readonly sequence: number
  readonly late: boolean
  readonly missed: readonly string[]
  readonly digest: DigestAnswer
  readonly markdown: string
}

const LOGS: Record<string, (directory: string) => Promise<EventLog>> = {
  embedded: async directory => embeddedEventLog({ path: join(directory, 'events.sqlite') }),
  Kafka: async () => kafkaEventLog({ brokers: await kafkaBrokers() }),
}

test.each(Object.entries(LOGS))(
  '%s: a report is sent when it is due, under one key until it is answered, whoever leads; what was missed is said',
  async (_name, openLog) => {
    await using stack = new AsyncDisposableStack()
    const hook = stack.use(await Hook.open())
    const reports = (): Report[] => hook.told.map(({ body }) => JSON.parse(body) as Report)
    const catalog = await catalogOf({
      ...filesOf(`receivers:
  hook: { type: webhook, url: '${hook.url}' }
  dead: { type: webhook, url: 'http://127.0.0.1:1/' }
`),
      'digests.yaml': `digests:
  - digest: daily
    title: Daily
    every: day
    at: '00:30'
    wait: 1h
    indicators: [{ indicator: ctr, by: campaign }]
    receivers: [dead, hook]
`,
    })
    const shop = stack.use(await openShop(catalog))
    const directory = await mkdtemp(join(tmpdir(), 'kivi-digests-'))
    stack.defer(() => rm(directory, { recursive: true, force: true }))
    const log = await openLog(directory)
    stack.defer(() => log.close())
    const topic = uniqueName('digests')
    const following = await log.states(topic)
    stack.defer(() => following.close())

    const midnight = Math.floor(Date.now() / DAY) * DAY
    let ahead = midnight + 12 * HOUR - Date.now()
    const now = (): number => Date.now() + ahead
    /** to a time of the day that is so many days from the first one */
    const passTo = (day: number, time: number): void => {
      ahead = midnight + day * DAY + time - Date.now()
    }
    const nameOf = (day: number): string => new Date(midnight + day * DAY).toISOString().slice(0, 10)

    const zone = createZone('UTC')
    const source = createMeasureSource({
      clickhouse: shop.clickhouse,
      slices: createSliceReader(shop.clickhouse, { zone: () => zone }),
      rawRetentionMs: 0,
      now,
    })
    const lead = async () => {
      const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
      const alerting = await startAlerting({
        ...{ topic, states: () => log.states(topic), catalog: () => catalog, telemetry, now },
        silences: { silences: async () => [], acknowledgements: async () => [] },
        source: source as MeasureSource,
        system: { ledger: () => Promise.reject(new Error('no rule looks at dead letters')) },
        history: { position: async () => 0, write: async () => {} },
        receiver: settings =>
          createReceiver(settings, {
            ...{ env: {}, timezone: 'UTC', now },
            producer: () => Promise.reject(new Error('no topic here')),
          }),
        digests: createDigestSource({
          ...{ catalog: () => catalog, source, retention: KEPT, disorderMs: 1_000, idleAfterMs: 30_000, now },
          points: createPointStore(shop.clickhouse),
          steering: createSteeringStore(shop.clickhouse),
          history: createAlertHistoryStore(shop.clickhouse),
        }),
        retention: KEPT,
        watermark: { disorder: 1_000, idleAfter: 30_000 },
        ...{ catchUpMs: DAY, externalUrl: 'https://kivi.example.com', pingUrl: null },
      })
      return { stop: () => alerting.stop(), metrics: () => telemetry.registry.metrics() }
    }

    let at = 0
    const state = new DigestState()
    const lane = async (receiver: string, holds: (lane: DigestLane) => boolean): Promise<DigestLane> => {
      for (;;) {
        const known = state.lanes.get(digestLaneOf('daily', receiver))
        if (known !== undefined && holds(known)) return known
        const { records, next } = await following.read(at, { maxWaitMs: 200 })
        for (const record of records) state.fold(record)
        at = next
      }
    }
    const outcomes = ({ history }: DigestLane): string[] => history.map(({ period, outcome }) => `${period} ${outcome}`)

    // three days with something in them; the first is the day on which Kivi begins
    for (let day = 0; day < 3; day += 1)
      await shop.show('spring', 2 + day, midnight + day * DAY + HOUR, midnight + day * DAY + HOUR + MINUTE)
    await shop.watermark(midnight + DAY + 5 * MINUTE)

    // a digest that is new begins with its next time
    let leader = await lead()
    expect(outcomes(await lane('hook', () => true))).toEqual([])

    // due: decided, sent, and the leader dies before it hears an answer
    hook.answering = () => {}
    passTo(1, 30 * MINUTE)
    await hook.until(() => hook.told.length > 0)
    const [first] = reports()
    expect(first).toMatchObject({
      sequence: 1,
      late: false,
      missed: [],
      digest: { complete: true, period: { name: nameOf(0) } },
    })
    expect(first?.digest.indicators[0]).toMatchObject({ id: 'ctr', value: 0.2, n: 60 })
    expect(first?.digest.indicators[0]?.groups?.items).toMatchObject([{ group: 'spring', value: 0.2 }])
    expect(first?.markdown).toContain('# Daily')
    expect(outcomes(await lane('hook', ({ history }) => history.length > 0))).toEqual([`${nameOf(0)} waiting`])
    await leader.stop()

    // the next one does not know what became of it: the same again, when no copy can be on its way any more
    hook.answering = (_, response) => void response.writeHead(200).end('ok')
    leader = await lead()
    await lane('hook', ({ open }) => open?.inDoubt === true)
    expect(hook.told).toHaveLength(1)
    ahead += 11_000
    await hook.until(() => hook.told.length > 1)
    expect(reports()[1]).toEqual(first)
    const settled = await lane('hook', ({ open }) => open === null)
    expect(outcomes(settled)).toEqual([`${nameOf(0)} sent`])
    expect(settled.history[0]).toMatchObject({ attempts: 1, complete: true, answer: '200 ok' })
    // a receiver that is not there delayed nobody, and is tried on
    const dead = await lane('dead', ({ attempts }) => attempts > 0)
    expect(outcomes(dead)).toEqual([`${nameOf(0)} waiting`])
    expect(await leader.metrics()).toContain('kivi_digests_total{digest="daily",receiver="hook",outcome="sent"} 1')

    // what is answered is not sent again, by nobody
    await leader.stop()
    leader = await lead()
    ahead += HOUR
    await lane('dead', ({ attempts }) => attempts > dead.attempts)
    expect(hook.told).toHaveLength(2)

    // the data of the next day are incomplete: waited for, and then sent with that said
    passTo(2, 30 * MINUTE)
    await expect
      .poll(() => leader.metrics(), { timeout: 60_000 })
      .toContain('kivi_digest_make_seconds_count{digest="daily"} 1')
    expect(hook.told).toHaveLength(2)
    passTo(2, 90 * MINUTE)
    await hook.until(() => hook.told.length > 2)
    expect(reports()[2]).toMatchObject({
      sequence: 2,
      late: false,
      digest: { complete: false, period: { name: nameOf(1) } },
    })
    expect(reports()[2]?.key).not.toBe(first?.key)
    await lane('hook', ({ open }) => open === null)
    expect(outcomes(await lane('dead', ({ history }) => history[0]?.period === nameOf(1)))).toEqual([
      `${nameOf(1)} waiting`,
      `${nameOf(0)} given_up`,
    ])

    // nobody was there for three days: the latest is sent late, the others are not, and it says so
    await leader.stop()
    await shop.watermark(midnight + 6 * DAY)
    passTo(5, 12 * HOUR)
    leader = await lead()
    stack.defer(() => leader.stop())
    await hook.until(() => hook.told.length > 3)
    expect(reports()[3]).toMatchObject({
      ...{
        sequence: 3,
        late: true,
        missed: [nameOf(2), nameOf(3)],
        digest: { complete: true, period: { name: nameOf(4) } },
      },
    })
    expect(reports()[3]?.markdown).toContain(`No report was sent about ${nameOf(2)}, ${nameOf(3)}`)
    expect(outcomes(await lane('hook', ({ open }) => open === null))).toEqual([
      `${nameOf(4)} sent`,
      `${nameOf(3)} skipped`,
      `${nameOf(2)} skipped`,
      `${nameOf(1)} sent`,
      `${nameOf(0)} sent`,
    ])
    expect(hook.told).toHaveLength(4)
  },
)
