/** When and as what rows and observations count. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDerivedStore, type DerivedStore } from '../../support/derived-store.ts'
import { ask, catalogWith, tell } from './asking.ts'

const catalog = await catalogWith(
  `
entities:
  person:
    key: person
    fields:
      active: { event: active, agg: list }
      first_active: { event: active, agg: min, expr: event_time }
      purchases: { event: purchase, agg: list, expr: amount, keep: [campaign, order_id] }
      refunds: { event: refund, agg: list, expr: amount }
      region: { event: purchase, agg: last, expr: region }
  viewed:
    key: [person, product_id]
    fields:
      dwell: { event: engagement, filter: kind == 'dwell', agg: list, expr: dwell_seconds }
      product: { event: engagement, agg: first, expr: product_id }
  ticket:
    key: ticket_id
    event: ticket
    fields:
      opened: { agg: min, expr: event_time, filter: action == 'opened' }
      resolved: { agg: min, expr: event_time, filter: action == 'resolved' }
      topic: { agg: first, expr: topic }
measures:
  quiet: { entity: person, as_of: end, agg: count, filter: "count(active, window_start, window_end) == 0" }
  known_persons: { entity: person, as_of: end, agg: count }
  regions: { entity: person, as_of: end, agg: count_distinct, distinct: region }
  spent_to_date: { entity: person, as_of: end, agg: sum, expr: sum(purchases), unit: money, dimensions: [region] }
  most_spent: { entity: person, as_of: end, agg: max, expr: sum(purchases), unit: money, filter: count(purchases) > 0 }
  least_spent: { entity: person, as_of: end, agg: min, expr: sum(purchases), unit: money, filter: count(purchases) > 0 }
  median_spent: { entity: person, as_of: end, agg: quantile, quantile: 0.5, expr: sum(purchases), unit: money, filter: count(purchases) > 0, dimensions: [region] }
  p90_spent: { entity: person, as_of: end, agg: quantile, quantile: 0.9, expr: sum(purchases), unit: money, filter: count(purchases) > 0 }
  bought: { entity: person, each: purchases, agg: sum, expr: each_v, unit: money, dimensions: [campaign] }
  big: { entity: person, each: purchases, agg: count, filter: "each_v > 50 && campaign == 'spring'", dimensions: [campaign] }
  lines_of_orders: { entity: person, each: purchases, agg: count_distinct, distinct: order_id }
  a_week_later: { entity: person, each: purchases, time: "each_t + duration('7d')", agg: count }
  gap: { entity: person, each: purchases, agg: mean, expr: "each_t - last_time(purchases, 0, each_t)", unit: hours }
  long_views: { entity: viewed, each: dwell, per: day, agg: count, filter: each_v > 30, dimensions: [product] }
  views: { entity: viewed, each: dwell, per: day, agg: count }
  tickets_open: { entity: ticket, as_of: end, agg: count, filter: "has(opened) && !has(resolved)", dimensions: [topic] }
  oldest: { entity: ticket, as_of: end, agg: max, expr: window_end - opened, unit: days, filter: "has(opened) && !has(resolved)" }
  ripe: { entity: ticket, at: opened, agg: count, filter: "opened + duration('2d') <= known_until" }
`,
  { timezone: 'Asia/Kathmandu' },
)

/** midnight in Kathmandu is 18:15 UTC of the day before */
const at = (day: number, hour = 12, minute = 0) => Date.UTC(2026, 4, day, hour, minute) - (5 * 60 + 45) * 60_000
const text = (time: number) => new Date(time).toISOString()
const days = (from: number, to: number) => [text(at(from, 0)), text(at(to, 0))] as const
let store: DerivedStore

beforeAll(async () => {
  store = await createDerivedStore(catalog)
  const purchase = (user_id: string, event_time: number, amount: number, rest: object = {}) => ({
    event_type: 'purchase',
    event_time,
    user_id,
    amount,
    ...rest,
  })
  const dwell = (event_time: number, dwell_seconds: number, product_id: string) => ({
    event_type: 'engagement',
    kind: 'dwell',
    event_time,
    user_id: 'ann',
    dwell_seconds,
    product_id,
  })
  const ticket = (ticket_id: string, action: string, event_time: number, topic: string) => ({
    event_type: 'ticket',
    ticket_id,
    action,
    event_time,
    topic,
  })
  await store.send([
    purchase('ann', at(1), 10.0001, { campaign: 'spring', region: 'eu', order_id: 'o1' }),
    purchase('ann', at(1, 13), 0.1, { campaign: 'spring', region: 'eu', order_id: 'o1' }),
    purchase('ann', at(3), 60, { campaign: 'spring', region: 'us', order_id: 'o2' }),
    purchase('bob', at(2), 100, { region: 'us', order_id: 'o3' }),
    purchase('cid', at(4), 0.2, { campaign: 'autumn', region: 'eu', order_id: 'o4' }),
    purchase('dan', at(9), 5, { order_id: 'o5' }),
    dwell(at(1, 23, 50), 20, 'p'),
    dwell(at(2, 0, 10), 20, 'p'),
    dwell(at(2, 0, 20), 11, 'p'),
    dwell(at(2, 0, 20), 50, 'q'),
    ticket('T1', 'opened', at(1), 'card'),
    ticket('T1', 'resolved', at(4), 'card'),
    ticket('T2', 'opened', at(2), 'loan'),
    // no opening: something before it is missing
    ticket('T3', 'resolved', at(2), 'loan'),
  ])
})
afterAll(() => store[Symbol.asyncDispose]())

describe('as of the end of a window', () => {
  test('a row is there once something of it was seen', async () => {
    const windows = [days(1, 2), days(2, 3), days(5, 6), days(9, 10), days(20, 21)]
    const told = await ask(store.measures, catalog, { measures: ['known_persons', 'quiet'], windows })
    expect(told['known_persons']).toEqual([1, 2, 3, 4, 4].map(n => ({ '': n })))
    expect(told['quiet']).toEqual([{}, {}, { '': 3 }, { '': 3 }, { '': 4 }])
  })

  test('nothing after it counts, in sums, extremes and quantiles, and money is exact', async () => {
    const measures = ['spent_to_date', 'most_spent', 'least_spent', 'median_spent', 'p90_spent', 'regions']
    expect(await tell(store.measures, catalog, days(4, 5), measures)).toEqual({
      spent_to_date: 170.3001,
      most_spent: 100,
      least_spent: 0.2,
      median_spent: 70.1001,
      // between the second and the third value, four fifths of the way
      p90_spent: expect.closeTo(70.1001 + 0.8 * (100 - 70.1001), 9),
      regions: 2,
    })
    expect(await tell(store.measures, catalog, days(1, 2), ['spent_to_date', 'most_spent'])).toEqual({
      spent_to_date: 10.1001,
      most_spent: 10.1001,
    })
    expect(await tell(store.measures, catalog, days(20, 21), ['spent_to_date'], { asOf: text(at(2, 0)) })).toEqual({
      spent_to_date: 10.1001,
    })
  })

  test('groups are those as of then', async () => {
    const by = ['region']
    const windows = [days(1, 2), days(4, 5)]
    const told = await ask(store.measures, catalog, { measures: ['spent_to_date', 'median_spent'], windows, by })
    expect(told).toEqual({
      spent_to_date: [{ eu: 10.1001 }, { eu: 0.2, us: 170.1001 }],
      median_spent: [{ eu: 10.1001 }, { eu: 0.2, us: expect.closeTo((70.1001 + 100) / 2, 9) }],
    })
    const filters = [{ field: 'region', values: ['us', 'asia'] }]
    expect(await tell(store.measures, catalog, days(4, 5), ['spent_to_date'], { filters })).toEqual({
      spent_to_date: 170.1001,
    })
  })

  test('open tickets and how old the oldest is', async () => {
    const windows = [days(1, 2), days(2, 3), days(4, 5)]
    const told = await ask(store.measures, catalog, { measures: ['tickets_open', 'oldest'], windows })
    expect(told).toEqual({
      tickets_open: [{ '': 1 }, { '': 2 }, { '': 1 }],
      oldest: [{ '': 0.5 }, { '': 1.5 }, { '': 2.5 }],
    })
    const byTopic = await ask(store.measures, catalog, { measures: ['tickets_open'], windows, by: ['topic'] })
    expect(byTopic['tickets_open']).toEqual([{ card: 1 }, { card: 1, loan: 1 }, { loan: 1 }])
  })
})

describe('each observation', () => {
  test('counts in every range that holds it, with the texts that it carries', async () => {
    const windows = [days(1, 2), days(1, 4), days(3, 10), days(1, 1)]
    const told = await ask(store.measures, catalog, { measures: ['bought'], windows, by: ['campaign'] })
    expect(told['bought']).toEqual([
      { spring: 10.1001 },
      { spring: 70.1001, '': 100 },
      { spring: 60, autumn: 0.2, '': 5 },
      {},
    ])
    expect(await tell(store.measures, catalog, days(1, 10), ['big', 'lines_of_orders'])).toEqual({
      big: 1,
      lines_of_orders: 5,
    })
  })

  test('can count at another time than its own', async () => {
    const told = await ask(store.measures, catalog, {
      measures: ['a_week_later'],
      windows: [days(1, 8), days(8, 10), days(10, 30)],
    })
    expect(told['a_week_later']).toEqual([{}, { '': 3 }, { '': 3 }])
  })

  test('can look back at the others', async () => {
    // ann: 1 h and 47 h; the first one of each has none before it
    expect(await tell(store.measures, catalog, days(1, 10), ['gap'])).toEqual({ gap: 24 })
    expect(await tell(store.measures, catalog, days(3, 4), ['gap'])).toEqual({ gap: 47 })
  })

  test('of one local day count as one, with their sum', async () => {
    const windows = [days(1, 3), days(1, 2), days(2, 3)]
    const told = await ask(store.measures, catalog, { measures: ['views', 'long_views'], windows })
    expect(told).toEqual({
      views: [{ '': 3 }, { '': 1 }, { '': 2 }],
      long_views: [{ '': 2 }, {}, { '': 2 }],
    })
    const byProduct = await ask(store.measures, catalog, {
      measures: ['long_views'],
      windows: [days(1, 3)],
      by: ['product'],
    })
    expect(byProduct['long_views']).toEqual([{ p: 1, q: 1 }])
  })
})

test('what is ripe is told by how far the data are known', async () => {
  const known = (day: number) => ({ known: text(at(day)) })
  expect(await tell(store.measures, catalog, days(1, 10), ['ripe'], known(3))).toEqual({ ripe: 1 })
  expect(await tell(store.measures, catalog, days(1, 10), ['ripe'], known(4))).toEqual({ ripe: 2 })
})

test('many ranges, overlapping and not, are answered as each one alone', async () => {
  const windows = [
    ...Array.from({ length: 12 }, (_, index) => days(index + 1, index + 2)),
    ...Array.from({ length: 12 }, (_, index) => days(index - 6, index + 1)),
    days(-300, 300),
  ]
  const measures = ['bought', 'known_persons', 'quiet', 'a_week_later', 'views', 'ripe', 'tickets_open']
  const together = await ask(store.measures, catalog, { measures, windows })
  for (const [index, window] of windows.entries()) {
    const alone = await ask(store.measures, catalog, { measures, windows: [window] })
    for (const id of measures) expect([window, id, together[id]![index]]).toEqual([window, id, alone[id]![0]])
  }
})
