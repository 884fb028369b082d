import type { ReadingAt, TimeRange } from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anEntityExpression, aRow, entityScopeOf } from '../../testing/entity-expressions.ts'
import { evaluatePlainly, type Observation, type PlainRow } from '../../testing/entity-rows.ts'
import { ExpressionError } from '../syntax.ts'
import { type CompiledEntityExpression, compileEntityExpression } from './compile.ts'

const SCOPE = entityScopeOf('America/New_York', { days: [0, 1, 2, 3, 4], from: 9 * 3_600_000, until: 18 * 3_600_000 })

/** random expressions may nest beyond the bounds on their size */
function compileUnlessTooLarge(source: string): CompiledEntityExpression | null {
  try {
    return compileEntityExpression(source, SCOPE)
  } catch (error) {
    if (error instanceof ExpressionError && /too large|two texts in quotes|longer than|exceed/.test(error.message))
      return null
    throw error
  }
}

const known = (row: PlainRow): ReadingAt => ({
  window: { from: row.window_start, to: row.window_end },
  each: { from: row.each.t, to: row.each.t + 1 },
  known: row.known_until,
})

const within =
  ({ from, to }: TimeRange) =>
  ({ t }: Observation): boolean =>
    t >= from && t < to

const NEVER: TimeRange = { from: 0, to: 0 }

describe('what an expression depends on', () => {
  it('is all that it reads: no other observation changes its value', () => {
    let less = 0
    fc.assert(
      fc.property(anEntityExpression, aRow, (source, row) => {
        const compiled = compileUnlessTooLarge(source)
        fc.pre(compiled !== null)
        const reads = compiled.reads(known(row))
        const lists = Object.fromEntries(
          Object.entries(row.lists).map(([name, list]) => [name, list.filter(within(reads.get(name) ?? NEVER))]),
        )
        if (compiled.fields.some(name => lists[name]!.length < row.lists[name]!.length)) less++
        const [all, some] = [row, { ...row, lists }].map(of => evaluatePlainly(compiled.checked, of, null))
        expect(some, `${source}, ${JSON.stringify([...reads])}`).toEqual(all)
      }),
      { numRuns: 1_500 },
    )
    expect(less).toBeGreaterThan(20)
  })

  it('has to be observed where it says so: else the condition does not hold', () => {
    let held = 0
    fc.assert(
      fc.property(anEntityExpression, aRow, (source, row) => {
        const compiled = compileUnlessTooLarge(source)
        fc.pre(compiled?.type === 'boolean')
        const needs = compiled!.needs(known(row))
        if (needs === null || evaluatePlainly(compiled!.checked, row, null) !== true) return
        held++
        const found = [...needs].some(([name, range]) => row.lists[name]!.some(within(range)))
        expect(found, `${source} needs ${JSON.stringify([...needs])}`).toBe(true)
      }),
      { numRuns: 3_000 },
    )
    expect(held).toBeGreaterThan(20)
  })

  it('gives it a time or a value of an observation where it says so', () => {
    let told = 0
    fc.assert(
      fc.property(anEntityExpression, aRow, (source, row) => {
        const compiled = compileUnlessTooLarge(source)
        fc.pre(compiled !== null && compiled.times !== null)
        const value = evaluatePlainly(compiled!.checked, row, null)
        if (value === null) return
        told++
        const times = compiled!.times!.flatMap(name => row.lists[name]!.flatMap(({ t, v }) => [t, v]))
        expect(times, source).toContain(value)
      }),
      { numRuns: 1_500 },
    )
    expect(told).toBeGreaterThan(20)
  })
})
