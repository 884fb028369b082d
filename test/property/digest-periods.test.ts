import {
  createZone,
  DAY,
  DIGEST_PERIODS,
  type DigestSchedule,
  digestPeriodAt,
  digestPeriodBeside,
  digestPeriodOn,
  latestDue,
  nextDue,
} from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'],
  // it skipped a day; its clock skips midnight; it changes at midnight; half an hour
  ...['Pacific/Apia', 'America/Sao_Paulo', 'Asia/Beirut', 'Africa/Casablanca'],
]
const zones = new Map(ZONES.map(name => [name, createZone(name)]))
const schedule = fc.record<DigestSchedule>({
  every: fc.constantFrom(...DIGEST_PERIODS),
  at: fc.integer({ min: 0, max: 1439 }),
  weekday: fc.integer({ min: 1, max: 7 }),
  day: fc.integer({ min: 1, max: 28 }),
})
const world = fc.record({
  zone: fc.constantFrom(...ZONES),
  schedule,
  now: fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2030, 0, 1) }),
})
const calendarOf = (zone: string) => ({ zone: zones.get(zone)!, fiscalYearStart: '01-01' })
/** what the zone's clock shows, as if it were UTC */
const shown = (zone: string, instant: number): Date => new Date(instant + zones.get(zone)!.offset(instant))

describe('periods of digests', () => {
  it('partition time, begin and end at local midnight, and are called by their first and last local dates', () => {
    fc.assert(
      fc.property(world, ({ zone, schedule, now }) => {
        const calendar = calendarOf(zone)
        const period = digestPeriodAt(calendar, schedule, now)
        expect(period.from).toBeLessThanOrEqual(now)
        expect(period.to).toBeGreaterThan(now)
        const [before, after] = ([-1, 1] as const).map(step => digestPeriodBeside(calendar, schedule, period, step))
        expect(before?.to).toBe(period.from)
        expect(after?.from).toBe(period.to)
        const day = calendar.zone.day(period.from)
        expect(day.start).toBe(period.from)
        expect(new Date(day.date * DAY).toISOString().slice(0, 10)).toBe(period.name)
        expect(calendar.zone.day(period.to).start).toBe(period.to)
        const days = (Date.parse(period.last) - Date.parse(period.name)) / DAY + 1
        if (schedule.every === 'day') expect(days).toBe(1)
        // a week may begin or end with a day that the zone skipped
        if (schedule.every === 'week') expect(days).toBeGreaterThanOrEqual(6)
        if (schedule.every === 'month') expect(period.name.slice(0, 7)).toBe(period.last.slice(0, 7))
        for (const date of [period.name, period.last]) expect(digestPeriodOn(calendar, schedule, date)).toEqual(period)
      }),
      { numRuns: 1_000 },
    )
  })

  it('are due after their end, on the day and at the time that the clock shows, or would have shown', () => {
    let exact = 0
    fc.assert(
      fc.property(world, ({ zone, schedule, now }) => {
        const { due, to } = digestPeriodAt(calendarOf(zone), schedule, now)
        expect(due).toBeGreaterThanOrEqual(to)
        const clock = shown(zone, due)
        const minutes = clock.getUTCHours() * 60 + clock.getUTCMinutes()
        if (minutes === schedule.at) exact += 1
        // the clock was put forward past it, or there was no such day
        else expect([30, 60, 1440].some(gap => Math.abs(minutes - schedule.at) <= gap)).toBe(true)
        if (minutes !== schedule.at) return
        if (schedule.every === 'week') expect(((clock.getUTCDay() + 6) % 7) + 1).toBe(schedule.weekday)
        if (schedule.every === 'month') expect(clock.getUTCDate()).toBe(schedule.day)
      }),
      { numRuns: 1_000 },
    )
    expect(exact).toBeGreaterThan(950)
  })

  it('have one that was due last and one that is due next, and none between them', () => {
    fc.assert(
      fc.property(world, ({ zone, schedule, now }) => {
        const calendar = calendarOf(zone)
        const [latest, next] = [latestDue(calendar, schedule, now), nextDue(calendar, schedule, now)]
        expect(latest.due).toBeLessThanOrEqual(now)
        expect(next.due).toBeGreaterThan(now)
        expect(next.from).toBe(latest.to)
        // told again at the very instant, and not a moment before
        expect(latestDue(calendar, schedule, latest.due)).toEqual(latest)
        expect(latestDue(calendar, schedule, latest.due - 1).to).toBeLessThanOrEqual(latest.from)
      }),
      { numRuns: 1_000 },
    )
  })

  it('of a time that the clock shows twice are due at the first, and of one that it skips when it would have been', () => {
    const calendar = calendarOf('Europe/Berlin')
    const daily = { every: 'day', at: 150, weekday: 1, day: 1 } as const
    const due = (date: string) => new Date(digestPeriodOn(calendar, daily, date)?.due ?? 0).toISOString()
    expect(due('2026-10-24')).toBe('2026-10-25T00:30:00.000Z')
    expect(due('2026-03-28')).toBe('2026-03-29T01:30:00.000Z')
    expect(due('2026-03-29')).toBe('2026-03-30T00:30:00.000Z')
  })

  it('refuse what is no date', () => {
    const daily = { every: 'day', at: 0, weekday: 1, day: 1 } as const
    for (const text of ['2026-02-30', '2026-13-01', '26-01-01', 'yesterday', ''])
      expect(digestPeriodOn(calendarOf('UTC'), daily, text), text).toBeNull()
  })
})
