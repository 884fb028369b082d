import type { Catalog, Reference, ReferenceMeasure, ReferenceValue } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createReferenceReader } from './references.ts'

const at = (text: string) => Date.parse(`${text}T00:00:00Z`)
const value = (amount: number, from: string, until: string | null = null, by: Record<string, string> = {}) =>
  ({ value: amount, from: at(from), until: until === null ? null : at(until), by }) satisfies ReferenceValue

/** What a reference tells of a window, by group. */
async function told(
  kind: Reference['kind'],
  values: readonly ReferenceValue[],
  take: ReferenceMeasure['take'],
  [from, to]: readonly [string, string],
  question: { by?: string[]; regions?: string[] } = {},
): Promise<Record<string, number>> {
  const reference: Reference = {
    name: 'market',
    label: { en: 'Market' },
    unit: 'money',
    kind,
    dimensions: ['region'],
    values,
  }
  const catalog = { references: new Map([['market', reference]]) } as unknown as Catalog
  const measure = { kind: 'reference', id: 'size', reference: 'market', take } as unknown as ReferenceMeasure
  const cells = await createReferenceReader().read(catalog, {
    measures: [measure],
    ranges: [{ from: at(from), to: at(to) }],
    by: question.by ?? [],
    filters: question.regions === undefined ? [] : [{ field: 'region', values: question.regions }],
    known: 0,
    asOf: false,
  })
  return Object.fromEntries(cells.map(cell => [cell.group.join(), cell.parts.value!]))
}

const YEAR = ['2026-01-01', '2027-01-01'] as const

test('a level is the one in force at the first or the last moment of the window', async () => {
  const values = [value(100, '2026-01-01'), value(130, '2026-07-01'), value(999, '2027-01-01')]
  expect(await told('level', values, 'start', YEAR)).toEqual({ '': 100 })
  // what begins as the window ends is the next window's
  expect(await told('level', values, 'end', YEAR)).toEqual({ '': 130 })
  expect(await told('level', values, 'mean', YEAR)).toEqual({ '': 115 })
})

test('a level is missing before its first value, and after one that ended', async () => {
  const values = [value(100, '2026-02-01', '2026-06-01')]
  expect(await told('level', values, 'start', YEAR)).toEqual({})
  expect(await told('level', values, 'end', YEAR)).toEqual({})
  expect(await told('level', values, 'mean', YEAR)).toEqual({})
  expect(await told('level', values, 'end', ['2026-05-01', '2026-06-01'])).toEqual({ '': 100 })
})

test('a flow is the part of each value that lies in the window', async () => {
  const values = [value(310, '2026-01-01', '2026-02-01'), value(280, '2026-02-01', '2026-03-01')]
  expect(await told('flow', values, 'sum', ['2026-01-01', '2026-03-01'])).toEqual({ '': 590 })
  expect(await told('flow', values, 'sum', ['2026-01-31', '2026-02-03'])).toEqual({ '': 10 + 20 })
})

test('a flow that leaves a part of the window open is missing', async () => {
  const values = [value(310, '2026-01-01', '2026-02-01'), value(310, '2026-03-01', '2026-04-01')]
  expect(await told('flow', values, 'sum', ['2026-01-01', '2026-04-01'])).toEqual({})
  expect(await told('flow', values, 'sum', ['2026-03-20', '2026-04-02'])).toEqual({})
})

test('a total is what was told for all, else the sum of the groups, of which none may be missing', async () => {
  const groups = [value(60, '2026-01-01', null, { region: 'eu' }), value(30, '2026-01-01', null, { region: 'us' })]
  expect(await told('level', groups, 'end', YEAR)).toEqual({ '': 90 })
  expect(await told('level', [...groups, value(100, '2026-01-01')], 'end', YEAR)).toEqual({ '': 100 })
  expect(await told('level', groups, 'end', YEAR, { by: ['region'] })).toEqual({ eu: 60, us: 30 })
  expect(await told('level', groups, 'end', YEAR, { regions: ['us', 'cn'] })).toEqual({ '': 30 })
  const late = [...groups, value(10, '2027-05-01', null, { region: 'cn' })]
  expect(await told('level', late, 'end', YEAR)).toEqual({})
})
