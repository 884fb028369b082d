import { createAlertHistoryStore, createSilenceStore } from '@kivi/clickhouse'
import type { AlertFact, PlacedFact, Silence } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'

const NOW = Date.UTC(2026, 10, 22)
const HOUR = 3_600_000

const silence = (changes: Partial<Silence> = {}): Silence => ({
  id: 'a',
  matchers: [{ label: 'campaign', op: '=~', value: 'spring-.*' }],
  from: NOW,
  until: NOW + HOUR,
  author: 'ada',
  reason: 'the campaign is being moved',
  setAt: NOW,
  ended: false,
  ...changes,
})

test('of a silence the last word counts; those that are over are not asked about', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createSilenceStore(clickhouse)
  expect(await store.silences(0)).toEqual([])
  await store.put(silence())
  await store.put(silence({ id: 'b', from: NOW - HOUR, until: NOW - 1 }))
  expect(await store.silences(NOW)).toEqual([silence()])
  expect((await store.silences(0)).map(({ id }) => id)).toEqual(['b', 'a'])
  const shorter = silence({ until: NOW + 10, setAt: NOW + 5, author: 'bob' })
  await store.put(shorter)
  expect(await store.silences(NOW)).toEqual([shorter])
  // the earlier, longer one does not come back
  expect(await store.silences(NOW + 20)).toEqual([])
  const ended = silence({ setAt: NOW + 7, ended: true, until: NOW + 7 })
  await store.put(ended)
  expect(await store.silences(NOW)).toEqual([ended])
})

test('of the acknowledgements of an alert the last one counts', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createSilenceStore(clickhouse)
  const first = { alert: '00000000000000aa', startsAt: NOW - HOUR, author: 'ada', comment: '', setAt: NOW }
  const later = { ...first, startsAt: NOW, author: 'bob', comment: 'on it', setAt: NOW + 1 }
  const other = { ...first, alert: '00000000000000bb' }
  for (const one of [first, later, other]) await store.acknowledge(one)
  expect(await store.acknowledgements(0)).toEqual([other, later])
  expect(await store.acknowledgements(NOW)).toEqual([later])
})

const fact = (offset: number, at: number, changes: object = {}): PlacedFact => ({
  offset,
  index: 0,
  fact: {
    fact: 'firing',
    at,
    alert: '00000000000000aa',
    rule: 'CtrLow',
    labels: { campaign: 'spring', severity: 'page' },
    instant: at - 1,
    startsAt: at - 1,
    value: 0.1,
    target: null,
    reason: null,
    ...changes,
  } as AlertFact,
})

test('history is read newest first, in pages, and is the same however often it is copied', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createAlertHistoryStore(clickhouse)
  expect(await store.position()).toBe(0)
  const facts = Array.from({ length: 30 }, (_, i) => fact(i * 3, NOW + i))
  await store.write(facts)
  await store.write(facts.slice(10))
  await store.write([])
  expect(await store.position()).toBe(88)
  const all = { from: NOW, to: NOW + HOUR, limit: 100 }
  expect(await store.read(all)).toEqual(facts.toReversed())
  const page = await store.read({ ...all, limit: 12 })
  expect(page).toEqual(facts.toReversed().slice(0, 12))
  const last = page.at(-1)!
  const before = { at: last.fact.at, offset: last.offset, index: last.index }
  expect(await store.read({ ...all, before })).toEqual(facts.toReversed().slice(12))
  expect(await store.read({ ...all, from: NOW + 5, to: NOW + 7 })).toEqual([facts[6], facts[5]])
})

test('history is asked by alert, rule and labels', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createAlertHistoryStore(clickhouse)
  const spring = fact(1, NOW)
  const autumn = fact(2, NOW + 1, { alert: '00000000000000bb', labels: { campaign: 'autumn' } })
  const stalled = fact(3, NOW + 2, { alert: null, rule: 'PipelineStalled', labels: {} })
  await store.write([spring, autumn, stalled])
  const ask = (question: object) => store.read({ from: 0, to: NOW + HOUR, limit: 10, ...question })
  expect(await ask({ alert: '00000000000000bb' })).toEqual([autumn])
  expect(await ask({ rule: 'PipelineStalled' })).toEqual([stalled])
  expect(await ask({ labels: { campaign: ['spring', 'summer'] } })).toEqual([spring])
  expect(await ask({ labels: { campaign: ['spring', 'autumn'] } })).toEqual([autumn, spring])
  expect(await ask({ labels: { campaign: [] } })).toEqual([])
})

test('a log that was made anew does not overwrite what the old one told, and is copied from its beginning on', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createAlertHistoryStore(clickhouse)
  await store.write([fact(7, NOW), fact(8, NOW + 1)])
  await store.write([fact(7, NOW + HOUR)])
  expect(await store.position()).toBe(8)
  expect((await store.read({ from: 0, to: NOW + 2 * HOUR, limit: 10 })).map(({ offset }) => offset)).toEqual([7, 8, 7])
})
