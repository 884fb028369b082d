import { overallWatermark } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createSilence } from './silence.ts'

const settings = { disorder: 10, idleAfter: 100 }
const watermarkOf = (told: ReturnType<ReturnType<typeof createSilence>['told']>, now: number) =>
  overallWatermark([{ watermark: 500, ...told }], now, settings)

test('through a silence that is seen again and again the watermark follows the clock', () => {
  const silence = createSilence()
  silence.seen(1_000)
  expect(silence.told(1_010)).toEqual({ idleSince: 1_000, at: 1_000 })
  silence.seen(2_000)
  const told = silence.told(2_005)
  expect(told).toEqual({ idleSince: 1_000, at: 2_000 })
  expect(watermarkOf(told, 2_005)).toBe(1_990)
})

test('a log that answers no more is not silent, however long it says nothing', () => {
  const silence = createSilence()
  silence.seen(1_000)
  silence.seen(1_500)
  const told = silence.told(60_000)
  expect(told.at).toBe(1_500)
  expect(watermarkOf(told, 60_000)).toBe(1_490)
})

test('an answer from before the process was stopped says nothing of the time in which it was', () => {
  const silence = createSilence()
  silence.seen(1_000)
  expect(silence.told(1_200).at).toBe(1_000)
  // stopped for a minute: the answer of before is read first, the events of the minute only then
  silence.seen(1_300)
  expect(watermarkOf(silence.told(61_300), 61_300)).toBe(1_290)
  silence.broken()
  expect(silence.told(61_310)).toEqual({ idleSince: null, at: 61_310 })
})

test('what is told never lies behind what was told before, so that the newer row counts', () => {
  const silence = createSilence()
  expect(silence.told(1_000)).toEqual({ idleSince: null, at: 1_000 })
  // asked before that was told, answered after it
  silence.seen(900)
  expect(silence.told(1_100)).toEqual({ idleSince: 900, at: 1_000 })
  silence.seen(1_150)
  expect(silence.told(1_200)).toEqual({ idleSince: 900, at: 1_150 })
})

test('a clock that is put back does not make a silence last', () => {
  const silence = createSilence()
  expect(silence.told(10_000).at).toBe(10_000)
  silence.seen(2_000)
  expect(silence.told(2_100).at).toBe(2_100)
})
