/** Event measures from raw events: two of each person for intervals; limits; what changes an answer that is kept. */
import { boundedRows, createMeasureSource, createPulse, createSliceReader } from '@kivi/clickhouse'
import { type ClusterQuestion, createZone, KiviError, type Measure } from '@kivi/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClusterReader } from '../../../packages/clickhouse/src/measures/clusters.ts'
import { createDerivedStore, type DerivedStore } from '../../support/derived-store.ts'
import { catalogWith, measureOf, tell } from './asking.ts'

const catalog = await catalogWith(
  `
entities:
  person:
    key: person
    fields:
      active: { event: active, agg: list }
measures:
  clicks: { event: click, filter: target == 'ad', agg: count, dimensions: [campaign] }
  impressions: { event: impression, filter: target == 'ad', agg: count, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money }
  orders: { event: purchase, agg: count_distinct, distinct: order_id }
  active_persons: { entity: person, each: active, agg: count_distinct }
`,
  { identity: { link: '*' } },
)
const at = (day: number, hour = 12) => Date.UTC(2026, 2, day, hour)
const range = { from: at(1, 0), to: at(4, 0) }
const all = [new Date(range.from).toISOString(), new Date(range.to).toISOString()] as const
const measure = (id: string) => measureOf(catalog, id) as Measure
const ask = (numerator: string, denominator: string, rest: Partial<ClusterQuestion> = {}): ClusterQuestion => ({
  numerator: measure(numerator),
  denominator: measure(denominator),
  range,
  by: [],
  filters: [],
  ...rest,
})

let store: DerivedStore
beforeAll(async () => {
  store = await createDerivedStore(catalog)
  const shown = (who: object, count: number, type = 'impression', campaign = 'spring') =>
    Array.from({ length: count }, () => ({ event_type: type, event_time: at(1), target: 'ad', campaign, ...who }))
  await store.send([
    ...shown({ user_id: 'ann' }, 3),
    ...shown({ anonymous_id: 'phone' }, 2),
    ...shown({ user_id: 'ann' }, 2, 'click'),
    ...shown({ user_id: 'bob' }, 4, 'impression', 'autumn'),
    ...shown({ user_id: 'bob' }, 1, 'click', 'autumn'),
    // nobody's: by day
    ...shown({}, 5),
    ...shown({ event_time: at(2) }, 1),
    ...shown({ event_time: at(2) }, 1, 'click'),
    // out of the range, and of another target
    ...shown({ user_id: 'ann', event_time: at(4, 0) }, 7),
    ...shown({ user_id: 'ann', target: 'email' }, 7),
    { event_type: 'login', event_time: at(3), anonymous_id: 'phone', user_id: 'ann' },
    { event_type: 'purchase', event_time: at(2), user_id: 'ann', order_id: 'o1', amount: 10 },
    { event_type: 'purchase', event_time: at(2), user_id: 'ann', order_id: 'o1', amount: 2.5 },
    { event_type: 'purchase', event_time: at(3), anonymous_id: 'phone', order_id: 'o2', amount: 7.5 },
    { event_type: 'purchase', event_time: at(3), user_id: 'bob', order_id: 'o3', amount: 30 },
  ])
})
afterAll(() => store[Symbol.asyncDispose]())

describe('two measures of each person', () => {
  const totals = async (...question: Parameters<typeof ask>) => {
    const found = await store.measures.clusters(catalog, ask(...question))
    expect(found?.truncated).toBe(false)
    return found?.groups
  }

  test('are added up over persons, and over days where there is nobody', async () => {
    // ann with her phone: 2 of 5; bob: 1 of 4; nobody on the first day: 0 of 5, on the second: 1 of 1
    const sums = { clusters: 4, sx: 4, sy: 15, sxx: 4 + 1 + 0 + 1, syy: 25 + 16 + 25 + 1, sxy: 10 + 4 + 0 + 1 }
    expect(await totals('clicks', 'impressions')).toEqual([{ group: [], moments: sums }])
  })

  test('of a group are those of its events', async () => {
    const filters = [{ field: 'campaign', values: ['autumn'] }]
    const autumn = { clusters: 1, sx: 1, sy: 4, sxx: 1, syy: 16, sxy: 4 }
    expect(await totals('clicks', 'impressions', { filters })).toEqual([{ group: [], moments: autumn }])
    // ann 2 of 5; nobody 0 of 5 and 1 of 1
    const spring = { clusters: 3, sx: 3, sy: 11, sxx: 4 + 0 + 1, syy: 25 + 25 + 1, sxy: 10 + 0 + 1 }
    expect(await totals('clicks', 'impressions', { by: ['campaign'] })).toEqual([
      { group: ['spring'], moments: spring },
      { group: ['autumn'], moments: autumn },
    ])
    expect(await totals('clicks', 'impressions', { by: ['campaign'], filters })).toEqual([
      { group: ['autumn'], moments: autumn },
    ])
  })

  test('where there is nothing are none of any group, and nothing of all', async () => {
    const filters = [{ field: 'campaign', values: ['winter'] }]
    const nothing = { clusters: 0, sx: 0, sy: 0, sxx: 0, syy: 0, sxy: 0 }
    expect(await totals('clicks', 'impressions', { filters })).toEqual([{ group: [], moments: nothing }])
    expect(await totals('clicks', 'impressions', { by: ['campaign'], filters })).toEqual([])
  })

  test('of more groups than are looked at, are told of those with the most', async () => {
    const rows = boundedRows(store.clickhouse, {})
    const raw = { keptMs: Number.POSITIVE_INFINITY, now: () => range.to }
    const found = await createClusterReader(
      rows,
      raw,
      createPulse({ clickhouse: store.clickhouse }),
      1,
    )(catalog, ask('clicks', 'impressions', { by: ['campaign'] }))
    expect(found?.groups.map(({ group }) => group)).toEqual([['spring']])
    expect(found?.truncated).toBe(true)
  })

  test('may be sums, and distinct things such as orders', async () => {
    const sums = { clusters: 2, sx: 50, sy: 3, sxx: 400 + 900, syy: 4 + 1, sxy: 40 + 30 }
    expect(await totals('revenue', 'orders')).toEqual([{ group: [], moments: sums }])
  })

  test('are not known where raw events are not kept so long', async () => {
    const options = {
      clickhouse: store.clickhouse,
      slices: createSliceReader(store.clickhouse, { zone: () => createZone('UTC') }),
    }
    const days = (kept: number, now: number) =>
      createMeasureSource({ ...options, rawRetentionMs: kept * 86_400_000, now: () => now })
    expect(await days(0, range.to).clusters(catalog, ask('clicks', 'impressions'))).toBeNull()
    expect(await days(10, range.from + 11 * 86_400_000).clusters(catalog, ask('clicks', 'impressions'))).toBeNull()
    expect(await days(10, range.from + 9 * 86_400_000).clusters(catalog, ask('clicks', 'impressions'))).not.toBeNull()
  })
})

test('what is beyond the limits is refused, with what to do', async () => {
  const source = createMeasureSource({
    clickhouse: store.clickhouse,
    slices: createSliceReader(store.clickhouse, { zone: () => createZone('UTC') }),
    rawRetentionMs: Number.POSITIVE_INFINITY,
    rowLimit: 1,
  })
  const windows = [...Array.from({ length: 3 }, (_, day) => ({ from: at(day + 1, 0), to: at(day + 2, 0) }))]
  const question = {
    measures: [measureOf(catalog, 'active_persons')],
    ranges: windows,
    by: [],
    filters: [],
    known: at(9),
    asOf: false,
  }
  const refused = await source.read(catalog, [question]).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(KiviError)
  expect(refused).toMatchObject({ code: 'question_too_large', message: expect.stringContaining('shorter window') })
})

test('an answer is kept until the derived tables change', async () => {
  expect(await tell(store.measures, catalog, all, ['active_persons'])).toEqual({ active_persons: 2 })
  const before = await store.measures.derived(catalog)
  const [table] = await store.clickhouse.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'entity_person%'",
  )
  await store.clickhouse.command(`TRUNCATE TABLE ${table!.name}`)
  expect(await tell(store.measures, catalog, all, ['active_persons'])).toEqual({ active_persons: 2 })
  await store.send([{ event_type: 'login', event_time: at(2), user_id: 'cid' }])
  expect((await store.measures.derived(catalog)).version).not.toBe(before.version)
  expect(await tell(store.measures, catalog, all, ['active_persons'])).toEqual({ active_persons: 3 })
})

test('of a table that is being built nothing is known', async () => {
  const fresh = await catalogWith(`
entities:
  person:
    key: person
    fields:
      logins: { event: login, agg: list }
measures:
  logins: { entity: person, each: logins, agg: count }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money }
`)
  const measures = [measureOf(fresh, 'logins')]
  expect(await store.measures.derived(fresh, measures)).toEqual({ version: '[]', watermark: null, at: null })
  const question = { measures, ranges: [range], by: [], filters: [], known: at(9), asOf: false }
  expect(await store.measures.read(fresh, [question])).toEqual([[]])
  // what rests on no derived table does not wait for it
  const none = await store.measures.derived(fresh, [measureOf(fresh, 'revenue')])
  expect(none.watermark).toBe(Number.POSITIVE_INFINITY)
})
