import { createZone, type Moment } from '@kivi/domain'
import { expect, test } from 'vitest'
import { sparkRanges } from './steps.ts'
import { formatTime } from './times.ts'
import { type AskedWindow, resolveWindow } from './windows.ts'

const DAY = 86_400_000
const moment: Moment = {
  now: Date.parse('2026-03-31T12:00:05Z'),
  watermark: Date.parse('2026-03-31T11:59:35.250Z'),
  calendar: { zone: createZone('Europe/Berlin'), fiscalYearStart: '04-01' },
  retention: { tenSeconds: 7 * DAY, quarterHour: 400 * DAY, day: Number.POSITIVE_INFINITY },
}
const resolve = (asked: AskedWindow) => {
  const { from, to } = resolveWindow(asked, '1d', moment)
  return [formatTime(from), formatTime(to)]
}

test('a length ends with the last complete slice that its beginning allows', () => {
  expect(resolve({})).toEqual(['2026-03-30T11:59:30Z', '2026-03-31T11:59:30Z'])
  expect(resolve({ window: '30d' })).toEqual(['2026-03-01T11:45:00Z', '2026-03-31T11:45:00Z'])
  expect(resolve({ window: '720d' })[1]).toBe('2026-03-30T22:00:00Z')
  expect(resolve({ window: '1h', to: '2026-03-31T10:00:00+02:00' })).toEqual([
    '2026-03-31T07:00:00Z',
    '2026-03-31T08:00:00Z',
  ])
})

test('a period is the one of the zone that holds its end, and includes the slice that is being filled', () => {
  expect(resolve({ period: 'day' })).toEqual(['2026-03-30T22:00:00Z', '2026-03-31T12:00:10Z'])
  expect(resolve({ period: 'month' })).toEqual(['2026-02-28T23:00:00Z', '2026-03-31T12:00:10Z'])
  // the fiscal year began last April
  expect(resolve({ period: 'year' })[0]).toBe('2025-03-31T22:00:00Z')
  expect(resolve({ period: 'day', to: '2026-03-30T22:00:00Z' })).toEqual([
    '2026-03-29T22:00:00Z',
    '2026-03-30T22:00:00Z',
  ])
})

test('a spark line has whole steps on the clock up to the end of the window', () => {
  const ranges = sparkRanges(resolveWindow({ window: '1d' }, '1d', moment), moment)
  expect(ranges).toHaveLength(24)
  expect(formatTime(ranges.at(-1)?.to as number)).toBe('2026-03-31T11:00:00Z')
  const days = sparkRanges(resolveWindow({ window: '30d' }, '1d', moment), moment)
  // one of them has 23 hours
  expect(new Set(days.map(range => (range.to - range.from) / 3_600_000))).toEqual(new Set([24, 23]))
})
