import { expect, test } from 'vitest'
import { createAnswerCache } from './cache.ts'

const create = (maxBytes = 1000) => {
  let now = 0
  const cache = createAnswerCache<string>({ maxBytes, maxAgeMs: 60, size: text => text.length, now: () => now })
  let made = 0
  const get = (key: string, text = 'answer') =>
    cache.get(key, async () => {
      made++
      return text
    })
  return { cache, get, made: () => made, pass: (ms: number) => (now += ms) }
}

test('an answer is made once, for those who ask at the same time and later', async () => {
  const { get, made } = create()
  expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['answer', 'answer', 'answer'])
  await get('a')
  expect(made()).toBe(1)
})

test('an answer is made anew when it has grown old', async () => {
  const { get, made, pass } = create()
  await get('a')
  pass(61)
  await get('a')
  expect(made()).toBe(2)
})

test('a failure is not kept', async () => {
  const { cache, get } = create()
  await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get('a')).toBe('answer')
})

test('memory is bounded: what was used longest ago goes first', async () => {
  const { get, made } = create(250)
  const text = 'x'.repeat(100)
  await get('a', text)
  await get('b', text)
  await get('a', text)
  await get('c', text)
  expect(made()).toBe(3)
  await get('a', text)
  expect(made()).toBe(3)
  await get('b', text)
  expect(made()).toBe(4)
})
