import { describe, expect, test } from 'vitest'
import { canBeNegative, changesLater, measuresBehind, measuresOf } from './graph.ts'
import { catalogOf, derivedMeasure, indicator, measure } from './testing/memory.ts'

const measures = [measure('sales', 'sum'), measure('costs', 'sum'), measure('orders'), derivedMeasure('open')]
const ratio = (id: string, rest: object = {}) =>
  indicator(id, { type: 'ratio', numerator: 'orders', denominator: 'sales', ...rest })
const derived = (id: string, inputs: string[], compute: (inputs: Record<string, number>) => number) =>
  indicator(id, {
    type: 'derived',
    expr: id,
    inputs,
    compute: values => compute(values as Record<string, number>),
  })

describe('whether a value can be below zero', () => {
  const retention = ratio('retention', { unit: 'percent' })
  const profit = derived('profit', ['sales', 'costs'], ({ sales = 0, costs = 0 }) => sales - costs)
  const catalog = catalogOf(measures, [retention, profit])

  test.each([
    ['a difference can', profit, true],
    ['a quotient of sums cannot', retention, false],
    ['one less a share cannot', derived('churn', ['retention'], ({ retention: share = 0 }) => 1 - share), false],
    ['a score on its scale cannot', derived('csi', ['sales'], ({ sales = 0 }) => (100 * (sales - 1)) / 9), false],
    ['a ratio of a difference can', ratio('margin', { numerator: 'profit' }), true],
    ['growth can', indicator('g', { type: 'growth', of: 'sales', against: { kind: 'previous' }, as: 'ratio' }), true],
    ['a correlation can', indicator('c', { type: 'correlation', x: 'sales', y: 'orders', lags: 0 }), true],
    ['a sum to date cannot', indicator('t', { type: 'cumulative', of: 'sales', over: 'ever' }), false],
    ['a difference to date can', indicator('u', { type: 'cumulative', of: 'profit', over: 'ever' }), true],
    [
      'a large subtrahend is found too',
      derived('ltv', ['sales', 'orders'], ({ sales = 0, orders = 0 }) => sales * 12 - orders),
      true,
    ],
  ])('%s', (_, one, can) => {
    expect(canBeNegative(catalog, one)).toBe(can)
  })
})

test('an indicator of a measure’s name means that measure inside, and is meant outside', () => {
  const own = ratio('sales', { numerator: 'sales', denominator: 'orders' })
  const outer = indicator('outer', { type: 'growth', of: 'sales', against: { kind: 'previous' }, as: 'ratio' })
  const catalog = catalogOf(measures, [own, outer])
  expect(measuresOf(catalog, own).map(({ id }) => id)).toEqual(['sales', 'orders'])
  expect(measuresOf(catalog, outer).map(({ id }) => id)).toEqual(['sales', 'orders'])
})

test('what keeps it provisional is behind it too', () => {
  const won = ratio('won', { provisional_while: 'open' })
  const catalog = catalogOf(measures, [won])
  expect(measuresOf(catalog, won).map(({ id }) => id)).toEqual(['sales', 'orders'])
  expect(measuresBehind(catalog, won).map(({ id }) => id)).toEqual(['sales', 'orders', 'open'])
})

test('only what happened first stays where it is, whatever comes later', () => {
  const at = (times: string[], rest: object = {}) =>
    derivedMeasure('opened', { timing: { kind: 'at', time: { times } }, ...rest })
  const fields = new Map([
    ['opened', { agg: 'min', value: { kind: 'time' } }],
    ['resolved', { agg: 'max', value: { kind: 'time' } }],
  ])
  const catalog = { ...catalogOf(measures), entities: new Map([['thing', { fields }]]) } as never
  const changes = (one: ReturnType<typeof at>, groups: string[] = []) => changesLater(catalog, one, groups)
  expect(changes(at(['opened']))).toBe(false)
  expect(changes(at(['resolved']))).toBe(true)
  // what a row is may turn out later
  expect(changes(at(['opened']), ['topic'])).toBe(true)
  expect(changes(at(['opened'], { filter: {} }))).toBe(true)
  expect(changes(at(['opened'], { followUp: { ms: 1 } }))).toBe(true)
  expect(changes(derivedMeasure('open'))).toBe(true)
  expect(changesLater(catalog, measure('orders'), ['region'])).toBe(false)
})
