import { createZone, type Measure, planLevels, type SliceQuestion } from '@kivi/domain'
import { expect, test } from 'vitest'
import { sliceStatement } from './slice-query.ts'

const measure = (id: string, agg: Measure['agg'], dimensions: string[] = ['campaign']) =>
  ({ id, agg, dimensions }) as unknown as Measure
const zone = createZone('UTC')
const forever = { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity }
const statement = (...questions: SliceQuestion[]) =>
  sliceStatement(
    questions,
    ({ from, to }) => {
      const plan = planLevels(from, to, zone, forever, from)
      return plan.ok ? plan.ranges : []
    },
    time => zone.day(time).month,
  )
const day = (text: string) => ({ from: Date.parse(text), to: Date.parse(text) + 86_400_000 })

test('nothing asked is no statement', () => {
  expect(statement()).toBeNull()
  expect(statement({ measures: [], ranges: [day('2026-03-01')], by: [], filters: [] })).toBeNull()
})

test('measures of one kind share a scan, and ranges that follow each other too', () => {
  const built = statement({
    measures: [measure('a', 'count'), measure('b', 'sum')],
    ranges: [day('2026-03-01'), day('2026-03-02')],
    by: [],
    filters: [],
  })
  expect(built?.sql.match(/SELECT/g)).toHaveLength(1)
  expect(built?.sql).not.toContain('uniq')
})

test('ranges that overlap are read apart, so that a slice counts in both', () => {
  const range = day('2026-03-01')
  const built = statement({ measures: [measure('a', 'count')], ranges: [range, range], by: [], filters: [] })
  expect(built?.sql.match(/SELECT/g)).toHaveLength(2)
})

test('many windows that overlap are one arm, which gives a slice to each of them', () => {
  const ranges = Array.from({ length: 30 }, (_, n) => {
    const { from } = day(`2026-03-${String(n + 1).padStart(2, '0')}`)
    return { from: from - 29 * 86_400_000, to: from + 86_400_000 }
  })
  const built = statement({ measures: [measure('a', 'count')], ranges, by: [], filters: [] })
  expect(built?.sql.match(/SELECT/g)).toHaveLength(1)
  expect(built?.sql).toContain('arrayJoin')
})

test('distinct values of whole days are read from the exact states, others from the small ones', () => {
  const hour = { from: Date.parse('2026-03-01T10:00:00Z'), to: Date.parse('2026-03-01T11:00:00Z') }
  const built = statement({
    measures: [measure('a', 'count_distinct')],
    ranges: [day('2026-03-01'), hour],
    by: [],
    filters: [],
  })
  expect(built?.sql).toContain('uniqExactMerge(exact)')
  expect(built?.sql).toContain('uniqCombined64Merge(uniq)')
})

test('what comes from outside is bound and never part of the statement', () => {
  const evil = "x' OR 1 = 1 --"
  const built = statement({
    measures: [measure('a', 'count', ['campaign', evil])],
    ranges: [day('2026-03-01')],
    by: [evil],
    filters: [{ field: 'campaign', values: [evil] }],
  })
  expect(built?.sql).not.toContain(evil)
  expect(Object.values(built?.params ?? {})).toContainEqual([evil])
})
