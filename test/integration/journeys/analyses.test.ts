/** Random histories of the shipped catalog: analyses say what plain loops over the events say. */
import { type Catalog, createZone, type Funnel, periodsBetween, sumToNumber } from '@kivi/domain'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { churnTopics, funnel, monthlyCohort, valueSegments } from '../../independent/analyses.ts'
import { calendarOf } from '../../independent/calendar.ts'
import { createHistory, type Happened, type History } from '../../independent/history.ts'
import { storyArbitrary, tell, tellInvalid } from '../../independent/stories.ts'
import { shippedCatalog } from '../indicators/world.ts'
import { createJourneyStore, type JourneyStore } from './fixture.ts'

const DAY = 86_400_000

describe.each(['America/New_York', 'Asia/Kathmandu'])('in %s', zone => {
  const calendar = calendarOf(zone)
  const startOf = (text: string) => calendar.start(calendar.day(Date.parse(text)))
  const span = { zone, from: startOf('2026-01-20T12:00:00Z'), to: startOf('2026-04-25T12:00:00Z') }
  let catalog: Catalog
  beforeAll(async () => {
    const shipped = await shippedCatalog({ zone })
    // nothing else is read here, and a table takes its time
    catalog = { ...shipped, entities: new Map([...shipped.entities].filter(([name]) => name === 'person')) }
  })

  test('funnels, value segments, churn topics and cohorts are those of plain loops', async () => {
    await using store = await createJourneyStore(catalog)
    // enough of them that some come back, buy again and complain
    const stories = fc.array(storyArbitrary(12), { minLength: 80, maxLength: 160 })
    const days = fc.tuple(fc.integer({ min: 20, max: 60 }), fc.integer({ min: 5, max: 30 }))
    await fc.assert(
      fc.asyncProperty(stories, stories, days, async (told, invalid, [first, length]) => {
        await store.clear()
        const events = [...tell(told, span), ...tellInvalid(invalid, span)]
        await store.send(events)
        const history = createHistory(events, { zone, known: span.to })
        const from = calendar.start(calendar.day(span.from) + first)
        const range = { from, to: Math.min(span.to, calendar.start(calendar.day(span.from) + first + length)) }
        const asked = { store, catalog, history, range, known: span.to }
        await sameFunnels(asked)
        await sameSegments(asked)
        await sameTopics(asked)
        await sameCohorts(asked, zone)
      }),
      { numRuns: 4 },
    )
  }, 240_000)
})

interface Asked {
  readonly store: JourneyStore
  readonly catalog: Catalog
  readonly history: History
  readonly range: { readonly from: number; readonly to: number }
  readonly known: number
}

/** What the shipped funnels take for a step. */
const STEPS: Readonly<Record<string, (happened: Happened) => boolean>> = {
  'checkout cart': ({ type, event }) => type === 'cart' && event['action'] === 'added',
  'checkout checkout': ({ type, event }) => type === 'checkout' && event['action'] === 'started',
  'checkout order': ({ type }) => type === 'purchase',
  'visit_to_order visit': ({ type }) => type === 'page_view',
  'visit_to_order product': ({ type, event }) => type === 'page_view' && (event['product_id'] ?? '') !== '',
  'visit_to_order cart': ({ type, event }) => type === 'cart' && event['action'] === 'added',
  'visit_to_order order': ({ type }) => type === 'purchase',
}

async function sameFunnels({ store, catalog, history, range, known }: Asked): Promise<void> {
  for (const one of catalog.funnels.values()) {
    const steps = one.steps.map(({ name }) => STEPS[`${one.name} ${name}`]!)
    const found = await store.journeys.funnel(catalog, {
      funnel: one as Funnel,
      range,
      by: [],
      filters: [],
      known,
      asOf: false,
    })
    const counts = found[0]?.steps.map(step => step.persons) ?? one.steps.map(() => 0)
    expect(counts, one.name).toEqual(funnel(history, range, { steps, within: one.withinMs }))
  }
}

async function sameSegments({ store, catalog, history, range, known }: Asked): Promise<void> {
  const segments = catalog.valueSegments.get('value')!
  for (const method of ['limits', 'quantiles'] as const) {
    const found = await store.journeys.segments(catalog, { segments, range, method, known, asOf: false })
    const rule =
      method === 'limits'
        ? { limits: segments.limits.map(({ segment, from }) => [segment, from] as const) }
        : { shares: segments.shares.map(({ segment, share }) => [segment, share] as const) }
    const wanted = [...valueSegments(history, range, rule)].map(([name, { persons, mean, median }]) => [
      name,
      persons,
      expect.closeTo((mean ?? 0) * persons, 6),
      expect.closeTo(median ?? 0, 6),
    ])
    const told = found
      .filter(({ segment }) => segment !== null)
      .map(({ segment, persons, sum, median }) => [segment, persons, sumToNumber(sum), median])
    expect(told.toSorted(byName), method).toEqual(wanted.toSorted(byName))
  }
}

async function sameTopics({ store, catalog, history, range, known }: Asked): Promise<void> {
  const preceding = { from: 2 * range.from - range.to, to: range.from }
  const found = await store.journeys.churnTopics(catalog, {
    preceding,
    range,
    saidWithinMs: 90 * DAY,
    known,
    asOf: false,
  })
  const wanted = [...churnTopics(history, preceding, range)].map(([topic, { churned, stayed }]) => [
    topic,
    churned,
    stayed,
  ])
  const told = found.topics.map(({ topic, churned, stayed }) => [topic, churned, stayed])
  expect(told.toSorted(byName)).toEqual(wanted.toSorted(byName))
}

async function sameCohorts({ store, catalog, history, known }: Asked, zone: string): Promise<void> {
  const months = periodsBetween({ zone: createZone(zone), fiscalYearStart: '01-01' }, 'month', {
    from: history.calendar.month(known, -4),
    to: known,
  })
  const found = await store.journeys.cohorts(catalog, {
    entity: 'person',
    first: 'purchases',
    again: 'purchases',
    periods: months,
    cohorts: months.length,
    rule: 'on',
    known,
    asOf: false,
  })
  months.forEach((month, index) => {
    const cells = found.find(({ cohort }) => cohort === index)
    const told = months.slice(index).map((_, later) => cells?.retained.get(later) ?? 0)
    expect(told).toEqual(monthlyCohort(history, month.from, months.length - index))
  })
}

const byName = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1)
