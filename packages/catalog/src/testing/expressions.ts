import fc from 'fast-check'
import { eventScope } from '../definitions/event-scope.ts'
import { COMMON_FIELDS, COMMON_IDENTIFIERS } from '../events/common-fields.ts'

/** An event type with a field of each kind, and random events and expressions over it: for tests. */
export const SCOPE = eventScope([
  {
    name: 'sample',
    description: { en: '' },
    fields: new Map([
      ...COMMON_FIELDS,
      ['target', { kind: 'enum', values: ['ad', 'email', 'cta'] }],
      ['amount', { kind: 'double' }],
      ['quantity', { kind: 'long' }],
      ['automatic', { kind: 'boolean' }],
    ]),
    required: [],
    defaults: new Map(),
    identifiers: new Set(COMMON_IDENTIFIERS),
  },
])

export interface PlainEvent {
  readonly properties: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 5, 1e-300, 2 ** 40, -(2 ** 40)),
  fc.integer({ min: -10, max: 10 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
)
const orMissing = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null, freq: 4 })
const texts = fc.constantFrom('', 'spring', "o'hara", 'back\\slash', '春天', 'ad')

export const anEvent: fc.Arbitrary<PlainEvent> = fc.record({
  target: orMissing(fc.constantFrom('ad', 'email', 'cta')),
  campaign: orMissing(texts),
  amount: orMissing(numbers),
  quantity: orMissing(numbers),
  automatic: orMissing(fc.boolean()),
  properties: fc.oneof(fc.constant({}), fc.record({ policy: texts })) as fc.Arbitrary<Record<string, string>>,
})

const quoted = (text: string): string => `'${text.replace(/[\\']/g, c => `\\${c}`)}'`
const literal = numbers.filter(n => !Object.is(n, -0)).map(n => (n < 0 ? `(${n})` : String(n)))

/** conditions and numbers of the dialect, as text */
const { number, condition } = fc.letrec<{ number: string; condition: string }>(tie => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('amount', 'quantity'),
    literal,
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('number'), tie('number')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('number').map(a => `-(${a})`),
    fc.tuple(tie('condition'), tie('number'), tie('number')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'automatic',
      'automatic == false',
      'has(amount)',
      'has(campaign)',
      'has(automatic)',
      'true',
      'false',
    ),
    fc.constantFrom("target == 'ad'", "target != 'email'", "target in ['ad', 'cta']", "target == ''"),
    fc
      .tuple(fc.constantFrom('campaign', 'properties.policy'), fc.constantFrom('==', '!='), texts)
      .map(([f, op, t]) => `${f} ${op} ${quoted(t)}`),
    fc.uniqueArray(texts, { minLength: 1 }).map(list => `campaign in [${list.map(quoted).join(', ')}]`),
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie('number'), fc.array(literal, { minLength: 1, maxLength: 3 }))
      .map(([a, list]) => `${a} in [${list.join(', ')}]`),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map(a => `!(${a})`),
  ),
}))

export const anExpression: fc.Arbitrary<string> = fc.oneof(number, condition)
