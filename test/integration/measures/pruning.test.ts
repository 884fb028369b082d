/** Leaving out days and rows changes no answer: each measure alone, over a short window, as with all of time read. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDerivedStore, type DerivedStore, type SentEvent } from '../../support/derived-store.ts'
import { ask, catalogWith } from './asking.ts'
import * as define from './definitions.ts'

const DAY = 86_400_000
const FIRST = Date.UTC(2026, 0, 1)
const DAYS = 120

const time = fc.tuple(fc.nat({ max: DAYS - 1 }), fc.nat({ max: 95 })).map(([d, q]) => FIRST + d * DAY + q * 900_000)
const person = fc
  .nat({ max: 30 })
  .chain(n =>
    fc.constantFrom<object>(
      { user_id: `u${n}` },
      { user_id: `u${n}`, anonymous_id: `a${n}` },
      { anonymous_id: `a${n}` },
    ),
  )
const event = (type: string, rest: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<SentEvent> =>
  fc
    .tuple(time, person, fc.record(rest))
    .map(([event_time, who, own]) => ({ event_type: type, event_time, ...who, ...own }))
/** some of them come back after weeks */
const session = fc.oneof(
  fc.constant(''),
  fc.nat({ max: 4 }).map(n => `tab${n}`),
)
const id = (prefix: string, most: number) => fc.nat({ max: most }).map(n => `${prefix}${n}`)
const anEvent = fc.oneof(
  event('page_view', {
    url: fc.constant('/'),
    traffic_source: fc.constantFrom('search', 'direct'),
    session_id: session,
  }),
  event('login', { session_id: session }),
  event('impression', { session_id: session }),
  event('purchase', { order_id: id('o', 60), amount: fc.nat({ max: 900 }) }),
  event('refund', { order_id: id('o', 60), amount: fc.nat({ max: 90 }) }),
  event('ticket', {
    ticket_id: id('t', 40),
    action: fc.constantFrom('opened', 'responded', 'resolved', 'reopened'),
    topic: fc.constantFrom('card', 'loan'),
  }),
  event('subscription', {
    subscription_id: id('s', 25),
    action: fc.constantFrom('started', 'changed', 'due', 'renewed', 'cancelled'),
    mrr: fc.nat({ max: 50 }),
  }),
  event('opportunity', {
    opportunity_id: id('p', 25),
    action: fc.constantFrom('created', 'won', 'lost'),
    amount: fc.nat({ max: 500 }),
  }),
  event('inventory', {
    product_id: id('i', 4),
    action: fc.constantFrom('counted', 'received', 'sold', 'lost'),
    value: fc.nat({ max: 700 }),
  }),
)
const events = fc.sample(fc.array(anEvent, { minLength: 1500, maxLength: 1500 }), { seed: 7, numRuns: 1 })[0]!
const windows = fc.sample(fc.tuple(fc.nat({ max: DAYS }), fc.constantFrom(1, 1, 7, 30)), { seed: 8, numRuns: 200 })
const text = (day: number) => new Date(FIRST + day * DAY).toISOString()
const EVER = ['2000-01-01T00:00:00Z', '2040-01-01T00:00:00Z'] as const

describe.each(Object.entries(define))('measures over %s', (name, yaml) => {
  let store: DerivedStore
  let catalog: Awaited<ReturnType<typeof catalogWith>>
  beforeAll(async () => {
    catalog = await catalogWith(yaml, { identity: { link: '*' }, timezone: 'Pacific/Auckland' })
    store = await createDerivedStore(catalog)
    await store.send(events)
  })
  afterAll(() => store[Symbol.asyncDispose]())

  test('are the same whether or not all of time is read', async () => {
    const found: unknown[] = []
    for (const [n, id] of [...catalog.derivedMeasures.keys()].entries())
      for (let k = 0; k < 2; k++) {
        const [from, length] = windows[(n * 11 + k * 3 + name.length) % windows.length]!
        const window = [text(from), text(from + length)] as const
        for (const rest of [{ known: text(100) }, { asOf: text(from + 2) }]) {
          const alone = await ask(store.measures, catalog, { measures: [id], windows: [window], ...rest })
          const among = await ask(store.measures, catalog, { measures: [id], windows: [window, EVER], ...rest })
          expect([id, window, alone[id]![0]]).toEqual([id, window, among[id]![0]])
          found.push(...Object.values(alone[id]![0]!))
        }
      }
    // it would say nothing if there were nothing to be left out
    expect(found.filter(value => value !== null && value !== 0).length).toBeGreaterThan(5)
  })
})
