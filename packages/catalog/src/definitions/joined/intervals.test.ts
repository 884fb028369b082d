import { describe, expect, it } from 'vitest'
import { mistakesOf, x } from '../../testing/indicators.ts'

const interval = (keys: string) => x(keys).interval

describe('the interval of an indicator', () => {
  it('is clustered where many events of a person make a ratio, unless the file says otherwise', () => {
    expect(interval('type: ratio, numerator: ad_clicks, denominator: ad_impressions')).toBe('clustered')
    expect(interval('type: ratio, numerator: revenue, denominator: orders, unit: money')).toBe('clustered')
    expect(interval('type: ratio, numerator: ad_clicks, denominator: ad_impressions, interval: none')).toBeNull()
  })

  it('is none where nothing says how it could be made', () => {
    expect(interval('type: ratio, numerator: revenue, denominator: buyers, unit: money')).toBeNull()
    expect(interval('type: ratio, numerator: orders, denominator: buyers, unit: number')).toBeNull()
    expect(interval('type: simple, measure: price')).toBeNull()
    expect(interval('type: growth, of: revenue')).toBeNull()
  })

  it('is wilson where the file says so of a ratio that can be a share of independent units', () => {
    expect(interval('type: ratio, numerator: buyers, denominator: buyers, interval: wilson')).toBe('wilson')
  })

  it.each([
    ['a growth', 'type: growth, of: revenue'],
    ['a sum per order', 'type: ratio, numerator: revenue, denominator: orders, unit: money'],
    ['clicks per impression', 'type: ratio, numerator: ad_clicks, denominator: ad_impressions'],
    ['orders per person', 'type: ratio, numerator: orders, denominator: buyers, unit: number'],
  ])('is never wilson for %s', (_, keys) => {
    expect(mistakesOf(`${keys}, interval: wilson`)).toEqual([
      'wrong_value interval: wilson of indicator x is for shares of independent units: a ratio whose numerator counts some of what its denominator counts. Use interval: clustered for a ratio of sums and counts of events, or interval: none.',
    ])
  })

  it('is never clustered for a number of persons', () => {
    expect(
      mistakesOf('type: ratio, numerator: revenue, denominator: buyers, unit: money, interval: clustered'),
    ).toEqual([
      'wrong_value interval: clustered of indicator x is for ratios of counts and sums of events, of which a person has many. Use interval: wilson for a share of persons or things, or interval: none.',
    ])
  })

  it.each([
    '100 * (ad_clicks - orders) / ad_impressions',
    '(ad_clicks - orders) / ad_impressions * 100',
    '100 * ((ad_clicks - orders) / ad_impressions)',
    '(ad_clicks - orders) / (ad_impressions / 100)',
  ])('is that of a net share, whose counts are read off the formula %s', expr => {
    expect(x(`type: derived, expr: '${expr}', interval: nps`)).toMatchObject({
      interval: 'nps',
      net: { positive: 'ad_clicks', negative: 'orders', all: 'ad_impressions', scale: 100 },
    })
  })

  it('says nothing of counts where it is another', () => {
    expect(x("type: derived, expr: '100 * (ad_clicks - orders) / ad_impressions'")).toMatchObject({
      interval: null,
      net: null,
    })
  })

  it.each([
    ["type: derived, expr: '100 * (ad_clicks + orders) / ad_impressions'"],
    ["type: derived, expr: '100 * (ad_clicks - orders - buyers) / ad_impressions'"],
    ["type: derived, expr: '-100 * (ad_clicks - orders) / ad_impressions'"],
    ["type: derived, expr: '100 * (ad_clicks - orders) / ad_impressions / buyers'"],
    ["type: derived, expr: '100 * (ad_clicks - revenue) / ad_impressions'"],
    ["type: derived, expr: '100 * (ad_clicks - price) / ad_impressions'"],
    ['type: ratio, numerator: ad_clicks, denominator: ad_impressions'],
  ])('is never that of a net share for %s', keys => {
    expect(mistakesOf(`${keys}, interval: nps`)).toEqual([
      'wrong_value interval: nps of indicator x is for type: derived with an expr such as 100 * (promoters - detractors) / answers, of three counts. Write expr so, or use interval: none.',
    ])
  })
})
