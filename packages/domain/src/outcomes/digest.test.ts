import { expect, it } from 'vitest'
import { createDigest } from './digest.ts'

it('a digest is the same in every version: plans and ledgers hold it', () => {
  const digest = createDigest()
  expect(digest.hex()).toBe('8581a58a9bcffa9c')
  digest.add(0, 1_795_219_200_000, 1)
  digest.add(2 ** 40 + 7, -1, 3)
  expect(digest.hex()).toBe('50b7be684cb24e0e')
  digest.reset()
  expect(digest.hex()).toBe('8581a58a9bcffa9c')
})

it('a digest depends on the order of rows, and on each bit of an offset or a stamp', () => {
  const hexOf = (...rows: [number, number, number][]) => {
    const digest = createDigest()
    for (const row of rows) digest.add(...row)
    return digest.hex()
  }
  const found = new Set([hexOf([1, 1, 1], [2, 2, 2]), hexOf([2, 2, 2], [1, 1, 1])])
  for (let bit = 0; bit < 53; bit++) found.add(hexOf([2 ** bit, 0, 1])).add(hexOf([0, 2 ** bit, 1]))
  expect(found.size).toBe(2 + 2 * 53)
})
