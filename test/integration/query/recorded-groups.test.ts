/** Groups that the evaluator recorded are answered as they are computed, without computing them. */
import { type ClickHouse, createMeasureSource, createPointStore, createSliceReader } from '@kivi/clickhouse'
import { createZone, type Indicator, type PointStore } from '@kivi/domain'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createMoments, writePoints } from '../../../services/evaluator/src/recording/compute.ts'
import { catalogOf, createQueryFixture, type Fields, HOUR, type QueryFixture } from './fixture.ts'

let kivi: QueryFixture
let store: PointStore
/** that read points so far */
let statements = 0
let serving = true
const points: PointStore = {
  write: all => store.write(all),
  ends: since => store.ends(since),
  read: async question => (serving ? store.read(question) : []),
}
const FOREVER = Number.POSITIVE_INFINITY
const NOON = Date.parse('2026-03-10T12:00:00Z')

const seen = (campaign: string, channel: string, impressions: number, clicks: number, day = '2026-03-10'): Fields[] => {
  const event = (event_type: string): Fields => ({
    event_time: `${day}T09:00:00Z`,
    event_type,
    ...(campaign === '' ? {} : { campaign }),
    channel,
  })
  return [
    ...Array.from({ length: impressions }, () => event('impression')),
    ...Array.from({ length: clicks }, () => event('click')),
  ]
}

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr, shown, part, ungrouped]\n',
    'measures.yaml': `
measures:
  clicks: { event: click, agg: count, dimensions: [campaign, channel] }
  impressions: { event: impression, agg: count, dimensions: [campaign, channel] }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher,
    window: 24h, interval: none, record: { every: 1h, by: [campaign, channel] },
    targets: [{ value: 0.1, window: 24h, from: 2026-01-01, by: { campaign: spring }, reason: plan }] }
  shown: { label: { en: Shown }, type: simple, measure: impressions, better: higher, window: 24h,
    record: { every: 1h, by: [campaign] } }
  part: { label: { en: Part }, type: share, of: impressions, by: campaign, unit: percent, better: higher, window: 24h,
    record: { every: 1h, by: [campaign] } }
  ungrouped: { label: { en: Ungrouped }, type: simple, measure: clicks, better: higher, window: 24h, record: { every: 1h } }
`,
  })
  kivi = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z', points })
  const rows: ClickHouse['rows'] = (...asked) => {
    statements++
    return kivi.clickhouse.rows(...asked)
  }
  store = createPointStore({ ...kivi.clickhouse, rows })
  await kivi.insert([
    ...seen('spring', 'web', 50, 10),
    ...seen('spring', 'app', 20, 1),
    ...seen('summer', 'web', 30, 0),
    ...seen('', 'web', 4, 2),
    ...seen('spring', 'web', 40, 4, '2026-03-09'),
    ...seen('autumn', 'app', 10, 5, '2026-03-09'),
  ])
  await kivi.watermark('2026-03-10T12:00:05Z')
  for (const id of ['ctr', 'shown', 'part', 'ungrouped']) await record(id, NOON, NOON - 24 * HOUR)
})
afterAll(() => kivi?.close())

/** What the evaluator does at these instants. */
async function record(id: string, ...ends: readonly number[]): Promise<void> {
  const deps = {
    source: createMeasureSource({
      clickhouse: kivi.clickhouse,
      slices: createSliceReader(kivi.clickhouse, { zone: () => createZone('UTC') }),
    }),
    points: store,
    retention: { tenSeconds: FOREVER, quarterHour: FOREVER, day: FOREVER },
    watermark: { disorder: 0, idleAfter: 0 },
    now: () => NOON + 40_000,
  }
  const indicator = kivi.catalog.indicators.get(id) as Indicator
  const moment = await createMoments(deps)(kivi.catalog, [indicator])
  if (moment === null) throw new Error('nothing is known yet')
  for (const to of ends) await writePoints(deps, moment, { indicator, to, by: indicator.record?.by ?? [], again: true })
}

// answers are kept while the data do not change: they have to
let changes = 0
const change = () => kivi.watermark(new Date(NOON + 5_000 + 100 * ++changes).toISOString())
beforeEach(change)

const VALUE = '/v1/indicators/ctr/value'
const NOON_TO = '?to=2026-03-10T12:00:00Z'

/** The same question, answered from points and computed. */
async function both(path: string) {
  const ask = async (from: boolean) => {
    serving = from
    await change()
    const before = kivi.reads()
    const { status, body } = await kivi.get(path)
    expect(status).toBe(200)
    const { watermark, newest_event, trend, recorded_at, groups_recorded_at, ...rest } = body
    return { rest, recorded_at, groups_recorded_at, reads: kivi.reads() - before }
  }
  const [recorded, computed] = [await ask(true), await ask(false)]
  serving = true
  return { recorded, computed }
}

test.each([
  ['by all that is recorded', `${VALUE}${NOON_TO}&by=campaign,channel`],
  ['in another order', `${VALUE}${NOON_TO}&by=channel,campaign`],
  ['both pinned', `${VALUE}${NOON_TO}&filter=campaign:spring&filter=channel:web`],
  ['pinned to what has nothing', `${VALUE}${NOON_TO}&filter=campaign:winter&filter=channel:web`],
  ['pinned to events without it', `${VALUE}${NOON_TO}&filter=campaign:&filter=channel:web`],
  ['beside the day before', `${VALUE}${NOON_TO}&by=campaign,channel&compare=previous`],
  ['of a count', `/v1/indicators/shown/value${NOON_TO}&by=campaign&compare=previous&order=change`],
  ['of a count that is nothing', `/v1/indicators/shown/value${NOON_TO}&filter=campaign:winter`],
])('%s: what is recorded is what is computed, and nothing is read', async (_, path) => {
  const { recorded, computed } = await both(path)
  expect(recorded.rest).toEqual(computed.rest)
  expect(recorded.recorded_at).toBe('2026-03-10T12:00:40Z')
  expect(computed.recorded_at).toBeUndefined()
  expect(recorded.groups_recorded_at).toBe(path.includes('by=') ? '2026-03-10T12:00:40Z' : undefined)
  expect(recorded.reads).toBe(0)
  expect(computed.reads).toBeGreaterThan(0)
})

test.each([
  ['by one, the other pinned', 'by=campaign&filter=channel:web', 3],
  ['some of them', 'by=campaign,channel&filter=campaign:spring,summer', 3],
])('%s: recorded groups stand beside a total that is computed', async (_, query, count) => {
  const { recorded, computed } = await both(`${VALUE}${NOON_TO}&${query}`)
  expect(recorded.rest).toEqual(computed.rest)
  expect(recorded.rest.groups).toHaveLength(count)
  expect([recorded.recorded_at, recorded.groups_recorded_at]).toEqual([undefined, '2026-03-10T12:00:40Z'])
})

test('the groups are those that there are, each judged by its own target', async () => {
  const { body } = await kivi.get(`${VALUE}${NOON_TO}&by=campaign,channel&compare=previous`)
  expect(body).toMatchObject({ value: 13 / 104, recorded_at: '2026-03-10T12:00:40Z', complete: true })
  expect(body.groups).toMatchObject([
    { by: { campaign: 'spring', channel: 'web' }, value: 0.2, n: 50, status: 'on_track', previous: { value: 0.1 } },
    { by: { campaign: 'summer', channel: 'web' }, value: 0, n: 30, status: 'no_target', previous: { value: null } },
    { by: { campaign: 'spring', channel: 'app' }, value: 0.05, n: 20, status: 'off_track' },
    { by: { campaign: '', channel: 'web' }, value: 0.5, n: 4 },
  ])
  expect(body.groups).toHaveLength(4)
})

test('a series has the recorded groups of each of its points', async () => {
  const path = '/v1/indicators/shown/series?from=2026-03-08T12:00:00Z&to=2026-03-10T12:00:00Z&step=24h&by=campaign'
  const { recorded, computed } = await both(path)
  expect(recorded.rest).toEqual(computed.rest)
  expect(recorded.reads).toBe(0)
  const lines = recorded.rest.series.map((line: { by: object; points: { value: number }[] }) => [
    line.by,
    line.points.map(point => point.value),
  ])
  expect(lines).toEqual([
    [{ campaign: 'spring' }, [40, 70]],
    [{ campaign: 'summer' }, [0, 30]],
    [{ campaign: 'autumn' }, [10, 0]],
    [{ campaign: '' }, [0, 4]],
  ])
})

test.each([
  ['fewer dimensions than are recorded', `${VALUE}${NOON_TO}&by=campaign`],
  ['several values of a dimension together', `${VALUE}${NOON_TO}&filter=campaign:spring,summer&filter=channel:web`],
  ['a share, which is of other groups too', `/v1/indicators/part/value${NOON_TO}&by=campaign`],
  ['what is recorded without groups', `/v1/indicators/ungrouped/value${NOON_TO}&by=channel`],
  ['another length of window', `${VALUE}${NOON_TO}&window=12h&by=campaign,channel`],
])('%s is computed', async (_, path) => {
  const { recorded, computed } = await both(path)
  expect(recorded.rest).toEqual(computed.rest)
  expect(recorded.reads).toBeGreaterThan(0)
  expect(recorded.groups_recorded_at).toBeUndefined()
})

test('a window that was recorded before there were groups is computed by groups', async () => {
  const indicator = kivi.catalog.indicators.get('shown') as Indicator
  const [total] = await store.read({
    indicator: 'shown',
    version: indicator.version,
    window: '24h',
    by: [],
    from: NOON,
    to: NOON + 1,
  })
  const earlier = NOON - 2 * HOUR
  await store.write([{ ...total!, from: earlier - 24 * HOUR, to: earlier, value: 999, n: 999, known: earlier }])
  const path = '/v1/indicators/shown/value?to=2026-03-10T10:00:00Z&by=campaign'
  await change()
  const { body } = await kivi.get(path)
  expect(body).toMatchObject({ value: 999, recorded_at: '2026-03-10T12:00:40Z' })
  expect(body.groups.map(({ value }: { value: number }) => value)).toEqual([70, 30, 4])
})

test('a group that late events took away is not told any more', async () => {
  const read = (by: readonly string[]) =>
    store.read({
      indicator: 'shown',
      version: kivi.catalog.indicators.get('shown')!.version,
      window: '24h',
      by,
      from: NOON - 24 * HOUR,
      to: NOON,
    })
  const [autumn] = (await read(['campaign'])).filter(({ group }) => group[0] === 'autumn')
  const gone = { value: null, reason: 'no_data', parts: {}, n: 0, computedAt: autumn!.computedAt + 1 }
  await store.write([{ ...autumn!, ...gone }])
  const { body } = await kivi.get('/v1/indicators/shown/value?to=2026-03-09T12:00:00Z&by=campaign')
  expect(body.groups).toMatchObject([{ by: { campaign: 'spring' }, value: 40 }])
  expect(body.groups).toHaveLength(1)
})

test('the trend of a pinned group is that of its points, and a week without it is a week of nothing', async () => {
  const { version } = kivi.catalog.indicators.get('shown')!
  const [total] = await store.read({ indicator: 'shown', version, window: '24h', by: [], from: NOON, to: NOON + 1 })
  const monday = Date.parse('2026-03-09T00:00:00Z')
  const weeks = Array.from({ length: 12 }, (_, week) => {
    const to = monday - (11 - week) * 7 * 24 * HOUR
    return { ...total!, from: to - 24 * HOUR, to, known: to }
  })
  const ofGroup = (name: string, value: number) => ({ by: ['campaign'], group: [name], value, n: value })
  await store.write([
    ...weeks,
    ...weeks.map((week, index) => ({ ...week, ...ofGroup('harvest', 100 - index) })),
    // none before: it is not there, rather than at zero
    ...weeks.slice(2).map((week, index) => ({ ...week, ...ofGroup('spring', 10 + index) })),
    ...weeks.slice(0, 2).map(week => ({ ...week, ...ofGroup('autumn', 5) })),
  ])
  await change()
  const before = kivi.reads()
  const trendOf = async (campaign: string) =>
    (await kivi.get(`/v1/indicators/shown/value${NOON_TO}&filter=campaign:${campaign}`)).body.trend
  expect(await trendOf('spring')).toEqual({ slope: 1, direction: 'up', good: true })
  expect(await trendOf('harvest')).toEqual({ slope: -1, direction: 'down', good: false })
  expect(await trendOf('autumn')).toMatchObject({ slope: 0, direction: 'flat' })
  expect(kivi.reads()).toBe(before)
})

test('a board of many recorded indicators costs as many statements as one of one', async () => {
  await change()
  const before = { statements, reads: kivi.reads() }
  const { body } = await kivi.get('/v1/board')
  expect(body.indicators).toHaveLength(4)
  for (const { recorded_at } of body.indicators) expect(recorded_at).toBe('2026-03-10T12:00:40Z')
  // where each was recorded last, then values and trends
  expect(statements - before.statements).toBeLessThanOrEqual(3)
  expect(kivi.reads()).toBe(before.reads)
})
