import { describe, expect, test } from 'vitest'
import type { Indicator, Target } from '../definitions/index.ts'
import { type Calendar, createZone } from '../windows/index.ts'
import { judge, judgeIn, targetFor } from './targets.ts'
import { catalogOf, indicator, measure } from './testing/memory.ts'
import type { Span } from './window.ts'

const calendar: Calendar = { zone: createZone('UTC'), fiscalYearStart: '01-01' }
const at = (text: string) => Date.parse(text)
const target = (value: number, rest: Partial<Target> = {}): Target => ({
  value,
  from: at('2026-01-01T00:00:00Z'),
  until: null,
  by: {},
  per: null,
  window: null,
  reason: 'plan',
  set_by: 'board',
  set_at: '2026-01-01T00:00:00Z',
  ...rest,
})
const span = (from: string, to: string, rest: Partial<Span> = {}): Span => {
  const range = { from: at(from), to: at(to) }
  return { ...range, unit: null, whole: range, ...rest }
}
const december = span('2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z', { unit: 'month' })
const higher = { better: 'higher', at_risk_within: 0.1 } as const
const lower = { better: 'lower', at_risk_within: 0.1 } as const

test('the target in force at the end of the period judges all of it', () => {
  const old = target(1, { until: at('2027-01-01T00:00:00Z') })
  const next = target(2, { from: at('2027-01-01T00:00:00Z') })
  expect(targetFor([old, next], december, {}, calendar)?.value).toBe(1)
  const january = span('2026-12-31T00:00:00Z', '2027-01-01T00:00:10Z')
  expect(targetFor([old, next], january, {}, calendar)?.value).toBe(2)
})

test('the most specific target wins, then the one set last', () => {
  const targets = [
    target(1),
    target(2, { set_at: '2026-02-01T00:00:00Z' }),
    target(3, { by: { campaign: 'spring' } }),
    target(4, { by: { campaign: 'spring', region: 'north' } }),
  ]
  expect(targetFor(targets, december, {}, calendar)?.value).toBe(2)
  expect(targetFor(targets, december, { campaign: 'summer' }, calendar)?.value).toBe(2)
  expect(targetFor(targets, december, { campaign: 'spring' }, calendar)?.value).toBe(3)
  expect(targetFor(targets, december, { campaign: 'spring', region: 'north' }, calendar)?.value).toBe(4)
})

test('a target of a period judges that period only, and no part of its total', () => {
  const monthly = target(100, { per: 'month' })
  expect(targetFor([monthly], december, {}, calendar)?.value).toBe(100)
  expect(targetFor([monthly], december, { campaign: 'spring' }, calendar)).toBeNull()
  expect(targetFor([monthly], span('2026-12-01T00:00:00Z', '2026-12-31T00:00:00Z'), {}, calendar)).toBeNull()
  expect(targetFor([monthly], span('2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'), {}, calendar)?.value).toBe(100)
  const day = span('2026-12-01T12:00:00Z', '2026-12-02T12:00:00Z')
  expect(targetFor([target(5, { per: 'day' })], day, {}, calendar)?.value).toBe(5)
})

test('a target of a window judges windows of that length', () => {
  const rolling = target(0.3, { window: '30d' })
  expect(targetFor([rolling], span('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'), {}, calendar)?.value).toBe(0.3)
  expect(targetFor([rolling], december, {}, calendar)).toBeNull()
})

test.each([
  ['at or beyond the target is on track', higher, 0.02, 'on_track', 1],
  ['within a tenth of it is at risk', higher, 0.018, 'at_risk', 0.9],
  ['below that is off track', higher, 0.0179, 'off_track', 0.895],
  ['less is better: at the target', lower, 0.02, 'on_track', 1],
  ['less is better: a little above', lower, 0.022, 'at_risk', 0.02 / 0.022],
  ['less is better: zero is on track and has no attainment', lower, 0, 'on_track', null],
  ['less is better: far above', lower, 0.04, 'off_track', 0.5],
] as const)('%s', (_name, indicator, value, status, attainment) => {
  const judged = judge(indicator, value, target(0.02), december)
  expect(judged.status).toBe(status)
  if (attainment === null) expect(judged.attainment).toBeNull()
  else expect(judged.attainment).toBeCloseTo(attainment, 12)
})

test('around a target of zero or below, status holds and attainment is null where its divisor is', () => {
  expect(judge(higher, 5, target(0), december)).toEqual({ target: 0, attainment: null, status: 'on_track' })
  expect(judge(higher, -11, target(-10), december)).toEqual({ target: -10, attainment: null, status: 'at_risk' })
})

test('a period that runs is provisional until nothing can turn the verdict', () => {
  const running: Span = { ...december, to: at('2026-12-10T00:00:00Z') }
  const monthly = target(100, { per: 'month' })
  expect(judge(higher, 40, monthly, running).status).toBe('provisional')
  expect(judge(higher, 100, monthly, running).status).toBe('on_track')
  expect(judge(lower, 40, monthly, running).status).toBe('provisional')
  expect(judge(lower, 140, monthly, running).status).toBe('off_track')
})

test('without a value there is no data, without a target no verdict', () => {
  expect(judge(higher, null, target(1), december)).toEqual({ target: 1, attainment: null, status: 'no_data' })
  expect(judge(higher, 1, null, december)).toEqual({ target: null, attainment: null, status: 'no_target' })
})

describe('with a catalog', () => {
  const amounts = [measure('revenue', 'sum'), measure('refunds', 'sum'), measure('visitors', 'count_distinct')]
  const net = (id: string, expr: string, compute: (revenue: number, refunds: number) => number) =>
    indicator(id, {
      type: 'derived',
      expr,
      inputs: ['refunds', 'revenue'],
      compute: ({ revenue, refunds }) => compute(revenue ?? 0, refunds ?? 0),
      targets: [target(100)],
    })
  const profit = net('profit', 'revenue - refunds', (revenue, refunds) => revenue - refunds)
  const roi = net('roi', '(revenue - refunds) / refunds', (revenue, refunds) => (revenue - refunds) / refunds)
  const catalog = catalogOf(amounts, [profit, roi])
  const judged = (one: Indicator, value: number, provisional = false, within: Span = december) =>
    judgeIn(catalog, one, { value, provisional }, within, {}, calendar)

  test('an amount attains a part of its target, also a net one, unless it is below zero', () => {
    expect(judged(profit, 80)).toEqual({ target: 100, attainment: 0.8, status: 'off_track' })
    expect(judged(profit, -5)).toEqual({ target: 100, attainment: null, status: 'off_track' })
  })

  test('of what can be on either side of zero only the difference to its target counts', () => {
    expect(judged(roi, 95)).toEqual({ target: 100, attainment: null, status: 'at_risk' })
  })

  test('there is no verdict on what can still change', () => {
    expect(judged(profit, 120, true)).toEqual({ target: 100, attainment: 1.2, status: 'provisional' })
  })

  test('the target of a cumulative indicator may be that of its own length, its period, or any window', () => {
    const cumulative = (over: object, rest: Partial<Target>) =>
      indicator('c', { type: 'cumulative', of: 'visitors', over: over as never, targets: [target(100, rest)] })
    const day = span('2026-12-09T00:00:00Z', '2026-12-10T00:00:00Z', { unit: 'day' })
    expect(judged(cumulative({ days: 30 }, { window: '30d' }), 90, false, day).status).toBe('at_risk')
    expect(judged(cumulative({ days: 30 }, { window: '7d' }), 90, false, day).status).toBe('no_target')
    expect(judged(cumulative({ days: 30 }, {}), 90, false, day).status).toBe('at_risk')
    // a month to date is judged when the month is over, unless its verdict stands
    expect(judged(cumulative({ grain: 'month' }, { per: 'month' }), 90, false, day).status).toBe('provisional')
    expect(judged(cumulative({ grain: 'month' }, { per: 'month' }), 100, false, day).status).toBe('on_track')
    const last = span('2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z', { unit: 'day' })
    expect(judged(cumulative({ grain: 'month' }, { per: 'month' }), 90, false, last).status).toBe('at_risk')
  })
})
