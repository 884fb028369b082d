/**
 * What the rules' measures come to, minute by minute, by the catalog's own definitions: many seeds are judged from
 * this, and one from ClickHouse, which says the same (test/integration/alerts/replay.test.ts).
 */
import {
  type Catalog,
  type EntityMeasure,
  type EventSelection,
  type Measure,
  measuresBehind,
  ownFilter,
} from '@kivi/domain'
import type { DemoEvent } from '../../../services/standalone/src/demo/event.ts'

const MINUTE = 60_000

/** Of one group: how many, and their sum, in each minute; then up to each minute. */
interface Line {
  readonly group: readonly string[]
  readonly n: Float64Array
  readonly sum: Float64Array
}

interface Counter {
  readonly by: readonly string[]
  readonly lines: Map<string, Line>
}

interface Counted {
  readonly id: string
  /** empty: all */
  readonly events: readonly string[]
  matches(event: DemoEvent): boolean
  amount(event: DemoEvent): number
  /** field of which each value counts once, the first time; null: each event does */
  readonly once: string | null
}

export interface Recorder {
  add(event: DemoEvent): void
  /** all that was recorded so far, to go on by itself */
  fork(): Recorder
  /** to be called once, when all events were added */
  finish(): Recorded
}

/** Plain data, so that it can be kept in a file. */
export interface Recorded {
  readonly from: number
  readonly length: number
  /** by measure: its counters, one for each list of dimensions */
  readonly counters: ReadonlyMap<string, readonly Counter[]>
}

const counterOf = ({ counters }: Recorded, measure: string, by: readonly string[]): Counter | undefined =>
  counters.get(measure)?.find(counter => counter.by.join() === by.join())

export const groupsIn = (recorded: Recorded, measure: string, by: readonly string[]): (readonly string[])[] =>
  [...(counterOf(recorded, measure, by)?.lines.values() ?? [])].map(({ group }) => group)

/** Of a measure and group in [from, to), made of whole minutes. */
export function totals(
  recorded: Recorded,
  measure: string,
  by: readonly string[],
): (group: string, from: number, to: number) => { n: number; sum: number } {
  const counter = counterOf(recorded, measure, by)
  const place = (at: number) => Math.min(recorded.length, Math.max(0, Math.floor((at - recorded.from) / MINUTE)))
  return (group, from, to) => {
    const line = counter?.lines.get(group)
    if (line === undefined) return { n: 0, sum: 0 }
    const [a, b] = [place(from), place(to)]
    return { n: (line.n[b] ?? 0) - (line.n[a] ?? 0), sum: (line.sum[b] ?? 0) - (line.sum[a] ?? 0) }
  }
}

/** @param from the first event is not before it; @param to nor is the last after it */
export function createRecorder(catalog: Catalog, from: number, to: number): Recorder {
  const wanted = wantedOf(catalog)
  const length = Math.ceil((to - from) / MINUTE)
  const counted = [...wanted.keys()].map(id => countedOf(catalog, id))
  return open(
    new Map([...wanted].map(([id, bys]) => [id, [...bys.values()].map((by): Counter => ({ by, lines: new Map() }))])),
    new Map(counted.map(({ id }) => [id, new Set<string>()])),
  )

  function open(counters: Map<string, Counter[]>, seen: Map<string, Set<string>>): Recorder {
    const byType = new Map<string, Counted[]>()
    const of = (type: string): Counted[] => {
      const known = byType.get(type) ?? counted.filter(({ events }) => events.length === 0 || events.includes(type))
      byType.set(type, known)
      return known
    }
    return {
      add(event) {
        const minute = Math.floor((event.event_time - from) / MINUTE)
        if (minute < 0 || minute >= length) return
        for (const one of of(event.event_type)) {
          if (!one.matches(event)) continue
          if (one.once !== null) {
            const ids = seen.get(one.id) as Set<string>
            const id = String(event[one.once])
            if (ids.has(id)) continue
            ids.add(id)
          }
          const amount = one.amount(event)
          for (const { by, lines } of counters.get(one.id) ?? []) {
            const key = by.length === 0 ? '' : by.map(name => String(event[name] ?? '')).join('\u0000')
            let line = lines.get(key)
            if (line === undefined) {
              const group = by.length === 0 ? [] : key.split('\u0000')
              line = { group, n: new Float64Array(length + 1), sum: new Float64Array(length + 1) }
              lines.set(key, line)
            }
            line.n[minute + 1] = (line.n[minute + 1] ?? 0) + 1
            line.sum[minute + 1] = (line.sum[minute + 1] ?? 0) + amount
          }
        }
      },
      fork() {
        const copy = ({ group, n, sum }: Line): Line => ({ group, n: n.slice(), sum: sum.slice() })
        return open(
          new Map(
            [...counters].map(([id, all]) => [
              id,
              all.map(({ by, lines }) => ({ by, lines: new Map([...lines].map(([key, line]) => [key, copy(line)])) })),
            ]),
          ),
          new Map([...seen].map(([id, ids]) => [id, new Set(ids)])),
        )
      },
      finish() {
        for (const all of counters.values())
          for (const { lines } of all)
            for (const { n, sum } of lines.values())
              for (let i = 1; i <= length; i++) {
                n[i] = (n[i] ?? 0) + (n[i - 1] ?? 0)
                sum[i] = (sum[i] ?? 0) + (sum[i - 1] ?? 0)
              }
        return { from, length, counters }
      },
    }
  }
}

/** Measures of the rules, with the groups that they are asked by. */
function wantedOf(catalog: Catalog): Map<string, Map<string, readonly string[]>> {
  const wanted = new Map<string, Map<string, readonly string[]>>()
  for (const { indicator: id, by, filters } of catalog.alerting.rules.values()) {
    const indicator = catalog.indicators.get(id ?? '')
    if (indicator === undefined) continue
    if (filters.length > 0) throw new Error('rules with a filter are not recorded')
    for (const measure of measuresBehind(catalog, indicator)) {
      const bys = wanted.get(measure.id) ?? new Map<string, readonly string[]>()
      wanted.set(measure.id, bys.set(by.join(), by))
    }
  }
  return wanted
}

function countedOf(catalog: Catalog, id: string): Counted {
  const measure = catalog.measures.get(id)
  if (measure !== undefined) return eventCounted(measure)
  const derived = catalog.derivedMeasures.get(id)
  if (derived?.kind !== 'entity') throw new Error(`${id} is not recorded: it is neither of events nor of an entity`)
  return firstCounted(catalog, derived)
}

function eventCounted({ id, events, filter, expr, agg, distinct }: Measure): Counted {
  // nothing of the storefront is invalid traffic
  const own = ownFilter(filter)
  return {
    ...{ id, events, once: agg === 'count_distinct' ? distinct : null },
    matches: event => own === null || own.evaluate(event) === true,
    amount: event => (agg === 'sum' ? Number(expr?.evaluate(event) ?? 0) : 0),
  }
}

/** Rows of an entity by when something first happened to them. */
function firstCounted(catalog: Catalog, measure: EntityMeasure): Counted {
  const entity = catalog.entities.get(measure.entity)
  const { timing } = measure
  const [name] = timing.kind === 'at' ? (timing.time.times ?? []) : []
  const field = entity?.fields.get(name ?? '')
  if (entity === undefined || field === undefined || measure.filter !== null)
    throw new Error(`${measure.id} is not recorded: it is not about when something first happened`)
  const holds = ({ filter }: EventSelection, event: DemoEvent) => {
    const own = ownFilter(filter)
    return own === null || own.evaluate(event) === true
  }
  return {
    ...{ id: measure.id, events: field.from.flatMap(({ events }) => events), once: entity.key[0] ?? null },
    matches: event => field.from.some(from => from.events.includes(event.event_type) && holds(from, event)),
    amount: () => 0,
  }
}
