/**
 * Which observations an expression can depend on, told from its tree: so that who reads entities leaves out the days
 * and rows that cannot matter. Everything here errs on the side of too much.
 */
import { DAY, type ReadingAt, type TimeRange } from '@kivi/domain'
import { type Checked, type ConditionNode, type ValueNode, visitNodes } from './syntax.ts'

type Reach = ReadonlyMap<string, TimeRange>

const ALWAYS: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
/** no local midnight is further from that of UTC */
const ZONES = 16 * 3_600_000
const LONGEST_MONTH = 32 * DAY

/** By field: the instants [from, to) outside of which no observation changes the value. */
export function readsOf({ node }: Checked, at: ReadingAt): Reach {
  const found = new Map<string, TimeRange>()
  visitNodes(node, each => {
    if (each.op === 'scalar' || each.op === 'observed') add(found, each.field, ALWAYS)
    if ('list' in each) add(found, each.list, boundsOf(each, at))
  })
  return found
}

/** Fields with instants: the condition holds only where one of them was observed then. Null: it may hold without. */
export function needsOf({ type, node }: Checked, at: ReadingAt): Reach | null {
  return type === 'boolean' ? needs(node as ConditionNode, true, at) : null
}

/** Fields: the value is always the time of an observation of one of them, or its value. Null: it need not be. */
export function timesOf(node: ValueNode | ConditionNode): string[] | null {
  switch (node.op) {
    case 'scalar':
      return node.shape === 'number' && node.agg !== 'count' && node.agg !== 'sum' ? [node.field] : null
    case 'first_time':
    case 'last_time':
      return [node.list]
    case 'if':
      return both(node.whenTrue, node.whenFalse)
    case 'min':
    case 'max':
      return both(node.left, node.right)
    default:
      return null
  }
}

function both(a: ValueNode, b: ValueNode): string[] | null {
  const [x, y] = [timesOf(a), timesOf(b)]
  return x === null || y === null ? null : [...new Set([...x, ...y])].sort()
}

function add(into: Map<string, TimeRange>, field: string, { from, to }: TimeRange): void {
  const known = into.get(field)
  into.set(field, known ? { from: Math.min(known.from, from), to: Math.max(known.to, to) } : { from, to })
}

const union = (a: Reach, b: Reach): Reach => {
  const found = new Map(a)
  for (const [field, range] of b) add(found, field, range)
  return found
}

/** The shortest time that holds all of it. */
const length = (reach: Reach): number =>
  Math.max(...[...reach.values()].map(range => range.to)) - Math.min(...[...reach.values()].map(range => range.from))

/** What has to be observed for the condition to be true (`form` true) or false. */
function needs(node: ConditionNode, form: boolean, at: ReadingAt): Reach | null {
  switch (node.op) {
    case 'not':
      return needs(node.of, !form, at)
    case 'and':
    case 'or': {
      const [a, b] = [needs(node.left, form, at), needs(node.right, form, at)]
      if ((node.op === 'and') === form) {
        if (a === null || b === null) return a ?? b
        return length(a) <= length(b) ? a : b
      }
      return a === null || b === null ? null : union(a, b)
    }
    default: {
      if (onNothing(node)[form ? 'canHold' : 'canFail']) return null
      const reads = readsOf({ type: 'boolean', node }, at)
      return reads.size === 0 ? null : reads
    }
  }
}

interface Outcomes {
  readonly canHold: boolean
  readonly canFail: boolean
}

const ANY: Outcomes = { canHold: true, canFail: true }
const only = (holds: boolean): Outcomes => ({ canHold: holds, canFail: !holds })
const NEITHER: Outcomes = { canHold: false, canFail: false }

/** What a condition can be where nothing that it reads was observed; where it is null it neither holds nor fails. */
function onNothing(node: ConditionNode): Outcomes {
  switch (node.op) {
    case 'boolean':
      return only(node.value)
    case 'observed':
      return only(false)
    case 'not': {
      const { canHold, canFail } = onNothing(node.of)
      return { canHold: canFail, canFail: canHold }
    }
    case 'is': {
      const text = textOnNothing(node.text)
      return text === null ? ANY : only(node.values.includes(text))
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==': {
      const [left, right] = [valueOnNothing(node.left), valueOnNothing(node.right)]
      if (left === 'null' || right === 'null') return NEITHER
      if (left === 'unknown' || right === 'unknown') return ANY
      return only(compare(node.op, left, right))
    }
    default:
      return ANY
  }
}

function compare(op: '<' | '<=' | '>' | '>=' | '==', left: number, right: number): boolean {
  switch (op) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      return left === right
  }
}

/** A number: it or null; null fulfils no condition, so that it need not be told apart. */
function valueOnNothing(node: ValueNode): number | 'null' | 'unknown' {
  switch (node.op) {
    case 'number':
      return node.value
    case 'count':
    case 'sum':
      return 0
    case 'scalar':
      if (node.agg === 'count' || node.agg === 'sum') return 0
      return node.shape === 'number' ? 'null' : 'unknown'
    case 'first_time':
    case 'last_time':
      return 'null'
    case 'first':
    case 'last':
      return node.shape === 'number' ? 'null' : 'unknown'
    case '+':
    case '-':
    case 'min':
    case 'max': {
      const [left, right] = [valueOnNothing(node.left), valueOnNothing(node.right)]
      if (left === 'null' || right === 'null') return 'null'
      if (left === 'unknown' || right === 'unknown') return 'unknown'
      if (node.op === '+') return left + right
      if (node.op === '-') return left - right
      return node.op === 'min' ? Math.min(left, right) : Math.max(left, right)
    }
    default:
      return 'unknown'
  }
}

function textOnNothing(node: ValueNode): string | null {
  if (node.op === 'text') return node.value
  return node.op === 'scalar' || node.op === 'first' || node.op === 'last' ? '' : null
}

function boundsOf(node: { readonly from: ValueNode | null; readonly to: ValueNode | null }, at: ReadingAt): TimeRange {
  return {
    from: node.from === null ? ALWAYS.from : instants(node.from, at).from,
    to: node.to === null ? ALWAYS.to : instants(node.to, at).to,
  }
}

/** The least and the greatest that a time, or a part of one, can be. */
function instants(node: ValueNode, at: ReadingAt): TimeRange {
  switch (node.op) {
    case 'number':
      return { from: node.value, to: node.value }
    case 'name':
      return namedInstants(node.name, at)
    case 'negate': {
      const { from, to } = instants(node.of, at)
      return { from: -to, to: -from }
    }
    case '+':
    case '-':
    case '*':
    case 'min':
    case 'max':
      return combined(node.op, instants(node.left, at), instants(node.right, at))
    case 'if': {
      const [a, b] = [instants(node.whenTrue, at), instants(node.whenFalse, at)]
      return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
    }
    case 'day': {
      const { from, to } = instants(node.of, at)
      return { from: Math.floor((from - ZONES) / DAY), to: Math.floor((to + ZONES) / DAY) }
    }
    case 'day_start': {
      const { from, to } = instants(node.of, at)
      return { from: (from - 1) * DAY - ZONES, to: to * DAY + ZONES }
    }
    case 'month_start': {
      const { from, to } = instants(node.of, at)
      return { from: from - LONGEST_MONTH, to }
    }
    default:
      return ALWAYS
  }
}

function namedInstants(name: string, { window, each, known }: ReadingAt): TimeRange {
  const exactly = (time: number | undefined) => (time === undefined ? ALWAYS : { from: time, to: time })
  if (name === 'window_start') return exactly(window?.from)
  if (name === 'window_end') return exactly(window?.to)
  if (name === 'previous_start') return exactly(window?.previous?.start)
  if (name === 'before_previous_start') return exactly(window?.previous?.before)
  if (name === 'known_until') return exactly(known)
  return name === 'each_t' && each !== null ? each : ALWAYS
}

function combined(op: '+' | '-' | '*' | 'min' | 'max', a: TimeRange, b: TimeRange): TimeRange {
  switch (op) {
    case '+':
      return { from: a.from + b.from, to: a.to + b.to }
    case '-':
      return { from: a.from - b.to, to: a.to - b.from }
    case 'min':
    case 'max':
      return { from: Math[op](a.from, b.from), to: Math[op](a.to, b.to) }
    case '*': {
      const products = [a.from * b.from, a.from * b.to, a.to * b.from, a.to * b.to]
      // infinity times nothing
      if (products.some(Number.isNaN)) return ALWAYS
      return { from: Math.min(...products), to: Math.max(...products) }
    }
  }
}
