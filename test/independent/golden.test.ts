/** The calculations themselves against figures that were worked out by hand. */
import { describe, expect, it } from 'vitest'
import { retentionByDay } from './activity.ts'
import { expectations, type Golden, golden, VARIANTS } from './golden.ts'
import { calculations } from './index.ts'

/** What a case says of a value that is no number of one indicator. */
const MOVEMENTS: Readonly<Record<string, string>> = {
  new: 'mrr_new',
  expansion: 'mrr_expansion',
  contraction: 'mrr_contraction',
  churn: 'mrr_churn',
}

/** Mistakes of another indicator than the case's first, by words that tell of it. */
const NAMED: Readonly<Record<string, string>> = {
  'ROAS by': 'roas',
  'ROAS with': 'roas',
  'margin:': 'gross_margin',
  'average per line': 'average_transaction_value',
}

describe.each(golden.cases.map(each => [each.id, each] as const))('%s', (_, given: Golden) => {
  it.each(expectations(given))('$title', ({ expected, history, question }) => {
    if (typeof expected.value === 'object' && expected.value !== null) {
      for (const [name, value] of Object.entries(expected.value))
        expect(calculations.get(MOVEMENTS[name]!)!(history, question).value).toBeCloseTo(value, 9)
      return
    }
    const id = VARIANTS[`${expected.indicator} ${expected.variant ?? ''}`.trim()] ?? expected.indicator
    const answer = calculations.get(id)!(history, question)
    if (expected.value === null) expect(answer.value).toBeNull()
    else expect(answer.value).toBeCloseTo(expected.value, 9)
    for (const [name, value] of Object.entries(expected.parts ?? {}))
      expect(answer.parts?.[name], name).toBeCloseTo(value, 9)
    if (expected.p50 !== undefined)
      expect(calculations.get(`${id}_p50`)!(history, question).value).toBeCloseTo(expected.p50, 9)
    if (expected.interval !== undefined) {
      const { interval } = answer as { interval?: [number, number] }
      expect(interval?.map(bound => Number(bound.toFixed(expected.interval_decimals)))).toEqual(expected.interval)
    }
  })

  it.each(given.wrong)('$value is wrong: $why', ({ value, why }) => {
    const id = Object.entries(NAMED).find(([words]) => why.includes(words))?.[1] ?? given.expect[0]!.indicator
    const { history, question } = expectations(given).find(({ expected }) => expected.indicator === id)!
    const right = calculations.get(id)!(history, question).value
    expect(right).not.toBeNull()
    expect(Math.abs(right! - value)).toBeGreaterThan(1e-6)
  })
})

it('the cohorts of day-7 retention are those of the case, day by day', () => {
  const given = golden.cases.find(each => each.id === 'd7_retention_denominators')!
  const { history, question } = expectations(given)[0]!
  const cohorts = retentionByDay(history, question, 7)
  for (const [date, expected] of Object.entries(given.expect[0]!.by_cohort ?? {}))
    expect(cohorts.get(date) ?? null).toEqual(
      expected === null ? null : { retained: expected[0], persons: expected[1] },
    )
})
