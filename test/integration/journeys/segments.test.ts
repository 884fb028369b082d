import type { Catalog, SegmentWorth } from '@kivi/domain'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SentEvent } from '../../support/derived-store.ts'
import { catalogOf } from '../query/fixture.ts'
import { createJourneyStore, type JourneyStore } from './fixture.ts'

const DAY = 86_400_000
const START = Date.parse('2026-03-01T00:00:00Z')
const FILES = {
  'kivi.yaml': `
timezone: UTC
currency: EUR
identity: { link: '*' }
active:
  events: [page_view, purchase]
  also: [{ event: ticket, filter: action == 'opened' }]
`,
  'people.yaml': `
entities:
  person:
    key: person
    fields:
      purchases: { event: purchase, agg: list, expr: amount }
      refunds: { event: refund, agg: list, expr: amount }
segments:
  value:
    entity: person
    value: sum(purchases) - sum(refunds)
    measured: sum(purchases, window_start, window_end) - sum(refunds, window_start, window_end)
    limits: { high: 100, mid: 50, low: 0 }
    shares: { high: 0.2, mid: 0.3, low: 0.5 }
`,
}

let catalog: Catalog
beforeAll(async () => {
  catalog = await catalogOf(FILES)
})

const range = { from: START, to: START + 30 * DAY }
const event = (event_type: string, day: number, user_id: string, rest: object = {}): SentEvent => ({
  event_type,
  event_time: START + day * DAY,
  user_id,
  ...rest,
})
const buy = (day: number, who: string, amount: number) => event('purchase', day, who, { amount })
const refund = (day: number, who: string, amount: number) => event('refund', day, who, { amount })

async function segments(
  store: JourneyStore,
  method: 'limits' | 'quantiles',
  known?: number,
): Promise<Record<string, Omit<SegmentWorth, 'segment'>>> {
  const found = await store.journeys.segments(catalog, {
    segments: catalog.valueSegments.get('value')!,
    range,
    method,
    known: known ?? range.to,
    asOf: known !== undefined,
  })
  return Object.fromEntries(found.map(({ segment, ...rest }) => [segment ?? 'new', rest]))
}

describe('value segments', () => {
  test('are what persons were worth when the window began, and measure what they brought in it', async () => {
    await using store = await createJourneyStore(catalog)
    await store.send([
      buy(-40, 'high', 150),
      refund(-1, 'high', 50),
      buy(3, 'high', 10.55),
      buy(5, 'high', 20),
      // a millisecond before the window is history, its first one is not
      { ...buy(0, 'mid', 50), event_time: START - 1 },
      { ...buy(0, 'mid', 7), event_time: START },
      { ...buy(0, 'mid', 9), event_time: range.to },
      buy(-9, 'low', 49.9999),
      buy(-9, 'gone', 60),
      // what is bought in the window does not lift into a segment
      buy(2, 'low', 1000),
      // below the lowest limit: the last segment takes the rest
      refund(-3, 'minus', 10),
      // no history: told apart, with what they brought
      buy(4, 'fresh', 80),
      refund(4, 'bob', 5),
      { event_type: 'page_view', event_time: START - DAY, user_id: 'looked' },
    ])
    const found = await segments(store, 'limits')
    expect(found).toEqual({
      high: { persons: 1, sum: 305_500n, median: 30.55, lowest: 100, highest: 100 },
      mid: { persons: 2, sum: 70_000n, median: 3.5, lowest: 50, highest: 60 },
      low: { persons: 2, sum: 10_000_000n, median: 500, lowest: -10, highest: 49.9999 },
      new: { persons: 2, sum: 750_000n, median: 37.5, lowest: null, highest: null },
    })
    // known as of the fourth day: what came later did not happen
    const early = await segments(store, 'limits', START + 4 * DAY)
    expect(early['high']).toMatchObject({ persons: 1, sum: 105_500n })
    expect(early['new']).toBeUndefined()
  })

  test('by shares have those shares; of equals those known for longer come first', async () => {
    await using store = await createJourneyStore(catalog)
    const names = Array.from({ length: 10 }, (_, i) => `p${i}`)
    await store.send(names.flatMap((name, i) => [buy(-30 + i, name, i < 4 ? 100 : 50 - i), buy(1, name, 2 ** i)]))
    const found = await segments(store, 'quantiles')
    expect(
      Object.entries(found)
        .map(([name, { persons, sum }]) => [name, persons, Number(sum) / 10_000])
        .toSorted(),
    ).toEqual([
      ['high', 2, 1 + 2],
      ['low', 5, 32 + 64 + 128 + 256 + 512],
      ['mid', 3, 4 + 8 + 16],
    ])
  })

  test('of an anonymous buyer are those of the user it became', async () => {
    await using store = await createJourneyStore(catalog)
    await store.send([
      { event_type: 'purchase', event_time: START - DAY, anonymous_id: 'x', amount: 60 },
      { event_type: 'purchase', event_time: START - DAY, user_id: 'ann', amount: 60 },
      { event_type: 'login', event_time: START + DAY, anonymous_id: 'x', user_id: 'ann' },
    ])
    expect(await segments(store, 'limits')).toMatchObject({ high: { persons: 1, lowest: 120 } })
    expect(await segments(store, 'limits', START + DAY)).toMatchObject({ mid: { persons: 2 } })
  })
})

test('what persons spoke of last, by whether they left', async () => {
  await using store = await createJourneyStore(catalog)
  const window = { from: START, to: START + 30 * DAY }
  const preceding = { from: START - 30 * DAY, to: START }
  const ticket = (day: number, who: string, topic: string, action = 'opened') =>
    event('ticket', day, who, { topic, action, ticket_id: `${who}${day}` })
  await store.send([
    // active before, gone after; the last topic counts, and what is done to a person is no activity
    event('page_view', -10, 'gone'),
    event('survey', -80, 'gone', { topic: 'price', survey: 'csat', score: 1 }),
    ticket(-20, 'gone', 'delivery', 'responded'),
    ticket(5, 'gone', 'delivery', 'responded'),
    event('page_view', -10, 'stays'),
    event('mention', -89.9, 'stays', { topic: 'price', sentiment: -1 }),
    event('page_view', 1, 'stays'),
    // too long ago, without a topic, after the window began
    event('page_view', -3, 'silent'),
    event('mention', -90.1, 'silent', { topic: 'price', sentiment: 1 }),
    event('survey', -3, 'silent', { survey: 'csat', score: 3 }),
    ticket(0, 'silent', 'delivery'),
    // only known by another's word, or active only before that
    event('mention', -5, 'never', { topic: 'price', sentiment: 1 }),
    event('page_view', -31, 'earlier'),
    ticket(-31, 'earlier', 'price'),
    // exact bounds: active at the last ms of the preceding period, and back at the first ms of the window
    { event_type: 'page_view', event_time: START - 1, user_id: 'bound' },
    { event_type: 'mention', event_time: START - 1, user_id: 'bound', topic: 'price' },
    { event_type: 'page_view', event_time: START, user_id: 'bound' },
    // an anonymous visitor who comes back as a user
    { event_type: 'page_view', event_time: START - DAY, anonymous_id: 'x' },
    { event_type: 'mention', event_time: START - DAY, anonymous_id: 'x', topic: 'range' },
    { event_type: 'page_view', event_time: START + DAY, anonymous_id: 'x', user_id: 'ann' },
  ])
  const ask = (known?: number) =>
    store.journeys.churnTopics(catalog, {
      preceding,
      range: window,
      saidWithinMs: 90 * DAY,
      known: known ?? window.to,
      asOf: known !== undefined,
    })
  const found = await ask()
  expect({ ...found, topics: found.topics.toSorted((a, b) => (a.topic < b.topic ? -1 : 1)) }).toEqual({
    churned: 1,
    stayed: 4,
    topics: [
      { topic: 'delivery', churned: 1, stayed: 0 },
      { topic: 'price', churned: 0, stayed: 2 },
      { topic: 'range', churned: 0, stayed: 1 },
    ],
  })
  expect(await ask(START)).toMatchObject({ churned: 5, stayed: 0 })
})
