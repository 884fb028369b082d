import { expect, test } from 'vitest'
import { repeated } from './repeated.ts'

function create(maxAgeMs = 10, graceMs = 30) {
  let now = 0
  const readings: Array<PromiseWithResolvers<string>> = []
  const ask = repeated(
    () => {
      const reading = Promise.withResolvers<string>()
      readings.push(reading)
      return reading.promise
    },
    { maxAgeMs, graceMs, now: () => now },
  )
  return {
    ask,
    readings,
    pass: (ms: number) => (now += ms),
    async answer(index: number, text: string) {
      readings[index]?.resolve(text)
      await readings[index]?.promise
    },
  }
}

test('however many ask, there is one reading until it is old', async () => {
  const { ask, readings, answer, pass } = create()
  const asked = [ask(), ask(), ask()]
  await answer(0, 'first')
  expect(await Promise.all(asked)).toEqual(['first', 'first', 'first'])
  pass(9)
  expect(await ask()).toBe('first')
  expect(readings).toHaveLength(1)
})

test('while the next one is under way, who asks gets the one before at once', async () => {
  const { ask, readings, answer, pass } = create()
  ask()
  await answer(0, 'first')
  pass(10)
  expect(await ask()).toBe('first')
  pass(10)
  expect(await ask()).toBe('first')
  expect(readings).toHaveLength(2)
  await answer(1, 'second')
  expect(await ask()).toBe('second')
})

test('a reading that takes too long is waited for', async () => {
  const { ask, readings, answer, pass } = create()
  ask()
  await answer(0, 'first')
  pass(10)
  expect(await ask()).toBe('first')
  pass(20)
  const waiting = ask()
  await answer(readings.length - 1, 'late')
  expect(await waiting).toBe('late')
})

test('a failure is told to who waits, and not kept', async () => {
  const { ask, readings, answer, pass } = create()
  const failing = ask()
  readings[0]?.reject(new Error('away'))
  await expect(failing).rejects.toThrow('away')
  const again = ask()
  await answer(1, 'back')
  expect(await again).toBe('back')
  // one that fails behind the back of who asks is met by the next
  pass(10)
  expect(await ask()).toBe('back')
  readings[2]?.reject(new Error('away'))
  await readings[2]?.promise.catch(() => undefined)
  const next = ask()
  readings[3]?.reject(new Error('still away'))
  await expect(next).rejects.toThrow('still away')
})

test('without an age every question reads', async () => {
  const { ask, readings, answer } = create(0, 0)
  const first = ask()
  const second = ask()
  await answer(1, 'second')
  await answer(0, 'first')
  expect([await first, await second]).toEqual(['first', 'second'])
  expect(readings).toHaveLength(2)
})
