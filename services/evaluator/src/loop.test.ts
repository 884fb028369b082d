import { expect, test, vi } from 'vitest'
import { startLoop } from './loop.ts'

test('a pass that has more to do is followed by the next one at once, another after the interval', async () => {
  const times: number[] = []
  const loop = startLoop({
    pass: async () => {
      times.push(performance.now())
      return times.length === 1
    },
    intervalMs: 60,
    failed: () => undefined,
  })
  await vi.waitFor(() => expect(times.length).toBe(3), 5_000)
  await loop.stop()
  expect(times[1]! - times[0]!).toBeLessThan(50)
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(55)
})

test('a failed pass is told, with a pause that grows, and is well again after one that succeeds', async () => {
  const told: Array<[string, number]> = []
  let away = true
  const loop = startLoop({
    pass: async () => {
      if (away) throw new Error('away')
      return false
    },
    intervalMs: 5,
    failed: (error, pause) => {
      told.push([(error as Error).message, pause])
      away = told.length < 1
    },
  })
  await vi.waitFor(() => expect([loop.well, loop.problem]).toEqual([false, 'away']))
  await vi.waitFor(() => expect([loop.well, loop.problem]).toEqual([true, null]), 5_000)
  expect(told).toEqual([['away', 1_000]])
  await loop.stop()
})

test('a stop ends the pause, and does not wait long for a statement that takes its time', async () => {
  const idle = startLoop({ pass: async () => false, intervalMs: 3_600_000, failed: () => undefined })
  await vi.waitFor(() => expect(idle.well).toBe(true))
  await idle.stop()
  const begun = performance.now()
  const stuck = startLoop({ pass: () => new Promise(() => undefined), intervalMs: 5, failed: () => undefined })
  await stuck.stop()
  expect(performance.now() - begun).toBeLessThan(5_000)
})
