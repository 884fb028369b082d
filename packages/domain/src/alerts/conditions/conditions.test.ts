import { describe, expect, it } from 'vitest'
import type { Indicator, Target } from '../../definitions/index.ts'
import {
  basisOf,
  catalogOf,
  type Happening,
  indicator,
  instant,
  measure,
  memorySource,
} from '../../indicators/testing/memory.ts'
import type { AlertRule, Condition, ConditionValues } from '../types/rules.ts'
import { observeKivi } from './kivi.ts'
import { readRule } from './read.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const rule = (condition: Condition, rest: Partial<AlertRule> = {}): AlertRule => ({
  ...{ id: 'R', formerly: [], indicator: 'ctr', windowMs: HOUR, by: [], filters: [], everyMs: MINUTE, forMs: 0 },
  ...{
    keepFiringForMs: 0,
    noData: 'keep',
    minimumVolume: null,
    severity: 'page',
    labels: {},
    annotations: {},
    version: 'v',
  },
  condition,
  ...rest,
})

const holding = (
  names: Extract<Condition, { kind: 'expression' }>['fires']['names'],
  holds: (values: Record<string, number>) => boolean,
): Extract<Condition, { kind: 'expression' }>['fires'] => ({
  source: '',
  names,
  holds: (values: ConditionValues) =>
    names.some(name => values[name] == null) ? null : holds(values as Record<string, number>),
  threshold: () => null,
})
const expression = (
  fires: ReturnType<typeof holding>,
  rest: Partial<Extract<Condition, { kind: 'expression' }>> = {},
): Condition => ({ kind: 'expression', fires, recovers: null, certain: true, ...rest })

const target = (value: number, rest: Partial<Target> = {}): Target => ({
  ...{ value, from: 0, until: null, by: {}, per: null, window: null, reason: 'plan', set_by: 'x', set_at: '' },
  ...rest,
})
const ctr = (rest: Partial<Indicator> = {}) =>
  indicator('ctr', { type: 'ratio', numerator: 'clicks', denominator: 'shown', unit: 'percent', ...rest } as never)

/** so many of a measure at a time */
const many = (name: string, time: string, count: number, by?: Happening['by']): Happening[] =>
  Array.from({ length: count }, (_, i) => ({ measure: name, time, who: `p${i}`, ...(by ? { by } : {}) }))

async function find(one: AlertRule, happenings: readonly Happening[], times: readonly string[], indicators = [ctr()]) {
  const catalog = catalogOf([measure('clicks'), measure('shown'), measure('orders')], indicators)
  const source = { ...memorySource(happenings), clusters: async () => null }
  const found = await readRule(one, times.map(instant), { source, catalog, basis: basisOf() })
  return { found: found.map(({ observations }) => observations), asked: source.asked }
}

describe('a condition', () => {
  const below = expression(holding(['value', 'target'], ({ value = 0, target = 0 }) => value < 0.8 * target))

  it('reads all instants with one question a set of windows, and judges each by its own', async () => {
    const happenings = [...many('shown', '2026-05-04T09:30:00Z', 100), ...many('clicks', '2026-05-04T09:40:00Z', 1)]
    const { found, asked } = await find(
      rule(below),
      happenings,
      ['2026-05-04T09:35:00Z', '2026-05-04T09:45:00Z', '2026-05-04T12:00:00Z'],
      [ctr({ targets: [target(0.005)] })],
    )
    expect(found.map(([only]) => [only?.seen.value, only?.fires])).toEqual([
      [0, true],
      [0.01, false],
      // no impressions, no rate
      [null, null],
    ])
    expect(asked).toHaveLength(1)
  })

  it('with an interval has to hold for the whole of it, but goes on while the value alone says so', async () => {
    const wilson = [ctr({ targets: [target(0.05)], interval: 'wilson' })]
    const few = [...many('shown', '2026-05-04T09:30:00Z', 100), ...many('clicks', '2026-05-04T09:30:00Z', 3)]
    const [[first] = []] = (await find(rule(below), few, ['2026-05-04T10:00:00Z'], wilson)).found
    expect([first?.fires, first?.stays]).toEqual([false, true])
    const enough = [...many('shown', '2026-05-04T09:30:00Z', 3_000), ...many('clicks', '2026-05-04T09:30:00Z', 90)]
    const [[second] = []] = (await find(rule(below), enough, ['2026-05-04T10:00:00Z'], wilson)).found
    expect([second?.fires, second?.stays]).toEqual([true, true])
    const uncertain = rule({ ...(below as Extract<Condition, { kind: 'expression' }>), certain: false })
    const [[third] = []] = (await find(uncertain, few, ['2026-05-04T10:00:00Z'], wilson)).found
    expect(third?.fires).toBe(true)
  })

  it('with a recovery goes on until that holds', async () => {
    const hysteresis = expression(
      holding(['value'], ({ value = 0 }) => value < 10),
      {
        recovers: holding(['value'], ({ value = 0 }) => value >= 15),
      },
    )
    const happenings = [9, 12, 15].flatMap((count, i) => many('orders', `2026-05-04T0${i + 1}:30:00Z`, count))
    const times = ['02:00', '03:00', '04:00'].map(time => `2026-05-04T${time}:00Z`)
    const { found } = await find(rule(hysteresis, { indicator: 'orders' }), happenings, times)
    expect(found.map(([only]) => [only?.fires, only?.stays])).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ])
  })

  it('compares with the window before, the same weekday and the same day of a year ago', async () => {
    const compares = expression(
      holding(
        ['value', 'previous', 'last_week', 'last_year'],
        ({ value = 0, last_week = 0 }) => value < 0.5 * last_week,
      ),
    )
    const happenings = [
      ...many('orders', '2026-05-04T09:30:00Z', 4),
      ...many('orders', '2026-05-04T08:30:00Z', 5),
      ...many('orders', '2026-04-27T09:30:00Z', 10),
      ...many('orders', '2025-05-04T09:30:00Z', 7),
    ]
    const [[only] = []] = (await find(rule(compares, { indicator: 'orders' }), happenings, ['2026-05-04T10:00:00Z']))
      .found
    expect(only?.fires).toBe(true)
    expect(only?.seen.compared).toEqual({ previous: 5, last_week: 10, last_year: 7 })
  })

  it('sees groups that are only in an earlier window: they fell to nothing', async () => {
    const fell = expression(holding(['value', 'last_week'], ({ value = 0, last_week = 0 }) => value < 0.5 * last_week))
    const happenings = [
      ...many('orders', '2026-05-04T09:30:00Z', 9, { region: 'north' }),
      ...many('orders', '2026-04-27T09:30:00Z', 10, { region: 'north' }),
      ...many('orders', '2026-04-27T09:30:00Z', 10, { region: 'south' }),
    ]
    const one = rule(fell, { indicator: 'orders', by: ['region'], minimumVolume: 5 })
    const [groups = []] = (await find(one, happenings, ['2026-05-04T10:00:00Z'])).found
    expect(groups.map(({ group, fires, seen }) => [group[0], fires, seen.value]).toSorted()).toEqual([
      ['north', false, 9],
      ['south', true, 0],
    ])
  })

  it('concludes nothing from less than the minimum volume', async () => {
    const low = rule(below, { minimumVolume: 200 })
    const [[only] = []] = (await find(low, many('shown', '2026-05-04T09:30:00Z', 100), ['2026-05-04T10:00:00Z'])).found
    expect([only?.fires, only?.stays, only?.lowVolume]).toEqual([null, null, true])
  })
})

describe('absence', () => {
  const absent = rule({ kind: 'absent', sinceMs: DAY }, { indicator: 'orders', by: ['region'] })

  it('fires for a group that had something within a day and has nothing for an hour', async () => {
    const happenings = [
      ...many('orders', '2026-05-04T09:30:00Z', 1, { region: 'north' }),
      ...many('orders', '2026-05-04T07:30:00Z', 3, { region: 'south' }),
      ...many('orders', '2026-05-03T07:30:00Z', 3, { region: 'west' }),
    ]
    const [groups = []] = (await find(absent, happenings, ['2026-05-04T10:00:00Z'])).found
    // the west has been silent for longer: it is not missed any more
    expect(groups.map(({ group, fires }) => [group[0], fires]).toSorted()).toEqual([
      ['north', false],
      ['south', true],
    ])
  })
})

describe('an anomaly', () => {
  const weekly = (rest: Partial<Extract<Condition, { kind: 'anomaly' }>> = {}) =>
    rule(
      { kind: 'anomaly', baseline: 'weekly', history: 8, score: 4.5, recovery: 3, direction: 'any', ...rest },
      { indicator: 'orders' },
    )
  const now = '2026-05-04T10:00:00Z'
  /** at half past nine of each of the last days: more on Mondays, a little different each time */
  const usual = Array.from({ length: 56 }, (_, i) => {
    const time = new Date(instant(now) - (i + 1) * DAY - 30 * MINUTE)
    return many('orders', time.toISOString(), (time.getUTCDay() === 1 ? 100 : 30) + (i % 5))
  }).flat()

  it.each([
    ['down', 100, false],
    ['down', 60, false],
    ['down', 40, true],
    ['up', 40, false],
    ['up', 160, true],
    ['any', 30, true],
  ] as const)('%s at a Monday’s hour with %i orders: %s', async (direction, count, fires) => {
    const [[only] = []] = (
      await find(weekly({ direction }), [...usual, ...many('orders', '2026-05-04T09:30:00Z', count)], [now])
    ).found
    expect(only?.fires).toBe(fires)
    expect(only?.seen.compared['expected']).toBeGreaterThan(99)
  })

  it('is over below the score of its recovery', async () => {
    const [[only] = []] = (await find(weekly(), [...usual, ...many('orders', '2026-05-04T09:30:00Z', 60)], [now])).found
    expect([only?.fires, only?.stays]).toEqual([false, true])
  })

  it('is not found in a history of less than four weeks, nor is what came before it a zero', async () => {
    const short = usual.filter(({ time }) => instant(time) > instant(now) - 27 * DAY)
    const [[only] = []] = (await find(weekly(), [...short, ...many('orders', '2026-05-04T09:30:00Z', 300)], [now]))
      .found
    expect(only?.fires).toBeNull()
    const month = usual.filter(({ time }) => instant(time) > instant(now) - 30 * DAY)
    const [[same] = []] = (await find(weekly(), [...month, ...many('orders', '2026-05-04T09:30:00Z', 101)], [now]))
      .found
    expect([same?.fires, same?.seen.compared['expected']]).toEqual([false, expect.any(Number)])
  })

  it('is none where there never was anything and is nothing', async () => {
    const [[only] = []] = (await find(weekly(), [], [now])).found
    expect([only?.fires, only?.stays]).toEqual([false, false])
  })

  it('against the windows before', async () => {
    const recent = rule(
      { kind: 'anomaly', baseline: 'recent', history: 12, score: 4.5, recovery: 4.5, direction: 'up' },
      { indicator: 'orders' },
    )
    const before = Array.from({ length: 12 }, (_, i) =>
      many('orders', new Date(instant(now) - (i + 1) * HOUR - 30 * MINUTE).toISOString(), 30 + (i % 3)),
    ).flat()
    const found = await Promise.all(
      [35, 80].map(count => find(recent, [...before, ...many('orders', '2026-05-04T09:30:00Z', count)], [now])),
    )
    expect(found.map(({ found: [groups] }) => groups?.[0]?.fires)).toEqual([false, true])
  })
})

describe('the pace of a period', () => {
  const pace = rule({ kind: 'pace', per: 'month', after: 0.2, tolerance: 0.05 }, { indicator: 'orders', windowMs: 0 })
  const withTarget = [
    indicator('orders', { type: 'simple', measure: 'orders', targets: [target(300, { per: 'month' })] } as never),
  ]
  /** ten a day, in the first half of the month twice as many as in the second */
  const month = (name: string, factor = 1) =>
    Array.from({ length: 30 }, (_, i) =>
      many(
        'orders',
        `2026-${name}-${String(i + 1).padStart(2, '0')}T12:00:00Z`,
        Math.round((i < 15 ? 14 : 7) * factor),
      ),
    ).flat()

  it.each([
    // by the fifteenth two thirds have come: 210 of 315, as in the months before
    ['2026-06-16T00:00:00Z', 1, false],
    ['2026-06-16T00:00:00Z', 0.7, true],
    // too early to say
    ['2026-06-05T00:00:00Z', 0.5, false],
  ] as const)('at %s with %d of the usual', async (time, factor, fires) => {
    const happenings = [...month('03'), ...month('04'), ...month('05'), ...month('06', factor)].filter(
      one => instant(one.time) < instant(time),
    )
    const [[only] = []] = (await find(pace, happenings, [time], withTarget)).found
    expect(only?.fires).toBe(fires)
  })

  it('says what the period will come to', async () => {
    const happenings = [...month('04'), ...month('05'), ...month('06')].filter(
      one => instant(one.time) < instant('2026-06-16T00:00:00Z'),
    )
    const [[only] = []] = (await find(pace, happenings, ['2026-06-16T00:00:00Z'], withTarget)).found
    expect(only?.seen.compared['projected']).toBeCloseTo(315, -1)
    expect(only?.seen.target).toBe(300)
  })

  it('without a target for the period says nothing', async () => {
    const [[only] = []] = (await find(pace, month('06'), ['2026-06-20T00:00:00Z'], [])).found
    expect(only?.fires).toBeNull()
  })
})

describe('Kivi itself', () => {
  const reading = { watermark: 1_000_000, problem: null, records: null, receivers: [] }

  it('is stalled when the data are further behind the clock than that', () => {
    const stalled = rule({ kind: 'stalled', behindMs: 5 * MINUTE })
    const at = (behind: number) => observeKivi(stalled, reading, 1_000_000 + behind)[0]
    expect([at(5 * MINUTE)?.fires, at(5 * MINUTE + 1)?.fires, at(6 * MINUTE)?.seen.value]).toEqual([false, true, 360])
    expect(observeKivi(stalled, { ...reading, watermark: null }, 1)[0]?.fires).toBeNull()
  })

  it('sets aside more than a share of the records', () => {
    const dead = rule({ kind: 'dead_letters', share: 0.05 }, { minimumVolume: 100 })
    const of = (all: number, setAside: number) => observeKivi(dead, { ...reading, records: { all, setAside } }, 1)[0]
    expect([of(200, 10)?.fires, of(200, 11)?.fires, of(50, 50)?.fires, of(0, 0)?.fires]).toEqual([
      false,
      true,
      null,
      null,
    ])
    expect(of(50, 50)?.lowVolume).toBe(true)
  })

  it('cannot reach a receiver: an alert for each', () => {
    const undelivered = rule({ kind: 'undelivered', forMs: 15 * MINUTE }, { by: ['receiver'] })
    const receivers = [
      { name: 'chat', failingSince: 0 },
      { name: 'mail', failingSince: 10 * MINUTE },
      { name: 'hook', failingSince: null },
    ]
    const found = observeKivi(undelivered, { ...reading, receivers }, 15 * MINUTE)
    expect(found.map(({ group, fires }) => [group[0], fires])).toEqual([
      ['chat', true],
      ['mail', false],
      ['hook', false],
    ])
  })
})
