/** Intervals of groups against plain calculations over the same events: by person, by day, of shares and net scores. */
import { studentQuantile } from '@kivi/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIndicatorWorld, type IndicatorWorld } from '../indicators/world.ts'
import { catalogOf } from './fixture.ts'

const CATALOG = `
entities:
  order:
    label: { en: Order }
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      returned: { event: refund, agg: list, expr: amount, filter: kind == 'return' }
      campaign: { agg: first, expr: campaign }
measures:
  clicks: { event: click, agg: count, dimensions: [campaign, channel] }
  impressions: { event: impression, agg: count, dimensions: [campaign, channel] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  lines: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  orders: { entity: order, at: ordered, agg: count, dimensions: [campaign] }
  orders_returned: { entity: order, at: ordered, agg: count, dimensions: [campaign], filter: count(returned) > 0 }
  answers: { event: survey, agg: count, dimensions: [topic] }
  promoters: { event: survey, agg: count, filter: score >= 9, dimensions: [topic] }
  detractors: { event: survey, agg: count, filter: score <= 6, dimensions: [topic] }
indicators:
  ctr: { label: { en: CTR }, type: ratio, numerator: clicks, denominator: impressions, unit: percent, better: higher }
  order_value: { label: { en: Order value }, type: ratio, numerator: revenue, denominator: lines, unit: money, better: higher }
  return_rate: { label: { en: Return rate }, type: ratio, numerator: orders_returned, denominator: orders, unit: percent,
    better: lower, interval: wilson }
  nps: { label: { en: NPS }, type: derived, expr: 100 * (promoters - detractors) / answers, better: higher, interval: nps }
`
const WEEK = { from: Date.parse('2026-01-05T00:00:00Z'), to: Date.parse('2026-01-12T00:00:00Z') }
const DAY = 86_400_000
const Z = 1.959963984540054

/** Numbers in [0, 1), always the same ones. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
const uniform = numbers(7)
const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)] as T

const CAMPAIGNS = ['spring', 'summer', '']
const CHANNELS = ['web', 'app']
let ids = 0
const at = (time: number, event_type: string, rest: object) => ({
  event_id: `e${ids++}`,
  event_time: new Date(time).toISOString(),
  event_type,
  source: 'shop',
  ...rest,
})
/** A tenth of them click far more often; some are known by their telephone only, and some are nobody. */
const PEOPLE = Array.from({ length: 40 }, (_, index) => ({
  who: index % 13 === 12 ? null : `person${index}`,
  ids: index % 13 === 12 ? {} : index % 5 === 4 ? { anonymous_id: `phone${index}` } : { user_id: `person${index}` },
  taste: index % 10 === 0 ? 0.6 : 0.1,
}))
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const some = () => WEEK.from + Math.floor(uniform() * (WEEK.to - WEEK.from))

interface Happening {
  readonly kind: 'impression' | 'click' | 'purchase'
  readonly cluster: string
  readonly campaign: string
  readonly channel: string
  readonly amount: number
}
const happened: Happening[] = []
const EVENTS = PEOPLE.flatMap(({ who, ids: own, taste }) =>
  times(3 + Math.floor(uniform() * 25), () => {
    const [time, campaign, channel, amount] = [
      some(),
      pick(CAMPAIGNS),
      pick(CHANNELS),
      Math.round(uniform() * 9000) / 100,
    ]
    const cluster = who ?? `day ${Math.floor(time / DAY)}`
    const rest = { ...own, channel, ...(campaign === '' ? {} : { campaign }) }
    const tell = (kind: Happening['kind'], more: object = {}) => {
      happened.push({ kind, cluster, campaign, channel, amount })
      return at(time, kind, { ...rest, ...more })
    }
    return [
      tell('impression', { target: 'ad' }),
      ...(uniform() < taste ? [tell('click', { target: 'ad' })] : []),
      ...(uniform() < 0.2 ? [tell('purchase', { order_id: `o${ids}`, amount })] : []),
    ]
  }).flat(),
)
const phones = PEOPLE.flatMap(({ ids: own, who }) =>
  'anonymous_id' in own ? [at(WEEK.to - 1000, 'login', { ...own, user_id: who })] : [],
)
const returned = EVENTS.flatMap(event =>
  event.event_type === 'purchase' && uniform() < 0.3
    ? [at(WEEK.to - 500, 'refund', { order_id: (event as { order_id?: string }).order_id, amount: 1, kind: 'return' })]
    : [],
)
const surveys = times(60, index => ({
  topic: ['price', 'taste'][index % 2] as string,
  score: Math.floor(uniform() * 11),
}))

let world: IndicatorWorld
beforeAll(async () => {
  const yaml = `timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nidentity: { link: '*' }\nboard: []
surveys: { nps: { min: 0, max: 10 } }\n`
  world = await createIndicatorWorld(await catalogOf({ 'kivi.yaml': yaml, 'measures.yaml': CATALOG }))
  const answers = surveys.map(answer => at(some(), 'survey', { survey: 'nps', ...answer }))
  await world.given([...EVENTS, ...phones, ...returned, ...answers], WEEK.to + DAY)
})
afterAll(() => world?.[Symbol.asyncDispose]())

type Pair = readonly [x: number, y: number]
const total = (pairs: readonly Pair[]): Pair => pairs.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0] as Pair)

/** What each person (each day, of nobody) adds above and below the line. */
function pairsOf(
  of: readonly Happening[],
  above: (one: Happening) => number,
  below: (one: Happening) => number,
): Pair[] {
  const clusters = Map.groupBy(of, ({ cluster }) => cluster)
  return [...clusters.values()]
    .map(all => total(all.map((one): Pair => [above(one), below(one)])))
    .filter(([x, y]) => x !== 0 || y !== 0)
}

/** Half the width: residuals x − R·y of the clusters, whose mean is zero. */
function delta(pairs: readonly Pair[]): number {
  const [x, y] = total(pairs)
  const residuals = pairs.map(([a, b]) => a - (x / y) * b)
  const variance = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / (pairs.length - 1)
  return (studentQuantile(0.975, pairs.length - 1) * Math.sqrt(variance * pairs.length)) / y
}

/** Another method for the same: the ratio without each of them in turn. */
function jackknife(pairs: readonly Pair[]): number {
  const [x, y] = total(pairs)
  const without = pairs.map(([a, b]) => (x - a) / (y - b))
  const mean = without.reduce((sum, ratio) => sum + ratio, 0) / without.length
  const spread = without.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0)
  return studentQuantile(0.975, pairs.length - 1) * Math.sqrt(((pairs.length - 1) / pairs.length) * spread)
}

const is = (kind: Happening['kind']) => (one: Happening) => (one.kind === kind ? 1 : 0)
const paid = (one: Happening) => (one.kind === 'purchase' ? one.amount : 0)

interface Group {
  readonly by: Readonly<Record<string, string>>
  readonly value: number
  readonly n: number
  readonly parts: Readonly<Record<string, number>>
  readonly interval: readonly [number, number]
}

describe('a ratio of many events of each person', () => {
  test.each([
    ['ctr', 'campaign', 3, is('click'), is('impression')],
    ['ctr', 'channel,campaign', 6, is('click'), is('impression')],
    ['order_value', 'campaign', 3, paid, is('purchase')],
  ] as const)('%s by %s has the interval of each group’s own persons', async (id, by, count, above, below) => {
    const { groups } = (await world.value(id, WEEK, { by })) as { groups: Group[] }
    expect(groups).toHaveLength(count)
    for (const group of groups) {
      const within = happened.filter(one =>
        Object.entries(group.by).every(([field, value]) => one[field as 'campaign' | 'channel'] === value),
      )
      const pairs = pairsOf(within, above, below)
      expect(pairs.length).toBeGreaterThan(10)
      const [x, y] = total(pairs)
      expect(group.value).toBeCloseTo(x / y, 9)
      const half = delta(pairs)
      expect(group.interval[0]).toBeCloseTo(x / y - half, 9)
      expect(group.interval[1]).toBeCloseTo(x / y + half, 9)
      // the jackknife is a little wider with few persons
      const ratio = jackknife(pairs) / half
      expect(ratio).toBeGreaterThan(0.97)
      expect(ratio).toBeLessThan(1.25)
    }
  })

  test('has for a filter the interval that its group has, and for all one that knows who is in several groups', async () => {
    const { groups, interval } = await world.value('ctr', WEEK, { by: 'campaign' })
    for (const { by, interval: ofGroup } of groups as Group[])
      expect((await world.value('ctr', WEEK, { filter: `campaign:${by.campaign}` })).interval).toEqual(ofGroup)
    const pairs = pairsOf(happened, is('click'), is('impression'))
    const half = delta(pairs)
    expect((interval[1] - interval[0]) / 2).toBeCloseTo(half, 9)
    // the tastes of persons are not told twice by their being in several groups
    const parted = (groups as Group[]).flatMap(({ by }) =>
      pairsOf(
        happened.filter(({ campaign }) => campaign === by.campaign),
        is('click'),
        is('impression'),
      ),
    )
    expect(half).toBeGreaterThan(1.05 * delta(parted))
  })

  test('of one person says why there is none', async () => {
    const one = [at(WEEK.from, 'impression', { user_id: 'ann', campaign: 'lone', channel: 'web' })]
    await world.given([...EVENTS, ...one], WEEK.to + DAY)
    const { groups } = await world.value('ctr', WEEK, { by: 'campaign' })
    const lone = groups.find(({ by }: Group) => by.campaign === 'lone')
    expect(lone).toMatchObject({ value: 0, n: 1, interval: null, interval_reason: 'too_few' })
    expect(groups[0]).not.toHaveProperty('interval_reason')
    await world.given([...EVENTS, ...phones, ...returned], WEEK.to + DAY)
  })
})

test('a share of things has Wilson’s interval in each group: where the share would be just not refused', async () => {
  const { groups } = (await world.value('return_rate', WEEK, { by: 'campaign' })) as { groups: Group[] }
  expect(groups).toHaveLength(3)
  for (const { value, n, interval } of groups)
    for (const bound of interval) expect((value - bound) ** 2).toBeCloseTo((Z ** 2 * bound * (1 - bound)) / n, 12)
})

test('a net score has the interval of each group’s answers', async () => {
  await world.given(
    surveys.map(answer => at(some(), 'survey', { survey: 'nps', ...answer })),
    WEEK.to + DAY,
  )
  const { groups } = (await world.value('nps', WEEK, { by: 'topic' })) as { groups: Group[] }
  expect(groups.map(({ by }) => by.topic).sort()).toEqual(['price', 'taste'])
  for (const { by, interval } of groups) {
    const scores = surveys.filter(({ topic }) => topic === by.topic).map(({ score }) => score)
    // three more answers: three quarters of one to each side, the rest between
    const signs = [...scores.map(score => (score >= 9 ? 1 : score <= 6 ? -1 : 0)), 0, 0, 0]
    const mean = signs.reduce<number>((sum, sign) => sum + sign, 0) / signs.length
    const square = (signs.reduce<number>((sum, sign) => sum + sign ** 2, 0) + 1.5) / signs.length
    const half = Z * Math.sqrt((square - mean ** 2) / signs.length)
    expect(interval[0]).toBeCloseTo(100 * (mean - half), 9)
    expect(interval[1]).toBeCloseTo(100 * (mean + half), 9)
  }
})
