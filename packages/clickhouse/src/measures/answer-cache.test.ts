import { expect, test } from 'vitest'
import { createAnswerCache } from './answer-cache.ts'

test('whoever asks while an answer is made waits for it, and it is given on afterwards', async () => {
  const cache = createAnswerCache<string>({ maxBytes: 1000, size: answer => answer.length })
  const made = Promise.withResolvers<string>()
  let times = 0
  const make = () => {
    times++
    return made.promise
  }
  const asked = [cache.get('a', make), cache.get('a', make)]
  made.resolve('answer')
  expect(await Promise.all(asked)).toEqual(['answer', 'answer'])
  expect(await cache.get('a', make)).toBe('answer')
  expect(times).toBe(1)
})

test('a failure is told to all who wait, and not kept', async () => {
  const cache = createAnswerCache<string>({ maxBytes: 1000, size: answer => answer.length })
  const fails = () => Promise.reject(new Error('no store'))
  const asked = await Promise.allSettled([cache.get('a', fails), cache.get('a', fails)])
  expect(asked.map(one => one.status)).toEqual(['rejected', 'rejected'])
  expect(await cache.get('a', async () => 'answer')).toBe('answer')
})

test('beyond its bytes the answers go that were used longest ago', async () => {
  const cache = createAnswerCache<string>({ maxBytes: 230, size: answer => answer.length })
  const made: string[] = []
  const get = (key: string) =>
    cache.get(key, async () => {
      made.push(key)
      return 'x'.repeat(100)
    })
  await get('a')
  await get('b')
  await get('a')
  await get('c')
  await get('a')
  await get('b')
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})
