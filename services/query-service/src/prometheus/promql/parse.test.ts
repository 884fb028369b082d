import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PrometheusError } from '../errors.ts'
import { durationMs, numberOf, unquote } from './literals.ts'
import { parsePromql, parseSelector } from './parse.ts'
import { AGGREGATIONS, ARITHMETIC, type Expr, RANGE_FUNCTIONS } from './syntax.ts'

const MINUTE = 60_000

/** the tree in brackets, to read */
function show(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value)
    case 'negated':
      return `-(${show(expr.of)})`
    case 'selector': {
      const matchers = expr.matchers.map(({ label, op, value }) => `${label}${op}${value}`).join(',')
      return `{${matchers}}${expr.rangeMs === null ? '' : `[${expr.rangeMs}]`}${expr.offsetMs === 0 ? '' : `@-${expr.offsetMs}`}`
    }
    case 'call':
      return `${expr.function}(${show(expr.over)})`
    case 'aggregate':
      return `${expr.op} ${expr.grouping.only ? 'by' : 'without'}(${expr.grouping.names})(${show(expr.of)})`
    case 'binary': {
      const { names, only } = expr.matching
      const matching = only || names.length > 0 ? ` ${only ? 'on' : 'ignoring'}(${names})` : ''
      return `(${show(expr.left)} ${expr.op}${expr.bool ? ' bool' : ''}${matching} ${show(expr.right)})`
    }
  }
}
const parsed = (query: string) => show(parsePromql(query))
const failure = (query: string): string => {
  try {
    parsePromql(query)
  } catch (error) {
    expect(error).toBeInstanceOf(PrometheusError)
    expect((error as PrometheusError).type).toBe('bad_data')
    return (error as Error).message
  }
  return expect.unreachable(`${query} is understood`)
}

describe('a query', () => {
  it('of selectors keeps their matchers, range and offset', () => {
    expect(parsed('kivi_ctr')).toBe('{__name__=kivi_ctr}')
    expect(parsed(`kivi_ctr{a="x\\"y", b!='z', c=~\`\\d\`, d!~"e",}`)).toBe(
      '{__name__=kivi_ctr,a=x"y,b!=z,c=~\\d,d!~e}',
    )
    expect(parsed('{"kivi_ctr", a="b"}')).toBe('{__name__=kivi_ctr,a=b}')
    expect(parsed('last_over_time(kivi_ctr[1h30m] offset 5m)')).toBe(
      `last_over_time({__name__=kivi_ctr}[${90 * MINUTE}]@-${5 * MINUTE})`,
    )
    expect(parsed('kivi_ctr offset -1w')).toBe(`{__name__=kivi_ctr}@-${-7 * 1440 * MINUTE}`)
    expect(parsed('-kivi_ctr offset 1m')).toBe(`-({__name__=kivi_ctr}@-${MINUTE})`)
    expect(parsed('# what it is\nkivi_ctr # the rate')).toBe('{__name__=kivi_ctr}')
  })

  it('binds operators as Prometheus does', () => {
    expect(parsed('1 + 2 * 3 ^ 2 ^ 2 - 4')).toBe('((1 + (2 * (3 ^ (2 ^ 2)))) - 4)')
    expect(parsed('-2 ^ 2')).toBe('-((2 ^ 2))')
    expect(parsed('(-2) ^ 2')).toBe('(-(2) ^ 2)')
    expect(parsed('-a ^ 2 * 3')).toBe('(-(({__name__=a} ^ 2)) * 3)')
    expect(parsed('2 ^ -1 ^ 2')).toBe('(2 ^ -((1 ^ 2)))')
    expect(parsed('1 - -2')).toBe('(1 - -(2))')
    expect(parsed('1 + 2 > bool 3 * 4')).toBe('((1 + 2) > bool (3 * 4))')
    expect(parsed('a > bool 1 + 2')).toBe('({__name__=a} > bool (1 + 2))')
    expect(parsed('a / on (x, y) b')).toBe('({__name__=a} / on(x,y) {__name__=b})')
    expect(parsed('a / ignoring (x) b')).toBe('({__name__=a} / ignoring(x) {__name__=b})')
  })

  it('gives an offset to the selector that it stands at', () => {
    const moved = `{__name__=b}@-${60 * MINUTE}`
    expect(parsed('a - b offset 1h')).toBe(`({__name__=a} - ${moved})`)
    expect(parsed('a + b offset 1h * c')).toBe(`({__name__=a} + (${moved} * {__name__=c}))`)
    expect(parsed('b offset 1h - a')).toBe(`(${moved} - {__name__=a})`)
    expect(parsed('a - -b offset 1h')).toBe(`({__name__=a} - -(${moved}))`)
    expect(failure('(a - b) offset 1h')).toContain('offset stands after a selector')
    expect(failure('1 + sum(a) offset 1h')).toContain('offset stands after a selector')
  })

  it('aggregates with the labels before or after', () => {
    expect(parsed('sum by (a, b) (x)')).toBe('sum by(a,b)({__name__=x})')
    expect(parsed('SUM(x) without (a)')).toBe('sum without(a)({__name__=x})')
    expect(parsed('count(x)')).toBe('count by()({__name__=x})')
  })

  it('that is wrong is answered with the place', () => {
    expect(failure('kivi_ctr{')).toMatch(/^1:10: parse error: unexpected end of input/)
    expect(failure('kivi_ctr +\n* 2')).toMatch(/^2:1: parse error/)
    expect(failure('a b')).toContain('unexpected "b"')
    expect(failure('')).toContain('unexpected end of input')
    expect(failure('{a=""}')).toContain('at least one matcher that does not match the empty text')
    expect(failure('sum(1)')).toContain('sum is of series at an instant')
    expect(failure('avg_over_time(a)')).toContain('avg_over_time takes a selector with a range')
    expect(failure('a[5m] + 1')).toContain('between series at an instant')
    expect(failure('1 > 2')).toContain('needs bool')
    expect(failure('a + bool 1')).toContain('bool stands after a comparison')
    expect(failure('1 + on(x) a')).toContain('between two sets of series')
    expect(failure('a[0s]')).toContain('longer than 0')
    expect(failure('increase(a[9999999y])')).toContain('at most 50y')
    expect(failure('Inf')).toContain('no finite number')
  })

  it('that asks for more than there is names what there is', () => {
    for (const query of [
      'topk(3, a)',
      'a and b',
      'a / on(x) group_left b',
      'avg_over_time(a[5m:1m])',
      'a @ end()',
      'abs(a)',
      'time()',
      'nothing_like_it(a)',
    ]) {
      const message = failure(query)
      for (const known of [...AGGREGATIONS, ...RANGE_FUNCTIONS, ...ARITHMETIC]) expect(message, query).toContain(known)
    }
  })

  it('that is nested without end is refused, not followed', () => {
    expect(failure(`${'('.repeat(500)}1${')'.repeat(500)}`)).toContain('nested at most 100 deep')
    expect(failure('-'.repeat(500).concat('a'))).toContain('at most 200 operators in a row')
    expect(failure(`1${'+1'.repeat(500)}`)).toContain('at most 200 operators in a row')
    expect(parsed(`1${'+1'.repeat(150)}`)).toContain('1 + 1')
  })

  it('of any text is understood or refused, and nothing else', () => {
    const token = fc.constantFrom(
      ...[
        'sum',
        'by',
        '(',
        ')',
        '{',
        '}',
        'a',
        '=',
        '=~',
        '"x"',
        '"(',
        "'\\z'",
        ',',
        '[',
        '5m',
        ']',
        'offset',
        '-',
        '+',
        '^',
        '1',
        'bool',
        '>',
        'on',
        'avg_over_time',
        '@',
        ':',
        '\n',
        '#',
        '\u0000',
        '😀',
      ],
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map(all => all.join(' ')),
        ),
        text => {
          try {
            expect(typeof show(parsePromql(text))).toBe('string')
          } catch (error) {
            expect(error).toBeInstanceOf(PrometheusError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

it('match[] is a selector, and nothing that is made of one', () => {
  expect(show(parseSelector('{__name__=~"kivi_.+"}'))).toBe('{__name__=~kivi_.+}')
  expect(() => parseSelector('sum(kivi_ctr)')).toThrow('expected a selector')
  expect(() => parseSelector('kivi_ctr[5m]')).toThrow('expected a selector')
})

it('matchers compare whole values, and a label that is not there is the empty text', () => {
  const matches = (matcher: string, value: string) => {
    const expr = parsePromql(`x{${matcher}}`)
    return expr.kind === 'selector' && expr.matchers[1]!.matches(value)
  }
  expect(matches('a=~"b|c"', 'c')).toBe(true)
  expect(matches('a=~"b|c"', 'bc')).toBe(false)
  expect(matches('a=~"b.*"', 'b\nx')).toBe(true)
  expect(matches('a!~"b.*"', 'abc')).toBe(true)
  expect(matches('a=""', '')).toBe(true)
  expect(matches('a!=""', '')).toBe(false)
})

it('literals are those of Prometheus', () => {
  expect(['1h30m', '2w', '1y', '250ms', '90', '1.5', '', '5', 'm', '1m1h'].map(durationMs)).toEqual([
    90 * MINUTE,
    14 * 1440 * MINUTE,
    365 * 1440 * MINUTE,
    250,
    90_000,
    1500,
    null,
    5000,
    null,
    null,
  ])
  expect(['0x1F', '1e3', '-1.5', '.5', '1m', '1_000', 'NaN', 'inf', ''].map(numberOf)).toEqual([
    31,
    1000,
    -1.5,
    0.5,
    60,
    1000,
    null,
    null,
    null,
  ])
  expect(unquote('"a\\n\\x41\\u00e9\\U0001F600\\101\\\\"')).toBe('a\nAé😀A\\')
  expect(() => unquote('"\\U00110000"')).toThrow('beyond the last character')
})
