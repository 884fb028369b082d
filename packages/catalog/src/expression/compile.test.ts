import type { Layout } from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOfExpressions } from '../layout.ts'
import { anEvent, anExpression, type PlainEvent, SCOPE } from '../testing/expressions.ts'
import { type CompiledExpression, compileExpression } from './compile.ts'
import { ExpressionError } from './syntax.ts'

function compile(source: string): CompiledExpression {
  return compileExpression(source, SCOPE)
}

function refusal(source: string): ExpressionError {
  try {
    compile(source)
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
  throw new Error(`${source} was not refused`)
}

/** random expressions may nest beyond the bound, which a test of its own covers */
function compileUnlessTooLarge(source: string): CompiledExpression | null {
  try {
    return compile(source)
  } catch (error) {
    if (error instanceof ExpressionError && error.message.includes('too large')) return null
    throw error
  }
}

/** runs the compiled text over columns that hold this one event, as the worker's fold does */
function overColumns(compiled: CompiledExpression, event: PlainEvent): unknown {
  const layout: Layout = layoutOfExpressions([], [compiled.checked])
  const values: Record<string, unknown> = { i: 0 }
  layout.strings.forEach((name, c) => {
    const text = String((name.startsWith('properties.') ? event.properties[name.slice(11)] : event[name]) ?? '')
    const known = layout.constants[c]!.indexOf(text)
    values[`s${c}`] = [text === '' ? 0 : known >= 0 ? known + 1 : 1_000]
  })
  layout.numbers.forEach((name, c) => {
    const value = event[name]
    values[`n${c}`] = [value === null || value === undefined ? Number.NaN : Number(value)]
  })
  return new Function(...Object.keys(values), `return ${compiled.toColumns(layout)}`)(...Object.values(values))
}

describe('the three forms of an expression', () => {
  it('agree between the reference and columns on any expression over any event', () => {
    fc.assert(
      fc.property(anExpression, anEvent, (source, event) => {
        const compiled = compileUnlessTooLarge(source)
        fc.pre(compiled !== null)
        const expected = compiled.evaluate(event)
        const found = overColumns(compiled, event)
        if (compiled.type === 'boolean') expect(found).toBe(expected === true)
        else if (expected === null) expect(found).toBeNaN()
        else expect(found === expected, `${found} is ${expected}`).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('the dialect', () => {
  const cases: [source: string, event: Record<string, unknown>, value: unknown][] = [
    ["target == 'ad'", { target: 'ad' }, true],
    ["target == 'ad'", {}, false],
    ["target != 'ad'", {}, true],
    ["target in ['ad', 'email']", { target: 'email' }, true],
    ["'ad' == target", { target: 'ad' }, true],
    ["campaign == ''", { campaign: null }, true],
    ["properties.policy == 'bts'", { properties: { policy: 'bts' } }, true],
    ["properties['policy'] == 'bts'", { properties: new Map([['policy', 'bts']]) }, true],
    ["properties.policy == ''", {}, true],
    ['amount / quantity', { amount: 1, quantity: 4 }, 0.25],
    ['amount / quantity', { amount: 1, quantity: 0 }, null],
    ['amount / quantity', { amount: 0, quantity: -0 }, null],
    ['amount + quantity', { amount: 1 }, null],
    ['7 / 2', {}, 3.5],
    ['-amount * 2', { amount: 3 }, -6],
    ['amount > 5', {}, null],
    ['!(amount > 5)', {}, null],
    ['!(amount > 5)', { amount: 5 }, true],
    ['amount > 5 || quantity > 0', { quantity: 1 }, true],
    ['amount > 5 && quantity > 0', { quantity: 0 }, false],
    ['amount > 5 && quantity > 0', { quantity: 1 }, null],
    ['amount in [1, 2.5]', { amount: 2.5 }, true],
    ['amount in [1, 2.5]', {}, null],
    ['automatic', { automatic: true }, true],
    ['automatic == false', { automatic: false }, true],
    ['!automatic', {}, null],
    ['has(amount)', { amount: 0 }, true],
    ['has(amount)', { amount: Number.NaN }, false],
    ['has(campaign)', { campaign: '' }, false],
    ['min(amount, 1800)', { amount: 3600 }, 1800],
    ['max(amount, quantity, 3)', { amount: 1, quantity: 2 }, 3],
    ['min(amount, 1800)', {}, null],
    ["target == 'ad' ? amount : 0", { target: 'cta', amount: 4 }, 0],
    ['amount > 5 ? 1 : 0', {}, null],
    ['amount * 1099511627776', { amount: 2 }, null],
    ['1e300 * 1e300', {}, null],
    ['amount // a comment', { amount: 2 }, 2],
  ]
  it.each(cases)('%s over %o is %s', (source, event, value) => {
    const compiled = compile(source)
    expect(compiled.evaluate(event)).toBe(value)
    const columns = overColumns(compiled, {
      properties: {},
      ...event,
      ...(event['properties'] instanceof Map ? { properties: Object.fromEntries(event['properties']) } : {}),
    } as PlainEvent)
    if (compiled.type === 'boolean') expect(columns).toBe(value === true)
    else if (value === null) expect(columns).toBeNaN()
    else expect(columns).toBe(value)
  })

  it('takes nothing from the prototype of an event', () => {
    expect(compile("properties.constructor == ''").evaluate({ properties: {} })).toBe(true)
  })

  it('names the fields that an expression reads', () => {
    expect(compile("target == 'ad' && amount > 0 && properties.policy != '' && has(quantity)").fields).toEqual([
      'amount',
      'properties.policy',
      'quantity',
      'target',
    ])
  })

  const refusals: [source: string, start: number, code: string, says: string][] = [
    ["target = 'ad'", 7, 'bad_expression', 'Equality is written ==.'],
    ['amount > 5 and quantity > 1', 11, 'bad_expression', 'Write &&, || and !.'],
    ["taget == 'ad'", 0, 'unknown_name', 'Did you mean target?'],
    ["target == 'add'", 10, 'wrong_value', 'Did you mean ad?'],
    ["target in ['ad', 'mail']", 17, 'wrong_value', 'target never is'],
    ["amount > '5'", 9, 'type_error', 'a number is needed here'],
    ["amount == '5'", 0, 'type_error', 'they cannot be compared'],
    ['campaign == target', 0, 'type_error', 'two fields of text'],
    ['target', 0, 'type_error', 'is a text'],
    ['amount && automatic', 0, 'type_error', 'a condition is needed'],
    ['size(campaign) > 1', 0, 'bad_expression', 'no function size()'],
    ['mix(amount, 1)', 0, 'bad_expression', 'Did you mean min?'],
    ['[1, 2].exists(x, x > 1)', 0, 'bad_expression', 'no method or macro exists()'],
    ["campaign.startsWith('a')", 0, 'bad_expression', 'no method or macro startsWith()'],
    ['amount % 2', 0, 'bad_expression', 'no operator %'],
    ['amount == null', 10, 'bad_expression', 'Ask has(field)'],
    ['[1]', 0, 'bad_expression', 'only stand after in'],
    ['{1: 2}', 0, 'bad_expression', 'no mappings'],
    ['amount in []', 10, 'type_error', 'is empty'],
    ['amount in quantity', 10, 'type_error', 'stands a list'],
    ["event_type == 'click'", 0, 'unknown_name', 'Choose types by event:'],
    ["user_id == 'u1'", 0, 'unknown_name', 'count_distinct'],
    ['properties == 1', 0, 'unknown_name', 'properties.NAME'],
    ['amount.x > 1', 0, 'unknown_name', 'has no field amount.x'],
    ['1u > amount', 0, 'bad_expression', 'unsigned'],
    ['amount >', 8, 'bad_expression', 'unexpected token'],
    ['has(1)', 4, 'bad_expression', 'properties have parts'],
    ['automatic == (amount > 1)', 0, 'type_error', 'true or false'],
  ]
  it.each(refusals)('refuses %s at %i with %s: %s', (source, start, code, says) => {
    const error = refusal(source)
    expect({ start: error.start, code: error.code }).toEqual({ start, code })
    expect(`${error.message} ${error.suggestion ?? ''}`).toContain(says)
  })

  it('refuses an expression longer than anyone would write', () => {
    expect(refusal(`amount ${'+ amount '.repeat(600)}`).message).toContain('longer than')
  })

  it('refuses an expression that grows beyond measure once written out, and quickly', () => {
    const nested = (depth: number): string => (depth === 0 ? 'amount' : `min(${nested(depth - 1)}, ${depth})`)
    expect(refusal(nested(16)).message).toContain('too large')
  })
})
