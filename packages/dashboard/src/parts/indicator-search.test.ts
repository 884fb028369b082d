import { expect, test } from 'vitest'
import { found } from './indicator-search.ts'

const item = (id: string, en: string, zh: string, board = false, owner: string | null = null) => ({
  id,
  label: { en, zh },
  owner,
  board,
})
const ALL = [
  item('net_revenue', 'Net revenue', '净收入', true, 'sales'),
  item('revenue', 'Revenue', '收入'),
  item('revenue_growth', 'Growth of revenue', '收入增长'),
  item('ctr', 'Click-through rate', '点击率', true, 'growth'),
]
const ids = (text: string, without: string[] = []) => found(ALL, text, without).map(({ id }) => id)

test('names are found in either language, by id and by owner', () => {
  expect(ids('点击')).toEqual(['ctr'])
  expect(ids('click rate')).toEqual(['ctr'])
  expect(ids('sales')).toEqual(['net_revenue'])
  expect(ids('revenue growth')).toEqual(['revenue_growth'])
})

test('what begins with the text stands first, then what is on the board', () => {
  expect(ids('revenue')).toEqual(['revenue', 'revenue_growth', 'net_revenue'])
  expect(ids('')).toEqual(['net_revenue', 'ctr', 'revenue', 'revenue_growth'])
})

test('what is chosen already is not offered again', () => {
  expect(ids('revenue', ['revenue'])).not.toContain('revenue')
  expect(ids('nothing like it')).toEqual([])
})
