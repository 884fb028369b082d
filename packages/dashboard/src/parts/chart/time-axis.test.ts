import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeTicks, zoneOf } from './time-axis.ts'
import { timeLabels } from './time-labels.ts'

const at = (text: string) => Date.parse(text)
const HOUR = 3_600_000
const DAY = 24 * HOUR

test('days begin at midnight of the zone, on both sides of a change of the clocks', () => {
  const zone = zoneOf('Europe/Berlin')
  const { unit, at: ticks } = timeTicks(at('2026-03-28T00:00:00+01:00'), at('2026-03-31T00:00:00+02:00'), 4, zone)
  expect(unit).toBe('day')
  expect(ticks).toEqual(
    [
      '2026-03-28T00:00:00+01:00',
      '2026-03-29T00:00:00+01:00',
      '2026-03-30T00:00:00+02:00',
      '2026-03-31T00:00:00+02:00',
    ].map(at),
  )
})

test('an hour that the clock skips has no line, and one that it repeats has one', () => {
  const zone = zoneOf('Europe/Berlin')
  const spring = timeTicks(at('2026-03-29T00:00:00+01:00'), at('2026-03-29T05:00:00+02:00'), 6, zone)
  expect(timeLabels(spring, zone, 'en').map(label => label.split('\n')[0])).toEqual([
    '00:00',
    '01:00',
    '03:00',
    '04:00',
    '05:00',
  ])
  const autumn = timeTicks(at('2026-10-25T00:00:00+02:00'), at('2026-10-25T04:00:00+01:00'), 6, zone)
  expect(timeLabels(autumn, zone, 'en').map(label => label.split('\n')[0])).toEqual([
    '00:00',
    '01:00',
    '02:00',
    '03:00',
    '04:00',
  ])
})

test('weeks begin on Monday', () => {
  const { at: ticks } = timeTicks(at('2026-03-01T00:00:00Z'), at('2026-05-01T00:00:00Z'), 10, zoneOf('UTC'))
  expect(ticks.every(tick => new Date(tick).getUTCDay() === 1)).toBe(true)
  expect(ticks.length).toBeGreaterThan(5)
})

test('the year stands below the first day of it that has a line, in either language', () => {
  const zone = zoneOf('Asia/Shanghai')
  const ticks = timeTicks(at('2025-11-15T00:00:00+08:00'), at('2026-03-15T00:00:00+08:00'), 5, zone)
  expect(ticks.unit).toBe('month')
  expect(timeLabels(ticks, zone, 'en')).toEqual(['Dec\n2025', 'Jan\n2026', 'Feb', 'Mar'])
  expect(timeLabels(ticks, zone, 'zh-CN')).toEqual(['12月\n2025年', '1月\n2026年', '2月', '3月'])
})

test('in every zone lines ascend, lie in the range, are not too many, and stand at round times of the clock', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        'UTC',
        'Europe/Berlin',
        'America/New_York',
        'Asia/Kathmandu',
        'Australia/Lord_Howe',
        'Pacific/Apia',
      ),
      fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
      fc.integer({ min: 60_000, max: 3 * 366 * DAY }),
      fc.integer({ min: 2, max: 20 }),
      (name, from, length, most) => {
        const zone = zoneOf(name)
        const { unit, at: ticks } = timeTicks(from, from + length, most, zone)
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(from)
          expect(tick).toBeLessThanOrEqual(from + length)
          if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1] as number)
          const clock = tick + zone.offset(tick)
          if (unit === 'hour') expect(clock % HOUR).toBe(0)
          if (unit === 'minute') expect(clock % 60_000).toBe(0)
          if (unit === 'day' || unit === 'month' || unit === 'year') expect(zone.day(tick).start).toBe(tick)
        }
        // a repeated or a short month may add one or two
        expect(ticks.length).toBeLessThanOrEqual(most + 3)
      },
    ),
    { numRuns: 300 },
  )
})
