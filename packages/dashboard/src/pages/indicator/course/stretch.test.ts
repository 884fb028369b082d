import { createZone, periodsBetween } from '@kivi/domain'
import { expect, test } from 'vitest'
import type { Asked } from '../asked.ts'
import { comparedStretch, stretchOf } from './stretch.ts'

const at = (text: string) => Date.parse(text)
const ZONE = 'Europe/Berlin'
const asked = (rest: Partial<Asked> = {}): Asked => ({
  window: '',
  period: '',
  from: '',
  to: '',
  compare: '',
  chart: '',
  step: '',
  second: '',
  by: '',
  parts: [],
  ...rest,
})
const until = (to: string, length: number) => ({ from: at(to) - length, to: at(to) })
const DAY = 86_400_000
const days = (from: number, to: number) =>
  periodsBetween({ zone: createZone(ZONE), fiscalYearStart: '01-01' }, 'day', { from, to }).length

test('a window of a day is seen in a history of thirty local days that ends with it', () => {
  const now = until('2026-04-10T12:00:00+02:00', DAY)
  const stretch = stretchOf(asked(), '1d', now, ZONE, { isRolling: false })
  expect(stretch).toEqual({ from: at('2026-03-12T00:00:00+01:00'), to: null, step: 'day', window: null })
  expect(days(stretch.from, now.to)).toBe(30)
})

test('a running period is seen beside those before it', () => {
  const month = { from: at('2026-04-01T00:00:00+02:00'), to: at('2026-04-10T12:00:00+02:00') }
  expect(stretchOf(asked({ period: 'month' }), '1d', month, ZONE, { isRolling: false })).toMatchObject({
    from: at('2025-04-01T00:00:00+02:00'),
    step: 'month',
  })
})

test('quarters begin where the answered one began, whatever the fiscal year', () => {
  const quarter = { from: at('2026-02-01T00:00:00+01:00'), to: at('2026-04-10T12:00:00+02:00') }
  expect(stretchOf(asked({ period: 'quarter' }), '1d', quarter, ZONE, { isRolling: false })).toMatchObject({
    from: at('2024-05-01T00:00:00+02:00'),
    step: 'quarter',
  })
})

test('a short window is seen in steps of its own length', () => {
  const hour = until('2026-04-10T12:00:10+02:00', 3_600_000)
  const stretch = stretchOf(asked({ window: '1h' }), '1d', hour, ZONE, { isRolling: false })
  expect(stretch.step).toBe('1h')
  expect((at('2026-04-10T13:00:00+02:00') - stretch.from) / 3_600_000).toBe(48)
})

test('where little is known yet, the history is seen in finer steps', () => {
  const now = until('2026-04-10T12:00:00+02:00', 30 * DAY)
  const by = (finer: number, rest: Partial<Asked> = {}) =>
    stretchOf(asked(rest), '30d', now, ZONE, { isRolling: false, finer }).step
  expect([0, 1, 2, 3].map(finer => by(finer))).toEqual(['month', 'week', 'day', 'day'])
  expect(by(1, { step: 'month' })).toBe('month')
})

test('what is chosen by its bounds, or alone, is asked for as it is', () => {
  const own = until('2026-04-10T12:00:00+02:00', DAY)
  const bounds = asked({ from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' })
  expect(stretchOf(bounds, '1d', own, ZONE, { isRolling: false }).window).toEqual(bounds)
  expect(stretchOf(asked({ chart: 'window' }), '7d', own, ZONE, { isRolling: false }).window).toMatchObject({
    window: '7d',
  })
})

test('the time before has as many whole days, across a change of the clocks', () => {
  const drawn = { from: at('2026-03-12T00:00:00+01:00'), to: at('2026-04-10T12:00:00+02:00'), step: 'day', count: 30 }
  const before = comparedStretch('', drawn, ZONE)
  expect(before).toMatchObject({ from: at('2026-02-10T00:00:00+01:00'), to: at('2026-03-12T00:00:00+01:00') })
})

test('a year earlier weekdays stand over weekdays, and months over months', () => {
  const drawn = { from: at('2026-03-12T00:00:00+01:00'), to: at('2026-04-10T12:00:00+02:00'), step: 'day', count: 30 }
  expect(comparedStretch('year', drawn, ZONE)?.from).toBe(at('2025-03-13T00:00:00+01:00'))
  const months = {
    from: at('2025-04-01T00:00:00+02:00'),
    to: at('2026-04-10T12:00:00+02:00'),
    step: 'month',
    count: 13,
  }
  expect(comparedStretch('year', months, ZONE)).toMatchObject({
    from: at('2024-04-01T00:00:00+02:00'),
    to: at('2025-05-01T00:00:00+02:00'),
  })
})

test('months cannot be laid over those of a week earlier, and nothing is compared with nothing', () => {
  const drawn = { from: at('2025-04-01T00:00:00+02:00'), to: at('2026-04-10T12:00:00+02:00'), step: 'month', count: 13 }
  expect(comparedStretch('week', drawn, ZONE)).toBeNull()
  expect(comparedStretch('none', drawn, ZONE)).toBeNull()
})

test('bounds of an older time are quarters of an hour, which is what is stored of it', () => {
  const drawn = { from: at('2026-04-10T11:00:10+02:00'), to: at('2026-04-10T12:00:10+02:00'), step: '1m', count: 60 }
  expect(comparedStretch('', drawn, ZONE)?.from).toBe(drawn.from - 3_600_000)
  expect(comparedStretch('week', drawn, ZONE)?.from).toBe(at('2026-04-03T11:00:00+02:00'))
})
