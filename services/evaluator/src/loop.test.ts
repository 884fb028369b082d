import { expect, test, vi } from 'vitest'
import { startLoop } from './loop.ts'

test('a pass that has more to do is followed by the next one at once', async () => {
  let passes = 0
  // whoever waited for the interval would never come to the fourth
  const loop = startLoop({ pass: async () => ++passes < 4, intervalMs: 3_600_000, failed: () => undefined })
  await vi.waitFor(() => expect(passes).toBe(4), 5_000)
  await loop.stop()
})

test('a pass that has nothing more to do is followed by another after the interval', async () => {
  const times: number[] = []
  const pass = async () => {
    times.push(performance.now())
    return false
  }
  const loop = startLoop({ pass, intervalMs: 60, failed: () => undefined })
  await vi.waitFor(() => expect(times.length).toBe(2), 5_000)
  await loop.stop()
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(55)
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
