import { createPointStore, createSteeringStore } from '@kivi/clickhouse'
import type { Action, Point } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'

const JANUARY = Date.UTC(2026, 0, 1)
const DAY = 86_400_000

const point = (changes: Partial<Point> = {}): Point => ({
  indicator: 'mrr',
  version: 'aaaabbbbcccc',
  window: '30d',
  by: [],
  group: [],
  from: JANUARY - 30 * DAY,
  to: JANUARY,
  value: 12.25,
  reason: null,
  n: 3,
  parts: { mrr: 12.25, ended: null },
  interval: [10, 14.5],
  complete: true,
  provisional: false,
  provisionalUntil: null,
  known: JANUARY + 1,
  computedAt: JANUARY + 2_500,
  ...changes,
})

const question = { indicator: 'mrr', version: 'aaaabbbbcccc', window: '30d', by: [], from: JANUARY, to: JANUARY + DAY }

test('points come back as they were written, in the order of their ends, of one group, window and version', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createPointStore(clickhouse)
  const late = point({
    to: JANUARY + 60_000,
    value: null,
    reason: 'no_data',
    interval: null,
    provisional: true,
    provisionalUntil: JANUARY + DAY,
  })
  const groups = [
    point({ by: ['region', 'channel'], group: ["o'hara", ''] }),
    point({ by: ['region', 'channel'], group: ['north', 'web'] }),
  ]
  await store.write([late, point(), point({ version: 'ddddeeeeffff' }), point({ window: 'month' }), ...groups])
  expect(await store.read(question)).toEqual([point(), late])
  expect(await store.read({ ...question, by: ['region', 'channel'] })).toEqual([groups[1], groups[0]])
  expect(await store.read({ ...question, to: JANUARY })).toEqual([])
  expect(await store.read({ ...question, ends: [JANUARY + 60_000, JANUARY + 120_000] })).toEqual([late])
  const ends = await store.ends(JANUARY + 1)
  const { indicator, version, window, to, provisional, provisionalUntil, known, computedAt } = late
  expect(ends).toEqual([{ indicator, version, window, to, provisional, provisionalUntil, known, computedAt }])
  expect(await store.ends(JANUARY)).toHaveLength(4)
})

test('of a point that was computed twice the later computation counts, whichever was written last', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createPointStore(clickhouse)
  const again = point({ value: 13, computedAt: JANUARY + 9_000 })
  await store.write([again])
  await store.write([point()])
  expect(await store.read(question)).toEqual([again])
})

test('what people set comes back with who set it when; what was set last about the same thing counts', async () => {
  await using clickhouse = await createStoreDatabase()
  const store = createSteeringStore(clickhouse)
  const said = { setBy: 'ann', setAt: JANUARY }
  const target = {
    value: 0.25,
    from: JANUARY,
    until: null,
    by: { region: 'north' },
    per: 'month',
    window: null,
    baseline: { change: 0.25, value: 0.2 },
    reason: 'plan',
    set_by: 'ann',
    set_at: '2026-01-01',
  } as const
  const first = { indicator: 'mrr', targets: [target], ...said }
  const second = { indicator: 'mrr', targets: [], setBy: 'bob', setAt: JANUARY + 1 }
  await store.setTargets(second)
  await store.setTargets(first)
  await store.setTargets({ ...first, indicator: 'csat' })
  expect(await store.targets('mrr')).toEqual([first, second])
  expect(await store.targets()).toHaveLength(3)

  const star = { indicators: ['mrr', 'csat'], from: JANUARY + DAY, reason: 'new year', ...said }
  await store.setNorthStar(star)
  expect(await store.northStars()).toEqual([star])

  const action: Action = {
    id: 'a1',
    label: 'Free shipping',
    description: '',
    indicators: ['conversion'],
    by: { region: 'north', channel: 'web' },
    status: 'planned',
    at: JANUARY + DAY,
    until: null,
    owner: 'ann',
    ...said,
  }
  const done: Action = { ...action, status: 'done', until: JANUARY + 2 * DAY, setBy: 'bob', setAt: JANUARY + 5 }
  await store.putAction(done)
  await store.putAction(action)
  expect(await store.actions()).toEqual([done])

  const value = { value: 1.5, from: JANUARY, until: null, by: {} }
  const posted = [
    { reference: 'market_size', value, ...said },
    { reference: 'market_size', value: { ...value, by: { region: 'north' } }, ...said },
    { reference: 'market_size', value: { ...value, from: JANUARY + DAY, until: JANUARY + 2 * DAY }, ...said },
  ]
  await store.postReferences(posted)
  const corrected = { reference: 'market_size', value: { ...value, value: 2 }, setBy: 'bob', setAt: JANUARY + 7 }
  await store.postReferences([corrected])
  await store.postReferences([])
  expect(await store.references()).toEqual([corrected, posted[1], posted[2]])
})
