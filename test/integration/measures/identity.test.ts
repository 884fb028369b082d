/** Anonymous ids that are linked to users are one person with them, in what happened before too. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDerivedStore, type DerivedStore } from '../../support/derived-store.ts'
import { ask, catalogWith, tell } from './asking.ts'

const catalog = await catalogWith(
  `
entities:
  person:
    key: person
    fields:
      active: { event: active, agg: list }
      region: { event: page_view, agg: first, expr: region }
  ticket:
    key: ticket_id
    event: ticket
    fields:
      opened: { agg: min, expr: event_time, filter: action == 'opened' }
      person: { agg: first, expr: person }
      topic: { agg: first, expr: topic }
    peers:
      again: { of: opened, same: [person, topic] }
measures:
  active_persons: { entity: person, each: active, agg: count_distinct, dimensions: [region] }
  activities: { entity: person, each: active, agg: count, dimensions: [region] }
  asked_again: { entity: ticket, at: opened, agg: count, filter: "count(again, opened, opened + duration('7d')) > 0" }
  askers: { entity: ticket, at: opened, agg: count_distinct, distinct: person }
  visitors: { event: page_view, agg: count_distinct, distinct: person, dimensions: [region] }
`,
  { identity: { link: '*' } },
)

const at = (day: number, hour = 12) => Date.UTC(2026, 2, day, hour)
const day = (from: number, to = from + 1) =>
  [new Date(at(from, 0)).toISOString(), new Date(at(to, 0)).toISOString()] as const
let store: DerivedStore

beforeAll(async () => {
  store = await createDerivedStore(catalog)
  await store.send([
    // two devices before anybody signed in, on one of them a page more
    { event_type: 'page_view', event_time: at(1, 8), anonymous_id: 'phone', url: '/', region: 'eu' },
    { event_type: 'page_view', event_time: at(1, 9), anonymous_id: 'laptop', url: '/', region: 'us' },
    { event_type: 'page_view', event_time: at(1, 10), anonymous_id: 'laptop', url: '/', region: 'us' },
    { event_type: 'page_view', event_time: at(1, 11), anonymous_id: 'stranger', url: '/' },
    { event_type: 'login', event_time: at(3), anonymous_id: 'phone', user_id: 'ann' },
    { event_type: 'login', event_time: at(4), anonymous_id: 'laptop', user_id: 'ann' },
    // lent: the first user it was seen with stays its own
    { event_type: 'login', event_time: at(5), anonymous_id: 'laptop', user_id: 'bob' },
    { event_type: 'page_view', event_time: at(6), user_id: 'ann', url: '/' },
    ...[
      { event_time: at(1), anonymous_id: 'laptop', ticket_id: 'T1' },
      { event_time: at(6), user_id: 'ann', ticket_id: 'T2' },
      { event_time: at(2), anonymous_id: 'stranger', ticket_id: 'T3' },
      // nobody's tickets are not each other's
      { event_time: at(1), ticket_id: 'T4' },
      { event_time: at(2), ticket_id: 'T5' },
    ].map(ticket => ({ event_type: 'ticket', action: 'opened', topic: 'card', ...ticket })),
  ])
})
afterAll(() => store[Symbol.asyncDispose]())

test('all ids of a person count as one, before they were linked too', async () => {
  const told = await tell(store.measures, catalog, day(1, 2), ['active_persons', 'activities', 'visitors'])
  // the ticket of nobody is nobody's activity
  expect(told).toEqual({ active_persons: 2, activities: 5, visitors: 2 })
  expect(await tell(store.measures, catalog, day(1, 7), ['active_persons'])).toEqual({ active_persons: 3 })
})

test('as of an instant before the links they were two', async () => {
  const before = { asOf: new Date(at(2, 6)).toISOString() }
  expect(await tell(store.measures, catalog, day(1, 2), ['active_persons'], before)).toEqual({ active_persons: 3 })
  const between = { asOf: new Date(at(3, 13)).toISOString() }
  expect(await tell(store.measures, catalog, day(1, 2), ['active_persons'], between)).toEqual({ active_persons: 3 })
})

test('a field that is a person is resolved, in comparisons of rows and in counts', async () => {
  expect(await tell(store.measures, catalog, day(1, 7), ['asked_again', 'askers'])).toEqual({
    asked_again: 1,
    askers: 2,
  })
})

test('a field of one value is that of the first of all ids', async () => {
  const found = await ask(store.measures, catalog, {
    measures: ['active_persons'],
    windows: [day(1, 2)],
    by: ['region'],
  })
  expect(found['active_persons']).toEqual([{ eu: 1, '': 1 }])
})

test('distinct persons of events are counted by group and range, whichever ids they used', async () => {
  const found = await ask(store.measures, catalog, {
    measures: ['visitors'],
    windows: [day(1), day(6), day(1, 7), day(2)],
    by: ['region'],
  })
  expect(found['visitors']).toEqual([{ eu: 1, us: 1, '': 1 }, { '': 1 }, { eu: 1, us: 1, '': 2 }, {}])
  const filtered = await tell(store.measures, catalog, day(1, 7), ['visitors'], {
    filters: [{ field: 'region', values: ['eu', 'us'] }],
  })
  expect(filtered).toEqual({ visitors: 1 })
})
