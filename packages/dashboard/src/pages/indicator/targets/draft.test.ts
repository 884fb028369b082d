import { expect, test } from 'vitest'
import type { Target } from '../answers.ts'
import { alive, amountOf, type Draft, readNumber, sentOf, typed, withoutTarget, withTarget } from './draft.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const draft = (rest: Partial<Draft>): Draft => ({
  how: 'value',
  value: '',
  baseline: '',
  change: '',
  per: '',
  window: '',
  by: {},
  from: null,
  until: null,
  ...rest,
})
const target = (rest: Partial<Target>): Target => ({
  value: 1,
  by: {},
  per: null,
  window: null,
  from: '2026-03-01T00:00:00Z',
  until: null,
  reason: 'plan',
  set_by: 'ann',
  set_at: '2026-03-01T00:00:00Z',
  origin: 'set',
  ...rest,
})

test.each([
  ['2.5', 2.5],
  ['2,5', 2.5],
  ['120 000', 120_000],
  ['120,000', 120_000],
  ['1,234,567.5', 1_234_567.5],
  ['-3', -3],
  ['1e3', 1000],
  ['', null],
  ['much', null],
  ['1.2.3', null],
])('%j is %d', (text, value) => {
  expect(readNumber(text)).toBe(value)
})

test('a percentage is typed as people say it, without the dust of binary fractions', () => {
  expect(amountOf(draft({ value: '2.3' }), 'percent')).toBe(0.023)
  expect(typed(0.07, 'percent')).toBe('7')
  expect(typed(0.023, 'percent')).toBe('2.3')
  expect(amountOf(draft({ value: '120000' }), 'money')).toBe(120_000)
})

test('a change is told from where one starts', () => {
  expect(amountOf(draft({ how: 'change', baseline: '2', change: '10' }), 'percent')).toBe(0.022)
  expect(amountOf(draft({ how: 'change', baseline: '200', change: '-25' }), 'count')).toBe(150)
  expect(amountOf(draft({ how: 'change', baseline: '', change: '10' }), 'count')).toBeNull()
})

test('only what was said is sent', () => {
  expect(sentOf(draft({}), 5)).toEqual({ value: 5 })
  expect(sentOf(draft({ per: 'window', window: ' 7d ', by: { channel: 'web' }, from: NOW }), 5)).toEqual({
    value: 5,
    window: '7d',
    by: { channel: 'web' },
    from: '2026-03-10T12:00:00.000Z',
  })
})

test('a new target stands beside those for other parts and lengths, and takes the place of its like', () => {
  const items = [
    target({ value: 1 }),
    target({ value: 2, by: { channel: 'web' } }),
    target({ value: 3, per: 'month' }),
    target({ value: 4, origin: 'catalog' }),
    target({ value: 5, by: { channel: 'app' }, until: '2026-03-05T00:00:00Z' }),
  ]
  expect(withTarget(items, { value: 9 }, NOW)).toEqual([
    { value: 2, by: { channel: 'web' }, reason: 'plan' },
    { value: 3, per: 'month', reason: 'plan' },
    { value: 9 },
  ])
})

test('until a later target begins, the one before it goes on', () => {
  const later = { value: 9, from: '2026-04-01T00:00:00.000Z' }
  expect(withTarget([target({ value: 1 })], later, NOW)).toEqual([
    { value: 1, until: later.from, reason: 'plan' },
    later,
  ])
  const coming = target({ value: 2, from: '2026-05-01T00:00:00Z' })
  expect(withTarget([coming], later, NOW)).toEqual([later])
  expect(withTarget([coming], { value: 9 }, NOW)).toEqual([{ value: 9 }])
})

test('withdrawing one leaves the others', () => {
  const [first, second] = [target({ value: 1 }), target({ value: 2, per: 'week' })]
  expect(withoutTarget([first, second], first, NOW)).toEqual([{ value: 2, per: 'week', reason: 'plan' }])
  expect(alive([target({ origin: 'catalog' })], NOW)).toEqual([])
})
