/**
 * Random histories: of each, every shipped indicator is what a plain loop over the events says, in several windows.
 * KIVI_TEST_HISTORIES histories per zone (2), from KIVI_TEST_SEED on.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calendarOf } from '../../independent/calendar.ts'
import type { GivenEvent } from '../../independent/history.ts'
import { calculations } from '../../independent/index.ts'
import { type Span, storiesArbitrary, tell, tellInvalid } from '../../independent/stories.ts'
import { disagreements } from './compare.ts'
import { createIndicatorWorld, type IndicatorWorld, type Range, shippedCatalog } from './world.ts'

const RUNS = Number(process.env['KIVI_TEST_HISTORIES'] ?? 2)
const SEED = Number(process.env['KIVI_TEST_SEED'] ?? 20_260_308)
const QUARTER_HOUR = 900_000
const byTime = (a: GivenEvent, b: GivenEvent): number => Date.parse(a.event_time) - Date.parse(b.event_time)
/** minutes that a run may take, shrinking included */
const LIMIT = Math.max(4, RUNS)

/** Somewhere days have 23 hours, somewhere they begin at a quarter past: both within 4 months with a leap of clocks. */
describe.each(['America/New_York', 'Asia/Kathmandu'])('in %s', zone => {
  const calendar = calendarOf(zone)
  const span: Span = {
    zone,
    from: calendar.start(calendar.day(Date.parse('2026-01-20T12:00:00Z'))),
    to: calendar.start(calendar.day(Date.parse('2026-04-25T12:00:00Z'))),
  }
  let world: IndicatorWorld
  let catalog: Awaited<ReturnType<typeof shippedCatalog>>
  beforeAll(async () => {
    catalog = await shippedCatalog({ zone })
    world = await createIndicatorWorld(catalog)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  it(
    'every shipped indicator is what a plain loop over the events says',
    async () => {
      const days = calendar.day(span.to) - calendar.day(span.from)
      const bounds = fc.tuple(fc.nat(days - 1), fc.nat(days - 1), fc.nat(days * 96 - 1), fc.nat(400))
      const histories = fc.tuple(storiesArbitrary(80), storiesArbitrary(40))
      const property = fc.asyncProperty(histories, bounds, async ([stories, invalid], [one, other, quarter, long]) => {
        // what nobody did is among it, about the same persons, orders and tickets
        const events = [...tell(stories, span), ...tellInvalid(invalid, span)].sort(byTime)
        await world.given(events, span.to)
        const windows = windowsOf(one, other, quarter, long)
        const found = await disagreements(world, catalog, events, windows, span.to)
        expect(found.slice(0, 20), `${found.length} disagreements over ${events.length} events`).toEqual([])
      })
      // a failure tells its seed and the smallest history that it found
      await fc.assert(property, { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: LIMIT * 60_000 - 60_000 })
    },
    LIMIT * 60_000,
  )

  /** A day, a month, some whole days, and some quarters of an hour. */
  function windowsOf(one: number, other: number, quarter: number, long: number): Range[] {
    const first = calendar.day(span.from)
    const [from, to] = [Math.min(one, other), Math.max(one, other) + 1]
    const march = calendar.month(Date.parse('2026-03-15T00:00:00Z'))
    const fine = span.from + quarter * QUARTER_HOUR
    return [
      { from: calendar.start(first + one), to: calendar.start(first + one + 1) },
      { from: march, to: calendar.month(march, 1) },
      { from: calendar.start(first + from), to: calendar.start(first + to) },
      { from: fine, to: Math.min(span.to, fine + (1 + long) * QUARTER_HOUR) },
    ]
  }
})

it('a calculation stands beside every indicator that the shipped catalog declares', async () => {
  const catalog = await shippedCatalog()
  const declared = [...catalog.indicators.values()].filter(indicator => indicator.level !== null)
  expect(declared.filter(({ id }) => !calculations.has(id)).map(({ id }) => id)).toEqual([])
})
