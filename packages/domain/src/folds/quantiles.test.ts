import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUANTILE_ERROR } from '../slices.ts'
import { bucketOf, quantileOf, valueOfBucket } from './quantiles.ts'

const value = fc.oneof(
  fc.double({ min: -(2 ** 40), max: 2 ** 40, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, 1, -1, 1e-8, -1e-8),
)

describe('the histogram of a quantile', () => {
  it('has for each value a bucket that stands for it within the error', () => {
    fc.assert(
      fc.property(value, number => {
        const error = Math.abs(valueOfBucket(bucketOf(number)) - number)
        expect(error).toBeLessThanOrEqual(QUANTILE_ERROR * Math.abs(number) * (1 + 1e-9) + 1e-9)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps values in order, mirrored at zero', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (a <= b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b))
        expect(bucketOf(-a) + bucketOf(a)).toBe(0)
      }),
    )
    expect([bucketOf(0), bucketOf(-0), bucketOf(1e-9), bucketOf(-1e-9)].map(Math.abs)).toEqual([0, 0, 0, 0])
  })

  it('answers every quantile within the error of the exact one', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const buckets = new Map<number, number>()
          for (const number of values) buckets.set(bucketOf(number), (buckets.get(bucketOf(number)) ?? 0) + 1)
          const sorted = values.toSorted((a, b) => a - b)
          const exact = sorted[Math.floor(q * (values.length - 1))]!
          const found = quantileOf(buckets, q, sorted[0]!, sorted.at(-1)!)!
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(QUANTILE_ERROR * Math.abs(exact) * (1 + 1e-9) + 1e-9)
          expect(found >= sorted[0]! && found <= sorted.at(-1)!).toBe(true)
        },
      ),
    )
  })

  it('has no quantile where it is empty', () => expect(quantileOf(new Map(), 0.5)).toBeNull())
})
