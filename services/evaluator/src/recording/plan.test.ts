import { createZone, type PointEnd } from '@kivi/domain'
import { expect, test } from 'vitest'
import { planJobs, type Recorded } from './plan.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOON = Date.UTC(2026, 5, 30, 12)
const indicator = { id: 'mrr', record: { everyMs: HOUR, by: [] } } as unknown as Recorded
const end = (to: number, changes: Partial<PointEnd> = {}): PointEnd => ({
  indicator: 'mrr',
  version: 'v',
  window: '30d',
  to,
  provisional: false,
  provisionalUntil: null,
  known: to,
  computedAt: to,
  ...changes,
})
const plan = (watermark: number, recorded: readonly PointEnd[], since = NOON - 5 * HOUR) =>
  planJobs({ indicator, watermark, since, zone: createZone('UTC'), recorded }).map(({ to, why }) => [why, to - NOON])

test('the newest instant comes first, then those that were missed from the oldest on', () => {
  expect(plan(NOON + 60_000, [end(NOON - 3 * HOUR), end(NOON - 5 * HOUR)])).toEqual([
    ['due', 0],
    ['missed', -4 * HOUR],
    ['missed', -2 * HOUR],
    ['missed', -HOUR],
  ])
})

test('nothing is due before the watermark has passed the next instant, and nothing twice', () => {
  const all = [0, 1, 2, 3, 4, 5].map(n => end(NOON - n * HOUR))
  expect(plan(NOON + HOUR - 1, all)).toEqual([])
  expect(plan(NOON + HOUR, all)).toEqual([['due', HOUR]])
})

test('nothing is recorded of the time before the first event', () => {
  expect(plan(NOON + 60_000, [], NOON + 30_000)).toEqual([])
  expect(plan(NOON, [], NOON)).toEqual([['due', 0]])
})

test('a provisional point is computed again when it is ripe', () => {
  const others = [1, 2, 3, 4, 5].map(n => end(NOON - n * HOUR))
  const waiting = end(NOON, { provisional: true, provisionalUntil: NOON + 30 * 60_000 })
  expect(plan(NOON + 29 * 60_000, [waiting, ...others])).toEqual([])
  expect(plan(NOON + 30 * 60_000, [waiting, ...others])).toEqual([['ripe', 0]])
})

test('while its follow-up runs it is computed again ever more seldom', () => {
  const old = end(NOON, { provisional: true, provisionalUntil: NOON + 60 * DAY })
  const ripe = (known: number, watermark: number) =>
    plan(watermark, [{ ...old, known }], watermark).some(([why]) => why === 'ripe')
  expect(ripe(NOON, NOON + HOUR)).toBe(true)
  expect(ripe(NOON + 20 * DAY, NOON + 21 * DAY)).toBe(false)
  expect(ripe(NOON + 20 * DAY, NOON + 23 * DAY)).toBe(true)
})

test('where nobody can say when it ends, it is looked at once a day', () => {
  const open = end(NOON, { provisional: true, known: NOON })
  expect(plan(NOON + 20 * HOUR, [open], NOON + 20 * HOUR).map(([why]) => why)).toEqual(['due'])
  expect(plan(NOON + 24 * HOUR, [open], NOON + 24 * HOUR).map(([why]) => why)).toEqual(['due', 'ripe'])
})
