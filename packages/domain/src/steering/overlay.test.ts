import { expect, test } from 'vitest'
import type { Catalog, Indicator, Target } from '../definitions/index.ts'
import type { TargetsSet } from '../ports/steering.ts'
import { mergeReferences, steerCatalog, steerNorthStar, steerTargets } from './overlay.ts'

const at = (text: string) => Date.parse(`${text}T00:00:00Z`)
const target = (value: number, from: string, rest: Partial<Target> = {}): Target => ({
  value,
  from: at(from),
  until: null,
  by: {},
  per: null,
  window: null,
  reason: 'plan',
  set_by: 'catalog',
  set_at: `${from}T00:00:00.000Z`,
  ...rest,
})
const set = (setAt: string, ...targets: Target[]): TargetsSet => ({
  indicator: 'ctr',
  targets,
  setBy: 'ann',
  setAt: at(setAt),
})

test('a set holds until the next one is set, and what it judged stays judged', () => {
  const steered = steerTargets(
    [target(1, '2026-01-01')],
    [set('2026-06-01', target(3, '2026-06-01')), set('2026-03-01', target(2, '2026-03-01'))],
  )
  expect(steered.map(({ value, from, until, set_by }) => [value, from, until, set_by])).toEqual([
    [1, at('2026-01-01'), null, 'catalog'],
    [2, at('2026-03-01'), at('2026-06-01'), 'ann'],
    [3, at('2026-06-01'), null, 'ann'],
  ])
})

test('a target that was replaced before it began never judges; an empty set withdraws', () => {
  const steered = steerTargets([], [set('2026-03-01', target(2, '2026-07-01')), set('2026-04-01')])
  expect(steered).toEqual([])
})

test('of two North Stars that begin at once the one said later leads', () => {
  const own = [{ indicators: ['a'], from: at('2026-01-01'), reason: 'plan', set_by: 'catalog' }]
  const said = { indicators: ['b'], from: at('2026-01-01'), reason: 'turn', setBy: 'ann', setAt: at('2026-02-01') }
  expect(steerNorthStar(own, [said]).map(entry => entry.indicators)).toEqual([['a'], ['b']])
})

test('a posted value takes the place of the file’s at the same instant and group', () => {
  const value = { value: 1, from: at('2026-01-01'), until: null, by: {} }
  const merged = mergeReferences(
    [value, { ...value, from: at('2026-04-01') }],
    [
      { ...value, value: 5 },
      { ...value, value: 7, by: { region: 'north' } },
    ],
  )
  expect(merged.map(entry => [entry.value, entry.by])).toEqual([
    [5, {}],
    [7, { region: 'north' }],
    [1, {}],
  ])
})

test('a catalog that nobody steers is as it was, and names that it lost are left alone', () => {
  const indicator = { id: 'ctr', targets: [] } as unknown as Indicator
  const catalog = {
    indicators: new Map([['ctr', indicator]]),
    references: new Map(),
    northStar: [],
  } as unknown as Catalog
  const facts = { targets: [], northStars: [], references: [] }
  expect(steerCatalog(catalog, facts).indicators.get('ctr')).toBe(indicator)
  const posted = { reference: 'gone', value: { value: 1, from: 0, until: null, by: {} }, setBy: 'ann', setAt: 0 }
  expect(steerCatalog(catalog, { ...facts, references: [posted] }).references.size).toBe(0)
})
