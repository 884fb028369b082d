/** The calculations on a year of real purchases, against figures from pandas and SQL. */
import { expect, it } from 'vitest'
import { retentionByDay } from './activity.ts'
import { monthlyCohort } from './analyses.ts'
import type { Question } from './answer.ts'
import { readGroceries, groceriesReference as reference } from './groceries.ts'
import { createHistory } from './history.ts'
import { calculations } from './index.ts'

const DATA_END = Date.parse('2018-01-02T00:00:00Z')
const month = (name: string, later = 0): number => {
  const [year, number] = name.split('-').map(Number)
  return Date.UTC(year!, number! - 1 + later)
}
const history = createHistory(readGroceries(), { zone: 'UTC', known: DATA_END })
const year = { from: Date.UTC(2017, 0), to: DATA_END }
const value = (id: string, question: Question = year): number => calculations.get(id)!(history, question).value!

it('orders, buyers, repeat purchases and gaps of the year', () => {
  expect(value('purchases')).toBe(reference.purchases)
  expect(value('customers')).toBe(reference.customers)
  expect(value('transaction_amount')).toBeCloseTo(reference.revenue, 4)
  expect(value('average_transaction_value')).toBeCloseTo(reference.average_transaction_value, 9)
  expect(value('repeat_purchase_rate')).toBeCloseTo(reference.repeat_purchase_rate, 9)
  expect(value('purchase_interval')).toBeCloseTo(reference.purchase_interval_median_days, 9)
})

it('churn from each calendar month to the next', () => {
  for (const [name, rate] of Object.entries(reference.monthly_churn))
    expect(value('churn_rate', { from: month(name, 1), to: month(name, 2) }), name).toBeCloseTo(rate, 9)
})

it('retention on day n, of households whose day n is in the data', () => {
  for (const [n, { eligible, retained }] of Object.entries(reference.retention_day_n)) {
    const cohorts = [...retentionByDay(history, year, Number(n)).values()]
    const total = (part: 'persons' | 'retained') => cohorts.reduce((sum, cohort) => sum + cohort[part], 0)
    expect([total('persons'), total('retained')]).toEqual([eligible, retained])
  }
})

it('the triangle of monthly cohorts', () => {
  for (const [name, row] of Object.entries(reference.cohorts))
    expect(monthlyCohort(history, month(name), row.length), name).toEqual(row)
})
