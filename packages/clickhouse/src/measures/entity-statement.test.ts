import type { Catalog, Entity, EntityExpression, EntityMeasure, TimeRange } from '@kivi/domain'
import { expect, test } from 'vitest'
import type { Asked } from './asked.ts'
import { entityStatement } from './entity-statement.ts'

const DAY = 86_400_000
const NOW = 20_000 * DAY
const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

const list = (name: string, keep: string[] = []) =>
  [name, { name, from: [], value: { kind: 'none' }, agg: 'list', keep, type: 'number' }] as const
const entity = {
  name: 'person',
  key: ['person'],
  split: null,
  fields: new Map<string, unknown>([
    list('active'),
    list('clicks', ['campaign']),
    [
      'region',
      { name: 'region', from: [], value: { kind: 'text', field: 'region' }, agg: 'last', keep: [], type: 'text' },
    ],
  ]),
  peers: new Map(),
  version: '0123456789ab',
} as unknown as Entity
const catalog = { timezone: 'UTC', linkedBy: [] } as unknown as Catalog

/** `count(active, …) > 0`, of which only the reach matters here */
const filter = (reads: TimeRange, needed: boolean): EntityExpression => ({
  source: 'count(active) > 0',
  type: 'boolean',
  fields: ['active'],
  uses: [],
  toSql: until => `arrayExists(o -> o.1 < ${until ?? 'known_until'}, l_active)`,
  reads: () => new Map([['active', reads]]),
  needs: () => (needed ? new Map([['active', reads]]) : null),
  times: null,
})
const measure = (rest: Partial<EntityMeasure>): EntityMeasure =>
  ({
    kind: 'entity',
    id: 'm',
    agg: 'count',
    entity: 'person',
    timing: { kind: 'end' },
    filter: null,
    expr: null,
    scale: 1,
    distinct: null,
    groups: new Map(),
    ...rest,
  }) as EntityMeasure
const ask = (index: number, rest: Partial<EntityMeasure>, more: Partial<Asked> = {}): Asked => ({
  index,
  measure: measure(rest),
  ranges: [{ from: NOW - DAY, to: NOW }],
  by: [],
  filters: [],
  ...more,
})
const statement = (...measures: Asked[]) => entityStatement(catalog, { entity, measures, known: NOW, asOf: false })
const lately = filter({ from: NOW - 10 * DAY, to: NOW }, true)

test('measures, ranges and groups of an entity share one pass over its rows', () => {
  const ranges = Array.from({ length: 30 }, (_, day) => ({ from: NOW - (day + 1) * DAY, to: NOW - day * DAY }))
  const { sql } = statement(ask(0, { filter: lately }, { ranges }), ask(1, {}), ask(2, { agg: 'mean' }))
  expect(sql.match(/FROM entity_person_0123456789ab/g)).toHaveLength(1)
})

test('only the days that matter are read', () => {
  expect(statement(ask(0, { filter: lately })).sql).toContain('WHERE day >= toDate(19990) AND day <= toDate(19999)')
  // what may count without an observation lately needs its row, whenever that was seen
  const { sql } = statement(ask(0, { filter: filter({ from: NOW - 10 * DAY, to: NOW }, false) }))
  expect(sql).not.toContain('WHERE day >=')
  expect(sql).toContain('first_seen < window_end')
})

test('where all days of a key matter, only keys are read of which something was seen lately', () => {
  const groups = new Map([['region', { field: 'region' }]])
  const { sql } = statement(ask(0, { filter: lately, groups }, { by: ['region'] }))
  expect(sql).toContain(
    'stored.person IN (SELECT stored.person FROM entity_person_0123456789ab AS stored WHERE (day >=',
  )
})

test('texts of observations are read only for who asks for them', () => {
  const timing = { kind: 'each', list: 'clicks', per: null, time: null } as const
  const groups = new Map([['campaign', { kept: 0 }]])
  expect(statement(ask(0, { timing, groups })).sql).not.toContain('f_clicks.3')
  expect(statement(ask(0, { timing, groups }, { by: ['campaign'] })).sql).toContain('f_clicks.3')
})

test('what comes from outside is bound and never part of the statement', () => {
  const evil = "x' OR 1 = 1 --"
  const groups = new Map([['region', { field: 'region' }]])
  const { sql, params } = statement(
    ask(0, { filter: filter(EVER, true), groups }, { filters: [{ field: 'region', values: [evil] }] }),
  )
  expect(sql).not.toContain(evil)
  expect(Object.values(params)).toContainEqual([evil])
})

test('a dimension that the measure does not declare is a mistake of the caller', () => {
  expect(() => statement(ask(0, { filter: lately }, { by: ['campaign'] }))).toThrowError(
    /declare the dimension campaign/,
  )
})
