import { createClient } from '@clickhouse/client'
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
      { numRuns: 60, interruptAfterTimeLimit: 40_000 },
    )
    expect(compared).toBeGreaterThan(300)
  })
})
