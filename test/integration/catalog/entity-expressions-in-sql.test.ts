import { createClient } from '@clickhouse/client'
import { createZone } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type CompiledEntityExpression,
  compileEntityExpression,
} from '../../../packages/catalog/src/expression/entity/compile.ts'
import type { BusinessHours, EntityScope } from '../../../packages/catalog/src/expression/entity/syntax.ts'
import { ExpressionError } from '../../../packages/catalog/src/expression/syntax.ts'
import {
  anEntityExpression,
  aRow,
  ENTITY,
  entityScopeOf,
  FIELDS,
} from '../../../packages/catalog/src/testing/entity-expressions.ts'
import { evaluatePlainly, type Observation, type PlainRow } from '../../../packages/catalog/src/testing/entity-rows.ts'
import { clickhouseUrl } from '../../support/index.ts'

const client = createClient({ url: await clickhouseUrl() })
afterAll(() => client.close())

const HOUR = 3_600_000
const OFFICE: BusinessHours = { days: [0, 1, 2, 3, 4], from: 9 * HOUR, until: 18 * HOUR }
const DAY_AND_NIGHT: BusinessHours = { days: [0, 4, 5, 6], from: 0, until: 24 * HOUR }

type Found = number | string | bigint | boolean | null

/** the expressions over each row, by ClickHouse: with all observations, and with those before known_until */
async function inClickHouse(compiled: readonly CompiledEntityExpression[], rows: readonly PlainRow[]) {
  const stored = FIELDS.map(name => {
    const kind = ENTITY.fields.get(name)?.value.kind
    return `l_${name} Array(Tuple(Float64, ${kind === 'text' ? 'String' : kind === 'person' ? 'UInt64' : 'Float64'}, Array(String)))`
  })
  const numbers = ['each_t', 'each_v', 'window_start', 'window_end', 'known_until'].map(name => `${name} Float64`)
  const structure = [...stored, ...numbers, 'each_k Array(String)', 'person UInt64'].join(', ')
  const texts = compiled.flatMap(c => [null, 'known_until'].map(until => `toString(${c.toSql(until)})`))
  const lines = rows.map(row => JSON.stringify(columnsOf(row))).join('\n')
  const answer = await client.query({
    query: `SELECT [${texts.join(', ')}] AS found FROM format(JSONEachRow, '${structure}', '${lines.replace(/[\\']/g, c => `\\${c}`)}')`,
    format: 'JSONEachRow',
    clickhouse_settings: {
      max_ast_elements: '1000000',
      max_expanded_ast_elements: '1000000',
      max_query_size: '10000000',
    },
  })
  return (await answer.json<{ found: string[] }>()).map(({ found }) =>
    compiled.map((c, i) => ({ all: parsed(c, found[2 * i]!), known: parsed(c, found[2 * i + 1]!) })),
  )
}

function columnsOf({ lists, each, person, ...rest }: PlainRow): object {
  // sorted by (t, v), as the reader gives them
  const sorted = (list: readonly Observation[]) =>
    [...list]
      .sort((a, b) => a.t - b.t || (a.v < b.v ? -1 : a.v > b.v ? 1 : 0))
      .map(({ t, v, k }) => [t, typeof v === 'bigint' ? String(v) : v, k])
  const columns = Object.entries(lists).map(([name, list]) => [`l_${name}`, sorted(list)])
  return {
    ...Object.fromEntries(columns),
    ...rest,
    each_t: each.t,
    each_v: each.v,
    each_k: each.k,
    person: String(person),
  }
}

function parsed({ type }: CompiledEntityExpression, text: string): Found {
  if (type === 'boolean') return text === '1'
  if (type === 'text') return text === '' ? null : text
  if (type === 'person') return text === '0' ? null : BigInt(text)
  return text === 'nan' ? null : Number(text)
}

/** random expressions may nest beyond the bounds on their size */
function compileUnlessTooLarge(source: string, scope: EntityScope): CompiledEntityExpression | null {
  try {
    return compileEntityExpression(source, scope)
  } catch (error) {
    if (error instanceof ExpressionError && /too large|two texts in quotes|longer than|exceed/i.test(error.message))
      return null
    throw error
  }
}

describe('expressions over entities in ClickHouse', () => {
  it.each([
    ['UTC', OFFICE],
    ['Asia/Kathmandu', OFFICE],
    ['America/New_York', DAY_AND_NIGHT],
    ['Europe/Berlin', DAY_AND_NIGHT],
  ])('agree with plain loops on any expression over any row, in %s', async (zone, hours) => {
    const scope = entityScopeOf(zone, hours)
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntityExpression, { minLength: 1, maxLength: 8 }),
        fc.array(aRow, { minLength: 1, maxLength: 8 }),
        async (sources, rows) => {
          const compiled = sources
            .map(source => compileUnlessTooLarge(source, scope))
            .filter(c => c !== null)
            .filter(c => c.toSql('known_until').length < 1_500)
          fc.pre(compiled.length > 0)
          const found = await inClickHouse(compiled, rows)
          rows.forEach((row, r) => {
            compiled.forEach((expression, x) => {
              for (const [which, until] of [
                ['all', null],
                ['known', row.known_until],
              ] as const) {
                const plain = evaluatePlainly(expression.checked, row, until)
                const expected = expression.type === 'boolean' ? plain === true : plain
                const inSql = found[r]![x]![which]
                compared++
                if (inSql === expected) continue
                const shown = JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? String(v) : v))
                expect.fail(
                  `${expression.source} is ${inSql}, not ${expected}, until ${until} over ${shown}: ${expression.toSql(until === null ? null : 'known_until')}`,
                )
              }
            })
          })
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 40_000 },
    )
    expect(compared).toBeGreaterThan(300)
  })
})

const at = (text: string): number => Date.parse(text)
const when = (...times: string[]): Observation[] => times.map(time => ({ t: at(time), v: 1, k: ['', ''] }))
const moment = (time: string): Observation[] => [{ t: at(time), v: at(time), k: [] }]
const amounts = (...pairs: [string, number][]): Observation[] => pairs.map(([time, v]) => ({ t: at(time), v, k: [] }))

function rowOf(lists: Readonly<Record<string, readonly Observation[]>>, known = '2027-01-01T00:00:00Z'): PlainRow {
  const none = Object.fromEntries(FIELDS.map(name => [name, []]))
  const known_until = at(known)
  const window = { window_start: at('2026-03-01T00:00:00Z'), window_end: at('2026-04-01T00:00:00Z') }
  const each = { t: at('2026-03-02T10:00:00Z'), v: 1, k: ['web', ''] }
  return { lists: { ...none, ...lists }, each, known_until, person: 7n, ...window }
}

async function inZone(
  zone: string,
  source: string,
  row: PlainRow,
  hours = OFFICE,
): Promise<{ all: Found; known: Found }> {
  const compiled = compileEntityExpression(source, entityScopeOf(zone, hours))
  return (await inClickHouse([compiled], [row]))[0]![0]!
}

describe('an expression over an entity, worked out by hand', () => {
  const resolved = { closed: moment('2026-03-02T09:00:00.000Z') }
  const within = "count(marks, closed, closed + duration('7d'))"
  it.each([
    ['at once', '2026-03-02T09:00:00.000Z', 1],
    ['one ms before 7 days', '2026-03-09T08:59:59.999Z', 1],
    ['exactly 7 days after', '2026-03-09T09:00:00.000Z', 0],
    ['one ms before', '2026-03-02T08:59:59.999Z', 0],
  ])('counts what follows within 7 days, not %s too late', async (_, time, count) => {
    expect((await inZone('UTC', within, rowOf({ ...resolved, marks: when(time) }))).all).toBe(count)
  })

  it('is as of an instant: what came then or later is not known', async () => {
    const row = rowOf(
      { opened: moment('2026-03-01T00:00:00Z'), closed: moment('2026-03-05T00:00:00Z') },
      '2026-03-05T00:00:00Z',
    )
    expect(await inZone('UTC', 'has(opened) && !has(closed)', row)).toEqual({ all: false, known: true })
    expect(await inZone('UTC', 'closed - opened', row)).toEqual({ all: 4 * 24 * HOUR, known: null })
  })

  it('has no data where a bound has none, and is then neither true nor false', async () => {
    const row = rowOf({ marks: when('2026-03-02T00:00:00Z') })
    expect((await inZone('UTC', 'count(marks, opened, closed)', row)).all).toBeNull()
    expect((await inZone('UTC', 'count(marks, 0, opened) == 0', row)).all).toBe(false)
    expect((await inZone('UTC', '!(count(marks, 0, opened) == 0)', row)).all).toBe(false)
    expect((await inZone('UTC', 'has(opened) || has(marks)', row)).all).toBe(true)
  })

  it('sums nothing to 0, and has no first of nothing', async () => {
    const row = rowOf({ amounts: amounts(['2026-03-02T00:00:00Z', 20], ['2026-03-03T00:00:00Z', 5.5]) })
    expect((await inZone('UTC', 'sum(amounts)', row)).all).toBe(25.5)
    expect((await inZone('UTC', 'total', row)).all).toBe(0)
    expect((await inZone('UTC', 'sum(amounts, 0, window_start)', row)).all).toBe(0)
    expect((await inZone('UTC', 'first(amounts, 0, window_start)', row)).all).toBeNull()
    expect((await inZone('UTC', 'last(amounts, window_start, window_end)', row)).all).toBe(5.5)
    expect((await inZone('UTC', 'opening', row)).all).toBeNull()
  })

  it.each([
    // 23 hours: clocks go from 02:00 to 03:00 on 8 March
    ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07T05:00:00.000Z', 24],
    ['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-08T05:00:00.000Z', 23],
    ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08T05:00:00.000Z', 23],
    // 25 hours: clocks go from 03:00 to 02:00 on 25 October
    ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-24T22:00:00.000Z', 25],
    ['Asia/Kathmandu', '2026-03-01T18:14:59.999Z', '2026-02-28T18:15:00.000Z', 24],
    ['Asia/Kathmandu', '2026-03-01T18:15:00.000Z', '2026-03-01T18:15:00.000Z', 24],
    // midnight is skipped: the day begins at 01:00
    ['America/Santiago', '2022-09-11T12:00:00.000Z', '2022-09-11T04:00:00.000Z', 23],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00.000Z', '2026-04-04T13:00:00.000Z', 24.5],
  ])('in %s has %s in the day that begins at %s and has %d h', async (zone, time, start, length) => {
    const row = rowOf({ opened: moment(time) })
    expect((await inZone(zone, 'day_start(day(opened))', row)).all).toBe(at(start))
    expect((await inZone(zone, 'day_start(day(opened) + 1) - day_start(day(opened))', row)).all).toBe(length * HOUR)
    expect((await inZone(zone, 'day(opened)', row)).all).toBe(createZone(zone).day(at(time)).date)
  })

  it.each([
    ['UTC', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z'],
    ['Asia/Kathmandu', '2026-02-28T18:14:59Z', '2026-01-31T18:15:00Z'],
    ['Asia/Kathmandu', '2026-02-28T18:15:00Z', '2026-02-28T18:15:00Z'],
    ['America/New_York', '2026-11-30T00:00:00Z', '2026-11-01T04:00:00Z'],
  ])('in %s has %s in the month that begins at %s', async (zone, time, start) => {
    expect((await inZone(zone, 'month_start(opened)', rowOf({ opened: moment(time) }))).all).toBe(at(start))
  })

  it.each([
    // Friday 17:30 to Monday 09:15
    ['UTC', OFFICE, '2026-03-06T17:30:00Z', '2026-03-09T09:15:00Z', 0.75],
    ['UTC', OFFICE, '2026-03-07T10:00:00Z', '2026-03-08T20:00:00Z', 0],
    ['UTC', OFFICE, '2026-03-02T00:00:00Z', '2026-03-30T00:00:00Z', 4 * 45],
    ['UTC', OFFICE, '2026-03-09T09:15:00Z', '2026-03-06T17:30:00Z', -0.75],
    // 09:00 is 03:15 UTC
    ['Asia/Kathmandu', OFFICE, '2026-03-09T03:00:00Z', '2026-03-09T04:15:00Z', 1],
    // Friday 17:00 in New York is 22:00 UTC, Monday 10:00 is 14:00 UTC: clocks were changed between
    ['America/New_York', OFFICE, '2026-03-06T22:00:00Z', '2026-03-09T14:00:00Z', 2],
    // Sunday, open day and night: 23 hours
    ['America/New_York', DAY_AND_NIGHT, '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 23],
    // until 01:30, before clocks change at 07:00 UTC; then until 03:30, which is an hour and not three later
    ['America/New_York', DAY_AND_NIGHT, '2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z', 1],
    ['Europe/Berlin', DAY_AND_NIGHT, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['Europe/Berlin', DAY_AND_NIGHT, '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', 1],
  ])('in %s has business hours %o from %s to %s: %d', async (zone, hours, from, to, expected) => {
    const row = rowOf({ opened: moment(from), closed: moment(to) })
    expect((await inZone(zone, 'business_time(opened, closed)', row, hours)).all).toBe(expected * HOUR)
  })

  it('has no data of what does not exist', async () => {
    const row = rowOf({ opened: moment('2026-03-02T00:00:00Z') })
    for (const source of [
      'business_time(opened, closed)',
      'day(closed)',
      'day_start(day(closed))',
      'month_start(closed)',
    ])
      expect((await inZone('Asia/Kathmandu', source, row)).all, source).toBeNull()
    expect((await inZone('UTC', '1 / total', row)).all).toBeNull()
    const large = Array.from({ length: 30 }, () => '1000000000000').join(' * ')
    expect((await inZone('UTC', large, row)).all).toBeNull()
  })
})
