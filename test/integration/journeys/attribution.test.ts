import type { AttributedMeasure, Attribution, Catalog, CreditModel, EntityMeasure, MergedParts } from '@kivi/domain'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SentEvent } from '../../support/derived-store.ts'
import { catalogOf } from '../query/fixture.ts'
import { createJourneyStore } from './fixture.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.parse('2026-03-01T00:00:00Z')

const FILES = {
  'kivi.yaml': `
timezone: Asia/Kathmandu
currency: EUR
identity: { link: '*' }
`,
  'entities.yaml': `
entities:
  order:
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      amount: { agg: sum, expr: amount }
      refunded: { event: refund, agg: sum, expr: amount }
      person: { agg: first, expr: person }
      shop: { agg: first, expr: source }
  person:
    key: person
    fields:
      ad_clicks: { event: click, filter: target == 'ad', agg: list, keep: [campaign, channel] }
      mails: { event: impression, filter: target == 'email', agg: list, keep: [campaign] }
      purchases: { event: purchase, agg: list, expr: amount }
measures:
  gross: { entity: order, at: ordered, agg: sum, expr: amount, unit: money }
  net: { entity: order, at: ordered, agg: sum, expr: amount - refunded, unit: money }
  large: { entity: order, at: ordered, agg: count, filter: amount >= 50 }
`,
}

let catalog: Catalog
beforeAll(async () => {
  catalog = await catalogOf(FILES)
})

const entityMeasure = (id: string) => catalog.derivedMeasures.get(id) as EntityMeasure

function withAttribution(changes: Partial<Attribution> = {}): Catalog {
  const timing = entityMeasure('gross').timing
  if (timing.kind !== 'at') throw new Error('orders are counted at a time')
  const attribution: Attribution = {
    name: 'ad',
    touches: [{ kind: 'list', entity: 'person', list: 'ad_clicks', filter: null }],
    conversions: { kind: 'rows', entity: 'order', at: timing.time, person: 'person', filter: null },
    windowMs: 7 * DAY,
    credit: 'last',
    version: 'v',
    ...changes,
  }
  return { ...catalog, attributions: new Map([['ad', attribution]]) }
}

const COUNTS = ['touches', 'converted_touches', 'conversions', 'persons', 'converted_persons'] as const

function measures(): AttributedMeasure[] {
  const base = {
    kind: 'attributed',
    attribution: 'ad',
    agg: 'count',
    dimensions: ['campaign'],
    followUp: { ms: 7 * DAY },
  }
  const of = (id: string, rest: object) => ({ ...base, id, expr: null, ...rest }) as unknown as AttributedMeasure
  return [
    ...COUNTS.map(counts => of(counts, { counts })),
    of('gross', { counts: 'value', agg: 'sum', expr: entityMeasure('gross').expr }),
    of('net', { counts: 'value', agg: 'sum', expr: entityMeasure('net').expr }),
  ]
}

interface Range {
  readonly from: number
  readonly to: number
}

interface Asked {
  readonly ranges: readonly Range[]
  readonly by?: readonly string[]
  readonly filters?: ReadonlyArray<{ field: string; values: readonly string[] }>
  readonly known?: number
}

/** numbers by range, group and measure; what is zero is left out */
async function ask(
  store: Awaited<ReturnType<typeof createJourneyStore>>,
  of: Catalog,
  { ranges, by = [], filters = [], known }: Asked,
): Promise<Map<string, number>> {
  const cells = await store.attributed.read(of, {
    measures: measures(),
    ranges,
    by,
    filters,
    known: known ?? START + 1000 * DAY,
    asOf: known !== undefined,
  })
  const found = new Map<string, number>()
  for (const { range, group, measure, parts } of cells) {
    const n = numberOf(measure, parts)
    if (n !== 0) found.set(`${range}|${group.join(',')}|${measure}`, n)
  }
  return found
}

const numberOf = (measure: string, parts: MergedParts): number =>
  parts.value ?? (measure === 'gross' || measure === 'net' ? Number(parts.sum) / 10_000 : parts.count)

const MODELS: readonly CreditModel[] = ['last', 'first', 'any', 'linear', 'position']

interface Touch {
  readonly who: string
  readonly t: number
  readonly campaign: string
}

interface Order {
  readonly who: string
  readonly t: number
  readonly gross: number
  readonly net: number
}

/** Whose an event is: a user, or an anonymous id that stands for the user it appears with first. */
function persons(events: readonly SentEvent[], before = Number.POSITIVE_INFINITY): (event: SentEvent) => string {
  const users = new Map<string, { t: number; user: string }>()
  for (const event of events) {
    const [user, anonymous, t] = [event['user_id'], event['anonymous_id'], Number(event.event_time)]
    if (typeof user !== 'string' || typeof anonymous !== 'string' || t >= before) continue
    const known = users.get(anonymous)
    if (known === undefined || t < known.t) users.set(anonymous, { t, user })
  }
  return event => {
    if (typeof event['user_id'] === 'string') return `u:${event['user_id']}`
    const anonymous = event['anonymous_id']
    if (typeof anonymous !== 'string') return ''
    const link = users.get(anonymous)
    return link === undefined ? `a:${anonymous}` : `u:${link.user}`
  }
}

/** The same numbers by plain loops over the events. */
function expected(
  events: readonly SentEvent[],
  model: CreditModel,
  { ranges, by = [], known }: Asked,
): Map<string, number> {
  const seen = events.filter(event => known === undefined || Number(event.event_time) < known)
  const who = persons(seen)
  const touches: Touch[] = []
  const orders = new Map<string, Order>()
  for (const event of seen.toSorted((a, b) => Number(a.event_time) - Number(b.event_time))) {
    const t = Number(event.event_time)
    if (event.event_type === 'click' && event['target'] === 'ad' && who(event) !== '')
      touches.push({ who: who(event), t, campaign: String(event['campaign'] ?? '') })
    if (event.event_type !== 'purchase' && event.event_type !== 'refund') continue
    const id = String(event['order_id'])
    const order = orders.get(id) ?? { who: '', t: Number.NaN, gross: 0, net: 0 }
    const amount = Number(event['amount'])
    if (event.event_type === 'refund') orders.set(id, { ...order, net: order.net - amount })
    else
      orders.set(id, {
        who: order.who === '' ? who(event) : order.who,
        t: Number.isNaN(order.t) ? t : order.t,
        gross: order.gross + amount,
        net: order.net + amount,
      })
  }
  touches.sort((a, b) => a.t - b.t || (a.campaign < b.campaign ? -1 : 1))
  const earned = touches.map(() => ({ weight: 0, gross: 0, net: 0 }))
  for (const order of orders.values()) {
    if (order.who === '' || Number.isNaN(order.t)) continue
    const own = [...touches.keys()].filter(i => {
      const gap = order.t - touches[i]!.t
      return touches[i]!.who === order.who && gap >= 0 && gap < 7 * DAY
    })
    own.forEach((touch, place) => {
      const weight = share(model, place, own.length)
      earned[touch]!.weight += weight
      earned[touch]!.gross += weight * order.gross
      earned[touch]!.net += weight * order.net
    })
  }
  const found = new Map<string, number>()
  ranges.forEach((range, r) => {
    const inside = [...touches.keys()].filter(i => touches[i]!.t >= range.from && touches[i]!.t < range.to)
    for (const [group, list] of Map.groupBy(inside, i => (by.length === 0 ? '' : touches[i]!.campaign))) {
      const converted = list.filter(i => earned[i]!.weight > 0)
      const people = (of: number[]) => new Set(of.map(i => touches[i]!.who)).size
      const sum = (key: 'weight' | 'gross' | 'net') => list.reduce((total, i) => total + earned[i]![key], 0)
      const numbers = {
        touches: list.length,
        converted_touches: converted.length,
        persons: people(list),
        converted_persons: people(converted),
        conversions: sum('weight'),
        gross: sum('gross'),
        net: sum('net'),
      }
      for (const [id, n] of Object.entries(numbers)) if (Math.abs(n) > 1e-9) found.set(`${r}|${group}|${id}`, n)
    }
  })
  return found
}

function share(model: CreditModel, place: number, n: number): number {
  if (model === 'any') return 1
  if (model === 'last') return place === n - 1 ? 1 : 0
  if (model === 'first') return place === 0 ? 1 : 0
  if (model === 'linear' || n < 3) return 1 / n
  return place === 0 || place === n - 1 ? 0.4 : 0.2 / (n - 2)
}

function expectSame(found: Map<string, number>, wanted: Map<string, number>): void {
  expect([...found.keys()].toSorted()).toEqual([...wanted.keys()].toSorted())
  for (const [key, n] of wanted) expect(found.get(key), key).toBeCloseTo(n, 8)
}

const click = (t: number, campaign: string, who: object): SentEvent => ({
  event_type: 'click',
  event_time: t,
  target: 'ad',
  campaign,
  ...who,
})
const buy = (t: number, order_id: string, amount: number, who: object): SentEvent => ({
  event_type: 'purchase',
  event_time: t,
  order_id,
  amount,
  ...who,
})

describe('credit for conversions', () => {
  test('goes to the last touch less than seven days before, by its time and campaign; a purchase has several lines', async () => {
    await using store = await createJourneyStore(catalog)
    const at = (text: string) => Date.parse(text)
    const ann = { user_id: 'ann' }
    await store.send([
      click(at('2026-03-01T10:00:00Z'), 'spring', ann),
      click(at('2026-03-03T10:00:00Z'), 'brand', ann),
      { ...click(at('2026-03-04T08:00:00Z'), 'news', ann), target: 'email' },
      buy(at('2026-03-04T10:00:00Z'), 'P1', 100, ann),
      buy(at('2026-03-05T10:00:00Z'), 'P2', 50, ann),
      // exactly seven days after the click
      buy(at('2026-03-10T10:00:00Z'), 'P3', 70, ann),
      // before the click
      buy(at('2026-03-02T09:00:00Z'), 'P4', 30, { user_id: 'cem' }),
      click(at('2026-03-02T09:30:00Z'), 'spring', { user_id: 'cem' }),
      click(at('2026-03-06T10:00:00Z'), 'spring', { user_id: 'dee' }),
      buy(at('2026-03-08T10:00:00Z'), 'P5', 20, { user_id: 'dee' }),
      buy(at('2026-03-08T10:00:00Z'), 'P5', 25, { user_id: 'dee' }),
      { event_type: 'refund', event_time: at('2026-03-15T10:00:00Z'), order_id: 'P1', amount: 40, ...ann },
    ])
    const ranges = [{ from: at('2026-03-01T00:00:00Z'), to: at('2026-03-08T00:00:00Z') }]
    expect(Object.fromEntries(await ask(store, withAttribution(), { ranges, by: ['campaign'] }))).toEqual({
      '0|brand|touches': 1,
      '0|brand|converted_touches': 1,
      '0|brand|conversions': 2,
      '0|brand|persons': 1,
      '0|brand|converted_persons': 1,
      '0|brand|gross': 150,
      '0|brand|net': 110,
      '0|spring|touches': 3,
      '0|spring|converted_touches': 1,
      '0|spring|conversions': 1,
      '0|spring|persons': 3,
      '0|spring|converted_persons': 1,
      '0|spring|gross': 45,
      '0|spring|net': 45,
    })
    // a filter chooses among touches that earned; it does not change who earned
    const spring = [{ field: 'campaign', values: ['spring'] }]
    expect((await ask(store, withAttribution(), { ranges, filters: spring })).get('0||conversions')).toBe(1)
    // what was not known on 4 March: the second purchase; on 12 March: the refund
    const known = (time: string) => ask(store, withAttribution(), { ranges, known: at(time) })
    expect((await known('2026-03-05T00:00:00Z')).get('0||conversions')).toBe(1)
    expect((await known('2026-03-12T00:00:00Z')).get('0||net')).toBe(195)
    expect((await known('2026-03-16T00:00:00Z')).get('0||net')).toBe(155)
    // a condition on conversions
    const filter = entityMeasure('large').filter
    const { conversions } = withAttribution().attributions.get('ad') as Attribution
    const large = withAttribution({ conversions: { ...conversions, filter } })
    expect((await ask(store, large, { ranges })).get('0||gross')).toBe(150)
  })

  test('a click without an account counts for the user who logs in and buys later; as of before the login for nobody', async () => {
    await using store = await createJourneyStore(catalog)
    await store.send([
      click(START, 'spring', { anonymous_id: 'x' }),
      { event_type: 'login', event_time: START + DAY, anonymous_id: 'x', user_id: 'ann' },
      buy(START + DAY - 1, 'P1', 10, { user_id: 'ann' }),
      // another browser of the same user
      click(START + HOUR, 'brand', { anonymous_id: 'y' }),
      { event_type: 'identify', event_time: START + 20 * DAY, anonymous_id: 'y', user_id: 'ann' },
      // an id that two users share belongs to the first
      { event_type: 'login', event_time: START + 2 * DAY, anonymous_id: 'x', user_id: 'bob' },
      buy(START + 3 * DAY, 'P2', 5, { user_id: 'bob' }),
    ])
    const ranges = [{ from: START, to: START + DAY }]
    const all = await ask(store, withAttribution({ credit: 'linear' }), { ranges, by: ['campaign'] })
    expect(all.get('0|spring|conversions')).toBeCloseTo(0.5, 9)
    expect(all.get('0|brand|conversions')).toBeCloseTo(0.5, 9)
    const early = (known: number) => ask(store, withAttribution(), { ranges, known })
    expect((await early(START + DAY)).get('0||conversions')).toBeUndefined()
    expect((await early(START + 2 * DAY)).get('0||conversions')).toBe(1)
    expect((await early(START + 2 * DAY)).get('0||persons')).toBe(2)
    expect((await ask(store, withAttribution(), { ranges })).get('0||persons')).toBe(1)
  })

  test('touches come from several sources, conversions may be observations of a list', async () => {
    await using store = await createJourneyStore(catalog)
    await store.send([
      click(START, 'spring', { user_id: 'ann' }),
      { event_type: 'impression', event_time: START, target: 'email', campaign: 'news', user_id: 'ann' },
      buy(START + HOUR, 'P1', 10.5, { user_id: 'ann' }),
    ])
    const of = withAttribution({
      touches: [
        { kind: 'list', entity: 'person', list: 'ad_clicks', filter: null },
        { kind: 'list', entity: 'person', list: 'mails', filter: null },
      ],
      conversions: { kind: 'list', entity: 'person', list: 'purchases', filter: null },
    })
    const found = await store.attributed.read(of, {
      measures: measures().slice(0, 3),
      ranges: [{ from: START, to: START + 1 }],
      by: ['campaign'],
      filters: [],
      known: START + DAY,
      asOf: false,
    })
    const conversions = found.filter(cell => cell.measure === 'conversions')
    // of the same ms: the source that is listed later
    expect(conversions.map(cell => [cell.group[0], cell.parts.count]).toSorted()).toEqual([
      ['news', 1],
      ['spring', 0],
    ])
  })

  test('weights of one conversion add up to exactly one, however many touches share it', async () => {
    await using store = await createJourneyStore(catalog)
    await store.send(
      [1, 2, 3, 7, 11, 13, 49, 97].flatMap(n => [
        ...Array.from({ length: n }, (_, i) => click(START + i, `c${i % 3}`, { user_id: `u${n}` })),
        buy(START + HOUR, `P${n}`, 0.07 * n, { user_id: `u${n}` }),
      ]),
    )
    for (const credit of ['last', 'first', 'linear', 'position'] as const) {
      const cells = await store.attributed.read(withAttribution({ credit }), {
        measures: measures(),
        ranges: [{ from: START, to: START + DAY }],
        by: [],
        filters: [],
        known: START + DAY,
        asOf: false,
      })
      const parts = new Map(cells.map(cell => [cell.measure, cell.parts]))
      // whole conversions and exact integers of money: no number beside them is needed
      expect(parts.get('conversions'), credit).toMatchObject({ count: 8 })
      expect(parts.get('conversions'), credit).not.toHaveProperty('value')
      expect(parts.get('gross'), credit).toMatchObject({ sum: 128_100n })
      expect(parts.get('gross'), credit).not.toHaveProperty('value')
    }
    const any = await ask(store, withAttribution({ credit: 'any' }), { ranges: [{ from: START, to: START + DAY }] })
    expect(any.get('0||conversions')).toBe(1 + 2 + 3 + 7 + 11 + 13 + 49 + 97)
  })
})

const who = fc.oneof(
  fc.constantFrom('ann', 'bob').map(user_id => ({ user_id })),
  fc.constantFrom('x', 'y').map(anonymous_id => ({ anonymous_id })),
  fc.constant({}),
)
// a week apart to the millisecond, beside it, or at the same one: that is where credit goes wrong
const time = fc
  .tuple(fc.constantFrom(0, 1, 2, 7, 8, 9, 14), fc.constantFrom(-1, 0, 0, 0, 1))
  .map(([day, ms]) => START + day * DAY + ms)
const event = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(time, fc.constantFrom('a', 'b', ''), who).map(([t, c, w]) => click(t, c, w)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(time, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 999 }), who)
      .map(([t, order, cents, w]) => buy(t, `P${order}`, cents / 100, w)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(time, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 99 })).map(
      ([t, order, cents]): SentEvent => ({
        event_type: 'refund',
        event_time: t,
        order_id: `P${order}`,
        amount: cents / 100,
      }),
    ),
  },
)
// each link at an instant of its own: of two users at the same one nobody can say which was first
const links = fc.uniqueArray(
  fc.record({
    t: fc.integer({ min: 1, max: 5000 }),
    id: fc.constantFrom('x', 'y', 'z'),
    user: fc.constantFrom('ann', 'bob'),
  }),
  { selector: link => link.t, maxLength: 4 },
)
const range = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }))
  .map(([from, length]) => ({ from: START + from * DAY, to: START + (from + length) * DAY }))

test('attributions that differ in their credit only are read together, and each gives its own', async () => {
  await using store = await createJourneyStore(catalog)
  await store.send([
    click(START, 'a', { user_id: 'ann' }),
    click(START + HOUR, 'b', { user_id: 'ann' }),
    buy(START + 2 * HOUR, 'P1', 10, { user_id: 'ann' }),
    // another window is another question: after six days nothing of it is left
    buy(START + 6 * DAY, 'P2', 1, { user_id: 'ann' }),
  ])
  const all = MODELS.map(credit => withAttribution({ name: credit, credit }).attributions.get('ad') as Attribution)
  const short = { ...all[0]!, name: 'short', windowMs: DAY }
  const asked = [...all, short].flatMap(({ name }) =>
    measures().map(measure => ({ ...measure, id: `${name} ${measure.id}`, attribution: name })),
  )
  const cells = await store.attributed.read(
    { ...catalog, attributions: new Map([...all, short].map(attribution => [attribution.name, attribution])) },
    {
      measures: asked,
      ranges: [{ from: START, to: START + DAY }],
      by: ['campaign'],
      filters: [],
      known: START + 9 * DAY,
      asOf: false,
    },
  )
  const gross = Object.fromEntries(
    cells
      .filter(({ measure }) => measure.endsWith(' gross'))
      .map(({ measure, group, parts }) => [`${measure.split(' ')[0]} ${group[0]}`, Number(parts.sum) / 10_000]),
  )
  expect(gross).toEqual({
    ...{ 'last a': 0, 'last b': 11, 'first a': 11, 'first b': 0, 'any a': 11, 'any b': 11 },
    ...{ 'linear a': 5.5, 'linear b': 5.5, 'position a': 5.5, 'position b': 5.5, 'short a': 0, 'short b': 10 },
  })
})

test('a window may be longer than a month: what is exactly so old earns nothing', async () => {
  await using store = await createJourneyStore(catalog)
  await store.send([
    click(START, 'old', { user_id: 'ann' }),
    click(START + 1, 'just', { user_id: 'ann' }),
    buy(START + 60 * DAY, 'P1', 10, { user_id: 'ann' }),
  ])
  const of = withAttribution({ windowMs: 60 * DAY, credit: 'first' })
  const found = await ask(store, of, { ranges: [{ from: START, to: START + DAY }], by: ['campaign'] })
  expect([found.get('0|old|conversions'), found.get('0|just|conversions')]).toEqual([undefined, 1])
})

test('random histories give what plain loops give, in every model', async () => {
  await using store = await createJourneyStore(catalog)
  const attributions = new Map(
    MODELS.map(credit => [
      credit,
      { ...(withAttribution({ credit }).attributions.get('ad') as Attribution), name: credit },
    ]),
  )
  const all = MODELS.flatMap(credit =>
    measures().map(measure => ({ ...measure, id: `${credit} ${measure.id}`, attribution: credit })),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 30, maxLength: 60 }),
      links,
      fc.array(range, { maxLength: 3 }).map(some => [{ from: START - DAY, to: START + 20 * DAY }, ...some]),
      fc.option(time, { nil: undefined, freq: 1 }),
      async (events, linked, ranges, known) => {
        await store.clear()
        // the first line of an order decides whose it is: lines of one order at the same time would be a draw
        const lines = new Set<string>()
        const history = [
          ...events.filter(({ event_time, order_id }: SentEvent) => {
            const line = `${event_time} ${order_id}`
            return order_id === undefined || (!lines.has(line) && lines.add(line))
          }),
          ...linked.map(
            ({ t, id, user }): SentEvent => ({
              event_type: 'login',
              event_time: START + t * 317_000 + 17,
              anonymous_id: id,
              user_id: user,
            }),
          ),
        ]
        await store.send(history)
        for (const by of [[], ['campaign']]) {
          const cells = await store.attributed.read(
            { ...catalog, attributions },
            { measures: all, ranges, by, filters: [], known: known ?? START + 99 * DAY, asOf: known !== undefined },
          )
          for (const model of MODELS) {
            const found = new Map<string, number>()
            for (const { range, group, measure, parts } of cells) {
              const [of, id] = measure.split(' ') as [string, string]
              const n = numberOf(id, parts)
              if (of === model && n !== 0) found.set(`${range}|${group.join(',')}|${id}`, n)
            }
            expectSame(found, expected(history, model, { ranges, by, ...(known === undefined ? {} : { known }) }))
          }
        }
      },
    ),
    { numRuns: 20 },
  )
})
