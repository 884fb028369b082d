/** Funnels, value segments and churn reasons of one big random history against plain loops. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { churnTopics, funnel, valueSegments } from '../../independent/analyses.ts'
import { DAY } from '../../independent/calendar.ts'
import { createHistory, type GivenEvent, type History, text } from '../../independent/history.ts'
import { seededStories, tell, tellInvalid } from '../../independent/stories.ts'
import { createIndicatorWorld, type IndicatorWorld, shippedCatalog } from './world.ts'

const SPAN = {
  zone: 'Asia/Kathmandu',
  from: Date.parse('2026-01-31T18:15:00Z'),
  to: Date.parse('2026-04-30T18:15:00Z'),
}
/** March as it is there */
const MARCH = { from: Date.parse('2026-02-28T18:15:00Z'), to: Date.parse('2026-03-31T18:15:00Z') }
const FEBRUARY = { from: SPAN.from, to: MARCH.from }
const range = `from=${new Date(MARCH.from).toISOString()}&to=${new Date(MARCH.to).toISOString()}`

let world: IndicatorWorld
let history: History
beforeAll(async () => {
  const events: GivenEvent[] = [
    ...tell(seededStories(5, 2500, 400), SPAN),
    // what nobody did, about the same persons
    ...tellInvalid(seededStories(6, 500, 400), SPAN),
  ]
  world = await createIndicatorWorld(await shippedCatalog({ zone: SPAN.zone }))
  await world.given(events, SPAN.to)
  history = createHistory(events, { zone: SPAN.zone, known: SPAN.to })
})
afterAll(() => world?.[Symbol.asyncDispose]())

it('a funnel tells how many persons came as far as each step', async () => {
  const { body } = await world.ask(`/v1/funnels/checkout?${range}`)
  const steps = [
    (e: History['events'][number]) => e.type === 'cart' && text(e, 'action') === 'added',
    (e: History['events'][number]) => e.type === 'checkout' && text(e, 'action') === 'started',
    (e: History['events'][number]) => e.type === 'purchase',
  ]
  const expected = funnel(history, MARCH, { steps, within: DAY })
  expect(expected.every(persons => persons > 0)).toBe(true)
  expect(body.steps.map((step: { persons: number }) => step.persons)).toEqual(expected)
})

const LIMITS = [
  ['high', 2000],
  ['mid', 1000],
  ['low', 0],
] as const

it('segments are those of the period’s start, and their worth that of the period', async () => {
  const { body } = await world.ask(`/v1/segments/value?method=limits&${range}`)
  const expected = valueSegments(history, MARCH, { limits: LIMITS })
  expect(expected.get('low')!.persons).toBeGreaterThan(30)
  for (const { segment, persons, mean, median } of body.segments) {
    const own = expected.get(segment)
    expect(persons, segment).toBe(own?.persons ?? 0)
    if (own === undefined) continue
    expect(mean, segment).toBeCloseTo(own.mean!, 9)
    expect(median, segment).toBeCloseTo(own.median!, 9)
  }
})

it('what those spoke of last who left, beside those who stayed', async () => {
  const { body } = await world.ask(`/v1/churn-reasons?${range}`)
  const expected = churnTopics(history, FEBRUARY, MARCH)
  const shown = [...expected].filter(([, { churned, stayed }]) => churned + stayed >= 30)
  expect(shown.length).toBeGreaterThan(0)
  for (const [topic, counts] of shown)
    expect(
      body.topics.find((each: { topic: string }) => each.topic === topic),
      topic,
    ).toMatchObject(counts)
})
