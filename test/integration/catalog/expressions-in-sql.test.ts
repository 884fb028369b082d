import { createClient } from '@clickhouse/client'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type CompiledExpression, compileExpression } from '../../../packages/catalog/src/expression/compile.ts'
import { ExpressionError } from '../../../packages/catalog/src/expression/syntax.ts'
import { anEvent, anExpression, type PlainEvent, SCOPE } from '../../../packages/catalog/src/testing/expressions.ts'
import { clickhouseUrl } from '../../support/index.ts'

const client = createClient({ url: await clickhouseUrl() })
afterAll(() => client.close())

/** random expressions may nest beyond the bound on their size */
function compileUnlessTooLarge(source: string): CompiledExpression | null {
  try {
    return compileExpression(source, SCOPE)
  } catch (error) {
    if (error instanceof ExpressionError && error.message.includes('too large')) return null
    throw error
  }
}

/** the event as a row of table `events`, whose columns docs/storage.md describes */
function row(event: PlainEvent): object {
  const given = (names: string[], value: (v: unknown) => unknown): object =>
    Object.fromEntries(
      names.filter(name => event[name] !== null && event[name] !== undefined).map(name => [name, value(event[name])]),
    )
  return {
    campaign: event['campaign'] ?? '',
    properties: event.properties,
    strings: given(['target'], String),
    numbers: given(['amount', 'quantity', 'automatic'], Number),
  }
}

async function inClickHouse(
  compiled: readonly CompiledExpression[],
  events: readonly PlainEvent[],
): Promise<unknown[][]> {
  const structure =
    'campaign String, properties Map(LowCardinality(String), String), strings Map(LowCardinality(String), String), numbers Map(LowCardinality(String), Float64)'
  const lines = events.map(event => JSON.stringify(row(event))).join('\n')
  const columns = compiled.map(c =>
    c.type === 'boolean' ? `toFloat64(${c.toSql()})` : `CAST(${c.toSql()} AS Nullable(Float64))`,
  )
  const answer = await client.query({
    query: `SELECT [${columns.map(c => `CAST(${c} AS Nullable(Float64))`).join(', ')}] AS found FROM format(JSONEachRow, '${structure}', '${lines.replace(/[\\']/g, c => `\\${c}`)}')`,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_denormals: 0 },
  })
  return (await answer.json<{ found: unknown[] }>()).map(r => r.found)
}

describe('expressions in ClickHouse', () => {
  it('agree with the reference on any expression over any event', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anExpression, { minLength: 1, maxLength: 12 }),
        fc.array(anEvent, { minLength: 1, maxLength: 12 }),
        async (sources, events) => {
          const compiled = sources
            .map(compileUnlessTooLarge)
            .filter(c => c !== null)
            .filter(c => c.toSql().length < 8_000)
          fc.pre(compiled.length > 0)
          const found = await inClickHouse(compiled, events)
          events.forEach((event, e) => {
            compiled.forEach((expression, x) => {
              const expected = expression.evaluate(event)
              const inSql = found[e]![x]
              const where = `${expression.source} over ${JSON.stringify(event)}: ${expression.toSql()}`
              if (expression.type === 'boolean') expect(inSql, where).toBe(expected === true ? 1 : 0)
              else if (expected === null) expect(inSql, where).toBeNull()
              else expect(Number(inSql) === expected, `${where} is ${inSql}, not ${expected}`).toBe(true)
            })
          })
        },
      ),
      { numRuns: 60 },
    )
  })
})
