import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { createDerivedStore, type SentEvent } from '../../support/derived-store.ts'
import { catalogWith, tell } from './asking.ts'

interface GoldenCase {
  readonly id: string
  readonly events: SentEvent[]
}
const golden = JSON.parse(
  await readFile(new URL('../../fixtures/golden/golden.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] }
const eventsOf = (id: string) => golden.cases.find(each => each.id === id)!.events

const catalog = await catalogWith(`
entities:
  ticket:
    key: ticket_id
    event: ticket
    fields:
      opened: { agg: min, expr: event_time, filter: action == 'opened' }
      resolved: { agg: min, expr: event_time, filter: action == 'resolved' }
      last_resolved: { agg: max, expr: event_time, filter: action == 'resolved' }
      answers: { agg: list, filter: action == 'responded' }
      answered: { agg: min, expr: event_time, filter: action == 'responded' && (!has(automatic) || !automatic) }
      reopened: { agg: list, filter: action == 'reopened' }
      person: { agg: first, expr: person }
      topic: { agg: first, expr: topic }
    peers:
      again: { of: opened, same: [person, topic] }
measures:
  response_time: { entity: ticket, at: answered, agg: mean, expr: answered - opened, unit: seconds, dimensions: [topic] }
  response_time_p50: { entity: ticket, at: answered, agg: quantile, quantile: 0.5, expr: answered - opened, unit: seconds }
  tickets_resolved: { entity: ticket, at: resolved, agg: count, dimensions: [topic] }
  resolved_at_first_contact:
    entity: ticket
    at: resolved
    agg: count
    follow_up: 7d
    filter: "count(answers, 0, resolved) <= 1 && count(reopened, resolved, resolved + duration('7d')) == 0 && count(again, resolved, resolved + duration('7d')) == 0"
  tickets_open: { entity: ticket, as_of: end, agg: count, filter: has(opened) && !has(resolved) }
`)
const store = await createDerivedStore(catalog)
afterAll(() => store[Symbol.asyncDispose]())
await store.send(eventsOf('fcr_reopen'))

test('first contact resolution, response times and open tickets of the golden case', async () => {
  const told = await tell(store.measures, catalog, ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'], [
    'tickets_resolved',
    'resolved_at_first_contact',
    'response_time',
    'response_time_p50',
    'tickets_open',
  ])
  expect(told).toEqual({
    tickets_resolved: 8,
    resolved_at_first_contact: 5,
    response_time: 7200 / 7,
    response_time_p50: 1200,
    tickets_open: 2,
  })
})
