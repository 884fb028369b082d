import { expect, test } from 'vitest'
import { compileEntityExpression } from './compile.ts'
import type { EntityScope, Meaning } from './syntax.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const meanings: Readonly<Record<string, Meaning>> = {
  active: { kind: 'list', type: null },
  paid: { kind: 'list', type: 'number' },
  first: { kind: 'scalar', agg: 'min', type: 'time' },
  other: { kind: 'scalar', agg: 'max', type: 'time' },
  total: { kind: 'scalar', agg: 'sum', type: 'number' },
  topic: { kind: 'scalar', agg: 'first', type: 'text' },
  window_start: { kind: 'name', name: 'window_start', type: 'time' },
  window_end: { kind: 'name', name: 'window_end', type: 'time' },
  each_t: { kind: 'name', name: 'each_t', type: 'time' },
  known_until: { kind: 'name', name: 'known_until', type: 'time' },
}
const scope: EntityScope = {
  entity: 'person',
  zone: 'Europe/Berlin',
  businessHours: { days: [0], from: 0, until: HOUR },
  resolve: name => meanings[name] ?? { error: `no ${name}` },
}
const at = { window: { from: 100 * DAY, to: 130 * DAY }, each: { from: 10 * DAY, to: 11 * DAY }, known: 200 * DAY }
const compile = (source: string) => compileEntityExpression(source, scope)
const range = (from: number, to: number) => ({ from: from * DAY, to: to * DAY })
const reads = (source: string) => Object.fromEntries(compile(source).reads(at))
const needs = (source: string) => {
  const found = compile(source).needs(at)
  return found && Object.fromEntries(found)
}
const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

test('bounds of a list tell which of its observations are read', () => {
  expect(reads('count(active, window_start - (window_end - window_start), window_start) > 0')).toEqual({
    active: range(70, 100),
  })
  expect(
    reads("count(active, window_start - duration('90d'), window_start) + sum(paid, window_start, window_end)"),
  ).toEqual({
    active: range(10, 100),
    paid: range(100, 130),
  })
  expect(reads("count(active, each_t - duration('7d'), each_t + duration('7d') * 2)")).toEqual({ active: range(3, 25) })
  expect(reads('count(active, 0, window_end)')).toEqual({ active: range(0, 130) })
  expect(reads('count(active, max(window_start, known_until), known_until)')).toEqual({ active: range(200, 200) })
})

test('days begin anywhere on earth', () => {
  const { active } = reads('count(active, day_start(day(window_start)), day_start(day(window_end) + 1))')
  expect(active!.from).toBeLessThanOrEqual(99 * DAY)
  expect(active!.from).toBeGreaterThan(96 * DAY)
  expect(active!.to).toBeGreaterThanOrEqual(131 * DAY)
  expect(active!.to).toBeLessThan(133 * DAY)
})

test('one value, a whole list and bounds that rest on values are read from all of time', () => {
  expect(reads('first - other')).toEqual({ first: EVER, other: EVER })
  expect(reads('count(active)')).toEqual({ active: EVER })
  expect(reads("count(active, first, first + duration('7d'))")).toEqual({ active: EVER, first: EVER })
})

test('what a condition cannot hold without', () => {
  expect(needs('count(active, window_start, window_end) > 0')).toEqual({ active: range(100, 130) })
  expect(needs('count(active, window_start, window_end) >= 1 && has(first)')).toEqual({ active: range(100, 130) })
  expect(needs('has(first) && has(other)')).toEqual({ first: EVER })
  expect(needs('count(active, window_start, window_end) > 0 || sum(paid, window_start, window_end) > 5')).toEqual({
    active: range(100, 130),
    paid: range(100, 130),
  })
  expect(needs('first < window_start')).toEqual({ first: EVER })
  expect(needs("topic == 'card'")).toEqual({ topic: EVER })
  expect(needs('!(count(active, window_start, window_end) == 0)')).toEqual({ active: range(100, 130) })
})

test('what a condition may hold without', () => {
  for (const source of [
    'count(active, window_start, window_end) == 0',
    '!has(first)',
    'count(active) < 3',
    "topic != 'card'",
    "topic == ''",
    'window_end < known_until',
    'count(active, window_start, window_end) > 0 || !has(first)',
    'total >= 0',
    '!(has(first) && has(other))',
  ])
    expect([source, needs(source)]).toEqual([source, null])
  expect(compile('count(active)').needs(at)).toBeNull()
})

test('which observations give an expression its time', () => {
  expect(compile('first').times).toEqual(['first'])
  expect(compile('has(first) ? first : other').times).toEqual(['first', 'other'])
  expect(compile('min(first, first_time(active))').times).toEqual(['active', 'first'])
  expect(compile("first + duration('1d')").times).toBeNull()
  expect(compile('window_end').times).toBeNull()
})
