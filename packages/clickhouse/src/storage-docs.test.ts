import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as access from './migrations/access-tables.ts'
import * as alerts from './migrations/alert-tables.ts'
import * as audit from './migrations/audit-table.ts'
import * as derived from './migrations/derived-tables.ts'
import type { TableDefinition } from './migrations/table.ts'
import * as tables from './migrations/tables.ts'
import { DEDUPLICATION_WINDOW } from './migrations/tables.ts'
import type { FindingKind } from './reconcile.ts'
import { DEFAULT_RETENTION, STANDSTILL_SECONDS } from './retention.ts'

const page = readFileSync(new URL('../../../docs/storage.md', import.meta.url), 'utf8')
const { DEDUPLICATION_WINDOW: _, ...makers } = tables
const definitions: TableDefinition[] = Object.values({ ...makers, ...derived, ...access, ...alerts, ...audit }).map(
  make => make(DEFAULT_RETENTION),
)

test('docs/storage.md has the tables with their engines and orders, and no others', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([A-Za-z]*MergeTree(?:\(\w+\))?)(.*?)\|/gm)]
  expect(rows.map(row => [row[1], row[2]]).sort()).toEqual(definitions.map(({ name, engine }) => [name, engine]).sort())
  for (const [, name, , rest] of rows) {
    const table = definitions.find(each => each.name === name)!
    if (rest!.includes('ordered by')) expect(rest).toContain(`ordered by (${table.orderBy.join(', ')})`)
    expect(rest!.includes('partitioned by `month`')).toBe(table.partitionBy === 'month')
  }
})

test('docs/storage.md has every column of slices', () => {
  const slices = definitions.find(table => table.name === 'slices')!
  for (const [name] of slices.columns) expect(page).toContain(`\`${name}`)
})

test('docs/storage.md has the findings of reconcile, the window and the time of standing still', () => {
  const kinds: Record<FindingKind, true> = {
    gap: true,
    overlap: true,
    miscounted: true,
    events_missing: true,
    events_extra: true,
    slices_missing: true,
    slices_doubled: true,
    slices_stray: true,
  }
  const checking = page.slice(page.indexOf('## Checking it'))
  const listed = [...checking.matchAll(/^\| (`.*?`) \|/gm)].flatMap(row => row[1]!.replaceAll('`', '').split(', '))
  expect(listed.sort()).toEqual(Object.keys(kinds).sort())
  expect(page).toContain(`last ${DEDUPLICATION_WINDOW.toLocaleString('en')} tokens`)
  expect(page).toContain(`${STANDSTILL_SECONDS / 86_400} days`)
})
