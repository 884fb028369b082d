import { describe, expect, it } from 'vitest'
import type { TimeInterval, TimePart } from '../types/routing.ts'
import { isWithin } from './intervals.ts'

const interval = (part: Partial<TimePart>, timezone = 'UTC'): TimeInterval => ({
  name: 'x',
  timezone,
  any: [{ times: [], weekdays: [], days: [], months: [], dates: null, except: new Set(), ...part }],
})

describe('a time interval', () => {
  it.each<[what: string, part: Partial<TimePart>, time: string, within: boolean]>([
    ['nothing said is always', {}, '2026-03-02T00:00:00Z', true],
    ['from, inclusive', { times: [{ from: 540, until: 1080 }] }, '2026-03-02T09:00:00Z', true],
    ['until, exclusive', { times: [{ from: 540, until: 1080 }] }, '2026-03-02T18:00:00Z', false],
    ['to the end of the day', { times: [{ from: 540, until: 1440 }] }, '2026-03-02T23:59:59.999Z', true],
    ['a Monday', { weekdays: [1] }, '2026-03-02T12:00:00Z', true],
    ['a Sunday is the seventh', { weekdays: [7] }, '2026-03-01T12:00:00Z', true],
    ['the last of February', { days: [{ from: -1, until: -1 }] }, '2026-02-28T12:00:00Z', true],
    ['not the last but one', { days: [{ from: -1, until: -1 }] }, '2026-02-27T12:00:00Z', false],
    ['from the 20th to the last', { days: [{ from: 20, until: -1 }] }, '2026-02-20T12:00:00Z', true],
    ['a month', { months: [3] }, '2026-02-28T12:00:00Z', false],
    ['a date', { dates: new Set(['2026-03-02']) }, '2026-03-02T12:00:00Z', true],
    ['no other date', { dates: new Set(['2026-03-02']) }, '2026-03-03T12:00:00Z', false],
    ['no dates at all', { dates: new Set() }, '2026-03-03T12:00:00Z', false],
    ['a holiday', { weekdays: [1], except: new Set(['2026-03-02']) }, '2026-03-02T12:00:00Z', false],
  ])('%s', (_, part, time, within) => {
    expect(isWithin(interval(part), Date.parse(time))).toBe(within)
  })

  it('goes by the clock of its zone, also over a change of the clocks', () => {
    const office = interval({ times: [{ from: 540, until: 1080 }], weekdays: [1, 2, 3, 4, 5] }, 'Europe/Berlin')
    // the clocks go forward on 29 March 2026
    const at = (time: string) => isWithin(office, Date.parse(time))
    expect([at('2026-03-27T07:59:59Z'), at('2026-03-27T08:00:00Z')]).toEqual([false, true])
    expect([at('2026-03-30T06:59:59Z'), at('2026-03-30T07:00:00Z')]).toEqual([false, true])
    const shanghai = interval({ dates: new Set(['2026-10-01']) }, 'Asia/Shanghai')
    expect(isWithin(shanghai, Date.parse('2026-09-30T16:00:00Z'))).toBe(true)
    expect(isWithin(shanghai, Date.parse('2026-10-01T16:00:00Z'))).toBe(false)
  })

  it('holds where one of its parts does', () => {
    const either = {
      ...interval({ weekdays: [1] }),
      any: [...interval({ weekdays: [1] }).any, ...interval({ months: [12] }).any],
    }
    expect(isWithin(either, Date.parse('2026-12-01T00:00:00Z'))).toBe(true)
    expect(isWithin(either, Date.parse('2026-03-03T00:00:00Z'))).toBe(false)
  })
})
