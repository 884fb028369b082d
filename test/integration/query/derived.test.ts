/** Answers that rest on derived tables: how far they are, what may still change, and what was known before. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIndicatorWorld, type IndicatorWorld } from '../indicators/world.ts'
import { catalogOf } from './fixture.ts'

let world: IndicatorWorld

const CATALOG = `
entities:
  order:
    label: { en: Order }
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      amount: { agg: sum, expr: amount }
      returned: { event: refund, agg: list, expr: amount, filter: kind == 'return' }
      channel: { agg: first, expr: channel }
  deal:
    label: { en: Deal }
    key: opportunity_id
    event: opportunity
    fields:
      created: { agg: min, expr: event_time, filter: action == 'created' }
      won: { agg: min, expr: event_time, filter: action == 'won' }
      closed: { agg: min, expr: event_time, filter: action != 'created' }
measures:
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [channel] }
  clicks: { event: click, agg: count, dimensions: [channel] }
  impressions: { event: impression, agg: count, dimensions: [channel] }
  orders: { entity: order, at: ordered, agg: count, dimensions: [channel] }
  orders_returned: { entity: order, at: ordered, agg: count, follow_up: 30d, dimensions: [channel],
    filter: "count(returned, ordered, ordered + duration('30d')) > 0" }
  deals: { entity: deal, at: created, agg: count }
  deals_won: { entity: deal, at: created, agg: count, filter: has(won) }
  deals_open: { entity: deal, as_of: end, agg: count, filter: has(created) && !has(closed) }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher }
  return_rate: { label: { en: Return rate }, type: ratio, numerator: orders_returned, denominator: orders, unit: percent,
    better: lower, interval: wilson, window: 30d, targets: [{ value: 0.1, from: 2026-01-01, reason: plan }] }
  deals_open: { label: { en: Open deals }, type: simple, measure: deals_open, better: lower }
  conversion: { label: { en: Deals won }, type: ratio, numerator: deals_won, denominator: deals, unit: percent,
    better: higher, provisional_while: deals_open, targets: [{ value: 0.5, from: 2026-01-01, reason: plan }] }
`
const JANUARY = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-02-01T00:00:00Z') }
let ids = 0
const at = (event_time: string, event_type: string, rest: object) => ({
  event_id: `e${ids++}`,
  event_time,
  event_type,
  source: 'shop',
  ...rest,
})
const bought = (day: string, order_id: string, channel = 'web') =>
  at(`${day}T10:00:00Z`, 'purchase', { order_id, amount: 10, user_id: 'ann', channel })
const returned = (day: string, order_id: string) =>
  at(`${day}T10:00:00Z`, 'refund', { order_id, amount: 10, kind: 'return', user_id: 'ann' })
const deal = (day: string, opportunity_id: string, action: string) =>
  at(`${day}T10:00:00Z`, 'opportunity', { opportunity_id, action })

const shown = (event_type: 'impression' | 'click', user_id: string) =>
  at('2026-01-05T10:00:00Z', event_type, { target: 'ad', user_id })

const EVENTS = [
  ...['ann', 'ann', 'bob', 'bob'].map(user => shown('impression', user)),
  ...['ann', 'ann'].map(user => shown('click', user)),
  ...['a', 'b', 'c', 'd', 'e'].map(id => bought('2026-01-20', id)),
  ...['f', 'g', 'h', 'i', 'j'].map(id => bought('2026-01-25', id, 'app')),
  returned('2026-01-28', 'a'),
  returned('2026-02-18', 'b'),
  // 30 days later to the second: too late to count
  returned('2026-02-19', 'c'),
  returned('2026-02-23', 'f'),
  deal('2026-01-10', 'one', 'created'),
  deal('2026-01-11', 'two', 'created'),
  deal('2026-01-20', 'one', 'won'),
  deal('2026-02-10', 'two', 'lost'),
]
// only ever later: what was known cannot be unknown again
const known = (time: string) =>
  world.given(
    EVENTS.filter(event => event.event_time < time),
    Date.parse(time),
  )

beforeAll(async () => {
  world = await createIndicatorWorld(
    await catalogOf({
      'kivi.yaml':
        'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [return_rate, conversion, deals_open]\n',
      'measures.yaml': CATALOG,
    }),
  )
})
afterAll(() => world?.[Symbol.asyncDispose]())

test('while something is open nobody can say until when', async () => {
  await known('2026-02-05T00:00:00Z')
  expect(await world.value('conversion', JANUARY)).toMatchObject({
    value: 0.5,
    provisional: true,
    provisional_until: null,
    status: 'provisional',
  })
  expect((await world.value('deals_open', JANUARY)).value).toBe(1)
  await known('2026-02-15T00:00:00Z')
  // as of January's end it still was; of February's beginning it is not
  expect((await world.value('deals_open', JANUARY)).value).toBe(1)
  const until = { from: JANUARY.from, to: Date.parse('2026-02-15T00:00:00Z') }
  expect(await world.value('conversion', until)).toMatchObject({ value: 0.5, provisional: false, status: 'on_track' })
})

test('a window without an end ends where the derived tables are, and its watermark is theirs', async () => {
  await known('2026-02-16T00:00:00Z')
  const { body } = await world.ask('/v1/indicators/return_rate/value')
  expect([body.to, body.watermark]).toEqual(['2026-02-16T00:00:00Z', '2026-02-16T00:00:00Z'])
  expect(body).toMatchObject({ complete: true, value: expect.any(Number) })
  // any instant of the past can be asked for, as no slices are read
  const odd = await world.ask('/v1/indicators/orders/value?from=2026-01-20T10:00:00.000Z&to=2026-01-20T10:00:10Z')
  expect(odd.body).toMatchObject({ value: 5 })
})

test('while a follow-up runs the value is provisional, with the time when it will have ended', async () => {
  await known('2026-02-21T00:00:00Z')
  const answer = await world.value('return_rate', JANUARY)
  expect(answer).toMatchObject({
    value: 0.2,
    n: 10,
    parts: { orders_returned: 2, orders: 10 },
    complete: true,
    provisional: true,
    provisional_until: '2026-03-03T00:00:00Z',
    target: 0.1,
    status: 'provisional',
  })
  // Wilson of 2 of 10
  expect(answer.interval).toEqual([expect.closeTo(0.0566822, 6), expect.closeTo(0.5098375, 6)])
  const board = (await world.ask('/v1/board')).body
  expect(board.indicators[0]).toMatchObject({ id: 'return_rate', status: 'provisional', provisional: true })
  const { series } = (
    await world.ask('/v1/indicators/return_rate/series?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=month')
  ).body
  expect(series[0].points).toMatchObject([
    { value: 0.2, n: 10, interval: answer.interval, complete: true, provisional: true },
  ])
})

test('when it has ended there is a verdict, and as of an earlier instant the answer is the earlier one', async () => {
  await known('2026-03-10T00:00:00Z')
  expect(await world.value('return_rate', JANUARY)).toMatchObject({
    value: 0.3,
    provisional: false,
    provisional_until: null,
    status: 'off_track',
  })
  const then = await world.value('return_rate', JANUARY, { asOf: Date.parse('2026-02-01T00:00:00Z') })
  expect(then).toMatchObject({
    value: 0.1,
    provisional_until: '2026-03-03T00:00:00Z',
    status: 'provisional',
    watermark: '2026-02-01T00:00:00Z',
  })
  const past = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&step=month&as_of=2026-02-01T00:00:00Z'
  const { body } = await world.ask(`/v1/indicators/return_rate/series?${past}`)
  expect(body.series[0].points).toMatchObject([{ value: 0.1, provisional: true }])
  const groups = (await world.value('return_rate', JANUARY, { by: 'channel' })).groups
  expect(groups).toMatchObject([
    { by: { channel: 'app' }, value: 0.2, n: 5 },
    { by: { channel: 'web' }, value: 0.4, n: 5, interval: [expect.any(Number), expect.any(Number)] },
  ])
})

test('measures of every kind are described as the catalog declares them', async () => {
  const { body } = await world.ask('/v1/indicators/return_rate')
  expect(body.measures).toMatchObject([
    { id: 'orders', kind: 'entity', of: 'order', timing: 'at ordered', filter: null },
    { id: 'orders_returned', kind: 'entity', follow_up: '30d', filter: expect.stringContaining('count(returned') },
  ])
  expect((await world.ask('/v1/indicators/conversion')).body).toMatchObject({ provisional_while: 'deals_open' })
  expect((await world.ask('/v1/indicators/deals_open')).body.measures).toMatchObject([{ timing: 'as of the end' }])
})

test('the interval of a ratio of many events knows whose they are', async () => {
  const { value, interval } = await world.value('ctr', JANUARY)
  // residuals x − R·y of ann and bob are 1 and −1: √(2 ÷ 1 · (1 + 1)) ÷ 4, times t of one degree of freedom
  const half = (12.706204736174703 * 2) / 4
  expect(value).toBe(0.5)
  expect(interval).toEqual([expect.closeTo(0.5 - half, 9), expect.closeTo(0.5 + half, 9)])
})
