import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../../load.ts'
import { formatProblem } from '../../problems.ts'
import { problemsOf, sampleFiles } from '../../testing/sample-catalog.ts'

const optional = (name: string, type: unknown): object => ({ name, type: ['null', type], default: null })
const TICKET = {
  type: 'record',
  name: 'ticket',
  fields: [
    { ...optional('ticket_id', 'string'), identifier: true },
    { name: 'action', type: { type: 'enum', name: 'action', symbols: ['opened', 'responded', 'resolved'] } },
    optional('topic', 'string'),
    optional('automatic', 'boolean'),
  ],
}
const FILES = {
  'events/ticket.avsc': JSON.stringify(TICKET),
  'kivi.yaml': `timezone: UTC
currency: EUR
active:
  events: [click]
  also: [{ event: ticket, filter: action == 'opened' }]
`,
}

const ENTITIES = `entities:
  ticket:
    key: ticket_id
    event: ticket
    fields:
      opened: { agg: min, expr: event_time, filter: action == 'opened' }
      resolved: { agg: min, expr: event_time, filter: action == 'resolved' }
      answers: { agg: list, filter: action == 'responded', keep: [topic] }
      topic: { agg: first, expr: topic }
      person: { agg: first, expr: person }
    peers:
      again: { of: opened, same: [person, topic] }
  buyer:
    key: [person, campaign]
    fields:
      bought: { event: purchase, agg: list, expr: amount, keep: [order_id, channel] }
      spent: { event: purchase, agg: sum, expr: amount }
      active: { event: active, agg: list }
      warm: { event: active, filter: campaign != '', agg: list }
  session:
    key: person
    split: { gap: 30m, own: own }
    fields: { own: { event: [click, impression], agg: list } }
`

function load(yaml: string, files: Record<string, string> = {}) {
  const loaded = loadCatalogFiles(sampleFiles({ ...FILES, 'my.yaml': yaml, ...files }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog
}

describe('an entity', () => {
  const { entities } = load(ENTITIES)

  it('has fields with their sources, values and types', () => {
    const { key, fields, peers, split, label } = entities.get('ticket')!
    expect(key).toEqual(['ticket_id'])
    expect(split).toBeNull()
    expect(label).toEqual({ en: 'Ticket' })
    expect([...fields.values()].map(({ name, agg, value, type }) => [name, agg, value.kind, type])).toEqual([
      ['opened', 'min', 'time', 'time'],
      ['resolved', 'min', 'time', 'time'],
      ['answers', 'list', 'none', 'number'],
      ['topic', 'first', 'text', 'text'],
      ['person', 'first', 'person', 'person'],
    ])
    expect(fields.get('answers')!.keep).toEqual(['topic'])
    expect(fields.get('opened')!.from.map(({ events, filter }) => [events, filter?.source])).toEqual([
      [['ticket'], "action == 'opened'"],
    ])
    expect([...peers.values()]).toEqual([{ name: 'again', of: 'opened', same: ['person', 'topic'] }])
    expect(entities.get('session')!.split).toEqual({ gapMs: 1_800_000, own: 'own' })
  })

  it('takes what makes a person active from kivi.yaml, which a filter leaves some of', () => {
    const sources = (field: string) =>
      entities
        .get('buyer')!
        .fields.get(field)!
        .from.map(({ events, filter }) => [events, filter?.source ?? null])
    expect(sources('active')).toEqual([
      [['click'], null],
      [['ticket'], "action == 'opened'"],
    ])
    expect(sources('warm')).toEqual([
      [['click'], "campaign != ''"],
      [['ticket'], "(action == 'opened') && (campaign != '')"],
    ])
    const { filter } = entities.get('buyer')!.fields.get('warm')!.from[1]!
    expect(filter!.evaluate({ action: 'opened', campaign: 'x' })).toBe(true)
    expect(filter!.evaluate({ action: 'opened', campaign: '' })).toBe(false)
    expect(filter!.toSql()).toBe("((strings['action'] IN ('opened')) AND (campaign NOT IN ('')))")
  })
})

describe("an entity over '*'", () => {
  const yaml =
    "entities:\n  all: { key: person, event: '*', fields: { any: { agg: list, filter: campaign != '', keep: [order_id] } } }\n"

  it('takes events of all types, also of those that are added later, for which nothing is rebuilt', () => {
    const all = load(yaml).entities.get('all')!
    expect(all.fields.get('any')!.from[0]!.events).toEqual([])
    const more = { 'events/wave.avsc': '{"type":"record","name":"wave","fields":[]}' }
    expect(load(yaml, more).entities.get('all')!.version).toBe(all.version)
  })
})

describe('the version of an entity', () => {
  const version = (yaml: string, files: Record<string, string> = {}) =>
    load(yaml, files).entities.get('ticket')!.version
  const before = version(ENTITIES)
  const changed = (from: string, to: string) => {
    expect(ENTITIES).toContain(from)
    return version(ENTITIES.replace(from, to))
  }

  it('is 12 hex digits', () => expect(before).toMatch(/^[0-9a-f]{12}$/))

  it.each([
    ['a field more', 'topic: {', 'steps: { agg: count }\n      topic: {'],
    ['a filter', "action == 'opened' }", "action == 'responded' }"],
    ['a value', '{ agg: first, expr: topic }', '{ agg: first, expr: campaign }'],
    ['what is kept', 'keep: [topic]', 'keep: [topic, campaign]'],
    ['the key', 'key: ticket_id', 'key: [person, ticket_id]'],
    ['the name of a field', 'answers:', 'replies:'],
  ])('is another with %s', (_, from, to) => {
    expect(changed(from, to)).not.toBe(before)
  })

  it('is another in another zone, and where active is other events', () => {
    const settings = FILES['kivi.yaml']
    expect(version(ENTITIES, { 'kivi.yaml': settings.replace('UTC', 'Asia/Kathmandu') })).not.toBe(before)
    const buyer = (text: string) => load(ENTITIES, { 'kivi.yaml': text }).entities.get('buyer')!.version
    expect(buyer(settings.replace('[click]', '[click, purchase]'))).not.toBe(buyer(settings))
  })

  it.each([
    ['words', 'key: ticket_id', 'label: Case\n    description: A case\n    key: ticket_id'],
    ['blanks in a filter', "action == 'opened' }", "action=='opened' }"],
    ['peers', 'same: [person, topic]', 'same: [person]'],
    ['how a list becomes a value', 'resolved: { agg: min', 'resolved: { agg: max'],
  ])('stays with other %s', (_, from, to) => {
    expect(changed(from, to)).toBe(before)
  })

  it('and nothing of an entity is part of what decides slices', () => {
    const measures = 'measures:\n  clicks: { event: click, agg: count }\n'
    const over = '  open: { entity: ticket, as_of: end, agg: count }\n'
    const hash = load(measures).hash
    expect(load(`${ENTITIES}${measures}${over}`).hash).toBe(hash)
    expect(load(measures, { 'kivi.yaml': FILES['kivi.yaml'].replace('[click]', '[purchase]') }).hash).toBe(hash)
  })
})

const measure = (rest: string): string => `${ENTITIES}measures:\n  m: { ${rest} }\n`

describe('a measure over an entity', () => {
  const of = (rest: string) => {
    const found = load(measure(rest)).derivedMeasures.get('m')
    if (found?.kind !== 'entity') throw new Error('no measure over an entity')
    return found
  }

  it('counts rows at a time of theirs', () => {
    const found = of(
      'entity: ticket, at: resolved, agg: mean, expr: resolved - opened, unit: hours, dimensions: [topic], follow_up: 7d, better: lower',
    )
    expect(found).toMatchObject({ agg: 'mean', unit: 'hours', scale: 1 / 3_600_000, better: 'lower', empty: 'null' })
    expect(found).toMatchObject({
      followUp: { ms: 604_800_000 },
      dimensions: ['topic'],
      quantile: null,
      distinct: null,
    })
    expect(found.groups).toEqual(new Map([['topic', { field: 'topic' }]]))
    expect(found.timing).toMatchObject({ kind: 'at', time: { source: 'resolved', type: 'time' } })
  })

  it('counts the observations of a list, with what they keep', () => {
    const found = of(
      "entity: buyer, each: bought, per: day, agg: count_distinct, distinct: order_id, filter: each_v > 5 && channel == 'web', dimensions: [channel], follow_up_days: 31",
    )
    expect(found).toMatchObject({ timing: { kind: 'each', list: 'bought', per: 'day', time: null }, empty: 'zero' })
    expect(found.groups).toEqual(new Map([['channel', { kept: 1 }]]))
    expect(found.distinct!.toSql(null)).toBe('each_k[1]')
    expect(found.followUp).toEqual({ days: 31 })
    expect(of('entity: buyer, each: active, time: "each_t + duration(\'7d\')", agg: count').timing).toMatchObject({
      time: { type: 'time' },
    })
  })

  it('counts rows as of the end of the window, of which it knows the length', () => {
    const found = of('entity: ticket, as_of: end, agg: max, expr: window_end - opened, unit: days, empty: zero')
    expect(found).toMatchObject({ timing: { kind: 'end' }, empty: 'zero', unit: 'days', followUp: null })
    expect(
      of("entity: buyer, as_of: end, agg: count, filter: 'count(active, window_start, window_end) > 0'").empty,
    ).toBe('zero')
    expect(of('entity: buyer, as_of: end, agg: count_distinct, distinct: person').distinct!.type).toBe('person')
  })

  it('is an indicator of its id too', () => {
    const catalog = load(measure('entity: ticket, as_of: end, agg: count'))
    expect(catalog.indicators.get('m')).toMatchObject({ type: 'simple', measure: 'm', unit: 'count' })
  })
})

describe('every mistake in entities is told with its place and what to do', () => {
  const entity = (fields: string, rest = 'key: ticket_id, event: ticket'): string =>
    `entities:\n  x: { ${rest}, fields: { ${fields} } }\n`
  const cases: [what: string, yaml: string, problems: string[]][] = [
    [
      'an unknown key',
      entity('a: { agg: list }', 'keys: a, key: ticket_id, event: ticket'),
      ["my.yaml:2:8 unknown_key entity x has no key 'keys'. Did you mean key?"],
    ],
    ['no key', entity('a: { agg: list }', 'event: ticket'), ['my.yaml:2:3 missing_key entity x needs key.']],
    [
      'no fields',
      'entities:\n  x: { key: person, event: ticket, fields: {} }',
      ['my.yaml:2:36 missing_key entity x needs a field.'],
    ],
    [
      'an unknown event type',
      entity('a: { agg: list }', 'key: ticket_id, event: tiket'),
      ['my.yaml:2:31 unknown_name there is no event type tiket. Did you mean ticket?'],
    ],
    [
      'no event at all',
      entity('a: { agg: list }', 'key: person'),
      [
        'my.yaml:2:31 missing_key field a of x needs event. Or give its entity an event, for all fields that name none.',
      ],
    ],
    [
      'an unknown field in a filter',
      entity("a: { agg: list, filter: actoin == 'opened' }"),
      ['my.yaml:2:73 unknown_name in filter of field a of x: ticket has no field actoin. Did you mean action?'],
    ],
    [
      'a value that never is',
      entity("a: { agg: list, filter: action == 'open' }"),
      [
        "my.yaml:2:83 wrong_value in filter of field a of x: action never is 'open'. Known are opened, responded, resolved.",
      ],
    ],
    [
      'an unknown key of a field',
      entity('a: { agg: list, filters: automatic }'),
      ["my.yaml:2:65 unknown_key field a of x has no key 'filters'. Did you mean filter?"],
    ],
    [
      'an unknown aggregation',
      entity('a: { agg: lists }'),
      ["my.yaml:2:59 wrong_value agg of field a of x cannot be 'lists'. Did you mean list?"],
    ],
    ['no expr where one is needed', entity('a: { agg: min }'), ['my.yaml:2:49 missing_key field a of x needs expr.']],
    [
      'expr of a count',
      entity('a: { agg: count, expr: event_time }'),
      ['my.yaml:2:66 unknown_key agg: count of field a of x takes no expr. Leave it out, or use agg: sum.'],
    ],
    [
      'the smallest text',
      entity('a: { agg: min, expr: topic }'),
      ['my.yaml:2:59 type_error expr of field a of x is a text, which has no min. Use agg: first, last or list.'],
    ],
    [
      'the sum of times',
      entity('a: { agg: sum, expr: event_time }'),
      ['my.yaml:2:59 type_error expr of field a of x is a time, which has no sum. Use agg: min, max or list.'],
    ],
    [
      'the largest person',
      entity('a: { agg: max, expr: person }'),
      ['my.yaml:2:59 type_error expr of field a of x is a person, which has no max. Use agg: first, last or list.'],
    ],
    [
      'an unknown expr',
      entity('a: { agg: first, expr: topik }'),
      ['my.yaml:2:72 unknown_name in expr of field a of x: ticket has no field topik. Did you mean topic?'],
    ],
    [
      'a condition as value',
      entity('a: { agg: list, expr: automatic }'),
      ['my.yaml:2:71 type_error in expr of field a of x: the expression is a condition; expr needs a number.'],
    ],
    [
      'keep of one value',
      entity('a: { agg: first, expr: topic, keep: [topic] }'),
      [
        'my.yaml:2:79 unknown_key field a of x keeps texts with its observations, but is no list. Use agg: list, or a field of its own for each text.',
      ],
    ],
    [
      'keeping what is not there',
      entity('a: { agg: list, keep: [topics, action, action] }'),
      [
        'my.yaml:2:72 unknown_name keep of field a of x: ticket has no field topics. Did you mean topic?',
        'my.yaml:2:88 duplicate_id keep of field a of x names action twice.',
      ],
    ],
    [
      'from beside event',
      entity('a: { agg: list, event: ticket, from: [{ event: click }] }', 'key: person'),
      ['my.yaml:2:47 unknown_key field a of x has from, and event beside it. Put it into from.'],
    ],
    [
      'active among others',
      entity('a: { agg: list, event: [active, ticket] }', 'key: person'),
      [
        'my.yaml:2:55 wrong_value event of field a of x names active beside event types. List them under from: [{ event: active }, { event: … }].',
      ],
    ],
    [
      'a field without the key',
      entity('a: { agg: list }, b: { agg: list, event: click }'),
      [
        'my.yaml:2:13 unknown_name key of entity x: click has no field ticket_id, so field b would always be empty. Write person, or a text field of the events.',
      ],
    ],
    [
      'a key twice',
      entity('a: { agg: list }', 'key: [ticket_id, ticket_id], event: ticket'),
      ['my.yaml:2:25 duplicate_id key of entity x names ticket_id twice.'],
    ],
    [
      'a key of nothing',
      entity('a: { agg: list }', 'key: [], event: ticket'),
      ['my.yaml:2:13 wrong_value key of entity x is an empty list.'],
    ],
    [
      'a bad name',
      entity('A: { agg: list }, return: { agg: list }, each_t: { agg: list }'),
      [
        'my.yaml:2:49 bad_id A cannot name a field: small letters, digits and _ only, a letter first, at most 64.',
        'my.yaml:2:67 bad_id return means something else in expressions. Name it return_value, for example.',
        'my.yaml:2:90 bad_id each_t means something else in expressions. Name it each_t_value, for example.',
      ],
    ],
    [
      'sessions of tickets',
      entity('a: { agg: list }', 'key: ticket_id, event: ticket, split: { gap: 30m, own: a }'),
      [
        'my.yaml:2:39 wrong_value entity x is split into sessions, but its key is not the person alone. Write key: person.',
      ],
    ],
    [
      'sessions by no length',
      entity('a: { agg: list }', 'key: person, event: ticket, split: { gap: half an hour, own: a }'),
      [
        'my.yaml:2:50 wrong_value gap of entity x: "half an hour" is not a length of time; write a whole number and s, m, h or d: 90s, 5m, 1h, 7d.',
      ],
    ],
    [
      'sessions of no list',
      entity('a: { agg: count }', 'key: person, event: ticket, split: { gap: 30m, own: a }'),
      ['my.yaml:2:60 type_error own of split of entity x: a is not a list of observations. Give the field agg: list.'],
    ],
    [
      'peers of no time',
      `${entity('a: { agg: list }, topic: { agg: first, expr: topic }').trimEnd().slice(0, -2)}, peers: { p: { of: a, same: [topic] } } }`,
      [
        'my.yaml:2:123 type_error of of peers p of entity x: a is not one time. Name a field such as { agg: min, expr: event_time }.',
      ],
    ],
    [
      'peers by what is not there',
      `${entity('t: { agg: min, expr: event_time }').trimEnd().slice(0, -2)}, peers: { p: { of: t, same: [topic, t] } } }`,
      [
        'my.yaml:2:114 unknown_name entity x has no field topic. Known are t.',
        'my.yaml:2:121 unknown_name t is not one text or person, by which rows could be the same.',
      ],
    ],
    [
      'peers named as a field',
      `${entity('t: { agg: min, expr: event_time }').trimEnd().slice(0, -2)}, peers: { t: { of: t, same: [] } } }`,
      ['my.yaml:2:95 duplicate_id entity x has a field t already.'],
    ],
  ]
  it.each(cases)('%s', (_, yaml, problems) => {
    expect(problemsOf(yaml, FILES)).toEqual(problems)
  })

  it('active where kivi.yaml does not say what it is', () => {
    expect(
      problemsOf(entity('a: { agg: list, event: active }', 'key: person'), {
        ...FILES,
        'kivi.yaml': 'timezone: UTC\ncurrency: EUR\n',
      }),
    ).toEqual([
      'my.yaml:2:54 unknown_name kivi.yaml does not say which events make a person active. Add active: { events: […] } to it.',
    ])
  })

  it('too many fields', () => {
    const many = Array.from({ length: 61 }, (_, i) => `f${i}: { agg: list }`).join(', ')
    expect(problemsOf(entity(many), FILES)).toEqual([
      'my.yaml:2:39 wrong_value entity x has 61 fields; 60 are allowed. Make two entities of it.',
    ])
  })
})

describe('every mistake in a measure over entities is told with its place and what to do', () => {
  const line = measure('').split('\n').length - 1
  const cases: [what: string, rest: string, problems: string[]][] = [
    [
      'an unknown entity',
      'entity: tiket, at: opened, agg: count',
      [`16 unknown_name entity of measure m: there is no entity tiket. Did you mean ticket?`],
    ],
    [
      'a key of events',
      'entity: ticket, at: opened, agg: count, event: ticket',
      ['48 unknown_key measure m is over both entity and event. Keep one of them.'],
    ],
    [
      'an unknown key',
      'entity: ticket, at: opened, agg: count, followup: 7d',
      ["48 unknown_key measure m has no key 'followup'. Did you mean follow_up?"],
    ],
    [
      'no timing',
      'entity: ticket, agg: count',
      [
        '3 missing_key measure m does not say by which time it counts. Write at: a time of the row, each: a list, or as_of: end.',
      ],
    ],
    [
      'two timings',
      'entity: ticket, at: opened, as_of: end, agg: count',
      [
        '36 unknown_key measure m has at and as_of; it can count by one time only. Write at: a time of the row, each: a list, or as_of: end.',
      ],
    ],
    [
      'at no time',
      'entity: ticket, at: topic, agg: count',
      ['28 type_error in at of measure m: the expression is a text; at needs a time.'],
    ],
    [
      'at an unknown field',
      'entity: ticket, at: opend, agg: count',
      ['28 unknown_name in at of measure m: ticket has no field opend. Did you mean opened?'],
    ],
    [
      'each of a value',
      'entity: ticket, each: topic, agg: count',
      ['30 type_error each of measure m: topic is one value, not a list of observations. Give the field agg: list.'],
    ],
    [
      'each of nothing',
      'entity: ticket, each: answer, agg: count',
      ['30 unknown_name each of measure m: ticket has no list answer. Did you mean answers?'],
    ],
    [
      'per without each',
      'entity: ticket, at: opened, per: day, agg: count',
      ['36 unknown_key measure m has per, which only goes with each. Leave it out.'],
    ],
    [
      'time without each',
      'entity: ticket, at: opened, time: opened, agg: count',
      ['36 unknown_key measure m has time, which only goes with each. at is its time.'],
    ],
    [
      'as of another time',
      'entity: ticket, as_of: start, agg: count',
      ["31 wrong_value as_of of measure m cannot be 'start'. Known are end."],
    ],
    [
      'a list that is not in a function',
      'entity: ticket, at: opened, agg: count, filter: answers > 1',
      [
        '56 type_error in filter of measure m: answers is a list of observations, not one value. Write count(answers), last_time(answers), ….',
      ],
    ],
    [
      'each_t without each',
      'entity: ticket, at: opened, agg: count, filter: each_t > opened',
      [
        '56 unknown_name in filter of measure m: each_t means nothing here: only measures with each look at observations one by one.',
      ],
    ],
    [
      'the window of a row',
      'entity: ticket, at: opened, agg: count, filter: resolved < window_end',
      [
        '67 unknown_name in filter of measure m: window_end means nothing here: only measures with as_of: end, and what segments measure, know their window.',
      ],
    ],
    [
      'a filter that is a time',
      'entity: ticket, at: opened, agg: count, filter: resolved',
      ['56 type_error in filter of measure m: the expression is a time; filter needs a condition.'],
    ],
    ['a mean without expr', 'entity: ticket, at: opened, agg: mean', ['3 missing_key measure m needs expr.']],
    [
      'a count with expr',
      'entity: ticket, at: opened, agg: count, expr: resolved - opened',
      ['48 unknown_key agg: count of measure m takes no expr. Leave it out, or use agg: sum.'],
    ],
    [
      'the mean of a time',
      'entity: ticket, at: opened, agg: mean, expr: resolved',
      ['53 type_error in expr of measure m: the expression is a time; expr needs a number or a duration.'],
    ],
    [
      'a duration without a unit',
      'entity: ticket, at: opened, agg: mean, expr: resolved - opened',
      ['3 wrong_unit expr of measure m is a duration. Its unit can be seconds, minutes, hours, days.'],
    ],
    [
      'a duration in money',
      'entity: ticket, at: opened, agg: mean, expr: resolved - opened, unit: money',
      [
        '78 wrong_unit expr of measure m is a duration, which is not given in money. Its unit can be seconds, minutes, hours, days.',
      ],
    ],
    [
      'a count in money',
      'entity: ticket, at: opened, agg: count, unit: money',
      ['54 wrong_unit agg: count of measure m gives a count, not money. Leave unit out.'],
    ],
    [
      'distinct of a sum',
      'entity: buyer, each: bought, agg: sum, expr: each_v, distinct: order_id',
      ['61 unknown_key agg: sum of measure m takes no distinct. Leave it out, or use agg: count_distinct.'],
    ],
    [
      'distinct numbers',
      'entity: buyer, each: bought, agg: count_distinct, distinct: each_v',
      ['68 type_error in distinct of measure m: the expression is a number; distinct needs a text or a person.'],
    ],
    [
      'a dimension that is no text',
      'entity: ticket, at: opened, agg: count, dimensions: [person]',
      ['61 type_error dimensions of measure m: person is not one text of ticket. Known are topic.'],
    ],
    [
      'a dimension that is not there',
      'entity: ticket, at: opened, agg: count, dimensions: [topik, topic, topic]',
      [
        '61 unknown_name dimensions of measure m: ticket has no field topik. Did you mean topic?',
        '75 duplicate_id dimensions of measure m name topic twice.',
      ],
    ],
    [
      'two waits',
      'entity: ticket, at: opened, agg: count, follow_up: 7d, follow_up_days: 7',
      [
        '63 unknown_key measure m has both follow_up and follow_up_days. Keep one of them: a length such as 7d, or calendar days after the local day of its time.',
      ],
    ],
    [
      'a wait of no length',
      'entity: ticket, at: opened, agg: count, follow_up: a week',
      [
        '59 wrong_value follow_up of measure m: "a week" is not a length of time; write a whole number and s, m, h or d: 90s, 5m, 1h, 7d.',
      ],
    ],
    [
      'a wait of years',
      'entity: ticket, at: opened, agg: count, follow_up: 900d',
      ['59 wrong_value follow_up of measure m: 900d is longer than 400d.'],
    ],
    [
      'half a day',
      'entity: ticket, at: opened, agg: count, follow_up_days: 0.5',
      ['64 wrong_value follow_up_days of measure m must be a whole number of days from 1 to 400.'],
    ],
    [
      'a wait of a level',
      'entity: ticket, as_of: end, agg: count, follow_up: 7d',
      ["48 unknown_key measure m is as of the window's end; what follows cannot change it. Leave follow_up out."],
    ],
    [
      'a quantile without one',
      'entity: buyer, each: bought, agg: quantile, expr: each_v',
      ['3 missing_key measure m needs quantile.'],
    ],
    [
      'nothing as one',
      'entity: ticket, at: opened, agg: count, empty: one',
      ["55 wrong_value empty of measure m cannot be 'one'. Known are zero, null."],
    ],
  ]
  it.each(cases)('%s', (_, rest, problems) => {
    expect(problemsOf(measure(rest), FILES)).toEqual(problems.map(problem => `my.yaml:${line}:${problem}`))
  })

  it('days of texts', () => {
    const yaml = `${ENTITIES}      said: { event: ticket, agg: list, expr: topic }\n`.replace(
      '    fields: { own: { event: [click, impression], agg: list } }',
      '    fields:\n      own: { event: click, agg: list }',
    )
    expect(problemsOf(`${yaml}measures:\n  m: { entity: session, each: said, per: day, agg: count }\n`, FILES)).toEqual(
      [`my.yaml:${line + 2}:42 type_error per: day of measure m adds up the values of said, which are no numbers.`],
    )
  })

  it('of an entity that could not be read nothing is said again', () => {
    const yaml =
      'entities:\n  ticket: { key: ticket_id, event: tiket, fields: { a: { agg: list } } }\nmeasures:\n  m: { entity: ticket, each: a, agg: count }\n'
    expect(problemsOf(yaml, FILES)).toHaveLength(1)
  })
})
