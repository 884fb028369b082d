import { describe, expect, it } from 'vitest'
import { indicatorsOf } from '../../testing/indicators.ts'
import { problemsOf } from '../../testing/sample-catalog.ts'

const BASE = `entities:
  order:
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      amount: { agg: sum, expr: amount }
      campaign: { agg: first, expr: campaign }
      buyer: { agg: first, expr: person }
  person:
    key: person
    fields:
      active: { event: [click, purchase], agg: list }
      clicks: { event: click, agg: list, keep: [campaign] }
      buys: { event: purchase, agg: list, expr: amount }
      first_bought: { event: purchase, agg: min, expr: event_time }
    peers: {}
attributions:
  credit: { touches: [{ list: person.clicks }], conversions: { list: person.buys }, window: 7d }
funnels:
  shop: { within: 1h, steps: [{ name: a, event: click }, { name: b, event: purchase }] }
references:
  market: { unit: count, values: [{ from: 2026-01-01, value: 1000 }] }
  market_sales: { kind: flow, unit: money, values: [{ from: 2026-01-01, until: 2027-01-01, value: 1000 }] }
measures:
  events: { event: click, agg: count, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  orders: { entity: order, at: ordered, agg: count, dimensions: [campaign] }
  big_orders: { entity: order, at: ordered, agg: count, filter: amount > 100, dimensions: [campaign] }
  order_value: { entity: order, at: ordered, agg: sum, expr: amount, unit: money }
  buyers: { entity: order, at: ordered, agg: count_distinct, distinct: buyer }
  mean_order: { entity: order, at: ordered, agg: mean, expr: amount, unit: money }
  clicks_each: { entity: person, each: clicks, agg: count, dimensions: [campaign] }
  known: { entity: person, as_of: end, agg: count, filter: has(first_bought) }
  known_all: { entity: person, as_of: end, agg: count }
  seen: { entity: person, as_of: end, agg: count, filter: 'count(active, window_start, window_end) > 0' }
  seen_before: { entity: person, as_of: end, agg: count, filter: 'count(active, window_start - (window_end - window_start), window_start) > 0' }
  seen_last_time: { entity: person, as_of: end, agg: count, filter: 'count(active, previous_start, window_end) > 0' }
  touched: { attribution: credit, counts: touches, dimensions: [campaign] }
  credited: { attribution: credit, counts: converted_touches, dimensions: [campaign] }
  credited_value: { attribution: credit, counts: value, expr: each_v, unit: money, dimensions: [campaign] }
  touched_persons: { attribution: credit, counts: persons, dimensions: [campaign] }
  entered: { funnel: shop, step: a }
  market_size: { reference: market }
  market_revenue: { reference: market_sales }
`
const all = (indicators: string): string => `${BASE}indicators:\n${indicators}`
const x = (keys: string) => indicatorsOf(all(`  x: { label: X, ${keys} }\n`)).get('x')!
const mistakes = (keys: string): string[] =>
  problemsOf(all(`  x: { label: X, ${keys} }\n`)).map(line => line.slice(line.indexOf(' ') + 1))
const ratio = (numerator: string, denominator: string): string =>
  `type: ratio, numerator: ${numerator}, denominator: ${denominator}, unit: number`

describe('a target without a window or period', () => {
  const TARGET = 'better: higher, targets: [{ value: 1, from: 2026-01-01, reason: r }]'
  it.each<[needs: RegExp | null, keys: string]>([
    [/grows with the length/, 'type: simple, measure: orders'],
    [/grows with the length/, 'type: simple, measure: order_value'],
    [/grows with the length/, 'type: simple, measure: clicks_each'],
    [/grows with the length/, 'type: simple, measure: credited_value'],
    [/grows with the length/, 'type: simple, measure: market_revenue'],
    [/grows with the length/, ratio('order_value', 'known')],
    [/distinct counts/, 'type: simple, measure: buyers'],
    [/distinct counts/, 'type: simple, measure: touched_persons'],
    [/distinct counts/, 'type: simple, measure: entered'],
    [/distinct counts/, ratio('buyers', 'market_size')],
    [/depends on the length/, 'type: simple, measure: seen'],
    [/depends on the length/, 'type: simple, measure: seen_last_time'],
    [/depends on the length/, ratio('seen', 'seen_before')],
    [/depends on the length/, 'type: growth, of: known'],
    [null, 'type: simple, measure: known'],
    [null, 'type: simple, measure: market_size'],
    [null, 'type: simple, measure: mean_order'],
    [null, ratio('known', 'market_size')],
    [null, ratio('big_orders', 'orders')],
    [null, ratio('revenue', 'market_revenue')],
    [null, ratio('credited', 'touched')],
    [null, 'type: growth, of: known, against: end_of_quarter'],
    [null, 'type: cumulative, of: seen, days: 30'],
    [null, 'type: mean, of: known, per: month, opening: true'],
  ])('is refused as %s: %s', (needs, keys) => {
    expect(mistakes(`${keys}, ${TARGET}`)).toEqual(needs === null ? [] : [expect.stringMatching(needs)])
  })
})

describe('a point of a series', () => {
  it.each([
    [true, 'type: simple, measure: known'],
    [true, ratio('seen', 'seen_before')],
    [true, 'type: growth, of: known, against: end_of_month'],
    [true, "type: derived, expr: 'revenue / k', offsets: { k: { of: known, against: week } }"],
    [false, 'type: simple, measure: orders'],
    [false, ratio('big_orders', 'orders')],
    [false, 'type: simple, measure: market_size'],
  ])('is of the whole window (%s) for %s', (rolling, keys) => {
    expect(x(keys).rolling).toBe(rolling)
  })

  it('also for a measure without an indicator of its own', () => {
    const indicators = indicatorsOf(BASE)
    expect([indicators.get('known')!.rolling, indicators.get('orders')!.rolling]).toEqual([true, false])
  })
})

describe('an interval', () => {
  it.each([
    ratio('big_orders', 'orders'),
    ratio('credited', 'touched'),
    ratio('known', 'known_all'),
    ratio('buyers', 'touched_persons'),
    ratio('credited', 'events'),
  ])('can be wilson for %s, where the file says so', keys => {
    expect(x(`${keys}, interval: wilson`).interval).toBe('wilson')
    expect(x(keys).interval).toBeNull()
  })
  it.each([
    ratio('orders', 'events'),
    ratio('orders', 'clicks_each'),
    ratio('credited_value', 'touched'),
    ratio('known', 'market_size'),
    ratio('mean_order', 'orders'),
  ])('can never be wilson for %s', keys => {
    expect(mistakes(`${keys}, interval: wilson`)).toEqual([
      expect.stringContaining('is for shares of independent units'),
    ])
  })
  it('can never be clustered where a side is not of events', () => {
    expect(mistakes(`${ratio('revenue', 'orders')}, interval: clustered`)).toHaveLength(1)
  })
})

describe('what cannot be', () => {
  it.each([
    ['a running level', 'type: cumulative, of: known, days: 30', 'wrong_value x is cumulated'],
    [
      'a minimum volume of reference values',
      'type: growth, of: market_size, minimum_volume: 3',
      'rests on nothing that is counted',
    ],
    ['a correlation with itself', 'type: correlation, x: orders, y: orders', 'correlates orders with itself'],
    [
      'the end of a period of what also adds up',
      'type: derived, expr: b, offsets: { b: { of: orders, against: end_of_week } }',
      'which is for levels',
    ],
    [
      'a dimension that a reference does not have',
      `${ratio('revenue', 'market_size')}, record: { every: 1h, by: [campaign] }`,
      'is by campaign, by which x is not kept. It has no dimensions.',
    ],
  ])('%s is told', (_, keys, problem) => {
    expect(mistakes(keys)).toEqual([
      expect.stringContaining(problem.replace('wrong_value x', 'wrong_value indicator x')),
    ])
  })
})

describe('the version of what rests on an entity', () => {
  const version = (yaml: string, id: string): string => indicatorsOf(yaml).get(id)!.version
  it.each([
    [
      'the condition',
      'orders',
      'at: ordered, agg: count, dimensions: [campaign] }',
      'at: ordered, agg: count, filter: amount > 1, dimensions: [campaign] }',
    ],
    [
      'what the entity is folded from',
      'orders',
      'amount: { agg: sum, expr: amount }',
      'amount: { agg: sum, expr: amount * 2 }',
    ],
    ['how a list becomes a value', 'orders', 'campaign: { agg: first', 'campaign: { agg: last'],
    ['the window of credit', 'touched', 'window: 7d', 'window: 6d'],
    ['the value of a conversion', 'credited_value', 'expr: each_v', 'expr: each_v * 2'],
    ['the steps of a funnel', 'entered', 'within: 1h', 'within: 2h'],
    ['what is taken of a reference', 'market_size', '{ reference: market }', '{ reference: market, take: start }'],
  ])('changes with %s', (_, id, from, to) => {
    expect(BASE).toContain(from)
    expect(version(BASE.replace(from, to), id)).not.toBe(version(BASE, id))
  })
  it('changes when ids are linked, for what tells persons apart', () => {
    const linked = { 'kivi.yaml': 'timezone: Asia/Shanghai\ncurrency: CNY\nidentity: { link: [click] }\n' }
    for (const id of ['known', 'touched', 'entered'])
      expect(indicatorsOf(BASE, linked).get(id)!.version, id).not.toBe(version(BASE, id))
    expect(indicatorsOf(BASE, linked).get('revenue')!.version).toBe(version(BASE, 'revenue'))
  })
  it('does not change with the figures of a reference, which are data', () => {
    expect(version(BASE.replace('value: 1000', 'value: 2000'), 'market_size')).toBe(version(BASE, 'market_size'))
  })
})
