import { describe, expect, it } from 'vitest'
import { KiviError } from '../errors.ts'
import { createZone, DAY, type LocalDay, monthOf } from './zones.ts'

const at = (text: string) => Date.parse(text)
const HOUR = 3_600_000
const hours = ({ start, end }: LocalDay) => (end - start) / HOUR

describe('the local day of an instant', () => {
  it.each([
    ['UTC', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00Z', 24],
    ['Asia/Kathmandu', '2026-01-15T18:15:00Z', '2026-01-15T18:15:00Z', 24],
    ['Asia/Kathmandu', '2026-01-15T18:14:59Z', '2026-01-14T18:15:00Z', 24],
    ['Pacific/Chatham', '2026-01-15T10:15:00Z', '2026-01-15T10:15:00Z', 24],
    ['Pacific/Chatham', '2026-07-15T11:15:00Z', '2026-07-15T11:15:00Z', 24],
    ['Asia/Shanghai', '2026-01-15T16:00:00Z', '2026-01-15T16:00:00Z', 24],
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01T04:00:00Z', 25],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', 25],
    ['Australia/Sydney', '2026-04-05T00:00:00Z', '2026-04-04T13:00:00Z', 25],
    ['Australia/Sydney', '2026-10-04T00:00:00Z', '2026-10-03T14:00:00Z', 23],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00Z', '2026-04-04T13:00:00Z', 24.5],
  ])('in %s, %s is in the day that begins at %s and has %d h', (name, instant, start, length) => {
    const day = createZone(name).day(at(instant))
    expect(new Date(day.start)).toEqual(new Date(start))
    expect(hours(day)).toBe(length)
  })

  it('begins at 01:00 where the clock skips midnight', () => {
    const day = createZone('America/Santiago').day(at('2022-09-11T12:00:00Z'))
    expect(new Date(day.start).toISOString()).toBe('2022-09-11T04:00:00.000Z')
    expect(hours(day)).toBe(23)
  })

  it('does not come back where a clock is set back across midnight', () => {
    // St. John's went from 00:01 back to 23:01 of the day before
    const zone = createZone('America/St_Johns')
    const day = zone.day(at('2006-10-29T03:00:00Z'))
    expect(new Date(day.start).toISOString()).toBe('2006-10-29T02:30:00.000Z')
    expect(hours(day)).toBe(25)
    expect(zone.day(at('2006-10-29T02:29:59Z')).date).toBe(day.date - 1)
  })

  it('is empty for the day that Samoa skipped', () => {
    const zone = createZone('Pacific/Apia')
    const skipped = zone.dayOf(at('2011-12-30T00:00:00Z') / DAY)
    expect(hours(skipped)).toBe(0)
    const before = zone.day(skipped.start - 1)
    const after = zone.day(skipped.start)
    expect([before.date, after.date]).toEqual([skipped.date - 1, skipped.date + 1])
    expect(new Date(after.start).toISOString()).toBe('2011-12-30T10:00:00.000Z')
  })

  it('has the month of its local date', () => {
    expect(createZone('Pacific/Auckland').day(at('2026-12-31T11:00:00Z')).month).toBe(202701)
    expect(createZone('America/Los_Angeles').day(at('2027-01-01T07:59:59Z')).month).toBe(202612)
    expect(monthOf(-1)).toBe(196912)
  })

  it('is found for instants far out of use', () => {
    const zone = createZone('Europe/Berlin')
    for (const instant of [at('0001-01-01T00:00:00Z'), at('1850-06-01T00:00:00Z'), at('9999-12-31T00:00:00Z')]) {
      const day = zone.day(instant)
      expect(day.start <= instant && instant < day.end).toBe(true)
    }
  })
})

describe('an offset', () => {
  it.each([
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 5.75],
    ['Asia/Kathmandu', '1985-01-01T00:00:00Z', 5.5],
    ['Pacific/Chatham', '2026-01-01T00:00:00Z', 13.75],
    ['America/St_Johns', '2026-07-01T00:00:00Z', -2.5],
    ['Africa/Monrovia', '1971-06-01T00:00:00Z', -0.7416666666666667],
  ])('of %s at %s is %d h', (name, instant, offset) => {
    expect(createZone(name).offset(at(instant)) / HOUR).toBe(offset)
  })

  it('has an error that names the zone where there is none such', () => {
    expect(() => createZone('Europe/Atlantis')).toThrowError(KiviError)
    expect(() => createZone('Europe/Atlantis')).toThrowError(/"Europe\/Atlantis" is not known; use an IANA name/)
  })
})
