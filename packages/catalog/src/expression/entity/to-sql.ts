import { ExpressionError } from '../syntax.ts'
import { quoted } from '../to-sql.ts'
import { businessTimeSql, daySql, dayStartSql, monthStartSql } from './clock-sql.ts'
import { canBeNull, canOverflow, isNeverNull, nullParts } from './nullness.ts'
import type { Checked, ConditionNode, Shape, ValueNode } from './syntax.ts'

/** Some forms repeat their operands: the bound keeps nested ones from growing without limit. */
const LONGEST = 32_000

/**
 * A ClickHouse expression over an entity's row, as EntityExpression (packages/domain) says what is in scope.
 *
 * Null is NaN, '' or nobody; arithmetic carries NaN and every comparison with it is false, so that each condition is
 * written as "is true" or as "is false", in neither of which null needs a value of its own; `!` swaps the two. What
 * does not depend on an observation is taken out of lambdas by ClickHouse's planner: bounds are computed once a row.
 */
export function toEntitySql({ type, node }: Checked, until: string | null): string {
  const sql = new Generator(until)
  if (type === 'boolean') return sql.condition(node, true)
  const text = sql.value(node)
  // what can be summed exactly no more is no number, nor is infinity
  return canOverflow(node) ? bounded(`if(abs(${text}) <= ${Number.MAX_SAFE_INTEGER}, ${text}, nan)`) : text
}

const NOTHING: Readonly<Record<Shape, string>> = { number: 'nan', text: "''", person: 'toUInt64(0)' }
const OPPOSITE = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

class Generator {
  readonly #until: string | null

  constructor(until: string | null) {
    this.#until = until
  }

  value(node: ValueNode): string {
    switch (node.op) {
      case 'number':
        return node.value < 0 || Object.is(node.value, -0) ? `(${float(node.value)})` : float(node.value)
      case 'text':
        return quoted(node.value)
      case 'name':
        return node.name
      case 'kept':
        return `each_k[${node.index + 1}]`
      case 'scalar':
        return this.#scalar(node)
      case 'negate':
        return `(-${this.value(node.of)})`
      case 'min':
      case 'max':
        return this.#extreme(node.op, node.left, node.right)
      case '/': {
        const right = this.value(node.right)
        const divisor = node.right.op === 'number' && node.right.value !== 0 ? right : `if(${right} = 0, nan, ${right})`
        return bounded(`(${this.value(node.left)} / ${divisor})`)
      }
      case 'if': {
        const otherwise = isNeverNull(node.condition)
          ? this.value(node.whenFalse)
          : `if(${this.condition(node.condition, false)}, ${this.value(node.whenFalse)}, ${NOTHING[node.shape]})`
        return bounded(`if(${this.condition(node.condition, true)}, ${this.value(node.whenTrue)}, ${otherwise})`)
      }
      case 'count':
      case 'sum':
        return this.#total(node.op, node)
      case 'first':
      case 'last':
        return this.#observation(node, node.op, 2, node.shape)
      case 'first_time':
      case 'last_time':
        return this.#observation(node, node.op === 'first_time' ? 'first' : 'last', 1, 'number')
      case 'day':
        return bounded(daySql(this.value(node.of), node.zone, canBeNull(node.of)))
      case 'day_start':
        return bounded(dayStartSql(this.value(node.of), node.zone, canBeNull(node.of)))
      case 'month_start':
        return bounded(monthStartSql(this.value(node.of), node.zone, canBeNull(node.of)))
      case 'business_time':
        return bounded(businessTimeSql(this.value(node.left), this.value(node.right), node.clock))
      default:
        return bounded(`(${this.value(node.left)} ${node.op} ${this.value(node.right)})`)
    }
  }

  /** `form` true: holds where the condition is true; false: where it is false. Neither where it is null. */
  condition(node: ConditionNode, form: boolean): string {
    switch (node.op) {
      case 'boolean':
        return node.value === form ? '1' : '0'
      case 'observed':
        return form ? this.#observed(node.field) : `(NOT ${this.#observed(node.field)})`
      case 'present': {
        const value = this.value(node.of)
        if (node.shape === 'number') return `${form ? '(NOT ' : '('}isNaN(${value}))`
        return `(${value} ${form ? '!=' : '='} ${node.shape === 'text' ? "''" : '0'})`
      }
      case 'is':
        return `(${this.value(node.text)} ${form ? 'IN' : 'NOT IN'} (${node.values.map(quoted).join(', ')}))`
      case 'same': {
        const [left, right] = [this.value(node.left), this.value(node.right)]
        if (node.shape === 'text') return bounded(`(${left} ${form ? '=' : '!='} ${right})`)
        return bounded(`(${left} != 0 AND ${right} != 0 AND ${left} ${form ? '=' : '!='} ${right})`)
      }
      case 'not':
        return this.condition(node.of, !form)
      case 'and':
      case 'or': {
        const word = (node.op === 'and') === form ? 'AND' : 'OR'
        return bounded(`(${this.condition(node.left, form)} ${word} ${this.condition(node.right, form)})`)
      }
      case '==': {
        const [left, right] = [this.value(node.left), this.value(node.right)]
        if (form) return bounded(`(${left} = ${right})`)
        if (!canBeNull(node.left) && !canBeNull(node.right)) return bounded(`(${left} != ${right})`)
        return bounded(`(${left} < ${right} OR ${left} > ${right})`)
      }
      default:
        return bounded(`(${this.value(node.left)} ${form ? node.op : OPPOSITE[node.op]} ${this.value(node.right)})`)
    }
  }

  #scalar({ field, agg, shape }: ValueNode & { op: 'scalar' }): string {
    const all = { list: field, from: null, to: null }
    switch (agg) {
      case 'count':
      case 'sum':
        return this.#total(agg, all)
      case 'first':
      case 'last':
        return this.#observation(all, agg, 2, shape)
      default: {
        // of nothing both answer 0
        const values = `tupleElement(${this.#cut(all)}, 2)`
        return bounded(`if(${this.#observed(field)}, array${agg === 'min' ? 'Min' : 'Max'}(${values}), nan)`)
      }
    }
  }

  #total(op: 'count' | 'sum', node: Bounds): string {
    const column = listColumn(node.list)
    const test = this.#test(node)
    const total =
      op === 'count'
        ? `toFloat64(${test === null ? `length(${column})` : `arrayCount(o -> ${test}, ${column})`})`
        : test === null
          ? `arraySum(tupleElement(${column}, 2))`
          : `arraySum(o -> if(${test}, o.2, 0), ${column})`
    return bounded(this.#nullWithBounds(total, node))
  }

  /** the value (2) or the time (1) of the first or the last observation */
  #observation(node: Bounds, which: 'first' | 'last', element: 1 | 2, shape: Shape): string {
    const column = listColumn(node.list)
    const place = which === 'first' ? 1 : -1
    if (node.from === null && (this.#until === null || which === 'first')) {
      // lists are sorted by time: no need to look at more than one observation
      const found = `${column}[${place}].${element}`
      // elements that are not there are '' and 0 already
      if (this.#until === null && shape !== 'number') return found
      return bounded(`if(${this.#observed(node.list)}, ${found}, ${NOTHING[shape]})`)
    }
    const values = `tupleElement(${this.#cut(node)}, ${element})`
    const found =
      shape === 'number'
        ? which === 'first'
          ? `arrayPushBack(${values}, nan)[1]`
          : `arrayPushFront(${values}, nan)[-1]`
        : `${values}[${place}]`
    return bounded(found)
  }

  #observed(field: string): string {
    const column = listColumn(field)
    return this.#until === null ? `notEmpty(${column})` : `(notEmpty(${column}) AND ${column}[1].1 < ${this.#until})`
  }

  #cut(node: Bounds): string {
    const test = this.#test(node)
    return test === null ? listColumn(node.list) : `arrayFilter(o -> ${test}, ${listColumn(node.list)})`
  }

  /** what an observation `o` within the bounds fulfils; null: every one does */
  #test({ from, to }: Bounds): string | null {
    const tests: string[] = []
    if (from !== null && !isZero(from)) tests.push(`o.1 >= ${this.value(from)}`)
    if (to !== null) tests.push(`o.1 < ${this.value(to)}`)
    if (this.#until !== null) tests.push(`o.1 < ${this.#until}`)
    return tests.length === 0 ? null : tests.join(' AND ')
  }

  /** between unknown bounds there is not nothing: it is not known */
  #nullWithBounds(sql: string, { from, to }: Bounds): string {
    const unknown = this.#unknown([from, to].flatMap(bound => bound ?? []))
    return unknown === null ? sql : `if(${unknown}, nan, ${sql})`
  }

  /** whether any of them is null; null: none can be */
  #unknown(nodes: readonly ValueNode[]): string | null {
    const tests = nodes.flatMap(nullParts).map(node => {
      if (node.op === 'scalar') return `NOT ${this.#observed(node.field)}`
      return `isNaN(${this.value(node)})`
    })
    return tests.length === 0 ? null : [...new Set(tests)].join(' OR ')
  }

  #extreme(op: 'min' | 'max', left: ValueNode, right: ValueNode): string {
    const [a, b] = [this.value(left), this.value(right)]
    const extreme = `${op === 'min' ? 'least' : 'greatest'}(${a}, ${b})`
    // with NaN those answer the other operand
    const unknown = this.#unknown([left, right])
    return bounded(unknown === null ? extreme : `if(${unknown}, nan, ${extreme})`)
  }
}

interface Bounds {
  readonly list: string
  readonly from: ValueNode | null
  readonly to: ValueNode | null
}

/** as Float64: sums and products of integers would be integers, which overflow */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.` : String(value))
const isZero = (node: ValueNode): boolean => node.op === 'number' && node.value === 0
const listColumn = (field: string): string => `l_${field}`

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
