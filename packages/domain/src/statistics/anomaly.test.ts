import { expect, test } from 'vitest'
import { anomalyOf } from './anomaly.ts'

const same = [100, 104, 96, 101, 99, 103, 97, 100]
const residuals = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
const sure = { error: 0, n: 1000, minimum: 100 }

test('a value is judged by the median of its weekday and hour, in deviations of all hours', () => {
  // median 100; of the residuals −4 … 4 the median absolute deviation is 2
  expect(anomalyOf(112, same, residuals, sure)).toEqual({
    expected: 100,
    residual: 12,
    score: 12 / (1.4826 * 2),
    anomalous: false,
  })
  expect(anomalyOf(114, same, residuals, sure)?.anomalous).toBe(true)
  expect(anomalyOf(86, same, residuals, sure)?.anomalous).toBe(true)
})

test('few units make a value uncertain, and too few, or too few weeks, say nothing', () => {
  expect(anomalyOf(114, same, residuals, { ...sure, error: 5 })?.anomalous).toBe(false)
  expect(anomalyOf(200, same, residuals, { ...sure, n: 99 })).toBeNull()
  expect(anomalyOf(200, same.slice(0, 3), residuals, sure)).toBeNull()
  expect(anomalyOf(200, same, residuals.slice(0, 7), sure)).toBeNull()
})

test('where nothing ever varied, any difference stands out and none does not', () => {
  const constant = [5, 5, 5, 5]
  const none = [0, 0, 0, 0, 0, 0, 0, 0]
  expect(anomalyOf(5, constant, none, sure)).toMatchObject({ score: 0, anomalous: false })
  expect(anomalyOf(6, constant, none, sure)).toMatchObject({ score: Number.POSITIVE_INFINITY, anomalous: true })
})
