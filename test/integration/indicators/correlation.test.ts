/** Satisfaction and sales over days: a planted connection is found at its lag, with the plain loop's figure. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY } from '../../independent/calendar.ts'
import { correlationAt } from '../../independent/correlation.ts'
import { createHistory, type GivenEvent } from '../../independent/history.ts'
import { calculations } from '../../independent/index.ts'
import { createIndicatorWorld, type IndicatorWorld, shippedCatalog } from './world.ts'

const FROM = Date.UTC(2026, 0, 1)
const DAYS = 90
const LAG = 3
const WINDOW = { from: FROM, to: FROM + DAYS * DAY }

/** ten answers a day, of which so many are satisfied; the day's sales follow them three days later, more on weekends */
const satisfied = Array.from({ length: DAYS }, (_, day) => 2 + (((day * 7919) % 97) % 8))
const events: GivenEvent[] = satisfied.flatMap((good, day) => {
  const event = (type: string, i: number, fields: object): GivenEvent => ({
    event_id: `${type}-${day}-${i}`,
    event_type: type,
    event_time: new Date(FROM + day * DAY + (i + 1) * 60_000).toISOString(),
    source: 'planted',
    user_id: `u${i}`,
    ...fields,
  })
  const noise = ((day * 104_729) % 89) / 10
  const amount = 100 + 20 * (satisfied[day - LAG] ?? 5) + (day % 7 === 2 ? 70 : 0) + noise
  return [
    ...Array.from({ length: 10 }, (_, i) => event('survey', i, { survey: 'csat', score: i < good ? 5 : 2 })),
    event('purchase', 0, { amount }),
  ]
})

let world: IndicatorWorld
beforeAll(async () => {
  world = await createIndicatorWorld(await shippedCatalog())
  await world.given(events, WINDOW.to)
})
afterAll(() => world?.[Symbol.asyncDispose]())

it('the indicator is the correlation at the lag at which sales follow satisfaction', async () => {
  const history = createHistory(events, { zone: 'UTC', known: WINDOW.to })
  const calculated = calculations.get('satisfaction_sales_correlation')!(history, WINDOW).value!
  const csat = satisfied.map(good => good / 10)
  const sales = events.filter(event => event.event_type === 'purchase').map(event => event['amount'] as number)
  expect(calculated).toBeCloseTo(correlationAt(csat, sales, LAG)!, 12)
  expect(calculated).toBeGreaterThan(0.9)
  expect((await world.value('satisfaction_sales_correlation', WINDOW)).value).toBeCloseTo(calculated, 9)
})

it('fewer than 60 days say nothing', async () => {
  const short = { from: FROM, to: FROM + 59 * DAY }
  expect(await world.value('satisfaction_sales_correlation', short)).toMatchObject({ value: null, reason: 'too_few' })
})
