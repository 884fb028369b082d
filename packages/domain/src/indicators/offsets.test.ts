import { expect, test } from 'vitest'
import { createZone, DAY, type Period, periodAt } from '../windows/index.ts'
import {
  cumulativeWindow,
  offsetWindow,
  openingAndClosings,
  previousWindow,
  wholePeriods,
  windowDays,
  windowMonths,
} from './offsets.ts'
import { lengthWindow, rangeWindow, type Window } from './window.ts'

const berlin = { zone: createZone('Europe/Berlin'), fiscalYearStart: '04-01' }
const utc = { zone: createZone('UTC'), fiscalYearStart: '01-01' }
const at = (text: string) => Date.parse(text)
const shown = ({ from, to }: { from: number; to: number }) =>
  [from, to].map(time => new Date(time).toISOString().replace(':00.000Z', 'Z').replace('T00:00Z', ''))
const range = (from: string, to: string) => rangeWindow(at(from), at(to))

/** The period that holds the instant before `to`, up to it. */
function period(unit: Period, to: string, calendar = utc): Window {
  const whole = periodAt(calendar, unit, at(to) - 1)
  return { from: whole.from, to: at(to), kind: 'period', unit, whole }
}

const month = '2026-03-01T00:00:00Z'

test.each<[string, Window, string, string]>([
  ['all of March: all of February', period('month', '2026-04-01T00:00:00Z'), '2026-02-01', '2026-03-01'],
  [
    'the 10th of March, noon: as far into February',
    period('month', '2026-03-10T12:00:00Z'),
    '2026-02-01',
    '2026-02-10T12:00Z',
  ],
  [
    'the 30th of March: never more than all of February',
    period('month', '2026-03-30T00:00:00Z'),
    '2026-02-01',
    '2026-03-01',
  ],
  [
    'all of February in a leap year: all of January',
    period('month', '2024-03-01T00:00:00Z'),
    '2024-01-01',
    '2024-02-01',
  ],
  ['a quarter: the one before', period('quarter', '2026-04-01T00:00:00Z'), '2025-10-01', '2026-01-01'],
  [
    'a running week: as far into the one before',
    period('week', '2026-03-04T06:00:00Z'),
    '2026-02-23',
    '2026-02-25T06:00Z',
  ],
  ['a length: the length before', lengthWindow(at(month), at(month) + 7 * DAY), '2026-02-22', '2026-03-01'],
  ['bounds that are a month: the month before', range(month, '2026-04-01T00:00:00Z'), '2026-02-01', '2026-03-01'],
  ['bounds that are none: as long before', range(month, '2026-03-21T00:00:00Z'), '2026-02-09', '2026-03-01'],
])('before %s', (_, window, from, to) => {
  expect(shown(previousWindow(window, utc))).toEqual([from, to])
})

test('a part of a period that begins late is compared with the same part of the one before', () => {
  const whole = periodAt(utc, 'month', at('2026-03-15T00:00:00Z'))
  const window: Window = { from: at('2026-03-15T00:00:00Z'), to: whole.to, kind: 'period', unit: 'month', whole }
  expect(shown(previousWindow(window, utc))).toEqual(['2026-02-15', '2026-03-01'])
})

test('where the clocks change, days are days and hours are those of the clock', () => {
  // summer time began on Sunday the 29th at 01:00 UTC
  const days = range('2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z')
  expect(shown(previousWindow(days, berlin))).toEqual(['2026-03-26T23:00Z', '2026-03-28T23:00Z'])
  const day = period('day', '2026-03-30T10:00:00Z', berlin)
  expect(shown(previousWindow(day, berlin))).toEqual(['2026-03-28T23:00Z', '2026-03-29T10:00Z'])
  const week = offsetWindow(
    lengthWindow(at('2026-03-31T10:00:00Z'), at('2026-03-31T11:00:00Z')),
    { kind: 'week' },
    berlin,
  )
  expect(shown(week)).toEqual(['2026-03-24T11:00Z', '2026-03-24T12:00Z'])
})

test('a year before a leap day is the 28th, and a year of a month that month', () => {
  const leap = period('day', '2024-03-01T00:00:00Z')
  expect(shown(offsetWindow(leap, { kind: 'year' }, utc))).toEqual(['2023-02-28', '2023-03-01'])
  expect(shown(offsetWindow(period('month', '2024-03-01T00:00:00Z'), { kind: 'year' }, utc))).toEqual([
    '2023-02-01',
    '2023-03-01',
  ])
})

test('the same window a length before is that length before', () => {
  const window = lengthWindow(at('2026-03-08T00:00:00Z'), at('2026-03-09T00:00:00Z'))
  expect(shown(offsetWindow(window, { kind: 'length', ms: 7 * DAY }, utc))).toEqual(['2026-03-01', '2026-03-02'])
})

test.each<[Parameters<typeof periodAt>[1], string, string, string, typeof utc]>([
  // the last fiscal quarter that is over on 15 May ended with March
  ['quarter', '2026-05-15T00:00:00Z', '2025-12-31T23:00Z', '2026-03-31T22:00Z', berlin],
  ['year', '2026-05-15T00:00:00Z', '2025-03-31T22:00Z', '2026-03-31T22:00Z', berlin],
  ['month', '2026-03-01T00:00:00Z', '2026-01-01', '2026-02-01', utc],
  ['month', '2026-03-01T00:00:10Z', '2026-02-01', '2026-03-01', utc],
])(
  'as of the end of the %s before the one that holds the last instant before %s',
  (unit, to, from, until, calendar) => {
    const window = lengthWindow(at(to) - DAY, at(to))
    expect(shown(offsetWindow(window, { kind: 'end_of', period: unit }, calendar))).toEqual([from, until])
  },
)

test('what is cumulative ends with the window and begins before it', () => {
  const window = lengthWindow(at('2026-03-30T10:00:00Z'), at('2026-03-30T11:00:00Z'))
  const over = (value: Parameters<typeof cumulativeWindow>[1]) => shown(cumulativeWindow(window, value, berlin))
  expect(over({ ms: 7 * DAY })).toEqual(['2026-03-23T11:00Z', '2026-03-30T11:00Z'])
  // two local days that end with the day of the window's last instant, one of them of 23 hours
  expect(over({ days: 2 })).toEqual(['2026-03-28T23:00Z', '2026-03-30T11:00Z'])
  expect(over({ grain: 'month' })).toEqual(['2026-02-28T23:00Z', '2026-03-30T11:00Z'])
  expect(over({ grain: 'year' })).toEqual(['2025-03-31T22:00Z', '2026-03-30T11:00Z'])
  expect(over('ever')[1]).toBe('2026-03-30T11:00Z')
  // a window that ends with a day belongs to that day
  const day = lengthWindow(at('2026-03-29T22:00:00Z') - DAY, at('2026-03-29T22:00:00Z'))
  expect(shown(cumulativeWindow(day, { days: 1 }, berlin))).toEqual(['2026-03-28T23:00Z', '2026-03-29T22:00Z'])
})

test('only periods that lie wholly in the window count', () => {
  const months = wholePeriods(range('2026-01-15T00:00:00Z', '2026-04-01T00:00:00Z'), 'month', utc)
  expect(months.map(shown)).toEqual([
    ['2026-02-01', '2026-03-01'],
    ['2026-03-01', '2026-04-01'],
  ])
})

test('levels are looked at when the window begins, when each month ends, and when the window does', () => {
  const levels = openingAndClosings(range('2026-01-15T00:00:00Z', '2026-03-10T00:00:00Z'), 'month', utc)
  expect(levels.map(({ to }) => shown({ from: 0, to })[1])).toEqual([
    '2026-01-15',
    '2026-02-01',
    '2026-03-01',
    '2026-03-10',
  ])
})

test.each([
  ['whole local days are days, though one has 23 hours', '2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z', 2],
  ['anything else is counted in 24 hours', '2026-03-28T23:00:00Z', '2026-03-29T11:00:00Z', 0.5],
])('%s', (_, from, to, days) => {
  expect(windowDays(range(from, to), berlin)).toBe(days)
})

test.each([
  ['a month is one', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 1],
  ['a year is twelve', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 12],
  ['half a February', '2026-02-15T00:00:00Z', '2026-03-01T00:00:00Z', 0.5],
  ['a week that spans two months', '2026-01-29T00:00:00Z', '2026-02-05T00:00:00Z', 3 / 31 + 4 / 28],
  ['twelve hours of a day in April', '2026-04-01T00:00:00Z', '2026-04-01T12:00:00Z', 0.5 / 30],
])('in months: %s', (_, from, to, months) => {
  expect(windowMonths(range(from, to), utc)).toBeCloseTo(months, 12)
})

test('a month in which the clocks change is one month, and half of its days half', () => {
  const march = periodAt(berlin, 'month', at('2026-03-10T00:00:00Z'))
  expect(windowMonths(march, berlin)).toBe(1)
  expect(windowMonths(rangeWindow(at('2026-03-30T22:00:00Z'), march.to), berlin)).toBeCloseTo(1 / 31, 12)
})
