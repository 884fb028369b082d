import { LARGEST_NUMBER, type Layout } from '@kivi/domain'
import { generate, type Target } from './generate.ts'
import type { Checked } from './syntax.ts'

/** JavaScript over the layout's columns at row `i`. */
export function toColumns(checked: Checked, layout: Layout): string {
  const text = generate(checked, target(layout))
  if (checked.type === 'boolean') return text
  if (checked.node.op === 'field') return text
  // what no event may carry, no expression may yield: sums must stay exact, and Infinity is no number
  return `((x) => (x <= ${LARGEST_NUMBER} && x >= -${LARGEST_NUMBER} ? x : NaN))(${text})`
}

function target(layout: Layout): Target {
  const column = (name: string, names: readonly string[]): number => {
    const index = names.indexOf(name)
    if (index < 0) throw new Error(`the layout has no column ${name}`)
    return index
  }
  const string = (name: string): string => `s${column(name, layout.strings)}[i]`
  const number = (name: string): string => `n${column(name, layout.numbers)}[i]`
  const id = (name: string, value: string): number => {
    if (value === '') return 0
    const index = layout.constants[column(name, layout.strings)]?.indexOf(value) ?? -1
    if (index < 0) throw new Error(`the layout has no constant '${value}' of ${name}`)
    return index + 1
  }
  return {
    number: value => (value < 0 || Object.is(value, -0) ? `(${value})` : String(value)),
    field: number,
    flag: number,
    is: (name, values, negated) =>
      `(${values.map(value => `${string(name)} ${negated ? '!==' : '==='} ${id(name, value)}`).join(negated ? ' && ' : ' || ')})`,
    hasText: name => `(${string(name)} !== 0)`,
    divide: (left, right) => `(${left} / (${right} || NaN))`,
    extreme: (op, left, right) => `Math.${op}(${left}, ${right})`,
    choose: (test, left, right) => `(${test} ? ${left} : ${right})`,
    nan: 'NaN',
    and: '&&',
    or: '||',
    equal: '===',
    truth: value => String(value),
  }
}
