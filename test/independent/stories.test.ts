/** What random histories are worth: every calculation meets cases in which it has something to say. */
import { expect, it } from 'vitest'
import type { Calculation } from './answer.ts'
import { HOUR } from './calendar.ts'
import { createHistory } from './history.ts'
import { calculations } from './index.ts'
import { seededStories, tell, tellInvalid } from './stories.ts'

const SPAN = {
  zone: 'America/New_York',
  from: Date.parse('2025-02-01T05:00:00Z'),
  to: Date.parse('2026-05-01T04:00:00Z'),
}
const QUARTER = { from: Date.parse('2026-01-01T05:00:00Z'), to: Date.parse('2026-04-01T04:00:00Z') }

it('the same seed tells the same history, with every type of event that a story knows', () => {
  const events = tell(seededStories(7, 400, 20), SPAN)
  expect(tell(seededStories(7, 400, 20), SPAN)).toEqual(events)
  expect(new Set(events.map(event => event.event_type)).size).toBeGreaterThan(20)
  expect(new Set(events.map(event => event.event_id)).size).toBe(events.length)
  // a day of 23 hours begins, and events stand exactly at local midnights
  expect(events.filter(event => Date.parse(event.event_time) % HOUR === 0).length).toBeGreaterThan(10)
})

it('every calculation says something other than nothing of some big history', () => {
  const histories = [300, 1000, 3000].map((people, seed) => {
    const events = [
      ...tell(seededStories(seed, 5000, people), SPAN),
      ...tellInvalid(seededStories(9, 50, people), SPAN),
    ]
    return createHistory(events, { zone: SPAN.zone, known: SPAN.to })
  })
  const says = (calculate: Calculation): boolean =>
    histories.some(history => {
      const { value } = calculate(history, QUARTER)
      return value !== null && value !== 0 && Number.isFinite(value)
    })
  // of customers of little worth more than half buy nothing in a quarter; few days have an answer to a survey
  const quiet = ['ltv_low_median', 'satisfaction_sales_correlation']
  const silent = [...calculations].filter(([id, calculate]) => !quiet.includes(id) && !says(calculate))
  expect(silent.map(([id]) => id)).toEqual([])
})
