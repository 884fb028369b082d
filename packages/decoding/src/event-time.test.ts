import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEpochMilliseconds, EARLIEST_TIME, LATEST_TIME, parseRfc3339 } from './event-time.ts'
import { epochMillisecondsOf } from './quick/time-bytes.ts'

const fromBytes = (text: string) => {
  const bytes = new TextEncoder().encode(`"${text}"`)
  return epochMillisecondsOf(bytes, 1, bytes.length - 1)
}

describe('event_time', () => {
  test('is what Date says, for any instant of the years that RFC 3339 can write', () => {
    fc.assert(
      fc.property(fc.integer({ min: EARLIEST_TIME, max: LATEST_TIME }), time => {
        const text = new Date(time).toISOString()
        expect(parseRfc3339(text)).toBe(time)
        if (new Date(time).getUTCFullYear() >= 1601) expect(fromBytes(text)).toBe(time)
      }),
      { numRuns: 2000 },
    )
  })

  test('is the same from text and from bytes, with offsets and any number of digits', () => {
    const offset = fc.constantFrom('Z', '+00:00', '-00:00', '+05:45', '-12:00', '+14:00')
    const instant = fc.integer({ min: -11_000_000_000_000, max: LATEST_TIME - 86_400_000 })
    fc.assert(
      fc.property(instant, fc.stringMatching(/^(\.\d{1,12})?$/), offset, (time, digits, zone) => {
        const text = `${new Date(time).toISOString().slice(0, 19)}${digits}${zone}`
        expect(fromBytes(text)).toBe(parseRfc3339(text))
        expect(parseRfc3339(text)).not.toBeNaN()
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['2026-01-31T08:30:00.9999Z', Date.UTC(2026, 0, 31, 8, 30, 0, 999)],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['2026-01-31t10:30:00+02:00', Date.UTC(2026, 0, 31, 8, 30)],
    ['2026-01-31 08:30:00z', Date.UTC(2026, 0, 31, 8, 30)],
    ['0000-01-01T00:00:00Z', EARLIEST_TIME],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2016-12-31T23:59:60.5Z', Date.UTC(2017, 0, 1) + 500],
    ['2017-01-01T00:59:60+01:00', Date.UTC(2017, 0, 1)],
  ])('%s is read', (text, time) => {
    expect(parseRfc3339(text)).toBe(time)
  })

  test.each([
    ...['', '2026-01-31', '2026-01-31T08:30Z', '2026-01-31T08:30:00', '2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z'],
    ...[
      '2026-13-01T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T00:00:61Z',
    ],
    ...[
      '2026-01-01T12:00:60Z',
      '2026-01-01T00:00:00.Z',
      '2026-01-01T00:00:00+24:00',
      '2026-01-01T00:00:00+0100',
      ' 2026-01-01T00:00:00Z',
    ],
    ...[
      '0000-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      '+2026-01-01T00:00:00Z',
      '２026-01-01T00:00:00Z',
      '1767225600000',
    ],
  ])('%s is refused', text => {
    expect(parseRfc3339(text)).toBeNaN()
  })

  test('integers are epoch milliseconds of the same years; others are refused', () => {
    expect([0, -1, EARLIEST_TIME, LATEST_TIME].map(checkEpochMilliseconds)).toEqual([0, -1, EARLIEST_TIME, LATEST_TIME])
    for (const time of [1.5, EARLIEST_TIME - 1, LATEST_TIME + 1, Number.NaN, Infinity])
      expect(checkEpochMilliseconds(time)).toBeNaN()
    expect(Object.is(checkEpochMilliseconds(-0), 0)).toBe(true)
  })
})
