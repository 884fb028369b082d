import { describe, expect, it } from 'vitest'
import { highest, peopled, type Retention, width } from './shown.ts'

type Cohort = Retention['cohorts'][number]
const cohort = (persons: number, rates: ReadonlyArray<number | null>): Cohort => ({
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  persons,
  partial: false,
  cells: rates.map(rate => (rate === null ? null : { retained: rate * persons, rate, partial: false })),
})

describe('the cohorts of a triangle', () => {
  it('begin with the first that has anybody, and keep empty ones after it', () => {
    const cohorts = [cohort(0, [null]), cohort(4, [1]), cohort(0, [null]), cohort(2, [1])]
    expect(peopled(cohorts)).toEqual(cohorts.slice(1))
    expect(peopled([cohort(0, [])])).toEqual([])
  })

  it('are as wide as the longest of them, without the periods that have not begun', () => {
    expect(width([cohort(4, [1, 0.5, 0.25, null]), cohort(4, [1, 0.5, null, null])])).toBe(3)
    expect(width([])).toBe(0)
  })

  it('are shaded up to the highest share of those who came back', () => {
    expect(highest([cohort(4, [1, 0.5, 0.25]), cohort(10, [1, 0.2, null])])).toBe(0.5)
    expect(highest([])).toBe(0)
  })
})
