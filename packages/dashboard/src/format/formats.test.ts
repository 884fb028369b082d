import { beforeAll, expect, test, vi } from 'vitest'

let numbers: typeof import('./numbers.ts')
let periods: typeof import('./periods.ts')
let times: typeof import('./times.ts')
let settings: typeof import('../settings/language.ts')
beforeAll(async () => {
  // what a page has and Node has not
  vi.stubGlobal('document', { documentElement: { lang: '' } })
  vi.stubGlobal('navigator', { language: 'en-GB' })
  numbers = await import('./numbers.ts')
  periods = await import('./periods.ts')
  times = await import('./times.ts')
  settings = await import('../settings/language.ts')
  const { standAt } = await import('./place.ts')
  standAt({ timezone: 'Europe/Berlin', currency: 'EUR' })
})

const inChinese = <T>(told: () => T): T => {
  settings.language.value = 'zh'
  try {
    return told()
  } finally {
    settings.language.value = 'en'
  }
}

test.each([
  [0.1234, 'percent', '12.34%'],
  [12.3, 'percent', '1,230%'],
  [9643.4, 'money', '€9,643'],
  [210, 'money', '€210.00'],
  [12_345_678, 'money', '€12.35M'],
  [-3, 'count', '-3'],
  [1234.5, 'count', '1,235'],
  [42.25, 'seconds', '42.25 s'],
  [3, 'days', '3 days'],
])('%d in %s is short %s', (value, unit, told) => expect(numbers.formatValue(value, unit)).toBe(told))

test('all digits are told where there is room, and a sign where it is a difference', () => {
  expect(numbers.formatValue(12_345_678.9, 'money', { digits: 'full' })).toBe('€12,345,678.90')
  expect(numbers.formatValue(0.02, 'percent', { signed: true })).toBe('+2%')
  expect(numbers.formatChange(0.054)).toBe('+5.4%')
  expect(numbers.formatChange(-0.5)).toBe('-50%')
})

test('Chinese has its own units and large numbers', () => {
  expect(inChinese(() => numbers.formatValue(123_456_789, 'count'))).toBe('1.23亿')
  expect(inChinese(() => numbers.formatValue(3, 'days'))).toBe('3 天')
  expect(inChinese(() => times.formatWindow('7d'))).toBe('最近 7天')
})

test('times are those of the catalog’s zone', () => {
  expect(times.formatMoment('2026-03-10T12:00:10Z')).toBe('Mar 10, 2026, 13:00:10')
  expect(times.formatDay('2026-03-10T23:30:00Z')).toBe('Mar 11, 2026')
})

test.each([
  ['1h', 'last hour'],
  ['1d', 'last 24 hours'],
  ['30d', 'last 30 days'],
  ['15m', 'last 15 minutes'],
  ['month to date', 'month to date'],
])('the window %s is the %s', (length, told) => expect(times.formatWindow(length)).toBe(told))

test.each([
  ['day', '2026-03-09', 'Monday, March 9, 2026', '2026年3月9日星期一'],
  ['week', '2026-03-02', 'Mar 2 – 8, 2026', '2026年3月2日 – 2026年3月8日'],
  ['week', '2025-12-29', 'Dec 29, 2025 – Jan 4, 2026', '2025年12月29日 – 2026年1月4日'],
  ['month', '2026-02-01', 'February 2026', '2026年2月'],
] as const)('the %s that begins on %s is %s, in whatever zone the reader is', (every, first, english, chinese) => {
  // spaces around a dash are thin ones
  expect(periods.formatPeriod(every, first).replaceAll('\u2009', ' ')).toBe(english)
  expect(inChinese(() => periods.formatPeriod(every, first))).toBe(chinese)
})
