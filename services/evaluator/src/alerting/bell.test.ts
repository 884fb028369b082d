import { expect, test } from 'vitest'
import { createBell } from './bell.ts'

const HOUR = 3_600_000

test('who waits is woken by it', async () => {
  const bell = createBell()
  const waiting = bell.wait(HOUR)
  bell.ring()
  await waiting
})

test('what rang before somebody waited is not missed, and counts once', async () => {
  const bell = createBell()
  bell.ring()
  bell.ring()
  await bell.wait(HOUR)
  let woken = false
  const waiting = bell.wait(HOUR).then(() => {
    woken = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(woken).toBe(false)
  bell.ring()
  await waiting
})

test('without a ring the time ends it, and no time at all is no wait', async () => {
  const bell = createBell()
  await bell.wait(5)
  await bell.wait(0)
  await bell.wait(-1_000)
})
