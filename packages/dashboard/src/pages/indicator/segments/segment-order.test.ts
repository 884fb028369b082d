import { expect, test } from 'vitest'
import type { Group } from '../answers.ts'
import { byOrder } from './segment-order.ts'

const group = (
  name: string,
  value: number | null,
  n: number,
  previous: number | null,
  change: number | null,
): Group => ({
  by: { channel: name },
  value,
  n,
  parts: {},
  interval: null,
  target: null,
  attainment: null,
  status: 'no_target',
  previous: { value: previous, change },
})
const names = (groups: Group[], order: Parameters<typeof byOrder>[0]) =>
  groups.toSorted(byOrder(order)).map(({ by }) => by['channel'])

const GROUPS = [
  group('steady', 100, 50, 99, 0.01),
  group('fell', 20, 10, 80, -0.75),
  group('rose', 30, 30, 20, 0.5),
  group('new', 5, 5, 0, null),
  group('gone', null, 0, 4, null),
]

test('what moved most stands first, whichever way it went, and what came from nothing before all', () => {
  expect(names(GROUPS, 'change')).toEqual(['new', 'fell', 'rose', 'steady', 'gone'])
})

test('the largest stand first by value and by volume', () => {
  expect(names(GROUPS, 'value')).toEqual(['steady', 'rose', 'fell', 'new', 'gone'])
  expect(names(GROUPS, 'volume')).toEqual(['steady', 'rose', 'fell', 'new', 'gone'])
})
