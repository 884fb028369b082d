import type { AnyMeasure, Catalog, DerivedProgress } from '@kivi/domain'
import { expect, test } from 'vitest'
import { derivedMarks } from './derived-marks.ts'

const catalog = {} as Catalog
const NOW = Date.parse('2026-03-10T12:00:00Z')
const orders = { id: 'orders', kind: 'entity', timing: { kind: 'end' } } as unknown as AnyMeasure
const tickets = { ...orders, id: 'tickets' } as AnyMeasure
const clicks = { id: 'clicks' } as AnyMeasure

/** Tables of orders and tickets, each up to a mark. */
function freshness(marks: Record<string, number | null>) {
  let reads = 0
  return {
    reads: () => reads,
    async derived(_: Catalog, measures: readonly AnyMeasure[]): Promise<DerivedProgress> {
      reads++
      const all = measures.flatMap(({ id }) => (id in marks ? [marks[id] ?? null] : []))
      const watermark = all.includes(null) ? null : Math.min(...(all as number[]))
      return { version: JSON.stringify(marks), watermark, at: NOW }
    },
  }
}

test('tables that keep up are looked at once, however many indicators rest on them', async () => {
  const source = freshness({ orders: NOW - 5000, tickets: NOW - 9000 })
  const { markOf } = await derivedMarks(source, catalog, [[orders], [tickets, clicks], [clicks]], NOW)
  expect(source.reads()).toBe(1)
  expect([markOf([orders]), markOf([tickets, clicks])]).toEqual([NOW - 9000, NOW - 9000])
})

test('one that is being built, or is far behind, holds back only what rests on it', async () => {
  const building = await derivedMarks(
    freshness({ orders: NOW - 5000, tickets: null }),
    catalog,
    [[orders], [tickets]],
    NOW,
  )
  expect([building.markOf([orders]), building.markOf([tickets])]).toEqual([NOW - 5000, null])
  const slow = freshness({ orders: NOW - 5000, tickets: NOW - 600_000 })
  const { markOf } = await derivedMarks(slow, catalog, [[orders], [tickets], [orders, tickets], [orders]], NOW)
  expect(slow.reads()).toBe(4)
  expect([markOf([orders]), markOf([orders, tickets])]).toEqual([NOW - 5000, NOW - 600_000])
})

test('what rests on slices only asks for no table', async () => {
  const source = freshness({})
  expect((await derivedMarks(source, catalog, [[clicks]], NOW)).version).toBe('')
  expect(source.reads()).toBe(0)
})
