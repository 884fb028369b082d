import { describe, expect, it } from 'vitest'
import { type Calendar, type Period, periodAfter, periodAt, periodsBetween, previousPeriod } from './periods.ts'
import { createZone } from './zones.ts'

const calendar = (zone: string, fiscalYearStart = '01-01'): Calendar => ({ zone: createZone(zone), fiscalYearStart })
const utc = calendar('UTC')
const at = (text: string) => Date.parse(text)
const days = ({ from, to }: { from: number; to: number }) =>
  [from, to].map(instant => new Date(instant).toISOString().replace('T00:00:00.000Z', ''))

describe('a calendar period', () => {
  it.each<[Period, string, string, string]>([
    ['day', '2026-11-21T10:00:00Z', '2026-11-21', '2026-11-22'],
    ['week', '2026-11-21T10:00:00Z', '2026-11-16', '2026-11-23'],
    ['week', '2026-11-16T00:00:00Z', '2026-11-16', '2026-11-23'],
    ['week', '2026-11-15T23:59:59Z', '2026-11-09', '2026-11-16'],
    ['month', '2024-02-29T10:00:00Z', '2024-02-01', '2024-03-01'],
    ['quarter', '2026-11-21T10:00:00Z', '2026-10-01', '2027-01-01'],
    ['year', '2026-11-21T10:00:00Z', '2026-01-01', '2027-01-01'],
  ])('the %s that holds %s is [%s, %s)', (period, instant, from, to) => {
    expect(days(periodAt(utc, period, at(instant)))).toEqual([from, to])
  })

  it.each<[Period, string, string, string, string]>([
    ['year', '04-06', '2026-04-05T23:59:59Z', '2025-04-06', '2026-04-06'],
    ['year', '04-06', '2026-04-06T00:00:00Z', '2026-04-06', '2027-04-06'],
    ['quarter', '04-06', '2026-07-05T12:00:00Z', '2026-04-06', '2026-07-06'],
    ['quarter', '04-06', '2026-03-01T12:00:00Z', '2026-01-06', '2026-04-06'],
    ['quarter', '11-30', '2026-03-01T12:00:00Z', '2026-02-28', '2026-05-30'],
    ['quarter', '11-30', '2024-02-29T12:00:00Z', '2024-02-29', '2024-05-30'],
    ['quarter', '11-30', '2024-02-28T12:00:00Z', '2023-11-30', '2024-02-29'],
  ])('the %s of a fiscal year from %s that holds %s is [%s, %s)', (period, start, instant, from, to) => {
    expect(days(periodAt(calendar('UTC', start), period, at(instant)))).toEqual([from, to])
  })

  it('begins at local midnight, summer or winter', () => {
    const berlin = calendar('Europe/Berlin')
    const { from, to } = periodAt(berlin, 'month', at('2026-03-15T00:00:00Z'))
    expect([new Date(from).toISOString(), new Date(to).toISOString()]).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ])
  })

  it('has one before it and ones after it', () => {
    expect(days(previousPeriod(utc, 'month', at('2026-01-15T00:00:00Z')))).toEqual(['2025-12-01', '2026-01-01'])
    expect(days(periodAfter(utc, 'quarter', at('2026-01-15T00:00:00Z'), 5))).toEqual(['2027-04-01', '2027-07-01'])
    expect(days(periodAfter(utc, 'week', at('2026-11-21T00:00:00Z'), -47))).toEqual(['2025-12-22', '2025-12-29'])
  })

  it('is left out where the zone skipped it', () => {
    const apia = calendar('Pacific/Apia')
    const range = { from: at('2011-12-29T12:00:00Z'), to: at('2012-01-01T09:59:59Z') }
    const starts = periodsBetween(apia, 'day', range).map(({ from }) => new Date(from).toISOString())
    expect(starts).toEqual(['2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'])
  })

  it('refuses a fiscal year start that is no date', () => {
    expect(() => periodAt(calendar('UTC', '13-01'), 'year', 0)).toThrowError(/"13-01"; expected MM-DD/)
  })
})
