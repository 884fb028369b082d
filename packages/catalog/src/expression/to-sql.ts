import { COMMON_TEXT_FIELDS, LARGEST_NUMBER } from '@kivi/domain'
import { generate, type Target } from './generate.ts'
import type { Checked } from './syntax.ts'

/** A ClickHouse expression over the raw `events` table: see docs/storage.md for its columns. */
export function toSql(checked: Checked): string {
  const text = generate(checked, TARGET)
  return checked.type === 'boolean' ? text : `if(abs(${text}) <= ${LARGEST_NUMBER}, ${text}, NULL)`
}

/** A text as a ClickHouse literal. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, c => `\\${c}`).replaceAll('\0', '\\0')}'`
}

/** The column that holds a text field. */
function textColumn(name: string): string {
  if (name.startsWith('properties.')) return `properties[${quoted(name.slice('properties.'.length))}]`
  return COMMON_TEXT_FIELDS.includes(name) ? name : `strings[${quoted(name)}]`
}

const number = (name: string): string => `if(mapContains(numbers, ${quoted(name)}), numbers[${quoted(name)}], nan)`

const TARGET: Target = {
  number: value => `toFloat64(${value})`,
  field: number,
  flag: number,
  is: (name, values, negated) =>
    `(${textColumn(name)} ${negated ? 'NOT IN' : 'IN'} (${values.map(quoted).join(', ')}))`,
  hasText: name => `(${textColumn(name)} != '')`,
  divide: (left, right) => `(${left} / if(${right} = 0, nan, ${right}))`,
  // comparisons instead of least and greatest: with NaN those answer the other operand
  extreme(op, left, right) {
    const [first, second] = op === 'min' ? ['<', '>='] : ['>', '<=']
    return `multiIf(${left} ${first} ${right}, ${left}, ${left} ${second} ${right}, ${right}, nan)`
  },
  choose: (test, left, right) => `if(${test}, ${left}, ${right})`,
  nan: 'nan',
  and: 'AND',
  or: 'OR',
  equal: '=',
  truth: value => (value ? '1' : '0'),
}
