import { expect, test } from 'vitest'
import { createZone } from '../windows/index.ts'
import { weeksAround, weeksBefore } from './weeks.ts'

const calendar = { zone: createZone('Europe/Berlin'), fiscalYearStart: '01-01' }
const text = (time: number) => new Date(time).toISOString()

test('the week of the action belongs to neither side, and only weeks that are over count', () => {
  // Wednesday 1 April 2026; known until Monday 27 April, 00:00 in Berlin
  const { before, after } = weeksAround(
    calendar,
    Date.parse('2026-04-01T10:00:00Z'),
    Date.parse('2026-04-26T22:00:00Z'),
    null,
  )
  expect(before).toHaveLength(26)
  expect(text(before.at(-1)?.to ?? 0)).toBe('2026-03-29T22:00:00.000Z')
  expect(after.map(week => text(week.from))).toEqual([
    '2026-04-05T22:00:00.000Z',
    '2026-04-12T22:00:00.000Z',
    '2026-04-19T22:00:00.000Z',
  ])
})

test('an action that ended is judged by the weeks that it lasted', () => {
  const known = Date.parse('2026-06-01T00:00:00Z')
  const { after } = weeksAround(calendar, Date.parse('2026-04-01T10:00:00Z'), known, Date.parse('2026-04-20T00:00:00Z'))
  expect(after.map(week => text(week.to))).toEqual(['2026-04-12T22:00:00.000Z', '2026-04-19T22:00:00.000Z'])
})

test('the last whole weeks at a Monday’s first instant end with the week that is just over', () => {
  const monday = Date.parse('2026-04-19T22:00:00Z')
  expect(weeksBefore(calendar, monday, 2).map(week => text(week.to))).toEqual([
    '2026-04-12T22:00:00.000Z',
    '2026-04-19T22:00:00.000Z',
  ])
  expect(weeksBefore(calendar, monday - 1, 1).map(week => text(week.to))).toEqual(['2026-04-12T22:00:00.000Z'])
})
