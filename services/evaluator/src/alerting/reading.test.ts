import {
  type Acknowledgement,
  type AlertRule,
  AlertState,
  type Catalog,
  KiviError,
  type MeasureQuestion,
  type RuleProgress,
  type Silence,
  writeRecord,
} from '@kivi/domain'
import { beforeEach, expect, test } from 'vitest'
import { createReader, type Reader } from './reading.ts'
import { MINUTE, STALLED } from './testing/term-world.ts'

const NOW = Date.parse('2026-06-01T06:00:00Z')
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const AWAY = new KiviError('store_unreachable', 'ClickHouse is away')

const measure = { id: 'orders', agg: 'count', dimensions: ['region'], events: ['purchase'] }
const INDICATOR = {
  ...{ id: 'orders', type: 'simple', measure: 'orders', window: '1h', version: 'v1', dimensions: ['region'] },
  ...{ provisional_while: null, interval: null, targets: [], unit: 'count', better: 'higher', at_risk_within: 0.1 },
}
const few = (id: string): AlertRule => ({
  ...STALLED,
  ...{ id, indicator: 'orders', windowMs: HOUR, everyMs: MINUTE },
  condition: {
    ...{ kind: 'expression', recovers: null, certain: false },
    fires: { source: 'value < 5', names: ['value'], holds: ({ value }) => (value ?? 9) < 5, threshold: () => 5 },
  },
})
const LETTERS: AlertRule = {
  ...STALLED,
  id: 'DeadLetters',
  windowMs: HOUR,
  condition: { kind: 'dead_letters', share: 0.05 },
}

const catalogOf = (...rules: readonly AlertRule[]): Catalog =>
  ({
    ...{ timezone: 'UTC', fiscalYearStart: '01-01', measures: new Map([['orders', measure]]) },
    ...{ derivedMeasures: new Map(), indicators: new Map([['orders', INDICATOR]]) },
    alerting: { rules: new Map(rules.map(rule => [rule.id, rule])) },
  }) as unknown as Catalog

const upTo = (...reached: ReadonlyArray<readonly [rule: string, instant: number]>): AlertState => {
  const state = new AlertState()
  for (const [rule, instant] of reached) {
    const progress: RuleProgress = { kind: 'progress', rule, version: 'v1', instant, gap: null, goneSince: null }
    state.fold(writeRecord(progress))
  }
  return state
}

/** What there is to read, and what was asked for. */
interface Shop {
  now: number
  watermark: number
  orders: number
  /** thrown by what reads values, with the ids of what it is asked for */
  reading: (questions: readonly MeasureQuestion[]) => void
  saidSince: number[]
  ledgerSince: number[]
  failed: string[]
  silencesAway: boolean
}
let shop: Shop
let read: Reader

beforeEach(() => {
  shop = {
    ...{ now: NOW, watermark: NOW, orders: 3, reading: () => undefined, silencesAway: false },
    ...{ saidSince: [], ledgerSince: [], failed: [] },
  }
  read = createReader({
    source: {
      async read(_, questions) {
        shop.reading(questions)
        const parts = { count: shop.orders, sum: 0n, min: 0, max: 0, late: 0, distinct: 0, buckets: new Map() }
        return questions.map(({ ranges }) =>
          ranges.map((_range, range) => ({ range, measure: 'orders', group: [], parts })),
        )
      },
      progress: async () => [
        {
          ...{ topic: 'events', partition: 0, position: 1, high: 1, watermark: shop.watermark, idleSince: null },
          ...{ at: shop.now, worker: 'w' },
        },
      ],
      derived: async () => ({ version: '', watermark: Number.POSITIVE_INFINITY, at: null }),
      clusters: async () => null,
    },
    silences: {
      async silences(since): Promise<readonly Silence[]> {
        if (shop.silencesAway) throw AWAY
        shop.saidSince.push(since)
        return []
      },
      acknowledgements: async (): Promise<readonly Acknowledgement[]> => [],
    },
    system: {
      async ledger(since) {
        shop.ledgerSince.push(since)
        return {
          ...{ batches: 1, records: 100, accepted: 80, duplicate: 5, rejected: 9, tooLate: 4, tooEarly: 2 },
          ...{ slowMs: null, ends: [] },
        }
      },
    },
    catchUpMs: DAY,
    retention: { tenSeconds: 7 * DAY, quarterHour: Number.POSITIVE_INFINITY, day: Number.POSITIVE_INFINITY },
    watermark: { disorder: 0, idleAfter: MINUTE },
    now: () => shop.now,
    tell: { alertsEvaluated: () => undefined, alertFailed: ({ alert }) => shop.failed.push(alert) },
  })
})

test('every rule that is due is judged from where it was up to the watermark, and no further', async () => {
  shop.watermark = NOW - 30_000
  const rules = catalogOf(few('Few'), few('Judged'), STALLED)
  const found = await read(rules, upTo(['Few', NOW - 3 * MINUTE], ['Judged', NOW - MINUTE]))
  expect(found.evaluations.map(({ rule, instants }) => [rule.id, instants.map(({ instant }) => instant)])).toEqual([
    ['Few', [NOW - 2 * MINUTE, NOW - MINUTE]],
  ])
  expect(found.evaluations[0]?.instants[0]?.observations).toMatchObject([{ fires: true, seen: { value: 3 } }])
  expect(found).toMatchObject({ watermark: NOW - 30_000, problem: null })
  expect(found.catchingUp.size).toBe(0)
})

test('missed instants come in parts, and one is told to be catching up until the last of them', async () => {
  const from = NOW - 20 * HOUR
  const first = await read(catalogOf(few('Few')), upTo(['Few', from]))
  expect([...first.catchingUp]).toEqual(['Few'])
  const last = first.evaluations[0]?.instants.at(-1)?.instant ?? expect.unreachable('nothing was judged')
  expect(last).toBeLessThan(NOW)
  expect(first.evaluations[0]?.instants[0]?.instant).toBe(from + MINUTE)
  const second = await read(catalogOf(few('Few')), upTo(['Few', last]))
  expect(second.evaluations[0]?.instants[0]?.instant).toBe(last + MINUTE)
})

test('what is longer ago than is caught up with is a gap', async () => {
  const { evaluations } = await read(catalogOf(few('Few')), upTo(['Few', NOW - 3 * DAY]))
  const [gap] = evaluations.map(each => each.gap)
  expect(gap?.[0]).toBe(NOW - 3 * DAY + MINUTE)
  expect(gap?.[1]).toBeGreaterThanOrEqual(NOW - DAY - MINUTE)
})

test('where ClickHouse goes away in the middle, what was found before it stands', async () => {
  let asked = 0
  shop.reading = () => {
    if (asked++ > 0) throw AWAY
  }
  // whoever is furthest behind comes first
  const found = await read(
    catalogOf(few('Ahead'), few('Behind')),
    upTo(['Ahead', NOW - MINUTE], ['Behind', NOW - 2 * MINUTE]),
  )
  expect(found.evaluations.map(({ rule }) => rule.id)).toEqual(['Behind'])
  expect(found).toMatchObject({ problem: 'ClickHouse is away', silences: { silences: [] }, watermark: NOW })
  expect(shop.failed).toEqual([])
})

test('silences that cannot be read are none that were read: what was known holds', async () => {
  shop.silencesAway = true
  expect(await read(catalogOf(), upTo())).toMatchObject({ silences: null, problem: 'ClickHouse is away' })
})

test('people’s words are looked for far back at first, then with an overlap: they may become visible late', async () => {
  await read(catalogOf(), upTo())
  shop.silencesAway = true
  shop.now += 10 * MINUTE
  await read(catalogOf(), upTo())
  shop.silencesAway = false
  shop.now += MINUTE
  await read(catalogOf(), upTo())
  // nothing was heard while they could not be read
  expect(shop.saidSince).toEqual([NOW - 30 * DAY, NOW - MINUTE])
})

test('a rule that cannot be read rests, and no other one waits for it', async () => {
  shop.reading = () => {
    throw new KiviError('store_rejected', 'a statement that is wrong')
  }
  const rules = catalogOf(few('Broken'))
  const state = upTo(['Broken', NOW - MINUTE])
  expect(await read(rules, state)).toMatchObject({ evaluations: [], problem: null })
  shop.reading = () => undefined
  shop.now += 5_000
  expect((await read(rules, state)).evaluations).toEqual([])
  shop.now += 6_000
  expect((await read(rules, state)).evaluations).toHaveLength(1)
  expect(shop.failed).toEqual(['Broken'])
})

test('a question that is too large is asked in halves', async () => {
  const sizes: number[] = []
  shop.reading = questions => {
    const size = questions.reduce((sum, { ranges }) => sum + ranges.length, 0)
    sizes.push(size)
    if (size > 20) throw new KiviError('question_too_large', 'too large')
  }
  const { evaluations, catchingUp } = await read(catalogOf(few('Few')), upTo(['Few', NOW - HOUR]))
  expect(evaluations[0]?.instants.length).toBeGreaterThan(1)
  expect([...catchingUp]).toEqual(['Few'])
  expect(sizes.length).toBeGreaterThan(1)
  expect(shop.failed).toEqual([])
})

test('dead letters are counted once for each length of window', async () => {
  const { records } = await read(catalogOf(LETTERS, { ...LETTERS, id: 'Again' }, few('Few')), upTo())
  expect([...records]).toEqual([[HOUR, { all: 100, setAside: 15 }]])
  expect(shop.ledgerSince).toEqual([NOW - HOUR])
})

test('a mistake of ours is no outage of ClickHouse', async () => {
  const broken = { ...catalogOf(few('Few')), timezone: 'Mars/Base' }
  await expect(read(broken, upTo())).rejects.toThrow()
})
