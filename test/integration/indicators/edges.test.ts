/** NPS, CSAT, first contact resolution, churn and retention where they are easiest to get wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calendarOf, DAY, HOUR, MINUTE } from '../../independent/calendar.ts'
import type { GivenEvent } from '../../independent/history.ts'
import { createIndicatorWorld, type IndicatorWorld, shippedCatalog } from './world.ts'

let count = 0
const at = (t: number, type: string, user: string, fields: object = {}): GivenEvent => ({
  event_id: `edge-${count++}`,
  event_type: type,
  event_time: new Date(t).toISOString(),
  source: 'edges',
  user_id: user,
  ...fields,
})
const view = (t: number, user: string): GivenEvent => at(t, 'page_view', user, { url: '/' })
const answer = (t: number, survey: string, score: number): GivenEvent => at(t, 'survey', `s${count}`, { survey, score })
const step = (t: number, ticket: string, action: string, user = 'u'): GivenEvent =>
  at(t, 'ticket', user, { ticket_id: ticket, action, topic: 'card' })

const utc = (text: string): number => Date.parse(text)
const MARCH = { from: utc('2026-03-01T00:00:00Z'), to: utc('2026-04-01T00:00:00Z') }

/** Worlds of the zones that days of odd lengths need. */
const worlds = new Map<string, Promise<IndicatorWorld>>()
const worldIn = (zone: string): Promise<IndicatorWorld> => {
  const world = worlds.get(zone) ?? shippedCatalog({ zone }).then(createIndicatorWorld)
  worlds.set(zone, world)
  return world
}
afterAll(async () => {
  for (const world of worlds.values()) await (await world)[Symbol.asyncDispose]()
})

describe('surveys', () => {
  let world: IndicatorWorld
  beforeAll(async () => {
    world = await worldIn('UTC')
  })

  it.each(['nps', 'csat'])('%s without an answer is null with the reason, and so is its interval', async id => {
    await world.given([view(MARCH.from, 'u')], MARCH.to)
    expect(await world.value(id, MARCH)).toMatchObject({
      value: null,
      reason: 'zero_denominator',
      interval: null,
      n: 0,
      status: 'no_data',
    })
  })

  it('one answer is an answer, with an interval as wide as it deserves', async () => {
    await world.given([answer(MARCH.from, 'nps', 10), answer(MARCH.from + 1, 'csat', 3)], MARCH.to)
    const nps = await world.value('nps', MARCH)
    expect(nps).toMatchObject({ value: 100, n: 1 })
    // n + 3 answers: 1.75 promoters and 0.75 detractors of 4
    const spread = 196 * Math.sqrt(((1.75 + 0.75) / 4 - 0.25 ** 2) / 4)
    expect(nps.interval[0]).toBeCloseTo(25 - spread, 1)
    expect(nps.interval[1]).toBeCloseTo(25 + spread, 1)
    const csat = await world.value('csat', MARCH)
    expect(csat).toMatchObject({ value: 0, n: 1 })
    expect(csat.interval[0]).toBe(0)
    // Wilson: z² ÷ (n + z²)
    expect(csat.interval[1]).toBeCloseTo(1.959964 ** 2 / (1 + 1.959964 ** 2), 6)
  })

  it('answers count in the window of their own time, however late they come', async () => {
    const early = answer(MARCH.from + DAY, 'nps', 0)
    const later = answer(MARCH.to + DAY, 'nps', 10)
    // the late one comes after the watermark has passed its month
    await world.given([later, early], MARCH.to + 2 * DAY)
    expect(await world.value('nps', MARCH)).toMatchObject({ value: -100, n: 1, revised: true, complete: true })
    expect(await world.value('csat', MARCH)).toMatchObject({ value: null })
  })
})

describe('first contact resolution', () => {
  let world: IndicatorWorld
  beforeAll(async () => {
    world = await worldIn('UTC')
  })
  const RESOLVED = MARCH.from + DAY
  const once = (ticket: string, user = 'u'): GivenEvent[] => [
    step(RESOLVED - HOUR, ticket, 'opened', user),
    step(RESOLVED, ticket, 'resolved', user),
  ]
  const WEEK = { from: MARCH.from, to: MARCH.from + 7 * DAY }

  it('no ticket, one ticket', async () => {
    await world.given([view(MARCH.from, 'u')], MARCH.to)
    expect(await world.value('first_contact_resolution', WEEK)).toMatchObject({ value: null, n: 0 })
    await world.given(once('T'), MARCH.to)
    expect(await world.value('first_contact_resolution', WEEK)).toMatchObject({ value: 1, n: 1, provisional: false })
  })

  it.each([
    ['a ms before its follow-up ends', 7 * DAY - 1, 0],
    ['as its follow-up ends', 7 * DAY, 1],
    ['at the instant of its resolution', 0, 0],
  ])('a ticket reopened %s', async (_, gap, value) => {
    await world.given([...once('T'), step(RESOLVED + gap, 'T', 'reopened')], MARCH.to)
    expect(await world.value('first_contact_resolution', WEEK)).toMatchObject({ value })
  })

  it('a reopening after the window changes the value until the follow-up of the window is over', async () => {
    const reopened = RESOLVED + 6 * DAY + HOUR
    await world.given([...once('T'), step(reopened, 'T', 'reopened')], MARCH.to)
    const asked = (asOf: number) => world.value('first_contact_resolution', WEEK, { asOf })
    expect(await asked(WEEK.to)).toMatchObject({ value: 1, provisional: true })
    expect(await asked(reopened + 1)).toMatchObject({ value: 0, provisional: true })
    expect(await asked(WEEK.to + 7 * DAY)).toMatchObject({ value: 0, provisional: false, provisional_until: null })
  })

  it('all late: what is told after the watermark passed is counted where it happened', async () => {
    await world.given([view(MARCH.to - MINUTE, 'u'), ...once('T'), ...once('T2', 'v')], MARCH.to)
    expect(await world.value('first_contact_resolution', WEEK)).toMatchObject({ value: 1, n: 2 })
  })
})

describe('churn and retention', () => {
  it('a person who is new and gone in one period is in neither part of the churn of that period, and in the next one gone', async () => {
    const world = await worldIn('UTC')
    const february = utc('2026-02-10T00:00:00Z')
    await world.given(
      [view(february, 'stays'), view(MARCH.from + DAY, 'stays'), view(MARCH.from, 'new')],
      MARCH.to + 40 * DAY,
    )
    expect((await world.value('churn_rate', MARCH)).parts).toMatchObject({ churned: 0, active_before: 1 })
    const april = { from: MARCH.to, to: utc('2026-05-01T00:00:00Z') }
    expect((await world.value('churn_rate', april)).parts).toMatchObject({ churned: 2, active_before: 2 })
  })

  it('nobody before: neither 0 nor 1', async () => {
    const world = await worldIn('UTC')
    await world.given([view(MARCH.from, 'u')], MARCH.to)
    for (const id of ['churn_rate', 'period_retention_30d', 'customer_retention_rate', 'win_back_rate'])
      expect(await world.value(id, MARCH), id).toMatchObject({ value: null, reason: 'zero_denominator' })
  })

  it.each([
    ['month', '2024-03-01', '2024-04-01', '2024-02-29T23:59:59.999Z', 1],
    ['month', '2024-03-01', '2024-04-01', '2024-01-31T23:59:59.999Z', 0],
    ['leap day alone', '2024-03-01', '2024-03-02', '2024-02-29T00:00:00Z', 1],
    ['leap day alone', '2024-03-01', '2024-03-02', '2024-02-28T23:59:59.999Z', 0],
    ['year after a leap year', '2025-01-01', '2026-01-01', '2024-01-01T00:00:00Z', 1],
  ])('the preceding window of a %s from %s', async (_, from, to, active, before) => {
    const world = await worldIn('UTC')
    const window = { from: utc(from), to: utc(to) }
    await world.given([view(utc(active), 'u')], window.to)
    expect((await world.value('churn_rate', window)).parts).toMatchObject({ active_before: before })
  })

  it.each([
    ['America/New_York', '2026-03-07', 'a day of 23 hours'],
    ['America/New_York', '2025-10-31', 'a day of 25 hours'],
    ['Asia/Kathmandu', '2026-03-07', 'days that begin at a quarter past'],
    ['UTC', '2024-02-28', 'a leap day'],
    ['America/New_York', '2026-01-30', 'the end of a month'],
  ])('in %s the day after %s is met exactly: %s', async (zone, date) => {
    const world = await worldIn(zone)
    const calendar = calendarOf(zone)
    const day = utc(date) / DAY
    const [first, next, after] = [calendar.start(day), calendar.start(day + 1), calendar.start(day + 2)]
    const events = [
      ...['before', 'opens', 'closes', 'beyond'].map(user => view(next - 1, user)),
      view(next - 1, 'before'),
      view(next, 'opens'),
      view(after - 1, 'closes'),
      view(after, 'beyond'),
    ]
    await world.given(events, after + 10 * DAY)
    const window = { from: first, to: next }
    expect(await world.value('new_user_retention_d1', window)).toMatchObject({ value: 0.5, n: 4 })
    expect(await world.value('dau', { from: next, to: after })).toMatchObject({ value: 2 })
    // a day that is not over yet says nothing of its cohort
    expect(await world.value('new_user_retention_d1', window, { asOf: after - 1 })).toMatchObject({
      value: null,
      provisional: true,
    })
    expect(await world.value('new_user_retention_d1', window, { asOf: after })).toMatchObject({ value: 0.5 })
  })
})
