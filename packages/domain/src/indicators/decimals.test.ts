import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Catalog, Indicator, Measure } from '../definitions/index.ts'
import { settleDerived } from './decimals.ts'

const derived = (expr: string, inputs: string[]) =>
  ({ type: 'derived', id: 'd', expr, inputs, offsets: new Map() }) as unknown as Indicator
const aggs: Record<string, string> = { revenue: 'sum', refunds: 'sum', orders: 'count', rating: 'mean' }
const catalog = {
  measures: new Map(Object.entries(aggs).map(([id, agg]) => [id, { id, agg } as unknown as Measure])),
  derivedMeasures: new Map(),
  indicators: new Map<string, Indicator>([
    ...Object.keys(aggs).map((id): [string, Indicator] => [
      id,
      { type: 'simple', id, measure: id } as unknown as Indicator,
    ]),
    ['net', derived('revenue - refunds', ['revenue', 'refunds'])],
  ]),
} as unknown as Catalog

test('what only adds and subtracts sums is exact, whatever doubles make of it', () => {
  const net = derived('(revenue - refunds)', ['revenue', 'refunds'])
  const nested = derived('net - orders', ['net', 'orders'])
  expect(settleDerived(catalog, net, 0.3 - 0.1)).toBe(0.2)
  expect(settleDerived(catalog, nested, 1.1 - 0.2)).toBe(0.9)
  expect(Object.is(settleDerived(catalog, net, -1e-13), 0)).toBe(true)
  const units = fc.integer({ min: 0, max: 2 ** 40 })
  fc.assert(
    fc.property(units, units, (a, b) => {
      expect(settleDerived(catalog, net, a / 10_000 - b / 10_000)).toBe((a - b) / 10_000 + 0)
    }),
  )
})

test('all else keeps fifteen digits, far within 10⁻⁹', () => {
  const others = [
    derived('revenue / orders', ['revenue', 'orders']),
    derived('revenue - rating', ['revenue', 'rating']),
    derived('-min(revenue, refunds)', ['revenue', 'refunds']),
    derived('revenue - 0.00001', ['revenue']),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...others), fc.double({ noNaN: true, noDefaultInfinity: true }), (indicator, value) => {
      expect(Math.abs(settleDerived(catalog, indicator, value) - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value))
    }),
  )
  expect(settleDerived(catalog, others[0] as Indicator, 0.1 + 0.2)).toBe(0.3)
  expect(settleDerived(catalog, others[0] as Indicator, 0.00001)).toBe(0.00001)
})
