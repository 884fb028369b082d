/** What a report says is what the API answers to each of its questions, in every form, and what a key may see of it. */
import { createAlertHistoryStore } from '@kivi/clickhouse'
import { type AlertFact, type DigestAnswer, type DigestLane, digestLaneOf, type StateRecord } from '@kivi/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleDigest } from '../../../packages/domain/src/digests/testing.ts'
import { catalogOf, createQueryFixture, type Fields, type QueryFixture } from '../query/fixture.ts'

const DAY = 86_400_000
/** Monday, an hour after the report is due in Berlin */
const NOW = '2026-11-23T08:00:00Z'
const [FROM, TO] = ['2026-11-15T23:00:00Z', '2026-11-22T23:00:00Z']

const FILES = {
  'kivi.yaml': `timezone: Europe/Berlin
currency: EUR
north_star: [{ indicators: [revenue], from: 2026-01-01, reason: plan }]
`,
  'shop.yaml': `measures:
  impressions: { event: impression, agg: count, dimensions: [campaign, region] }
  clicks: { event: click, agg: count, dimensions: [campaign, region] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign, region] }
  payers: { event: purchase, agg: count_distinct, distinct: person }
indicators:
  ctr:
    label: { en: Click-through rate, zh: 点击率 }
    type: ratio
    numerator: clicks
    denominator: impressions
    unit: percent
    owner: growth
    interval: none
    targets: [{ value: 0.2, from: 2026-01-01, reason: plan }]
  takings:
    label: Takings
    type: simple
    measure: revenue
    targets: [{ value: 900, per: week, from: 2026-01-01, reason: plan }]
`,
  'alerts.yaml': `receivers: { chat: { type: slack, url: { env: SLACK_URL } } }
`,
  'digests.yaml': `digests:
  - digest: weekly
    title: { en: Weekly growth, zh: 增长周报 }
    every: week
    indicators: [{ north_star: true }, { indicator: ctr, by: campaign, top: 1 }, takings, payers]
    receivers: chat
  - { digest: money, title: Money, every: month, day: 3, indicators: [takings] }
`,
}

/** Eight weeks: each day ten impressions of each campaign, clicks that fall, a purchase that grows. */
function events(): Fields[] {
  const found: Fields[] = []
  const first = Date.parse('2026-09-28T10:00:00Z')
  for (let day = 0; day < 56; day += 1)
    for (const campaign of ['spring', 'autumn']) {
      const event_time = new Date(first + day * DAY).toISOString()
      const region = campaign === 'spring' ? 'north' : 'south'
      const common = { event_time, campaign, region, user_id: `${campaign}-${day % 10}` }
      const clicks = campaign === 'spring' ? 5 - Math.floor(day / 14) : 2
      for (let i = 0; i < 10; i += 1) found.push({ ...common, event_type: 'impression' })
      for (let i = 0; i < clicks; i += 1) found.push({ ...common, event_type: 'click' })
      found.push({ ...common, event_type: 'purchase', amount: 30 + day })
    }
  return found
}

const fact = (kind: 'firing' | 'resolved', instant: string, startsAt: string, campaign: string): AlertFact => ({
  ...{ fact: kind, at: Date.parse(instant) + 5_000, alert: `id-${campaign}`, rule: 'CtrLow' },
  ...{ labels: { alertname: 'CtrLow', indicator: 'ctr', campaign, region: campaign === 'spring' ? 'north' : 'south' } },
  ...{ instant: Date.parse(instant), startsAt: Date.parse(startsAt), value: 0.1, target: 0.2, reason: null },
})

const lane: DigestLane = {
  ...{ kind: 'digest', digest: 'weekly', receiver: 'chat', every: 'week', through: Date.parse(TO), sequence: 7 },
  ...{ open: null, notBefore: null, attempts: 0, failingSince: null, goneSince: null },
  history: [
    {
      ...{ period: '2026-11-16', outcome: 'sent', at: Date.parse('2026-11-23T07:00:01Z'), attempts: 2, complete: true },
      ...{ answered: Date.parse('2026-11-23T07:00:12Z'), answer: '200 ok' },
    },
    { ...{ period: '2026-11-09', outcome: 'skipped', at: 0, answered: 0, answer: '', attempts: 0, complete: false } },
  ],
}
const records: StateRecord[] = [
  { offset: 0, stamp: 1, key: digestLaneOf('weekly', 'chat'), value: JSON.stringify(lane) },
]

let shop: QueryFixture
let action: string
const report = async (query = '', headers = {}): Promise<DigestAnswer> =>
  (await shop.get(`/v1/digests/weekly${query}`, headers)).body

beforeAll(async () => {
  shop = await createQueryFixture(await catalogOf(FILES), {
    now: NOW,
    keys: false,
    states: async () => ({
      read: async from => {
        if (from > 0) await new Promise(resolve => setTimeout(resolve, 50))
        return { records: from === 0 ? records : [], next: 1, end: true }
      },
    }),
  })
  await shop.service.app.ready()
  await shop.insert(events())
  await shop.watermark('2026-11-23T07:59:00Z')
  const sent = { label: 'New bids', indicators: ['ctr', 'payers'], at: '2026-11-17T09:00:00Z', owner: 'ann' }
  action = (await shop.send('POST', '/v1/actions', sent)).body.id
  const other = { label: 'Elsewhere', indicators: ['ctr'], at: '2026-11-10T09:00:00Z', owner: 'ann' }
  await shop.send('POST', '/v1/actions', other)
  const turns = [
    fact('firing', '2026-11-18T10:00:00Z', '2026-11-18T10:00:00Z', 'spring'),
    fact('resolved', '2026-11-18T12:00:00Z', '2026-11-18T10:00:00Z', 'spring'),
    fact('firing', '2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z', 'autumn'),
    // outside of the period
    fact('firing', '2026-11-14T10:00:00Z', '2026-11-14T10:00:00Z', 'spring'),
    fact('resolved', '2026-11-23T02:00:00Z', '2026-11-22T10:00:00Z', 'autumn'),
  ]
  await createAlertHistoryStore(shop.clickhouse).write(
    turns.map((one, index) => ({ offset: index, index: 0, fact: one })),
  )
})
afterAll(() => shop?.close())

describe('a report', () => {
  test('is of the last period that is over, in the catalog’s zone, with every value as the API answers it', async () => {
    const digest = await report()
    expect(digest).toMatchObject({
      ...{
        digest: 'weekly',
        title: { en: 'Weekly growth', zh: '增长周报' },
        before: '2026-11-09',
        after: '2026-11-23',
      },
      period: {
        name: '2026-11-16',
        last: '2026-11-22',
        from: FROM,
        to: TO,
        due: '2026-11-23T07:00:00Z',
        running: false,
      },
      ...{ complete: true, watermark: '2026-11-23T07:59:00Z', best: 'takings', worst: null },
    })
    expect(digest.indicators.map(({ id, north_star }) => [id, north_star])).toEqual([
      ['revenue', true],
      ['ctr', false],
      ['takings', false],
      ['payers', false],
    ])
    for (const one of digest.indicators) {
      const { body } = await shop.get(`/v1/indicators/${one.id}/value?period=week&to=${TO}&compare=previous`)
      for (const name of ['value', 'n', 'interval', 'target', 'attainment', 'status', 'complete', 'revised'] as const)
        expect(one[name], `${name} of ${one.id}`).toEqual(body[name])
      expect(one.trend).toEqual(body.trend)
      expect([one.previous?.value, one.previous?.change]).toEqual([body.previous.value, body.previous.change])
      expect(one.series.at(-1)).toEqual({ period: '2026-11-16', value: one.value })
      expect(one.series.at(-2)).toEqual({ period: '2026-11-09', value: one.previous?.value })
    }
  })

  test('is right by hand', async () => {
    const { indicators, statuses } = await report()
    const [revenue, ctr, takings, payers] = indicators
    // days 49 to 55, two purchases of 30 + day each
    expect(revenue?.value).toBe(2 * (7 * 30 + 52 * 7))
    expect(revenue?.series).toHaveLength(8)
    // (2 + 2) clicks of 20 impressions, after (2 + 2) of 20 in the week before
    expect(ctr).toMatchObject({ value: 0.2, target: 0.2, status: 'on_track', n: 140 })
    expect(takings).toMatchObject({ target: 900, status: 'on_track', attainment: revenue!.value! / 900 })
    expect(payers?.value).toBe(14)
    expect(statuses).toMatchObject({ on_track: 2, no_target: 2 })
  })

  test('tells the groups that moved most, as the drivers of the change are told', async () => {
    const earlier = await report('?period=2026-10-12')
    const ctr = earlier.indicators.find(({ id }) => id === 'ctr')
    const drivers = (await shop.get(`/v1/drivers/ctr?period=week&to=${earlier.period.to}&by=campaign`)).body
    const [first] = drivers.segments[0].items
    expect(ctr?.groups).toMatchObject({ by: 'campaign', more: 1 })
    expect(ctr?.groups?.items).toMatchObject([
      { group: 'spring', value: first.now, previous: first.before, contribution: first.total },
    ])
    expect(first.total).toBeLessThan(0)
  })

  test('tells what was done within the period with its effect, and which alerts fired', async () => {
    const { actions, alerts } = await report()
    const effect = (await shop.get(`/v1/actions/${action}/effect`)).body
    expect(actions.map(({ id, label }) => [id, label])).toEqual([[action, 'New bids']])
    const told = effect.effects.map((one: Record<string, unknown>) => [
      one['indicator'],
      one['step'],
      one['weeks_after'],
    ])
    expect(actions[0]?.effects.map(one => [one.indicator, one.step, one.weeks_after])).toEqual(told)
    expect(alerts).toMatchObject({ fired: 2, resolved: 1, firing: 1, more: 0 })
    expect(alerts.items.map(({ fired, resolved }) => [fired, resolved])).toEqual([
      ['2026-11-18T10:00:00Z', '2026-11-18T12:00:00Z'],
      ['2026-11-22T10:00:00Z', null],
    ])
  })

  test('of a period that is not over has the values so far; one that is yet to come is none', async () => {
    const running = await report('?period=2026-11-25')
    expect(running).toMatchObject({ period: { name: '2026-11-23', running: true }, complete: false, after: null })
    expect(running.indicators.find(({ id }) => id === 'takings')).toMatchObject({ target: 900, status: 'provisional' })
    const answer = await shop.get('/v1/digests/weekly?period=2026-12-25')
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter', parameter: 'period' } })
  })

  test('says that its data are incomplete while they are', async () => {
    shop.clock('2026-11-30T08:00:00Z')
    try {
      expect(await report()).toMatchObject({
        ...{ period: { name: '2026-11-23' }, complete: false, watermark: '2026-11-23T07:59:00Z' },
      })
      expect((await shop.get('/v1/digests/weekly?format=markdown')).text).toContain('up to 2026-11-23 08:59 only')
    } finally {
      shop.clock(NOW)
    }
  })
})

describe('its form', () => {
  test('is what is asked for by format or Accept', async () => {
    const markdown = await shop.get('/v1/digests/weekly?format=markdown&lang=zh')
    expect(markdown.headers['content-type']).toBe('text/markdown; charset=utf-8')
    expect(markdown.text).toContain('# 增长周报')
    const html = await shop.get('/v1/digests/weekly', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(html.headers['content-security-policy']).toContain("default-src 'none'")
    expect(html.headers['content-security-policy']).not.toContain('script-src')
    expect(html.text).toContain('Weekly growth')
    const again = await shop.get('/v1/digests/weekly?format=html', { 'if-none-match': String(html.headers['etag']) })
    expect(again.status).toBe(304)
    expect((await shop.get('/v1/digests/weekly', { accept: 'image/png' })).body.code).toBe('not_acceptable')
  })

  test.each([
    ['/v1/digests/weekl', 404, 'not_found', 'weekly'],
    ['/v1/digests/weekly?period=november', 400, 'invalid_parameter', '2026-11-16'],
    ['/v1/digests/weekly?lang=de', 400, 'invalid_parameter', 'en, zh'],
    ['/v1/digests/weekly?form=html', 400, 'unknown_parameter', 'format'],
  ])('%s is refused: %d %s', async (path, status, code, says) => {
    const answer = await shop.get(path)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.body.detail).toContain(says)
  })
})

describe('the list', () => {
  test('says what is due when, and what became of the last reports', async () => {
    const { body } = await shop.get('/v1/digests')
    expect(body.next).toBeNull()
    expect(body.items).toMatchObject([
      {
        ...{ digest: 'weekly', every: 'week', at: '08:00', weekday: 'mon', day: null, language: null },
        indicators: ['revenue', 'ctr', 'takings', 'payers'],
        latest: { name: '2026-11-16', due: '2026-11-23T07:00:00Z' },
        next: { name: '2026-11-23', due: '2026-11-30T07:00:00Z' },
        receivers: [
          {
            ...{ name: 'chat', sent: true },
            history: [
              { period: '2026-11-16', outcome: 'sent', answer: '200 ok', attempts: 2, at: '2026-11-23T07:00:01Z' },
              { period: '2026-11-09', outcome: 'skipped' },
            ],
          },
        ],
      },
      {
        digest: 'money',
        weekday: null,
        day: 3,
        latest: { name: '2026-10-01', due: '2026-11-03T07:00:00Z' },
        receivers: [],
      },
    ])
    const first = await shop.get('/v1/digests?limit=1')
    const second = await shop.get(`/v1/digests?limit=1&cursor=${first.body.next}`)
    expect([...first.body.items, ...second.body.items]).toEqual(body.items)
  })
})

test('the sample of other tests is a report as the API answers it', async () => {
  const keys = (value: object): string[] => Object.keys(value).sort()
  const [digest, sample] = [await report(), sampleDigest()]
  expect(keys(sample)).toEqual(keys(digest))
  expect(keys(sample.indicators[0] ?? {})).toEqual(keys(digest.indicators[0] ?? {}))
})
