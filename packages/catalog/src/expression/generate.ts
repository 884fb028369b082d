import { type Checked, type ConditionNode, ExpressionError, type NumberNode } from './syntax.ts'

/**
 * What JavaScript over columns and ClickHouse's SQL have in common. In both a number is a double and NaN is
 * null: arithmetic carries it, and every comparison with it is false. So each condition is written in one of two
 * forms, "is true" and "is false", in neither of which null needs a value of its own; `!` swaps the forms.
 */
export interface Target {
  number(value: number): string
  field(name: string): string
  /** a boolean field as 1, 0 or NaN */
  flag(name: string): string
  is(name: string, values: readonly string[], negated: boolean): string
  hasText(name: string): string
  divide(left: string, right: string): string
  /** the smaller or larger of two; NaN where one is */
  extreme(op: 'min' | 'max', left: string, right: string): string
  /** `left` where test holds, else `right` */
  choose(test: string, left: string, right: string): string
  readonly nan: string
  readonly and: string
  readonly or: string
  readonly equal: string
  readonly truth: (value: boolean) => string
}

/** Some forms repeat their operands: the bound keeps nested ones from growing without limit. */
const LONGEST = 32_000

function generateNumber(node: NumberNode, target: Target): string {
  switch (node.op) {
    case 'number':
      return target.number(node.value)
    case 'field':
      return target.field(node.name)
    case 'negate':
      return `(-${generateNumber(node.of, target)})`
    case 'if': {
      const then = generateNumber(node.whenTrue, target)
      const otherwise = target.choose(
        generateCondition(node.condition, false, target),
        generateNumber(node.whenFalse, target),
        target.nan,
      )
      return bounded(target.choose(generateCondition(node.condition, true, target), then, otherwise))
    }
    case 'min':
    case 'max':
      return bounded(target.extreme(node.op, generateNumber(node.left, target), generateNumber(node.right, target)))
    case '/':
      return bounded(target.divide(generateNumber(node.left, target), generateNumber(node.right, target)))
    default:
      return bounded(`(${generateNumber(node.left, target)} ${node.op} ${generateNumber(node.right, target)})`)
  }
}

const OPPOSITE = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

/** `form` true: the text holds where the condition is true; false: where it is false. Neither where it is null. */
function generateCondition(node: ConditionNode, form: boolean, target: Target): string {
  switch (node.op) {
    case 'boolean':
      return target.truth(node.value === form)
    case 'flag':
      return `(${target.flag(node.name)} ${target.equal} ${form ? 1 : 0})`
    case 'is':
      return target.is(node.name, node.values, !form)
    case 'has': {
      const there = node.text ? target.hasText(node.name) : undefined
      if (there !== undefined) return form ? there : target.is(node.name, [''], false)
      const value = target.field(node.name)
      // a number is there when it is not NaN, that is, when it lies on one side of zero or on the other
      return form
        ? `(${value} >= 0 ${target.or} ${value} < 0)`
        : target.choose(`${value} >= 0 ${target.or} ${value} < 0`, target.truth(false), target.truth(true))
    }
    case 'not':
      return generateCondition(node.of, !form, target)
    case 'and':
    case 'or': {
      const word = (node.op === 'and') === form ? target.and : target.or
      return bounded(
        `(${generateCondition(node.left, form, target)} ${word} ${generateCondition(node.right, form, target)})`,
      )
    }
    case '==': {
      const left = generateNumber(node.left, target)
      const right = generateNumber(node.right, target)
      return bounded(
        form ? `(${left} ${target.equal} ${right})` : `(${left} < ${right} ${target.or} ${left} > ${right})`,
      )
    }
    default:
      return bounded(
        `(${generateNumber(node.left, target)} ${form ? node.op : OPPOSITE[node.op]} ${generateNumber(node.right, target)})`,
      )
  }
}

export function generate(checked: Checked, target: Target): string {
  return checked.type === 'number'
    ? generateNumber(checked.node, target)
    : generateCondition(checked.node, true, target)
}

function bounded(text: string): string {
  if (text.length > LONGEST)
    throw new ExpressionError(
      0,
      'bad_expression',
      'the expression is too large once its conditions are written out.',
      'Split it into several measures.',
    )
  return text
}
