import { describe, expect, it } from 'vitest'
import { mistakesOf } from '../../testing/indicators.ts'

const TARGET = 'better: higher, targets: [{ value: 1, from: 2026-01-01, reason: r }]'
const WHY = {
  additive: 'the value grows with the length of its window',
  distinct: 'distinct counts depend on the length of their window',
  windowed: 'the value depends on the length of its window',
  level: null,
} as const

describe('a target without a window or period is refused where the value depends on it', () => {
  it.each<[nature: keyof typeof WHY, keys: string]>([
    ['additive', 'type: simple, measure: revenue'],
    ['additive', "type: derived, expr: 'revenue - 0.5 * refunds'"],
    ['additive', "type: derived, expr: 'revenue * orders / ad_clicks'"],
    ['additive', "type: derived, expr: 'orders > 3 ? revenue : -refunds'"],
    ['additive', 'type: growth, of: revenue, as: difference'],
    ['additive', "type: derived, expr: 'price * window_days'"],
    ['distinct', 'type: simple, measure: buyers'],
    ['distinct', 'type: simple, measure: orders'],
    ['distinct', 'type: ratio, numerator: orders, denominator: buyers, unit: number'],
    ['distinct', 'type: share, of: buyers, by: campaign'],
    ['distinct', 'type: growth, of: buyers, against: year'],
    ['windowed', 'type: growth, of: revenue'],
    ['windowed', "type: derived, expr: 'revenue + 1'"],
    ['windowed', "type: derived, expr: 'revenue * orders'"],
    ['windowed', "type: derived, expr: 'max(revenue, price)'"],
    ['level', 'type: ratio, numerator: ad_clicks, denominator: ad_impressions'],
    ['level', 'type: simple, measure: price'],
    ['level', "type: derived, expr: '30 * revenue / window_days'"],
    ['level', "type: derived, expr: '(revenue - refunds) / refunds'"],
    ['level', 'type: growth, of: revenue, against: year'],
    ['level', 'type: growth, of: price, against: 7d, as: difference'],
    ['level', 'type: share, of: revenue, by: campaign'],
    ['level', 'type: cumulative, of: buyers, days: 30'],
    ['level', 'type: mean, of: revenue, per: month'],
    ['level', 'type: weighted, of: price, by: category'],
    ['level', 'type: correlation, x: orders, y: revenue'],
  ])('%s: %s', (nature, keys) => {
    const why = WHY[nature]
    expect(mistakesOf(`${keys}, ${TARGET}`)).toEqual(
      why === null
        ? []
        : [
            `ambiguous_window a target of indicator x does not say for which window it holds; ${why}. Add per: month, or window: 30d.`,
          ],
    )
    expect(mistakesOf(`${keys}, ${TARGET.replace('value: 1', 'value: 1, per: month')}`)).toEqual([])
  })
})
