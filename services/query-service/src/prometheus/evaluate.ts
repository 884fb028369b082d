/** Evaluates an expression over the series of its selectors, all steps of a series at once. */
import { PrometheusError } from './errors.ts'
import type { Aggregate, Binary, BinaryOp, Expr, Labels } from './promql/syntax.ts'
import { type Column, type LabelSet, labelKey, labelSet, type Series, withoutName } from './series.ts'

export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'vector'; readonly series: readonly Series[] }

/** @param read the series of a selector or of a function over one */
export function evaluate(expr: Expr, read: (leaf: Expr) => readonly Series[]): Value {
  switch (expr.kind) {
    case 'number':
      return { kind: 'scalar', value: expr.value }
    case 'selector':
    case 'call':
      return vector(read(expr))
    case 'negated': {
      const of = evaluate(expr.of, read)
      if (of.kind === 'scalar') return { kind: 'scalar', value: -of.value }
      return vector(of.series.map(series => changed(withoutName(series.labels), series, value => -value)))
    }
    case 'aggregate': {
      const of = evaluate(expr.of, read)
      return vector(of.kind === 'scalar' ? [] : aggregate(expr, of.series))
    }
    case 'binary':
      return binary(expr, evaluate(expr.left, read), evaluate(expr.right, read))
  }
}

/** Two series of one name would be drawn as one line that jumps: refused, as in Prometheus. */
function vector(series: readonly Series[]): Value {
  const keys = new Set(series.map(({ labels }) => labelKey(labels)))
  if (keys.size < series.length)
    throw new PrometheusError(
      'execution',
      'vector cannot contain metrics with the same labelset: the expression takes the name away from several indicators; select one, or aggregate them',
    )
  return { kind: 'vector', series }
}

function binary(expr: Binary, left: Value, right: Value): Value {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    const value = compute(expr.op, left.value, right.value)
    if (value === null) throw new PrometheusError('bad_data', `${left.value} ${expr.op} ${right.value} is no number`)
    return { kind: 'scalar', value }
  }
  if (left.kind === 'vector' && right.kind === 'vector') return vector(matched(expr, left.series, right.series))
  const [series, apply] =
    left.kind === 'vector' && right.kind === 'scalar'
      ? [left.series, (value: number) => result(expr, value, right.value, value)]
      : left.kind === 'scalar' && right.kind === 'vector'
        ? [right.series, (value: number) => result(expr, left.value, value, value)]
        : [[], () => null]
  const keepsName = isFilter(expr)
  return vector(series.map(one => changed(keepsName ? one.labels : withoutName(one.labels), one, apply)))
}

function matched(expr: Binary, left: readonly Series[], right: readonly Series[]): Series[] {
  const { matching } = expr
  const others = bySignature(right, matching)
  return [...bySignature(left, matching)].flatMap(([key, one]): Series[] => {
    const other = others.get(key)
    if (other === undefined) return []
    const named = isFilter(expr) && !matching.only ? one.labels : withoutName(one.labels)
    const labels = matching.only || !isFilter(expr) ? restricted(named, matching) : named
    const values = one.values.map((value, step) => {
      const second = other.values[step] ?? null
      return value === null || second === null ? null : result(expr, value, second, value)
    })
    return [{ labels, values }]
  })
}

function bySignature(series: readonly Series[], matching: Labels): Map<string, Series> {
  const found = new Map<string, Series>()
  for (const one of series) {
    const labels = restricted(withoutName(one.labels), matching)
    const key = labelKey(labels)
    if (found.has(key))
      throw new PrometheusError(
        'execution',
        `many-to-many matching not allowed: several series of one side have the labels ${JSON.stringify(labels)}; aggregate them, or match on more labels`,
      )
    found.set(key, one)
  }
  return found
}

const isFilter = ({ op, bool }: Binary): boolean => !bool && COMPARE[op] !== undefined

/** Of a comparison without `bool` the `kept` value where it holds. */
function result({ op, bool }: Binary, left: number, right: number, kept: number): number | null {
  const value = compute(op, left, right)
  return COMPARE[op] === undefined || bool ? value : value === 1 ? kept : null
}

const COMPARE: Partial<Record<BinaryOp, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
}

/** Null where there is no number: what is divided by zero has no sample. */
function compute(op: BinaryOp, left: number, right: number): number | null {
  const value = COMPARE[op] === undefined ? arithmetic(op, left, right) : Number(COMPARE[op](left, right))
  return Number.isFinite(value) ? value : null
}

function arithmetic(op: BinaryOp, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    case '^':
      return left ** right
    default:
      return Number.NaN
  }
}

function aggregate({ op, grouping }: Aggregate, series: readonly Series[]): Series[] {
  const groups = new Map<string, { labels: LabelSet; members: Column[] }>()
  for (const { labels, values } of series) {
    const kept = restricted(grouping.only ? labels : withoutName(labels), grouping)
    const key = labelKey(kept)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { labels: kept, members: [values] })
    else group.members.push(values)
  }
  return [...groups.values()].map(({ labels, members }) => ({
    labels,
    values: (members[0] ?? []).map((_, step) => {
      const values = members.flatMap(member => member[step] ?? [])
      return values.length === 0 ? null : combine(op, values)
    }),
  }))
}

function combine(op: Aggregate['op'], values: readonly number[]): number {
  switch (op) {
    case 'sum':
      return total(values)
    case 'avg':
      return total(values) / values.length
    case 'min':
      return values.reduce((least, value) => Math.min(least, value))
    case 'max':
      return values.reduce((most, value) => Math.max(most, value))
    case 'count':
      return values.length
  }
}

/** What small amounts lose beside large ones is carried along (Neumaier). */
function total(values: readonly number[]): number {
  let [sum, lost] = [0, 0]
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}

const restricted = (labels: LabelSet, { names, only }: Labels): LabelSet =>
  labelSet(
    null,
    Object.entries(labels).filter(([label]) => names.includes(label) === only),
  )

function changed(labels: LabelSet, { values }: Series, apply: (value: number) => number | null): Series {
  return { labels, values: values.map(value => (value === null ? null : apply(value))) }
}
