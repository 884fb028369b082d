import { createZone, DAY } from '@kivi/domain'
import { expect, test } from 'vitest'
import { instantAt, instantsBetween, wantedInstants } from './instants.ts'

const HOUR = 3_600_000
const utc = createZone('UTC')
const berlin = createZone('Europe/Berlin')
const iso = (times: readonly number[]): string[] => times.map(time => new Date(time).toISOString().slice(0, 16))

test('hours are those of the clock, days begin at local midnight, weeks on Monday', () => {
  const at = Date.UTC(2026, 10, 19, 13, 25)
  expect(iso([instantAt(HOUR, at, berlin)])).toEqual(['2026-11-19T13:00'])
  expect(iso([instantAt(DAY, at, berlin)])).toEqual(['2026-11-18T23:00'])
  expect(iso([instantAt(7 * DAY, at, berlin)])).toEqual(['2026-11-15T23:00'])
  expect(instantAt(DAY, Date.UTC(2026, 10, 19), utc)).toBe(Date.UTC(2026, 10, 19))
})

test('a day of 25 hours has one instant', () => {
  const days = instantsBetween(DAY, Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27), berlin)
  expect(iso(days)).toEqual(['2026-10-24T22:00', '2026-10-25T23:00', '2026-10-26T23:00'])
})

test('the last week is wanted in full, what lies further back once a day, and nothing before the first event', () => {
  const until = Date.UTC(2026, 5, 30, 12, 30)
  const wanted = wantedInstants({ everyMs: HOUR, until, since: 0, zone: utc })
  const dense = wanted.filter(time => time >= until - 7 * DAY)
  expect(dense).toEqual(instantsBetween(HOUR, until - 7 * DAY, until, utc))
  const daily = wanted.slice(0, wanted.length - dense.length)
  expect(daily.every(time => time % DAY === 0)).toBe(true)
  expect(iso([daily[0]!, daily.at(-1)!])).toEqual(['2026-04-02T00:00', '2026-06-23T00:00'])
  expect(daily).toHaveLength(83)
  expect(wanted).toEqual([...new Set(wanted)].sort((a, b) => a - b))

  const young = wantedInstants({ everyMs: HOUR, until, since: until - 3 * HOUR, zone: utc })
  expect(iso(young)).toEqual(['2026-06-30T10:00', '2026-06-30T11:00', '2026-06-30T12:00'])
})

test('of an indicator that is recorded every minute no more than a thousand are made up for in full', () => {
  const until = Date.UTC(2026, 5, 30)
  const wanted = wantedInstants({ everyMs: 60_000, until, since: until - 2 * DAY, zone: utc })
  expect(wanted.filter(time => time >= until - 1_000 * 60_000)).toHaveLength(1_001)
  expect(iso(wanted.slice(0, 1))).toEqual(['2026-06-29T00:00'])
})

test('what is recorded by the day or the week is not wanted more often', () => {
  const until = Date.UTC(2026, 5, 30, 5)
  expect(wantedInstants({ everyMs: DAY, until, since: until - 30 * DAY, zone: berlin })).toHaveLength(30)
  const weeks = wantedInstants({ everyMs: 7 * DAY, until, since: 0, zone: berlin })
  expect(weeks.map(time => new Date(time + 2 * HOUR).getUTCDay())).toEqual(weeks.map(() => 1))
  expect(weeks).toHaveLength(13)
})
