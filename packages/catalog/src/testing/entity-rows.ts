import { createZone, type Zone } from '@kivi/domain'
import type { BusinessClock, Checked, ConditionNode, ValueNode } from '../expression/entity/syntax.ts'

/** An observation of a field: when, what, and the texts that it carries along. */
export interface Observation {
  readonly t: number
  readonly v: number | string | bigint
  readonly k: readonly string[]
}

/** A row of an entity as plain data, and what else expressions can refer to. */
export interface PlainRow {
  readonly lists: Readonly<Record<string, readonly Observation[]>>
  readonly each: Observation
  readonly window_start: number
  readonly window_end: number
  readonly known_until: number
  readonly person: bigint
}

type Value = number | string | bigint | null

const zones = new Map<string, Zone>()
function zoneOf(name: string): Zone {
  const zone = zones.get(name) ?? createZone(name)
  zones.set(name, zone)
  return zone
}

/**
 * What an expression is over a row, told by plain loops: for tests. Null is no data, of a text or a person too.
 * @param until only observations before it count
 */
export function evaluatePlainly({ type, node }: Checked, row: PlainRow, until: number | null): Value | boolean {
  const cut = (list: string): Observation[] => {
    const observations = row.lists[list]!.filter(({ t }) => until === null || t < until)
    return observations.sort((a, b) => a.t - b.t || (a.v < b.v ? -1 : a.v > b.v ? 1 : 0))
  }
  const texts = (a: Value): string => (a === null ? '' : String(a))

  function value(n: ValueNode): Value {
    switch (n.op) {
      case 'number':
        return n.value
      case 'text':
        return n.value === '' ? null : n.value
      case 'name':
        return nothing(contextOf(n.name))
      case 'kept':
        return nothing(row.each.k[n.index]!)
      case 'scalar':
        return scalar(n.agg, cut(n.field))
      case 'negate': {
        const of = value(n.of)
        return of === null ? null : -(of as number)
      }
      case 'if': {
        const test = condition(n.condition)
        return test === null ? null : value(test ? n.whenTrue : n.whenFalse)
      }
      case 'count':
      case 'sum':
      case 'first':
      case 'last':
      case 'first_time':
      case 'last_time':
        return over(n)
      case 'day': {
        const t = value(n.of)
        return t === null ? null : zoneOf(n.zone).day(t as number).date
      }
      case 'day_start': {
        const day = value(n.of)
        return day === null ? null : zoneOf(n.zone).dayOf(Math.floor(day as number)).start
      }
      case 'month_start': {
        const t = value(n.of)
        return t === null ? null : monthStart(zoneOf(n.zone), t as number)
      }
      default: {
        const [a, b] = [value(n.left), value(n.right)]
        if (a === null || b === null) return null
        const [x, y] = [a as number, b as number]
        if (n.op === 'business_time') return businessTime(x, y, n.clock)
        if (n.op === '/') return y === 0 ? null : known(x / y)
        const results = { '+': x + y, '-': x - y, '*': x * y, min: Math.min(x, y), max: Math.max(x, y) }
        return known(results[n.op])
      }
    }
  }

  function contextOf(name: string): number | string | bigint {
    if (name === 'each_t') return row.each.t
    if (name === 'each_v') return row.each.v
    return row[name as 'window_start' | 'window_end' | 'known_until' | 'person']
  }

  function scalar(agg: string, observations: readonly Observation[]): Value {
    const numbers = observations.map(({ v }) => v as number)
    switch (agg) {
      case 'count':
        return observations.length
      case 'sum':
        return numbers.reduce((a, b) => a + b, 0)
      case 'min':
        return numbers.length === 0 ? null : Math.min(...numbers)
      case 'max':
        return numbers.length === 0 ? null : Math.max(...numbers)
      default:
        return observations.at(agg === 'first' ? 0 : -1)?.v ?? null
    }
  }

  function over(n: Extract<ValueNode, { readonly list: string }>): Value {
    const [from, to] = [n.from, n.to].map(bound => (bound === null ? undefined : value(bound)))
    if (from === null || to === null) return n.op === 'count' || n.op === 'sum' ? null : scalar('first', [])
    const within = cut(n.list).filter(
      ({ t }) =>
        (from === undefined || n.from?.op === 'number' || t >= (from as number)) &&
        (to === undefined || t < (to as number)),
    )
    if (n.op === 'first_time') return within[0]?.t ?? null
    if (n.op === 'last_time') return within.at(-1)?.t ?? null
    return scalar(n.op, within)
  }

  function condition(n: ConditionNode): boolean | null {
    switch (n.op) {
      case 'boolean':
        return n.value
      case 'is':
        return n.values.includes(texts(value(n.text)))
      case 'observed':
        return cut(n.field).length > 0
      case 'present':
        return value(n.of) !== null
      case 'not': {
        const of = condition(n.of)
        return of === null ? null : !of
      }
      case 'and':
      case 'or': {
        const decides = n.op === 'or'
        const [a, b] = [condition(n.left), condition(n.right)]
        if (a === decides || b === decides) return decides
        return a === null || b === null ? null : !decides
      }
      case 'same': {
        const [a, b] = [value(n.left), value(n.right)]
        if (n.shape === 'text') return texts(a) === texts(b)
        return a === null || b === null ? null : a === b
      }
      default: {
        const [a, b] = [value(n.left), value(n.right)]
        if (a === null || b === null) return null
        return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b }[n.op]
      }
    }
  }

  if (type === 'boolean') return condition(node)
  const found = value(node)
  return typeof found === 'number' && Math.abs(found) > Number.MAX_SAFE_INTEGER ? null : found
}

const nothing = (value: number | string | bigint): Value => (value === '' || value === 0n ? null : value)
const known = (value: number): number | null => (Number.isNaN(value) ? null : value)

function monthStart(zone: Zone, t: number): number {
  let day = zone.day(t)
  for (;;) {
    const before = zone.dayOf(day.date - 1)
    if (before.month !== day.month) return day.start
    day = before
  }
}

const offsets = new Map<string, number>()

/** a zone's offset in a quarter hour, in which it does not change */
function offsetAt(zone: Zone, quarter: number): number {
  const key = `${zone.name} ${quarter}`
  const offset = offsets.get(key) ?? zone.offset(quarter)
  offsets.set(key, offset)
  return offset
}

/** quarter hour by quarter hour */
function businessTime(from: number, to: number, clock: BusinessClock): number {
  if (to < from) return -businessTime(to, from, clock)
  const zone = zoneOf(clock.zone)
  const [quarter, day] = [900_000, 86_400_000]
  let sum = 0
  for (let t = from; t < to; ) {
    const next = Math.min(to, (Math.floor(t / quarter) + 1) * quarter)
    const shown = t + offsetAt(zone, Math.floor(t / quarter) * quarter)
    const weekday = (((Math.floor(shown / day) + 3) % 7) + 7) % 7
    const time = shown - Math.floor(shown / day) * day
    if (clock.days.includes(weekday) && time >= clock.from && time < clock.until) sum += next - t
    t = next
  }
  return sum
}
