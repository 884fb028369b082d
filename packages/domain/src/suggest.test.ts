import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

const NAMES = ['revenue', 'returns', 'ctr', 'roas', 'purchases']

test.each([
  ['revenu', 'revenue'],
  ['Revenue', 'revenue'],
  ['revneue', 'revenue'],
  ['purchase', 'purchases'],
  ['crt', 'ctr'],
])('%s was meant to be %s', (wrong, meant) => {
  expect(suggest(wrong, NAMES)).toBe(meant)
})

test.each(['', 'latency', 'x'.repeat(50_000)])('nothing is near to %.10s', wrong => {
  expect(suggest(wrong, NAMES)).toBeNull()
})

test('of several that are near the nearest is meant, and where two are equally near the first', () => {
  expect(suggest('clicks', ['click_s', 'clicks_', 'clickz'])).toBe('click_s')
  expect(suggest('orders_2', ['orders_12', 'orders_2'])).toBe('orders_2')
})

test('a name of any length is compared in a moment', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `measure_of_something_${i}`)
  const begun = performance.now()
  expect(suggest('a'.repeat(1_000_000), many)).toBeNull()
  expect(performance.now() - begun).toBeLessThan(5_000)
})
