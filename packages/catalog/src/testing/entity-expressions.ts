import fc from 'fast-check'
import type { CompiledEntity, EntityWorld } from '../definitions/entities/compiled.ts'
import { scopeOfEntity } from '../definitions/entities/scope.ts'
import { NO_INVALID_TRAFFIC } from '../definitions/invalid-traffic.ts'
import type { BusinessHours, EntityScope } from '../expression/entity/syntax.ts'
import { loadCatalogFiles } from '../load.ts'
import { formatProblem } from '../problems.ts'
import type { Observation, PlainRow } from './entity-rows.ts'
import { sampleFiles } from './sample-catalog.ts'

/** An entity with a field of each kind, and random rows and expressions over it: for tests. */
const THING = `entities:
  thing:
    key: [person, campaign]
    event: purchase
    fields:
      marks: { agg: list, keep: [channel, campaign] }
      amounts: { agg: list, expr: amount }
      whens: { agg: list, expr: event_time }
      topics: { agg: list, expr: region }
      people: { agg: list, expr: person }
      seen: { agg: count }
      total: { agg: sum, expr: amount }
      least: { agg: min, expr: amount }
      most: { agg: max, expr: amount }
      opening: { agg: first, expr: amount }
      latest: { agg: last, expr: amount }
      opened: { agg: min, expr: event_time }
      closed: { agg: max, expr: event_time }
      topic: { agg: first, expr: region }
      mood: { agg: last, expr: segment }
      owner: { agg: first, expr: person }
      helper: { agg: last, expr: person }
    peers:
      others: { of: opened, same: [topic, owner] }
`

function thing(): CompiledEntity {
  const loaded = loadCatalogFiles(sampleFiles({ 'thing.yaml': THING }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog.entities.get('thing') as CompiledEntity
}

export const ENTITY = thing()
export const FIELDS = [...ENTITY.fields.keys(), ...ENTITY.peers.keys()]

export function entityScopeOf(timezone: string, businessHours: BusinessHours, each = 'marks'): EntityScope {
  const world: EntityWorld = {
    timezone,
    businessHours,
    eventTypes: new Map(),
    active: null,
    traffic: NO_INVALID_TRAFFIC,
    counted: null,
  }
  return scopeOfEntity(ENTITY, world, { each, window: true, known: true })
}

const HOUR = 3_600_000

/** instants around two changes of clocks; many are equal, and many exactly some days or one ms apart */
const instant = fc
  .tuple(
    fc.constantFrom(Date.UTC(2026, 2, 6), Date.UTC(2026, 9, 23)),
    fc.integer({ min: 0, max: 24 }),
    fc.constantFrom(0, 0, 0, 1, -1, 15 * 60_000, 1_234_567),
  )
  .map(([origin, sixHours, more]) => origin + sixHours * 6 * HOUR + more)

const amount = fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constantFrom(0.1, 0.2, 19.99, 1e9))
const word = fc.constantFrom('spring', 'autumn', "o'hara", '春天')
const person = fc.constantFrom(1n, 2n, 2n ** 64n - 1n)
const kept = fc.tuple(fc.constantFrom('', 'web', 'app'), fc.constantFrom('', 'spring'))

function listOf(name: string): fc.Arbitrary<Observation[]> {
  const { value } = ENTITY.fields.get(name) ?? { value: { kind: 'time' } as const }
  const values = { none: fc.constant(1), number: amount, text: word, person, time: fc.constant(0) }[value.kind]
  const observation = fc
    .tuple(instant, values, kept)
    .map(([t, v, k]) => ({ t, v: value.kind === 'time' ? t : v, k: name === 'marks' ? k : [] }))
  return fc.array(observation, { maxLength: 6 })
}

export const aRow: fc.Arbitrary<PlainRow> = fc.record({
  lists: fc.record(Object.fromEntries(FIELDS.map(name => [name, listOf(name)]))),
  each: fc.tuple(instant, kept).map(([t, k]) => ({ t, v: 1, k })),
  window_start: instant,
  window_end: instant,
  known_until: instant,
  person: fc.oneof(person, fc.constant(0n)),
}) as fc.Arbitrary<PlainRow>

const quoted = (text: string): string => `'${text.replace(/[\\']/g, c => `\\${c}`)}'`
const lists = fc.constantFrom('marks', 'amounts', 'whens', 'topics', 'people', 'others')
const literal = fc.constantFrom('0', '1', '2.5', '(-1)', '7', '0.1')

/** values and conditions of the language, as text */
const made = fc.letrec<Record<'number' | 'time' | 'duration' | 'text' | 'person' | 'condition', string>>(tie => {
  const size = { depthSize: 'small', withCrossShrink: true } as const
  const bounds = fc.oneof(
    fc.constant(''),
    fc.tuple(fc.oneof(fc.constant('0'), tie('time')), tie('time')).map(([from, to]) => `, ${from}, ${to}`),
  )
  const over = (functions: string[], of: fc.Arbitrary<string>) =>
    fc.tuple(fc.constantFrom(...functions), of, bounds).map(([f, list, b]) => `${f}(${list}${b})`)
  const choice = (type: 'number' | 'time' | 'duration' | 'text' | 'person') =>
    fc.tuple(tie('condition'), tie(type), tie(type)).map(([c, a, b]) => `(${c} ? ${a} : ${b})`)
  const extreme = (type: 'number' | 'time' | 'duration') =>
    fc.tuple(fc.constantFrom('min', 'max'), tie(type), tie(type)).map(([f, a, b]) => `${f}(${a}, ${b})`)
  const sum = (type: 'number' | 'duration') =>
    fc.tuple(tie(type), fc.constantFrom('+', '-'), tie(type)).map(([a, op, b]) => `(${a} ${op} ${b})`)
  return {
    number: fc.oneof(
      size,
      fc.constantFrom('seen', 'total', 'least', 'most', 'opening', 'latest', 'each_v'),
      literal,
      over(['count'], lists),
      over(['sum', 'first', 'last'], fc.constant('amounts')),
      sum('number'),
      fc.tuple(tie('number'), fc.constantFrom('*', '/'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('duration'), tie('duration')).map(([a, b]) => `(${a} / ${b})`),
      tie('number').map(a => `-(${a})`),
      tie('time').map(t => `day(${t})`),
      extreme('number'),
      choice('number'),
    ),
    time: fc.oneof(
      size,
      fc.constantFrom('opened', 'closed', 'each_t', 'window_start', 'window_end', 'known_until'),
      over(['first_time', 'last_time'], lists),
      over(['first', 'last'], fc.constantFrom('whens', 'others')),
      fc
        .tuple(tie('time'), fc.constantFrom('+', '-'), fc.constantFrom('7d', '1d', '6h', '30m', '90s'))
        .map(([t, op, d]) => `(${t} ${op} duration('${d}'))`),
      fc.tuple(tie('time'), fc.integer({ min: -1, max: 8 })).map(([t, n]) => `day_start(day(${t}) + ${n})`),
      tie('time').map(t => `month_start(${t})`),
      extreme('time'),
      choice('time'),
    ),
    duration: fc.oneof(
      size,
      fc.constantFrom("duration('7d')", "duration('6h')"),
      fc.tuple(tie('time'), tie('time')).map(([a, b]) => `(${a} - ${b})`),
      fc.tuple(tie('duration'), fc.constantFrom('*', '/'), literal).map(([d, op, n]) => `(${d} ${op} ${n})`),
      fc
        .tuple(fc.constantFrom('opened', 'each_t', 'window_start'), fc.constantFrom('closed', 'window_end'))
        .map(([a, b]) => `business_time(${a}, ${b})`),
      sum('duration'),
      extreme('duration'),
      choice('duration'),
    ),
    text: fc.oneof(
      size,
      fc.constantFrom('topic', 'mood', 'channel', 'campaign'),
      over(['first', 'last'], fc.constant('topics')),
      choice('text'),
    ),
    person: fc.oneof(
      size,
      fc.constantFrom('owner', 'helper', 'person'),
      over(['first', 'last'], fc.constant('people')),
      choice('person'),
    ),
    condition: fc.oneof(
      size,
      fc.constantFrom('true', 'has(opened)', 'has(marks)', 'has(topic)', 'has(owner)', 'has(channel)', 'has(person)'),
      ...(['number', 'time', 'duration'] as const).map(type =>
        fc
          .tuple(tie(type), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie(type))
          .map(([a, op, b]) => `${a} ${op} ${b}`),
      ),
      ...(['text', 'person'] as const).map(type =>
        fc.tuple(tie(type), fc.constantFrom('==', '!='), tie(type)).map(([a, op, b]) => `${a} ${op} ${b}`),
      ),
      fc.tuple(tie('text'), fc.constantFrom('==', '!='), word).map(([a, op, b]) => `${a} ${op} ${quoted(b)}`),
      fc
        .tuple(tie('text'), fc.uniqueArray(word, { minLength: 1 }))
        .map(([a, b]) => `${a} in [${b.map(quoted).join()}]`),
      fc
        .tuple(tie('number'), fc.array(literal, { minLength: 1, maxLength: 3 }))
        .map(([a, b]) => `${a} in [${b.join()}]`),
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('condition').map(a => `!(${a})`),
    ),
  }
})

export const anEntityExpression: fc.Arbitrary<string> = fc.oneof(...Object.values(made))
