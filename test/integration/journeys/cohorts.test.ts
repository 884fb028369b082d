import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type Calendar, type Catalog, type CohortCounts, createZone, type Period, periodsBetween } from '@kivi/domain'
import { expect, test } from 'vitest'
import type { SentEvent } from '../../support/derived-store.ts'
import { catalogOf } from '../query/fixture.ts'
import { createJourneyStore, type JourneyStore } from './fixture.ts'

const DAY = 86_400_000
const YAML = `
entities:
  person:
    key: person
    fields:
      active: { event: [page_view, purchase], agg: list }
      purchases: { event: purchase, agg: list }
      signed_up: { event: signup, agg: min, expr: event_time }
`
const catalogIn = (timezone: string): Promise<Catalog> =>
  catalogOf({ 'kivi.yaml': `timezone: ${timezone}\ncurrency: EUR\nidentity: { link: '*' }\n`, 'people.yaml': YAML })

interface Asked {
  readonly first?: string
  readonly again?: string
  readonly period: Period
  readonly from: string
  readonly to: string
  /** end of what is looked at */
  readonly end: string
  readonly rule?: 'on' | 'on_or_after'
  readonly known?: string
}

async function triangle(store: JourneyStore, catalog: Catalog, asked: Asked): Promise<number[][]> {
  const calendar: Calendar = { zone: createZone(catalog.timezone), fiscalYearStart: catalog.fiscalYearStart }
  const [from, to, end] = [asked.from, asked.to, asked.end].map(text => Date.parse(text)) as [number, number, number]
  const periods = periodsBetween(calendar, asked.period, { from, to: end })
  const cohorts = periods.filter(period => period.from < to).length
  const counts: readonly CohortCounts[] = await store.journeys.cohorts(catalog, {
    entity: 'person',
    first: asked.first ?? 'purchases',
    again: asked.again ?? 'purchases',
    periods,
    cohorts,
    rule: asked.rule ?? 'on',
    known: asked.known === undefined ? end : Date.parse(asked.known),
    asOf: asked.known !== undefined,
  })
  return counts.map(({ cohort, persons, retained }) => [
    persons,
    ...Array.from({ length: periods.length - cohort }, (_, later) => retained.get(later) ?? 0),
  ])
}

const at = (event_type: string, event_time: string, who: object): SentEvent => ({ event_type, event_time, ...who })

test('the households of 2017 come back as is known of them: months of the first basket, and days after it', async () => {
  const catalog = await catalogIn('UTC')
  await using store = await createJourneyStore(catalog)
  const folder = new URL('../../fixtures/groceries/', import.meta.url)
  const [head, ...rows] = gunzipSync(readFileSync(new URL('baskets.csv.gz', folder)))
    .toString()
    .trim()
    .split('\n')
  const columns = head!.trim().split(',')
  const [time, household] = ['timestamp', 'household_id'].map(name => columns.indexOf(name)) as [number, number]
  await store.send(
    rows.map(row => {
      const cells = row.trim().split(',')
      return at('purchase', cells[time]!, { user_id: cells[household]! })
    }),
  )
  const reference = JSON.parse(readFileSync(new URL('reference.json', folder), 'utf8')) as {
    cohorts: Record<string, number[]>
    retention_day_n: Record<string, { eligible: number; retained: number }>
  }
  const months = await triangle(store, catalog, {
    period: 'month',
    from: '2017-01-01T00:00:00Z',
    to: '2018-01-01T00:00:00Z',
    end: '2018-02-01T00:00:00Z',
  })
  // a cohort is all who bought in its own month: the first cell says so again
  expect(months.map(([persons]) => persons)).toEqual(months.map(cells => cells[1]))
  expect(months.map(([, ...cells]) => cells)).toEqual(Object.values(reference.cohorts))
  const days = await triangle(store, catalog, {
    period: 'day',
    from: '2017-01-01T00:00:00Z',
    to: '2018-01-02T00:00:00Z',
    end: '2018-01-02T00:00:00Z',
  })
  for (const [n, { eligible, retained }] of Object.entries(reference.retention_day_n)) {
    const over = days.filter(cells => cells.length > Number(n) + 1)
    const sum = (place: number) => over.reduce((total, cells) => total + cells[place]!, 0)
    expect([sum(0), sum(Number(n) + 1)], n).toEqual([eligible, retained])
  }
})

test('days are those of the zone, of 23 and of 25 hours too', async () => {
  const catalog = await catalogIn('Europe/Berlin')
  await using store = await createJourneyStore(catalog)
  await store.send([
    // clocks go forward on 29 March: the day ends at 22:00 UTC, the one before at 23:00
    at('purchase', '2026-03-28T22:59:59.999Z', { user_id: 'before' }),
    at('purchase', '2026-03-28T23:00:00Z', { user_id: 'on' }),
    at('purchase', '2026-03-29T21:59:59.999Z', { user_id: 'before' }),
    at('purchase', '2026-03-29T22:00:00Z', { user_id: 'on' }),
    // and back on 25 October
    at('purchase', '2026-10-24T21:59:59.999Z', { user_id: 'fall' }),
    at('purchase', '2026-10-25T22:59:59.999Z', { user_id: 'fall' }),
    at('purchase', '2026-10-25T23:00:00Z', { user_id: 'fall' }),
  ])
  const days = (from: string, to: string, end: string) => triangle(store, catalog, { period: 'day', from, to, end })
  expect(await days('2026-03-27T23:00:00Z', '2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z')).toEqual([
    [1, 1, 1, 0],
    [1, 1, 1],
  ])
  expect(await days('2026-10-23T22:00:00Z', '2026-10-24T22:00:00Z', '2026-10-26T23:00:00Z')).toEqual([[1, 1, 1, 1]])
})

test('months end in February, on the 29th too, and the zone may be +05:45', async () => {
  const catalog = await catalogIn('Asia/Kathmandu')
  await using store = await createJourneyStore(catalog)
  await store.send([
    // 29 February 2024, 23:59:59.999 in Kathmandu
    at('purchase', '2024-02-29T18:14:59.999Z', { user_id: 'leap' }),
    at('purchase', '2024-02-29T18:15:00Z', { user_id: 'leap' }),
    at('purchase', '2024-02-29T18:15:00Z', { user_id: 'march' }),
    at('purchase', '2024-03-31T18:14:59.999Z', { user_id: 'march' }),
    at('purchase', '2024-03-31T18:15:00Z', { user_id: 'leap' }),
  ])
  const months = await triangle(store, catalog, {
    period: 'month',
    from: '2024-01-31T18:15:00Z',
    to: '2024-03-31T18:15:00Z',
    end: '2024-04-30T18:15:00Z',
  })
  expect(months).toEqual([
    [1, 1, 1, 1],
    [1, 1, 0],
  ])
})

test('on or after counts whoever comes in the period or later; as of an instant knows no later event and no later link', async () => {
  const catalog = await catalogIn('UTC')
  await using store = await createJourneyStore(catalog)
  await store.send([
    at('page_view', '2026-01-04T12:00:00Z', { anonymous_id: 'x' }),
    at('signup', '2026-01-05T12:00:00Z', { user_id: 'ann', anonymous_id: 'x' }),
    at('signup', '2026-01-05T13:00:00Z', { user_id: 'bob' }),
    at('page_view', '2026-01-06T12:00:00Z', { anonymous_id: 'y' }),
    at('page_view', '2026-01-19T12:00:00Z', { user_id: 'ann' }),
    at('login', '2026-01-26T12:00:00Z', { user_id: 'bob', anonymous_id: 'y' }),
  ])
  const weeks = (rest: Partial<Asked>) =>
    triangle(store, catalog, {
      first: 'signed_up',
      again: 'active',
      period: 'week',
      from: '2026-01-05T00:00:00Z',
      to: '2026-01-12T00:00:00Z',
      end: '2026-02-02T00:00:00Z',
      ...rest,
    })
  // what came before the signup is no coming back; y became bob, who was there on the 6th
  expect(await weeks({})).toEqual([[2, 1, 0, 1, 0]])
  expect(await weeks({ rule: 'on_or_after' })).toEqual([[2, 2, 1, 1, 0]])
  expect(await weeks({ known: '2026-01-26T12:00:00Z' })).toEqual([[2, 0, 0, 1, 0]])
  expect(await weeks({ known: '2026-01-19T12:00:00Z' })).toEqual([[2, 0, 0, 0, 0]])
})

test('random histories give what plain loops give', async () => {
  const catalog = await catalogIn('America/New_York')
  await using store = await createJourneyStore(catalog)
  // by a fixed recurrence: one store for a history that is long enough
  let state = 12_345
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
  const zone = createZone(catalog.timezone)
  const start = zone.day(Date.parse('2026-03-01T12:00:00Z')).start
  const events = Array.from({ length: 600 }, (_, i) => ({
    user: `u${random(60)}`,
    // around local midnights, where days differ by an hour in March
    t: zone.day(start + random(24) * DAY + DAY / 2).start + [-1, 0, 1, 3_600_000 * random(24)][i % 4]!,
  }))
  await store.send(events.map(({ user, t }) => ({ event_type: 'purchase', event_time: t, user_id: user })))
  const days = Array.from({ length: 25 }, (_, n) => zone.dayOf(zone.day(start).date + n))
  const first = new Map<string, number>()
  for (const { user, t } of events) first.set(user, Math.min(t, first.get(user) ?? t))
  const expected = days.slice(0, 20).flatMap((day, cohort) => {
    const members = [...first].filter(([, t]) => t >= day.start && t < day.end).map(([user]) => user)
    if (members.length === 0) return []
    const back = days
      .slice(cohort)
      .map(
        later =>
          members.filter(user => events.some(e => e.user === user && e.t >= later.start && e.t < later.end)).length,
      )
    return [[members.length, ...back]]
  })
  const [from, to, end] = [days[0]!.start, days[19]!.end, days[24]!.end].map(t => new Date(t).toISOString()) as [
    string,
    string,
    string,
  ]
  expect(expected.length).toBeGreaterThan(5)
  expect(await triangle(store, catalog, { period: 'day', from, to, end })).toEqual(expected)
})
