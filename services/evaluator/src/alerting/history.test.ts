import { type AlertFact, KiviError, type PlacedFact, type StateRecord } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createHistoryCopy, type HistoryDeps } from './history.ts'

const fact = (name: string): AlertFact => ({ fact: 'leader', at: 1, alert: null, rule: null, labels: {}, name })
const record = (offset: number, ...names: string[]): StateRecord => ({
  ...{ offset, stamp: 1, key: 'leader' },
  value: JSON.stringify({ kind: 'leader', name: 'x', since: 1, catalog: 'c', facts: names.map(fact) }),
})

function world(records: readonly StateRecord[], { position = 0, most = 2 } = {}) {
  const written: PlacedFact[] = []
  const asked: number[] = []
  let away = false
  const log: HistoryDeps['log'] = {
    async read(from) {
      asked.push(from)
      const end = (records.at(-1)?.offset ?? -1) + 1
      if (from > end) throw new KiviError('position_outside_log', 'beyond the end')
      const found = records.filter(({ offset }) => offset >= from).slice(0, most)
      const next = (found.at(-1)?.offset ?? from - 1) + 1
      return { records: found, next, end: next >= end }
    },
  }
  const history: HistoryDeps['history'] = {
    position: async () => position,
    async write(facts) {
      if (away) throw new KiviError('store_unreachable', 'away')
      written.push(...facts)
    },
  }
  return {
    ...{ written, asked },
    copy: createHistoryCopy({ log, history }),
    away(is: boolean) {
      away = is
    },
  }
}
const going = new AbortController().signal
const places = (facts: readonly PlacedFact[]) => facts.map(({ offset, index }) => [offset, index])

test('it goes on behind what is written already, in parts, each fact with its place', async () => {
  const { copy, written, asked } = world([record(3, 'old'), record(5, 'a', 'b'), record(6), record(9, 'c')], {
    position: 5,
  })
  expect(await copy(going)).toBe(true)
  expect(await copy(going)).toBe(false)
  expect(await copy(going)).toBe(false)
  expect(places(written)).toEqual([
    [5, 0],
    [5, 1],
    [9, 0],
  ])
  expect(asked).toEqual([5, 7, 10])
})

test('what ClickHouse did not take is copied when it answers again', async () => {
  const { copy, written, away } = world([record(0, 'a')])
  away(true)
  await expect(copy(going)).rejects.toMatchObject({ code: 'store_unreachable' })
  expect(written).toEqual([])
  away(false)
  expect(await copy(going)).toBe(false)
  expect(places(written)).toEqual([[0, 0]])
})

test('a key that was removed tells nothing', async () => {
  const { copy, written } = world([{ offset: 0, stamp: 1, key: 'instance/x', value: null }, record(1, 'a')])
  await copy(going)
  expect(places(written)).toEqual([[1, 0]])
})

test('a topic that was made anew is copied from its beginning', async () => {
  const { copy, written, asked } = world([record(0, 'a'), record(1, 'b')], { position: 500 })
  expect(await copy(going)).toBe(false)
  expect([asked, places(written)]).toEqual([
    [500, 0],
    [
      [0, 0],
      [1, 0],
    ],
  ])
})

test('who stops in between has written nothing, and begins there the next time', async () => {
  const { copy, written } = world([record(0, 'a')])
  const stopped = AbortSignal.abort()
  await expect(copy(stopped)).rejects.toThrow()
  expect(written).toEqual([])
  await copy(going)
  expect(places(written)).toEqual([[0, 0]])
})
