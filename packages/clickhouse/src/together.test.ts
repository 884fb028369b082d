import { expect, test } from 'vitest'
import { together } from './together.ts'

const doubling = (most: number) => {
  const rounds: Array<readonly number[]> = []
  const ask = together(async (questions: readonly number[]) => {
    rounds.push(questions)
    if (questions.includes(13)) throw new Error('unlucky')
    return questions.map(question => 2 * question)
  }, most)
  return { rounds, ask }
}

test('what is asked in one turn is answered at once, each its own', async () => {
  const { rounds, ask } = doubling(100)
  // a few promises later it is still the same turn
  const later = Promise.resolve()
    .then(() => undefined)
    .then(() => ask(3))
  expect(await Promise.all([ask(1), ask(2), later])).toEqual([2, 4, 6])
  expect(await ask(4)).toBe(8)
  expect(rounds).toEqual([[1, 2, 3], [4]])
})

test('there are never more of them than that, and none is asked twice', async () => {
  const { rounds, ask } = doubling(2)
  expect(await Promise.all([1, 2, 3, 4, 5].map(ask))).toEqual([2, 4, 6, 8, 10])
  expect(rounds).toEqual([[1, 2], [3, 4], [5]])
})

test('a failure meets all that were asked with it, and nobody after', async () => {
  const { ask } = doubling(100)
  const found = await Promise.allSettled([ask(1), ask(13)])
  expect(found.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await ask(1)).toBe(2)
})
