import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LARGEST_NUMBER } from '../slices.ts'
import { Cells, LANE, shapeOf } from './cells.ts'
import { sumOf, sumToNumber, sumToText, sumUnits } from './numbers.ts'

describe('the units of a number', () => {
  it.each([
    [179.99, 1_799_900],
    [-0.01, -100],
    [0.1 + 0.2, 3000],
    [0.00005, 1],
    [-0.00005, 0],
    [0, 0],
    [LARGEST_NUMBER, LARGEST_NUMBER * 10_000],
  ])('%d is %d units of 10⁻⁴', (value, units) => expect(sumUnits(value)).toBe(units))

  it('are exact for every amount of up to four decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), units => {
        expect(sumUnits(units / 10_000)).toBe(units)
      }),
    )
  })
})

describe('a sum', () => {
  const large = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.double({ min: -LARGEST_NUMBER, max: LARGEST_NUMBER, noNaN: true }).map(sumUnits),
    fc.constantFrom(sumUnits(LARGEST_NUMBER), -sumUnits(LARGEST_NUMBER), 2 ** 52, -(2 ** 52), 2 ** 52 - 1),
  )

  it('is exact however large it grows', () => {
    fc.assert(
      fc.property(fc.array(large, { maxLength: 200 }), units => {
        const cells = new Cells(shapeOf(['sum']), 1)
        cells.cell()
        for (const unit of units) cells.addUnits(0, unit)
        const [high, low] = [cells.lanes[LANE.high]!, cells.lanes[LANE.low]!]
        expect(sumOf(high, low)).toBe(units.reduce((sum, unit) => sum + BigInt(unit), 0n))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    [0n, '0', 0],
    [1n, '0.0001', 0.0001],
    [-125_000n, '-12.5', -12.5],
    [1_799_900n, '179.99', 179.99],
    [-1n, '-0.0001', -0.0001],
    [90_071_992_547_409_930_001n, '9007199254740993.0001', 9007199254740994],
    [90_071_992_547_409_930_000n, '9007199254740993', 9007199254740992],
  ])('of %d units is %s, and the double nearest to it', (units, text, number) => {
    expect(sumToText(units)).toBe(text)
    expect(sumToNumber(units)).toBe(number)
  })

  it('is rounded as its decimal text is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 126n), max: 1n << 126n }), units => {
        expect(sumToNumber(units)).toBe(Number(sumToText(units)))
      }),
    )
    fc.assert(
      fc.property(fc.maxSafeInteger(), units => {
        expect(sumToNumber(BigInt(units))).toBe(Number(sumToText(BigInt(units))))
      }),
    )
  })
})
