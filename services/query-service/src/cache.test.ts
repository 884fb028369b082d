import { expect, test } from 'vitest'
import { createAnswerCache, type Lookup } from './cache.ts'

const create = (maxBytes = 1000, staleMs = 0, restMs = 0) => {
  let now = 0
  const lookups: Lookup[] = []
  const cache = createAnswerCache<string>({
    maxBytes,
    maxAgeMs: 60,
    restMs,
    staleMs,
    size: text => text.length,
    now: () => now,
    onLookup: result => lookups.push(result),
  })
  let made = 0
  const get = (question: string, text = 'answer', state = 'one') =>
    cache.get(question, state, async () => {
      made++
      return text
    })
  return { cache, get, lookups, made: () => made, pass: (ms: number) => (now += ms) }
}

test('an answer is made once, for those who ask at the same time and later', async () => {
  const { get, made } = create()
  expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['answer', 'answer', 'answer'])
  await get('a')
  expect(made()).toBe(1)
})

test('an answer is made anew when it has grown old, and when the data have changed', async () => {
  const { get, made, pass } = create()
  await get('a')
  pass(61)
  await get('a')
  expect(made()).toBe(2)
  expect(await get('a', 'another', 'two')).toBe('another')
})

test('a failure is not kept', async () => {
  const { cache, get } = create()
  await expect(cache.get('a', 'one', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get('a')).toBe('answer')
})

test('while the data change, who asks again gets the answer of a moment ago and the next one is made meanwhile', async () => {
  const { cache, lookups, pass } = create(1000, 10)
  await cache.get('a', 'one', async () => 'first')
  pass(5)
  const second = Promise.withResolvers<string>()
  expect(await cache.get('a', 'two', () => second.promise)).toBe('first')
  // one is being made: a third state does not begin another
  expect(await cache.get('a', 'three', () => Promise.reject(new Error('not asked')))).toBe('first')
  second.resolve('second')
  await second.promise
  await new Promise(setImmediate)
  expect(await cache.get('a', 'two', () => Promise.reject(new Error('not asked')))).toBe('second')
  expect(lookups).toEqual(['miss', 'stale', 'stale', 'hit'])
})

test('however quickly the data change, an answer is made anew only after a rest', async () => {
  const { get, made, pass } = create(1000, 30, 20)
  await get('a', 'first', 'state 0')
  for (let ms = 1; ms < 20; ms++) {
    pass(1)
    expect(await get('a', 'not made', `state ${ms}`)).toBe('first')
  }
  expect(made()).toBe(1)
  pass(1)
  expect(await get('a', 'second', 'state 20')).toBe('first')
  expect(made()).toBe(2)
  await new Promise(setImmediate)
  expect(await get('a', 'not made', 'state 20')).toBe('second')
})

test('an answer that rests is known without a look at the data; one that may be made anew, or of a clock set back, is not', async () => {
  const { cache, get, pass, lookups, made } = create(1000, 30, 20)
  expect(cache.resting('a')).toBeNull()
  await get('a', 'first', 'one')
  expect(cache.resting('a')).toBe('first')
  expect(cache.resting('b')).toBeNull()
  pass(19)
  expect(cache.resting('a')).toBe('first')
  pass(1)
  expect(cache.resting('a')).toBeNull()
  expect(lookups).toEqual(['miss', 'resting', 'resting'])
  pass(-50)
  expect(cache.resting('a')).toBeNull()
  expect(await get('a', 'second', 'two')).toBe('second')
  expect(made()).toBe(2)
})

test('an answer is not given on for longer than promised, and what fails meanwhile is told then', async () => {
  const { cache, get, pass } = create(1000, 10)
  await get('a', 'first')
  pass(9)
  const failing = () => Promise.reject(new Error('away'))
  expect(await cache.get('a', 'two', failing)).toBe('first')
  await new Promise(setImmediate)
  pass(1)
  await expect(cache.get('a', 'two', failing)).rejects.toThrow('away')
  // who was away for a while gets no old answer either
  expect(await get('a', 'second', 'two')).toBe('second')
})

test('an answer that was overtaken is not put over the newer one', async () => {
  const { cache, get, pass } = create()
  const slow = Promise.withResolvers<string>()
  const first = cache.get('a', 'one', () => slow.promise)
  pass(1)
  expect(await get('a', 'newer', 'two')).toBe('newer')
  slow.resolve('older')
  expect(await first).toBe('older')
  expect(await get('a', 'not made', 'two')).toBe('newer')
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
