import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyMeasure, Indicator } from '../definitions/index.ts'
import { DAY, periodAt } from '../windows/index.ts'
import { type Asked, type Basis, evaluateAll, readSheet } from './sheet.ts'
import {
  basisOf,
  catalogOf,
  derivedMeasure,
  type Happening,
  indicator,
  instant,
  type LevelFigure,
  measure,
  memorySource,
} from './testing/memory.ts'
import { lengthWindow, rangeWindow, type Window } from './window.ts'

const basis = basisOf()
const range = (from: string, to: string) => rangeWindow(instant(from), instant(to))
const month = (text: string): Window => {
  const whole = periodAt(basis.calendar, 'month', instant(`${text}-01T00:00:00Z`))
  return { ...whole, kind: 'period', unit: 'month', whole }
}
const MARCH = month('2026-03')

interface World {
  readonly measures: readonly AnyMeasure[]
  readonly happenings?: readonly Happening[]
  readonly levels?: readonly LevelFigure[]
  readonly others?: readonly Indicator[]
  readonly basis?: Basis
}

async function sheetOf(one: Indicator, world: World, asked: Partial<Asked> = {}) {
  const source = memorySource(world.happenings ?? [], world.levels)
  const catalog = catalogOf(world.measures, [one, ...(world.others ?? [])])
  const question: Asked = { indicator: one, window: MARCH, by: [], filters: [], ...asked }
  return { sheet: await readSheet(source, catalog, [question], world.basis ?? basis), asked: source.asked }
}

async function evaluationOf(one: Indicator, world: World, asked: Partial<Asked> = {}) {
  const { sheet } = await sheetOf(one, world, asked)
  return sheet.at(0)
}

async function groupsOf(one: Indicator, world: World, asked: Partial<Asked>) {
  const { sheet } = await sheetOf(one, world, asked)
  return new Map(sheet.groups(0).map(group => [group.join('/'), sheet.at(0, group)]))
}

const sales = (time: string, value: number, topic = ''): Happening => ({ measure: 'sales', time, value, by: { topic } })
const SALES = measure('sales', 'sum')

describe('growth', () => {
  const growth = indicator('sales_growth', { type: 'growth', of: 'sales', against: { kind: 'previous' }, as: 'ratio' })
  const happenings = [
    sales('2026-02-10T00:00:00Z', 1000),
    sales('2026-02-20T00:00:00Z', 500),
    sales('2026-03-05T00:00:00Z', 1200),
  ]

  test('a month against the month before, and the figure it is measured against', async () => {
    expect(await evaluationOf(growth, { measures: [SALES], happenings })).toMatchObject({
      value: -0.2,
      reason: null,
      parts: { sales: 1200, previous: 1500 },
    })
  })

  test('a running month against the same elapsed part of the one before', async () => {
    const running = { ...MARCH, to: instant('2026-03-12T00:00:00Z') }
    expect((await evaluationOf(growth, { measures: [SALES], happenings }, { window: running })).value).toBe(0.2)
  })

  test('from nothing or less it is null with its reason', async () => {
    const none = await evaluationOf(growth, { measures: [SALES], happenings: happenings.slice(2) })
    expect(none).toMatchObject({ value: null, reason: 'previous_not_positive', parts: { sales: 1200, previous: 0 } })
    const refunded = [sales('2026-02-10T00:00:00Z', -5), ...happenings.slice(2)]
    expect(await evaluationOf(growth, { measures: [SALES], happenings: refunded })).toMatchObject({
      value: null,
      reason: 'previous_not_positive',
    })
  })

  test('as a difference it knows no such bound, and has no rounding error', async () => {
    const change = indicator('change', { type: 'growth', of: 'sales', against: { kind: 'previous' }, as: 'difference' })
    const cents = [sales('2026-02-10T00:00:00Z', 0.1), sales('2026-03-10T00:00:00Z', 0.3)]
    expect(await evaluationOf(change, { measures: [SALES], happenings: cents })).toMatchObject({ value: 0.2 })
    expect(await evaluationOf(change, { measures: [SALES], happenings: happenings.slice(2) })).toMatchObject({
      value: 1200,
    })
  })

  test('of a group that is gone it is −1: groups of either window are told', async () => {
    const grouped = [sales('2026-02-10T00:00:00Z', 10, 'gone'), sales('2026-03-10T00:00:00Z', 10, 'new')]
    const groups = await groupsOf(growth, { measures: [SALES], happenings: grouped }, { by: ['topic'] })
    expect([...groups].map(([group, { value }]) => [group, value]).sort()).toEqual([
      ['gone', -1],
      ['new', null],
    ])
  })
})

describe('cumulative', () => {
  const of = (over: Extract<Indicator, { type: 'cumulative' }>['over']) =>
    indicator('cumulative', { type: 'cumulative', of: 'active', over })
  const ACTIVE = measure('active', 'count_distinct')
  const happenings: Happening[] = [
    { measure: 'active', time: '2025-06-01T10:00:00Z', who: 'old' },
    { measure: 'active', time: '2026-03-01T10:00:00Z', who: 'ann' },
    { measure: 'active', time: '2026-03-02T10:00:00Z', who: 'bob' },
    { measure: 'active', time: '2026-03-03T10:00:00Z', who: 'ann' },
  ]
  const day = lengthWindow(instant('2026-03-03T00:00:00Z'), instant('2026-03-04T00:00:00Z'))
  const ask = async (over: Parameters<typeof of>[0]) =>
    (await evaluationOf(of(over), { measures: [ACTIVE], happenings }, { window: day })).value

  test('distinct persons of N days are never the sum of those of each', async () => {
    expect(await ask({ days: 3 })).toBe(2)
    expect(await ask({ days: 2 })).toBe(2)
    expect(await ask({ days: 1 })).toBe(1)
    expect(await ask({ ms: 3 * DAY })).toBe(2)
    expect(await ask({ grain: 'month' })).toBe(2)
    expect(await ask('ever')).toBe(3)
  })

  test('a zero of a source that fell silent says so only where the whole longer window is empty', async () => {
    const silent = basisOf({ newest: instant('2026-03-02T10:00:00Z') })
    const one = await evaluationOf(of({ days: 3 }), { measures: [ACTIVE], happenings, basis: silent }, { window: day })
    expect(one.reason).toBeNull()
    const other = await evaluationOf(
      of({ days: 1 }),
      { measures: [ACTIVE], happenings, basis: silent },
      { window: day },
    )
    expect(other.reason).toBe('after_newest_event')
  })
})

describe('share', () => {
  const share = indicator('topic_share', { type: 'share', of: 'sales', by: 'topic' })
  const happenings = [
    sales('2026-03-05T00:00:00Z', 60, 'price'),
    sales('2026-03-06T00:00:00Z', 20, 'taste'),
    { ...sales('2026-03-07T00:00:00Z', 20, 'taste'), by: { topic: 'taste', region: 'north' } },
  ]
  const world = { measures: [SALES], happenings }

  test('a group is a part of all groups, also where only some of them are asked for', async () => {
    const groups = await groupsOf(share, world, { by: ['topic'], filters: [{ field: 'topic', values: ['price'] }] })
    expect([...groups].map(([group, { value }]) => [group, value])).toEqual([['price', 0.6]])
    const filtered = await evaluationOf(share, world, { filters: [{ field: 'topic', values: ['taste'] }] })
    expect(filtered).toMatchObject({ value: 0.4, parts: { sales: 40 } })
  })

  test('other dimensions cut the whole too', async () => {
    const groups = await groupsOf(share, world, { by: ['region', 'topic'] })
    expect(groups.get('north/taste')?.value).toBe(1)
    expect(groups.get('/price')?.value).toBe(0.75)
  })

  test('of nothing there is no share', async () => {
    expect(await evaluationOf(share, { measures: [SALES] })).toMatchObject({ value: null, reason: 'zero_denominator' })
  })

  test('property: the shares of all groups add up to one', async () => {
    const topics = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', ''), fc.integer({ min: 1, max: 1e6 })), {
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(topics, async pairs => {
        const some = pairs.map(([topic, value]) => sales('2026-03-05T00:00:00Z', value / 100, topic))
        const groups = await groupsOf(share, { measures: [SALES], happenings: some }, { by: ['topic'] })
        const total = [...groups.values()].reduce((sum, { value }) => sum + (value ?? 0), 0)
        expect(total).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('mean', () => {
  const mean = indicator('monthly', { type: 'mean', of: 'sales', per: 'month', opening: false })
  const happenings = [
    sales('2026-01-20T00:00:00Z', 10),
    sales('2026-02-05T00:00:00Z', 20),
    sales('2026-03-05T00:00:00Z', 60),
  ]

  test('over the complete months of the window, one without events being zero', async () => {
    const window = range('2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z')
    expect(await evaluationOf(mean, { measures: [SALES], happenings }, { window })).toMatchObject({
      value: 22.5,
      parts: { sales: 90 },
    })
  })

  test('a month that is cut does not count, and without a whole one there is no mean', async () => {
    const window = range('2026-01-15T00:00:00Z', '2026-03-10T00:00:00Z')
    expect((await evaluationOf(mean, { measures: [SALES], happenings }, { window })).value).toBe(20)
    const short = range('2026-01-15T00:00:00Z', '2026-02-10T00:00:00Z')
    expect(await evaluationOf(mean, { measures: [SALES], happenings }, { window: short })).toMatchObject({
      value: null,
      reason: 'too_few',
    })
  })

  const STOCK = derivedMeasure('stock', { empty: 'null' })
  const stock = indicator('mean_stock', { type: 'mean', of: 'stock', per: 'month', opening: true })
  const level = (from: string, value: number | null) => ({ measure: 'stock', from, value })
  const quarter = range('2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z')

  test('of a level: what the window opened with and what each month closed with', async () => {
    const levels = [
      level('2025-12-31T00:00:00Z', 100),
      level('2026-01-20T00:00:00Z', 200),
      level('2026-03-20T00:00:00Z', 400),
    ]
    // 100 at the start, 200, 200 and 400 at the months' ends
    expect((await evaluationOf(stock, { measures: [STOCK], levels }, { window: quarter })).value).toBe(225)
  })

  test('a level that was not known at one of these instants leaves no mean', async () => {
    const levels = [level('2026-01-20T00:00:00Z', 200)]
    expect(await evaluationOf(stock, { measures: [STOCK], levels }, { window: quarter })).toMatchObject({
      value: null,
      reason: 'no_data',
    })
  })
})

describe('weighted', () => {
  const CSI = measure('score', 'mean')
  const score = (topic: string, value: number): Happening => ({
    measure: 'score',
    time: '2026-03-05T00:00:00Z',
    value,
    by: { topic },
  })
  const weighted = (weights: Record<string, number>) =>
    indicator('weighted', { type: 'weighted', of: 'score', by: 'topic', weights })
  const happenings = [score('price', 4), score('taste', 1), score('taste', 3), score('speed', 5)]

  test('groups weigh what the catalog says, others one, however many answers they have', async () => {
    // (2·4 + 1·2 + 1·5) ÷ 4
    expect(await evaluationOf(weighted({ price: 2 }), { measures: [CSI], happenings })).toMatchObject({
      value: 3.75,
      n: 4,
    })
  })

  test('asked by that dimension each group is itself', async () => {
    const groups = await groupsOf(weighted({ price: 2 }), { measures: [CSI], happenings }, { by: ['topic'] })
    expect([...groups].map(([group, { value }]) => [group, value]).sort()).toEqual([
      ['price', 4],
      ['speed', 5],
      ['taste', 2],
    ])
  })

  test('asked by another one its groups are weighed in each', async () => {
    const regions = happenings.map((one, place) => ({
      ...one,
      by: { ...one.by, region: place < 2 ? 'north' : 'south' },
    }))
    const groups = await groupsOf(weighted({ price: 3 }), { measures: [CSI], happenings: regions }, { by: ['region'] })
    expect(groups.get('north')?.value).toBe(3.25)
    expect(groups.get('south')?.value).toBe(4)
  })

  test('without any answer there is none', async () => {
    expect(await evaluationOf(weighted({}), { measures: [CSI] })).toMatchObject({ value: null, reason: 'no_data' })
  })

  test('property: of equal weights it is the mean of the groups', async () => {
    const answers = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 })), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(answers, async pairs => {
        const some = pairs.map(([topic, value]) => score(topic, value))
        const world = { measures: [CSI], happenings: some }
        const groups = [...(await groupsOf(weighted({}), world, { by: ['topic'] })).values()]
        const mean = groups.reduce((sum, { value }) => sum + (value as number), 0) / groups.length
        expect((await evaluationOf(weighted({ a: 1, b: 1, c: 1 }), world)).value).toBeCloseTo(mean, 12)
      }),
    )
  })
})

describe('derived with offsets', () => {
  const MRR = derivedMeasure('mrr', { agg: 'sum', unit: 'money' })
  const levels = [
    { measure: 'mrr', from: '2025-12-01T00:00:00Z', value: 1000 },
    { measure: 'mrr', from: '2026-02-01T00:00:00Z', value: 1200 },
  ]
  const derived = (expr: string, offset: Parameters<typeof indicator>[1] & { type: 'derived' }) =>
    indicator('mrr_growth', { ...offset, expr })

  test('a level against that of the end of the quarter before', async () => {
    const growth = derived('mrr / mrr_before - 1', {
      type: 'derived',
      inputs: ['mrr', 'mrr_before'],
      offsets: new Map([['mrr_before', { of: 'mrr', offset: { kind: 'end_of', period: 'quarter' } }]]),
      compute: ({ mrr, mrr_before }) => (mrr == null || !mrr_before ? null : mrr / mrr_before - 1),
    })
    expect(await evaluationOf(growth, { measures: [MRR], levels })).toMatchObject({
      value: 0.2,
      parts: { mrr: 1200, mrr_before: 1000 },
    })
  })

  test('the window’s own length is an input', async () => {
    const daily = indicator('per_day', {
      type: 'derived',
      expr: 'sales / window_days',
      inputs: ['sales', 'window_days'],
      compute: ({ sales: amount, window_days }) => (amount == null || !window_days ? null : amount / window_days),
    })
    const happenings = [sales('2026-03-05T00:00:00Z', 62)]
    expect(await evaluationOf(daily, { measures: [SALES], happenings })).toMatchObject({
      value: 2,
      n: 1,
      parts: { sales: 62 },
    })
  })

  test('a missing reference says so', async () => {
    const MARKET = {
      ...derivedMeasure('market', { kind: 'reference', reference: 'market', take: 'end' }),
    } as AnyMeasure
    const portion = indicator('portion', { type: 'ratio', numerator: 'sales', denominator: 'market' })
    const happenings = [sales('2026-03-05T00:00:00Z', 50)]
    const world = { measures: [SALES, MARKET], happenings }
    expect(await evaluationOf(portion, world)).toMatchObject({ value: null, reason: 'reference_missing' })
    const known = { ...world, levels: [{ measure: 'market', from: '2026-01-01T00:00:00Z', value: 200 }] }
    expect(await evaluationOf(portion, known)).toMatchObject({ value: 0.25, reason: null })
    const gone = { ...world, levels: [{ measure: 'market', from: '2026-01-01T00:00:00Z', value: null }] }
    expect(await evaluationOf(portion, gone)).toMatchObject({ value: null, reason: 'reference_missing' })
  })
})

describe('correlation', () => {
  const days = Array.from({ length: 70 }, (_, day) => instant('2026-01-01T00:00:00Z') + day * DAY + DAY / 2)
  // no rhythm of weeks, and the same each time
  const figure = (day: number) => ((day * 7919) % 101) + 1
  const happenings = days.flatMap((time, day): Happening[] => [
    { measure: 'visits', time, value: figure(day) },
    { measure: 'sales', time, value: 3 * figure(day - 2) },
  ])
  const correlation = indicator('both', { type: 'correlation', x: 'visits', y: 'sales', lags: 3 })
  const world = { measures: [measure('visits', 'sum'), SALES], happenings }

  test('is that of the strongest lag', async () => {
    const window = range('2026-01-01T00:00:00Z', '2026-03-12T00:00:00Z')
    const { value, n } = await evaluationOf(correlation, world, { window })
    expect(value).toBeGreaterThan(0.95)
    expect(n).toBe(68)
  })

  test('under 60 days there is none', async () => {
    expect(await evaluationOf(correlation, world)).toMatchObject({ value: null, reason: 'too_few', n: 31 })
  })
})

test('property: a month to date on its last day is the whole month', async () => {
  const toDate = indicator('to_date', { type: 'cumulative', of: 'sales', over: { grain: 'month' } })
  const sold = fc.array(fc.tuple(fc.integer({ min: 0, max: 31 * DAY - 1 }), fc.integer({ min: 0, max: 1e6 })))
  await fc.assert(
    fc.asyncProperty(sold, async pairs => {
      const happenings = pairs.map(
        ([offset, value]): Happening => ({ measure: 'sales', time: MARCH.from + offset, value: value / 100 }),
      )
      const world = { measures: [SALES], happenings }
      const window = lengthWindow(MARCH.to - DAY, MARCH.to)
      const whole = await evaluationOf(indicator('all', { type: 'simple', measure: 'sales' }), world)
      expect((await evaluationOf(toDate, world, { window })).value).toBe(whole.value)
    }),
  )
})

describe('what is still open', () => {
  const RETURNS = derivedMeasure('returned', { timing: { kind: 'at', time: {} }, followUp: { ms: 30 * DAY } })
  const RETAINED = derivedMeasure('retained', { timing: { kind: 'at', time: {} }, followUp: { days: 8 } })
  const rate = indicator('rate', { type: 'ratio', numerator: 'returned', denominator: 'sales' })
  const known = (time: string) => basisOf({ watermark: instant(time), derived: () => instant(time) })

  test('a value is provisional until its follow-up has passed', async () => {
    const world = { measures: [SALES, RETURNS] }
    const before = await evaluationOf(rate, { ...world, basis: known('2026-04-10T00:00:00Z') })
    expect(before).toMatchObject({ provisional: true, provisionalUntil: instant('2026-05-01T00:00:00Z') })
    const after = await evaluationOf(rate, { ...world, basis: known('2026-05-01T00:00:00Z') })
    expect(after).toMatchObject({ provisional: false, provisionalUntil: null })
  })

  test('days after are days of the calendar: of the 29th of March in Berlin, day 7 is over when the 6th of April begins', async () => {
    const berlin = { ...basisOf({ zone: 'Europe/Berlin' }), watermark: MARCH.from, derived: () => MARCH.from }
    const window = range('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')
    const one = indicator('one', { type: 'simple', measure: 'retained' })
    const { provisionalUntil } = await evaluationOf(one, { measures: [RETAINED], basis: berlin }, { window })
    expect(provisionalUntil).toBe(instant('2026-04-05T22:00:00Z'))
  })

  test('while what it waits for is there, nobody can say until when', async () => {
    const OPEN = derivedMeasure('open')
    const won = indicator('won', { type: 'simple', measure: 'sales', provisional_while: 'open' })
    const levels = [
      { measure: 'open', from: '2026-01-01T00:00:00Z', value: 2 },
      { measure: 'open', from: '2026-05-01T00:00:00Z', value: 0 },
    ]
    const world = { measures: [SALES, OPEN], levels }
    expect(await evaluationOf(won, world)).toMatchObject({ provisional: true, provisionalUntil: null })
    const later = await evaluationOf(won, world, { window: month('2026-05') })
    expect(later).toMatchObject({ provisional: false, provisionalUntil: null })
  })
})

describe('how far the data are', () => {
  const OPEN = derivedMeasure('open')
  const lagging = basisOf({ derived: () => instant('2026-03-10T00:00:00Z') })

  test('what rests on derived tables is known as far as these are', async () => {
    const both = indicator('both', { type: 'ratio', numerator: 'open', denominator: 'sales' })
    const { sheet, asked } = await sheetOf(both, { measures: [SALES, OPEN], basis: lagging })
    expect(sheet.watermark(0)).toBe(instant('2026-03-10T00:00:00Z'))
    expect(asked.find(question => question.measures.some(({ id }) => id === 'open'))).toMatchObject({
      known: instant('2026-03-10T00:00:00Z'),
      asOf: false,
    })
    const events = await sheetOf(indicator('one', { type: 'simple', measure: 'sales' }), {
      measures: [SALES],
      basis: lagging,
    })
    expect(events.sheet.watermark(0)).toBe(basis.watermark)
  })

  test('before a table is first built nothing is known of what rests on it', async () => {
    const none = basisOf({ derived: () => null })
    const open = indicator('one', { type: 'simple', measure: 'open' })
    expect(await evaluationOf(open, { measures: [OPEN], basis: none })).toMatchObject({
      value: null,
      reason: 'no_data',
    })
  })

  test('as of a past instant nothing later is known', async () => {
    const past = basisOf({ asOf: instant('2026-04-02T00:00:00Z') })
    const { asked, sheet } = await sheetOf(indicator('one', { type: 'simple', measure: 'open' }), {
      measures: [OPEN],
      basis: past,
    })
    expect(asked[0]).toMatchObject({ known: instant('2026-04-02T00:00:00Z'), asOf: true })
    expect(sheet.watermark(0)).toBe(instant('2026-04-02T00:00:00Z'))
  })
})

test('many indicators over the same measures and windows are one question', async () => {
  const ids = ['a', 'b', 'c', 'd']
  const measures = ids.map(id => measure(id))
  const ratios = ids.flatMap(top =>
    ids.map(bottom => indicator(`${top}_${bottom}`, { type: 'ratio', numerator: top, denominator: bottom })),
  )
  const source = memorySource([{ measure: 'a', time: '2026-03-05T00:00:00Z' }])
  const asked = ratios.map((one): Asked => ({ indicator: one, window: MARCH, by: [], filters: [] }))
  const all = await evaluateAll(source, catalogOf(measures, ratios), asked, basis)
  expect(source.asked).toHaveLength(1)
  expect(source.asked[0]?.measures).toHaveLength(4)
  expect(all.map(([one]) => one?.evaluation.value)).toEqual([
    1,
    null,
    null,
    null,
    0,
    ...Array(3).fill(null),
    0,
    ...Array(3).fill(null),
    0,
    ...Array(3).fill(null),
  ])
})

describe('intervals', () => {
  test('a share of units has Wilson’s', async () => {
    const [ANSWERS, TOP] = [measure('answers'), measure('top')]
    const csat = indicator('csat', { type: 'ratio', numerator: 'top', denominator: 'answers', interval: 'wilson' })
    const many = (id: string, count: number): Happening[] =>
      Array.from({ length: count }, () => ({ measure: id, time: '2026-03-05T00:00:00Z' }))
    const { sheet } = await sheetOf(csat, {
      measures: [ANSWERS, TOP],
      happenings: [...many('answers', 10), ...many('top', 5)],
    })
    expect(sheet.interval(0)?.map(bound => bound.toFixed(6))).toEqual(['0.236593', '0.763407'])
    const { sheet: empty } = await sheetOf(csat, { measures: [ANSWERS, TOP] })
    expect(empty.interval(0)).toBeNull()
  })

  test('a net share has the adjusted Wald one, in its own scale', async () => {
    const measures = ['up', 'down', 'all'].map(id => measure(id))
    const nps = (scale: number) =>
      indicator('nps', {
        type: 'derived',
        expr: `${scale} * (up - down) / all`,
        inputs: ['all', 'down', 'up'],
        interval: 'nps',
        net: { positive: 'up', negative: 'down', all: 'all', scale },
        compute: ({ up, down, all }) => (!all ? null : (scale * ((up ?? 0) - (down ?? 0))) / all),
      })
    const counts: Record<string, number> = { up: 5, down: 3, all: 10 }
    const happenings = Object.entries(counts).flatMap(([id, count]) =>
      Array.from({ length: count }, (): Happening => ({ measure: id, time: '2026-03-05T00:00:00Z' })),
    )
    const hundred = await sheetOf(nps(100), { measures, happenings })
    expect(hundred.sheet.at(0)).toMatchObject({ value: 20, n: 10 })
    expect(hundred.sheet.interval(0)?.map(bound => bound.toFixed(1))).toEqual(['-30.3', '61.1'])
    const one = await sheetOf(nps(1), { measures, happenings })
    expect(one.sheet.interval(0)?.map(bound => bound.toFixed(3))).toEqual(['-0.303', '0.611'])
  })
})
