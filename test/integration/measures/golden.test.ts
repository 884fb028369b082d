/** Cases that were worked out by hand: each measure of them is declared in YAML, derived and read. */
import type { Catalog } from '@kivi/domain'
import { describe, expect, test } from 'vitest'
import { type Asking, ask, catalogWith, tell } from './asking.ts'
import * as define from './definitions.ts'
import { goldenStore } from './golden.ts'

type Window = readonly [string, string]

/** Values of measures over the events of one case. */
async function golden(id: string, yaml: string, settings: Readonly<Record<string, unknown>> = {}) {
  const catalog: Catalog = await catalogWith(yaml, settings)
  const store = await goldenStore(catalog, id)
  return {
    tell: (window: Window, measures: readonly string[], rest: Omit<Asking, 'measures' | 'windows'> = {}) =>
      tell(store.measures, catalog, window, measures, rest),
    ask: (asking: Asking) => ask(store.measures, catalog, asking),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

const JANUARY: Window = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']
const QUARTER: Window = ['2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z']
const SHANGHAI = { timezone: 'Asia/Shanghai' }

test('fcr_reopen: first contact resolution, response times, open tickets', async () => {
  await using at = await golden('fcr_reopen', define.TICKETS)
  const week: Window = ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z']
  const measures = [
    'tickets_resolved',
    'resolved_at_first_contact',
    'response_time',
    'response_time_p50',
    'tickets_open',
  ]
  const told = {
    tickets_resolved: 8,
    resolved_at_first_contact: 5,
    response_time: 7200 / 7,
    response_time_p50: 1200,
    tickets_open: 2,
  }
  expect(await at.tell(week, measures)).toEqual(told)
  expect(await at.tell(week, measures, { asOf: '2026-03-12T00:00:00Z' })).toEqual(told)
})

test('return_rate_cohort: returns within 30 d of orders of the window, as known then', async () => {
  await using at = await golden('return_rate_cohort', define.ORDERS)
  const measures = ['orders', 'returned_orders', 'order_amount']
  expect(await at.tell(JANUARY, measures)).toEqual({ orders: 7, returned_orders: 3, order_amount: 700 })
  expect(await at.tell(JANUARY, measures, { asOf: '2026-02-10T00:00:00Z' })).toMatchObject({ returned_orders: 2 })
})

test('repeat_purchase: three readings, frequency, interval', async () => {
  await using at = await golden('repeat_purchase', define.ORDERS)
  const told = await at.tell(QUARTER, [
    ...['repeat_buyers', 'buyers', 'repeat_buyers_within', 'all_repeat_buyers', 'all_buyers'],
    ...['orders', 'purchase_interval', 'order_amount'],
  ])
  expect(told).toEqual({
    repeat_buyers: 2,
    buyers: 5,
    repeat_buyers_within: 1,
    all_repeat_buyers: 3,
    all_buyers: 6,
    orders: 6,
    purchase_interval: 72.5,
    order_amount: 360,
  })
})

test('churn_with_new_users: those who were active before, and what became of them', async () => {
  await using at = await golden('churn_with_new_users', define.PERSONS)
  const window: Window = ['2026-01-31T00:00:00Z', '2026-03-02T00:00:00Z']
  expect(
    await at.tell(window, [
      'churned',
      'active_before',
      'retained',
      'returned_persons',
      'known_before',
      'active_persons',
    ]),
  ).toEqual({
    churned: 2,
    active_before: 4,
    retained: 2,
    returned_persons: 3,
    known_before: 5,
    active_persons: 5,
  })
})

test('d7_retention_denominators: local days, and only cohorts that are ripe', async () => {
  await using at = await golden('d7_retention_denominators', define.PERSONS, SHANGHAI)
  const known = '2026-03-09T16:00:00Z'
  const all = await at.tell(['2026-02-28T16:00:00Z', '2026-03-05T16:00:00Z'], ['retained_d7', 'cohort_d7'], { known })
  expect(all).toEqual({ retained_d7: 3, cohort_d7: 5 })
  const days = ['02-28', '03-01', '03-02', '03-03', '03-04', '03-05'].map(day => `2026-${day}T16:00:00Z`)
  const windows = days.slice(0, -1).map((day, index): Window => [day, days[index + 1]!])
  const byDay = await at.ask({ measures: ['retained_d7', 'cohort_d7'], windows, known })
  expect(byDay['cohort_d7']).toEqual([{ '': 4 }, { '': 1 }, {}, {}, {}])
  expect(byDay['retained_d7']).toEqual([{ '': 2 }, { '': 1 }, {}, {}, {}])
})

describe('mrr_growth', () => {
  test('levels, movements and retention of revenue, renewals', async () => {
    await using at = await golden('mrr_growth', define.SUBSCRIPTIONS)
    const told = await at.tell(QUARTER, [
      ...['mrr', 'opening_mrr', 'mrr_new', 'mrr_expansion', 'mrr_contraction', 'mrr_churn'],
      ...['mrr_kept_with_growth', 'mrr_kept', 'renewals', 'renewals_due'],
    ])
    expect(told).toEqual({
      mrr: 600,
      opening_mrr: 500,
      mrr_new: 300,
      mrr_expansion: 50,
      mrr_contraction: 50,
      mrr_churn: 200,
      mrr_kept_with_growth: 300,
      mrr_kept: 250,
      renewals: 2,
      renewals_due: 3,
    })
  })

  test('as of the end of earlier quarters, in one question', async () => {
    await using at = await golden('mrr_growth', define.SUBSCRIPTIONS)
    const windows: Window[] = [
      ['2025-04-01T00:00:00Z', '2025-07-01T00:00:00Z'],
      ['2025-01-01T00:00:00Z', '2025-04-01T00:00:00Z'],
      QUARTER,
    ]
    expect((await at.ask({ measures: ['mrr'], windows }))['mrr']).toEqual([{ '': 100 }, {}, { '': 600 }])
  })
})

test('opportunity_close_two_ways: by first closing, and of those created, as known then', async () => {
  await using at = await golden('opportunity_close_two_ways', define.OPPORTUNITIES)
  const measures = [
    'closed_won',
    'closed',
    'closed_won_amount',
    'closed_amount',
    'created',
    'created_won',
    'created_open',
  ]
  const told = {
    closed_won: 3,
    closed: 5,
    closed_won_amount: 800,
    closed_amount: 1150,
    created: 4,
    created_won: 2,
    created_open: 1,
  }
  expect(await at.tell(QUARTER, measures)).toEqual(told)
  expect(await at.tell(QUARTER, measures, { asOf: QUARTER[1] })).toEqual({ ...told, created_won: 1, created_open: 2 })
})

test('inventory_turnover: value on hand from the last count and what moved since', async () => {
  await using at = await golden('inventory_turnover', define.STOCK)
  const measures = ['stock_value', 'opening_stock_value', 'count_loss']
  expect(await at.tell(JANUARY, measures)).toEqual({ stock_value: 8500, opening_stock_value: 10_000, count_loss: 500 })
  expect(await at.tell(['2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z'], measures)).toEqual({
    stock_value: null,
    opening_stock_value: null,
    count_loss: 0,
  })
})

test('sessions_across_midnight: gaps, session ids, local days', async () => {
  await using at = await golden('sessions_across_midnight', define.SESSIONS, SHANGHAI)
  const both: Window = ['2026-02-28T16:00:00Z', '2026-03-02T16:00:00Z']
  expect(await at.tell(both, ['sessions', 'session_pages', 'session_persons', 'pages_seen'])).toEqual({
    sessions: 5,
    session_pages: 9,
    session_persons: 3,
    pages_seen: 9,
  })
  const windows: Window[] = [
    ['2026-02-28T16:00:00Z', '2026-03-01T16:00:00Z'],
    ['2026-03-01T16:00:00Z', '2026-03-02T16:00:00Z'],
  ]
  const days = await at.ask({ measures: ['sessions', 'active_persons'], windows })
  expect(days).toEqual({ sessions: [{ '': 1 }, { '': 4 }], active_persons: [{ '': 1 }, { '': 3 }] })
  const sources = await at.ask({ measures: ['sessions'], windows: [both], by: ['source'] })
  expect(sources['sessions']).toEqual([{ search: 3, social: 1, direct: 1 }])
})
