import { expect, test } from 'vitest'
import { createPauses } from './pauses.ts'

test('what fails rests for ever longer, up to ten minutes, until it is well', () => {
  let now = 1_000_000
  const pauses = createPauses(() => now)
  expect(pauses.rests('a')).toBe(false)
  expect([pauses.failed('a'), pauses.rests('a'), pauses.rests('b')]).toEqual([10_000, true, false])
  now += 10_000
  expect([pauses.rests('a'), pauses.failed('a')]).toEqual([false, 20_000])
  expect(Array.from({ length: 10 }, () => pauses.failed('a')).at(-1)).toBe(600_000)
  pauses.well('a')
  expect([pauses.rests('a'), pauses.failed('a')]).toEqual([false, 10_000])
})

test('a clock that is put back by hours does not make it rest that long', () => {
  let now = 100_000_000
  const pauses = createPauses(() => now)
  pauses.failed('a')
  now -= 50_000_000
  expect(pauses.rests('a')).toBe(false)
})
