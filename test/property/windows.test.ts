import {
  createZone,
  DAY,
  hoppingWindows,
  LEVEL,
  type LevelPlan,
  PERIODS,
  periodAfter,
  periodAt,
  periodsBetween,
  planLevels,
  QUARTER_HOUR,
  type Retention,
  rollingWindow,
  TEN_SECONDS,
  tumblingWindow,
} from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const ZONES = [
  'UTC',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'America/New_York',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Monrovia',
  'Australia/Lord_Howe',
]
const zones = fc.constantFrom(...ZONES.map(createZone))
const instant = fc.integer({ min: Date.UTC(1970, 0, 3), max: Date.UTC(2040, 0, 1) })
const length = fc.integer({ min: 1, max: 100_000 }).map(tens => tens * TEN_SECONDS)
const origin = fc.integer({ min: -DAY, max: DAY })
const NOW = Date.UTC(2026, 10, 21, 12, 34, 56)

describe('tumbling windows', () => {
  it('partition time: each instant is in exactly one, and the next begins where one ends', () => {
    fc.assert(
      fc.property(instant, length, origin, (at, size, offset) => {
        const window = tumblingWindow(at, size, offset)
        expect(window.from <= at && at < window.to).toBe(true)
        expect(window.to - window.from).toBe(size)
        expect(tumblingWindow(window.to, size, offset).from).toBe(window.to)
        expect(tumblingWindow(window.to - 1, size, offset)).toEqual(window)
      }),
    )
  })
})

describe('hopping windows', () => {
  it('are all those, and only those, that hold the instant', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        origin,
        (at, n, m, offset) => {
          const size = n * TEN_SECONDS
          const hop = m * TEN_SECONDS
          const found = hoppingWindows(at, size, hop, offset)
          const near = tumblingWindow(at, hop, offset).from
          const holding: number[] = []
          for (let k = -51 * 50; k <= 1; k++) {
            const from = near + k * hop
            if (from <= at && at < from + size) holding.push(from)
          }
          expect(found).toEqual(holding.map(from => ({ from, to: from + size })))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('are tumbling windows where the hop is the length', () => {
    fc.assert(
      fc.property(instant, length, origin, (at, size, offset) => {
        expect(hoppingWindows(at, size, size, offset)).toEqual([tumblingWindow(at, size, offset)])
      }),
    )
  })
})

describe('a rolling window', () => {
  it('ends with the last complete slice', () => {
    fc.assert(
      fc.property(instant, length, (at, size) => {
        const { from, to } = rollingWindow(at, size)
        expect(to - from).toBe(size)
        expect(to <= at && at - to < TEN_SECONDS && to % TEN_SECONDS === 0).toBe(true)
      }),
    )
  })
})

describe('calendar periods', () => {
  const fiscal = fc.constantFrom('01-01', '04-06', '11-30', '02-29')
  it('partition time, in any zone and fiscal year', () => {
    fc.assert(
      fc.property(zones, fiscal, fc.constantFrom(...PERIODS), instant, (zone, fiscalYearStart, period, at) => {
        const calendar = { zone, fiscalYearStart }
        const range = periodAt(calendar, period, at)
        expect(range.from <= at && at < range.to).toBe(true)
        expect(periodAt(calendar, period, range.to - 1)).toEqual(range)
        expect(periodAfter(calendar, period, at, 1).from).toBe(range.to)
        expect(periodAfter(calendar, period, at, -1).to).toBe(range.from)
      }),
    )
  })

  it('between two instants cover them without gaps', () => {
    fc.assert(
      fc.property(
        zones,
        fc.constantFrom(...PERIODS),
        instant,
        fc.integer({ min: 1, max: 400 * DAY }),
        (zone, period, from, size) => {
          const to = from + size
          const ranges = periodsBetween({ zone, fiscalYearStart: '07-15' }, period, { from, to })
          expect(ranges[0]!.from <= from && to <= ranges.at(-1)!.to).toBe(true)
          for (let k = 1; k < ranges.length; k++) expect(ranges[k]!.from).toBe(ranges[k - 1]!.to)
        },
      ),
    )
  })
})

describe('the levels to read a range from', () => {
  const kept = fc.constantFrom(0, 3_600_000, DAY, 7 * DAY, 30 * DAY, Number.POSITIVE_INFINITY)
  const retention: fc.Arbitrary<Retention> = fc
    .record({ tenSeconds: kept, quarterHour: kept, day: kept })
    .map(({ tenSeconds, quarterHour, day }) => ({ tenSeconds, quarterHour, day }))
  const aligned = (range: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: range }), fc.constantFrom(1, TEN_SECONDS, QUARTER_HOUR, DAY))
      .map(([ago, unit]) => Math.floor((NOW - ago) / unit) * unit)
  const forever: Retention = { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity }
  const LENGTH = { [LEVEL.tenSeconds]: TEN_SECONDS, [LEVEL.quarterHour]: QUARTER_HOUR }

  function covers(plan: LevelPlan & { ok: true }, from: number, to: number): void {
    let at = from
    for (const range of plan.ranges) {
      expect(range.from).toBe(at)
      expect(range.to).toBeGreaterThan(range.from)
      at = range.to
    }
    expect(at).toBe(to)
  }

  it('cover it exactly once with whole slices that are stored, and neighbours differ in level', () => {
    fc.assert(
      fc.property(zones, retention, aligned(40 * DAY), aligned(40 * DAY), (zone, keeps, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const plan = planLevels(from, to, zone, keeps, NOW)
        if (!plan.ok) return
        covers(plan, from, to)
        plan.ranges.forEach((range, k) => {
          if (k > 0) expect(range.level).not.toBe(plan.ranges[k - 1]!.level)
          if (range.level === LEVEL.day) {
            expect([zone.day(range.from).start, zone.day(range.to).start]).toEqual([range.from, range.to])
            expect(range.from).toBeGreaterThanOrEqual(NOW - keeps.day)
          } else {
            expect(range.from % LENGTH[range.level] === 0 && range.to % LENGTH[range.level] === 0).toBe(true)
            const age = range.level === LEVEL.quarterHour ? keeps.quarterHour : keeps.tenSeconds
            expect(range.from).toBeGreaterThanOrEqual(NOW - age)
          }
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('are as coarse as can be: no range holds a whole slice of a coarser stored level', () => {
    fc.assert(
      fc.property(zones, aligned(40 * DAY), aligned(40 * DAY), (zone, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map(t => Math.floor(t / TEN_SECONDS) * TEN_SECONDS) as [
          number,
          number,
        ]
        const plan = planLevels(from, to, zone, forever, NOW)
        if (!plan.ok) throw new Error('nothing is out of retention')
        covers(plan, from, to)
        for (const range of plan.ranges) {
          const holdsQuarter = Math.ceil(range.from / QUARTER_HOUR) * QUARTER_HOUR + QUARTER_HOUR <= range.to
          const first = zone.day(range.from)
          const day = first.start === range.from ? first : zone.day(first.end)
          const holdsDay = day.start >= range.from && day.end <= range.to
          if (range.level === LEVEL.tenSeconds) expect(holdsQuarter).toBe(false)
          if (range.level === LEVEL.quarterHour) expect(holdsDay).toBe(false)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused for a bound only, and the bounds named instead can be answered', () => {
    fc.assert(
      fc.property(zones, retention, aligned(40 * DAY), aligned(40 * DAY), (zone, keeps, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const plan = planLevels(from, to, zone, keeps, NOW)
        if (plan.ok) return
        const { before, after } = plan.allowed
        expect(plan.at).toBe(plan.bound === 'from' ? from : to)
        if (before !== null) expect(before).toBeLessThanOrEqual(plan.at)
        expect(after).toBeGreaterThanOrEqual(plan.at)
        const far = zone.day(NOW + 3 * DAY).start
        if (plan.bound === 'from') {
          for (const bound of [before, after]) {
            if (bound !== null) expect(planLevels(bound, far, zone, keeps, NOW).ok).toBe(true)
          }
        } else {
          for (const bound of [before, after]) {
            if (bound !== null && bound > from) expect(planLevels(from, bound, zone, keeps, NOW).ok).toBe(true)
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('name the next bounds of a range that is too fine for its age', () => {
    const keeps = { tenSeconds: 7 * DAY, quarterHour: Infinity, day: Infinity }
    const from = Date.parse('2026-10-01T00:00:10Z')
    const plan = planLevels(from, NOW - (NOW % DAY), createZone('UTC'), keeps, NOW)
    expect(plan).toEqual({
      ok: false,
      bound: 'from',
      at: from,
      allowed: { before: Date.parse('2026-10-01T00:00:00Z'), after: Date.parse('2026-10-01T00:15:00Z') },
    })
  })
})
