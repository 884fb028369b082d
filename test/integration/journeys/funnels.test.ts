import type { Catalog, Funnel, FunnelGroup, FunnelMeasure } from '@kivi/domain'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { SentEvent } from '../../support/derived-store.ts'
import { catalogOf } from '../query/fixture.ts'
import { createJourneyStore, type JourneyStore } from './fixture.ts'

const HOUR = 3_600_000
const START = Date.parse('2026-03-01T00:00:00Z')
const FILES = {
  'kivi.yaml': "timezone: Europe/Berlin\ncurrency: EUR\nidentity: { link: '*' }\n",
  'funnels.yaml': `
funnels:
  checkout:
    label: { en: Checkout }
    within: 1h
    dimensions: [channel]
    steps:
      - { name: cart, event: cart, filter: action == 'added' }
      - { name: checkout, event: checkout }
      - { name: bought, event: purchase, filter: amount > 0 }
measures:
  carts: { funnel: checkout, step: cart }
  checkouts: { funnel: checkout, step: checkout }
  bought: { funnel: checkout, step: bought }
`,
}

let catalog: Catalog
let funnel: Funnel
beforeAll(async () => {
  catalog = await catalogOf(FILES)
  funnel = catalog.funnels.get('checkout') as Funnel
})

const range = (from: number, to: number) => ({ from: START + from, to: START + to })
const cart = (at: number, who: object, channel = 'web'): SentEvent => ({
  event_type: 'cart',
  event_time: START + at,
  action: 'added',
  channel,
  ...who,
})
const checkout = (at: number, who: object): SentEvent => ({
  event_type: 'checkout',
  event_time: START + at,
  action: 'started',
  ...who,
})
const bought = (at: number, who: object, amount = 10): SentEvent => ({
  event_type: 'purchase',
  event_time: START + at,
  amount,
  ...who,
})
const ann = { user_id: 'ann' }
const bob = { user_id: 'bob' }

interface Asked {
  readonly by?: readonly string[]
  readonly filters?: ReadonlyArray<{ field: string; values: readonly string[] }>
  readonly known?: number
}

const read = (store: JourneyStore, at: { from: number; to: number }, { by = [], filters = [], known }: Asked = {}) =>
  store.journeys.funnel(catalog, {
    funnel,
    range: at,
    by,
    filters,
    known: known ?? START + 1000 * HOUR,
    asOf: known !== undefined,
  })

const persons = (groups: readonly FunnelGroup[]) =>
  Object.fromEntries(groups.map(({ group, steps }) => [group.join(), steps.map(step => step.persons)]))

test('a step counts when it comes after the one before it and less than the length after the start', async () => {
  await using store = await createJourneyStore(catalog)
  const each = (name: string, ...events: Array<(who: object) => SentEvent>) =>
    events.map(make => make({ user_id: name }))
  await store.send([
    ...each(
      'through',
      w => cart(0, w),
      w => checkout(1, w),
      w => bought(2, w),
    ),
    ...each(
      'just',
      w => cart(0, w),
      w => checkout(1, w),
      w => bought(HOUR - 1, w),
    ),
    ...each(
      'late',
      w => cart(0, w),
      w => checkout(1, w),
      w => bought(HOUR, w),
    ),
    // the same millisecond does not say which was first
    ...each(
      'same',
      w => cart(0, w),
      w => checkout(0, w),
      w => bought(2, w),
    ),
    ...each(
      'backwards',
      w => cart(5, w),
      w => checkout(1, w),
      w => bought(9, w),
    ),
    // what the filter leaves out is no step
    ...each(
      'free',
      w => cart(0, w),
      w => checkout(1, w),
      w => bought(2, w, 0),
    ),
    { ...cart(0, { user_id: 'removed' }), action: 'removed' },
    // nobody's events
    cart(0, {}),
    checkout(1, {}),
  ])
  expect(persons(await read(store, range(0, 1)))).toEqual({ '': [5, 4, 2] })
  // the start decides, wherever the rest lies
  expect(persons(await read(store, range(1, HOUR)))).toEqual({ '': [1, 0, 0] })
  expect(await read(store, range(HOUR, 2 * HOUR))).toEqual([])
})

test('a person counts once, by the start that came furthest; by the dimensions of that start', async () => {
  await using store = await createJourneyStore(catalog)
  await store.send([
    cart(0, ann, 'web'),
    cart(2 * HOUR, ann, 'app'),
    checkout(2 * HOUR + 60_000, ann),
    cart(2 * HOUR + 120_000, ann, 'web'),
    cart(0, bob, 'web'),
  ])
  const day = range(0, 24 * HOUR)
  expect(persons(await read(store, day))).toEqual({ '': [2, 1, 0] })
  expect(persons(await read(store, day, { by: ['channel'] }))).toEqual({ app: [1, 1, 0], web: [2, 0, 0] })
  expect(persons(await read(store, day, { filters: [{ field: 'channel', values: ['app'] }] }))).toEqual({
    '': [1, 1, 0],
  })
  expect(persons(await read(store, day, { known: START + 2 * HOUR + 60_000 }))).toEqual({ '': [2, 0, 0] })
})

test('an anonymous start goes on after the login', async () => {
  await using store = await createJourneyStore(catalog)
  await store.send([
    cart(0, { anonymous_id: 'x' }),
    { event_type: 'login', event_time: START + 5, anonymous_id: 'x', user_id: 'ann' },
    checkout(10, ann),
    bought(20, ann),
  ])
  expect(persons(await read(store, range(0, HOUR)))).toEqual({ '': [1, 1, 1] })
  expect(persons(await read(store, range(0, HOUR), { known: START + 5 }))).toEqual({ '': [1, 0, 0] })
})

test('the time between steps is the median over persons, of each the furthest attempt', async () => {
  await using store = await createJourneyStore(catalog)
  const through = (name: string, ...at: number[]) => [
    cart(0, { user_id: name }),
    checkout(at[0]!, { user_id: name }),
    ...(at[1] === undefined ? [] : [bought(at[0]! + at[1], { user_id: name })]),
  ]
  await store.send([
    ...through('a', 1000, 100),
    ...through('b', 2000, 700),
    ...through('c', 4000),
    ...through('d', 9000),
  ])
  const [all] = await read(store, range(0, HOUR))
  expect(all?.steps.map(step => step.medianMs)).toEqual([null, 3000, 400])
})

test('measures of a funnel count the same persons in all ranges at once', async () => {
  await using store = await createJourneyStore(catalog)
  await store.send([
    cart(0, ann),
    checkout(1, ann),
    cart(HOUR, ann),
    cart(HOUR, bob),
    checkout(HOUR + 1, bob),
    bought(HOUR + 2, bob),
  ])
  const cells = await store.funnels.read(catalog, {
    measures: [...catalog.derivedMeasures.values()].filter((m): m is FunnelMeasure => m.kind === 'funnel'),
    ranges: [range(0, HOUR), range(0, 2 * HOUR), range(HOUR, 2 * HOUR), range(9 * HOUR, 10 * HOUR)],
    by: [],
    filters: [],
    known: START + 24 * HOUR,
    asOf: false,
  })
  const found = Object.groupBy(cells, cell => cell.range)
  const counts = (at: number) => Object.fromEntries((found[at] ?? []).map(cell => [cell.measure, cell.parts.distinct]))
  expect([0, 1, 2, 3].map(counts)).toEqual([
    { carts: 1, checkouts: 1, bought: 0 },
    { carts: 2, checkouts: 2, bought: 1 },
    { carts: 2, checkouts: 1, bought: 1 },
    {},
  ])
})

/** The same by plain loops. */
function expected(events: readonly SentEvent[], { from, to }: { from: number; to: number }): number[] {
  const isStep = [
    (e: SentEvent) => e.event_type === 'cart',
    (e: SentEvent) => e.event_type === 'checkout',
    (e: SentEvent) => e.event_type === 'purchase' && Number(e['amount']) > 0,
  ]
  const furthest = new Map<unknown, number>()
  for (const start of events) {
    const [who, t] = [start['user_id'], Number(start.event_time)]
    if (!isStep[0]!(start) || t < from || t >= to) continue
    let [reached, at] = [0, t]
    for (const step of [1, 2]) {
      const next = events
        .filter(e => e['user_id'] === who && isStep[step]!(e) && Number(e.event_time) > at)
        .map(e => Number(e.event_time))
        .sort((a, b) => a - b)[0]
      if (reached < step - 1 || next === undefined || next - t >= HOUR) break
      reached = step
      at = next
    }
    furthest.set(who, Math.max(reached, furthest.get(who) ?? 0))
  }
  return [0, 1, 2].map(step => [...furthest.values()].filter(reached => reached >= step).length)
}

test('random histories give what plain loops give', async () => {
  const at = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(-1, 0, 0, 1))
    .map(([n, ms]) => Math.max(0, (n * HOUR) / 4 + ms))
  const who = fc.constantFrom(ann, bob, { user_id: 'cem' })
  const one = fc.oneof(
    fc.tuple(at, who).map(([t, w]) => cart(t, w)),
    fc.tuple(at, who).map(([t, w]) => checkout(t, w)),
    fc.tuple(at, who, fc.constantFrom(0, 5)).map(([t, w, amount]) => bought(t, w, amount)),
  )
  await using store = await createJourneyStore(catalog)
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 8, maxLength: 40 }),
      fc.integer({ min: 0, max: 8 }),
      async (events, first) => {
        await store.clear()
        await store.send(events)
        for (const asked of [range(0, 4 * HOUR), range((first * HOUR) / 4, 2 * HOUR + first)]) {
          const [all] = await read(store, asked)
          expect(all?.steps.map(step => step.persons) ?? [0, 0, 0]).toEqual(expected(events, asked))
        }
      },
    ),
    { numRuns: 30 },
  )
})
