import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../../load.ts'
import { formatProblem } from '../../problems.ts'
import { problemsOf, sampleFiles } from '../../testing/sample-catalog.ts'

const ENTITIES = `entities:
  person:
    key: person
    fields:
      active: { event: [click, purchase], agg: list }
      began: { event: [click, purchase], agg: min, expr: event_time }
      bought: { event: purchase, agg: min, expr: event_time }
      came_by: { event: click, agg: first, expr: campaign }
`
const withIndicator = (keys: string): string =>
  `${ENTITIES}indicators:\n  kept: { label: { en: Kept, zh: 留存 }, ${keys} }\n`

function load(yaml: string) {
  const loaded = loadCatalogFiles(sampleFiles({ 'my.yaml': yaml }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog
}

const RETENTION = 'type: retention, entity: person, first: began, again: active, day: 7'

describe('a retention', () => {
  const catalog = load(withIndicator(RETENTION))

  it('is a share of two measures, which are made for it and served like any other', () => {
    expect(catalog.indicators.get('kept')).toMatchObject({
      type: 'ratio',
      declared: 'retention',
      numerator: 'kept_retained',
      denominator: 'kept_cohort',
      unit: 'percent',
      interval: 'wilson',
      dimensions: [],
      rolling: false,
    })
    expect([...catalog.derivedMeasures.keys()]).toEqual(['kept_retained', 'kept_cohort'])
    expect(catalog.indicators.get('kept_cohort')).toMatchObject({ type: 'simple', unit: 'count', board: false })
  })

  it('calls them after its label, in both languages', () => {
    expect(catalog.derivedMeasures.get('kept_retained')).toMatchObject({
      label: { en: 'Kept: retained', zh: '留存：留存人数' },
      description: { en: 'Those of the cohort who came back on day 7.' },
    })
    expect(catalog.derivedMeasures.get('kept_cohort')).toMatchObject({
      label: { en: 'Kept: cohort', zh: '留存：同期群人数' },
    })
  })

  it('counts rows whose day N is over, by the time of their first', () => {
    const [retained, cohort] = ['kept_retained', 'kept_cohort'].map(id => catalog.derivedMeasures.get(id)!)
    if (retained?.kind !== 'entity' || cohort?.kind !== 'entity') throw new Error('not over an entity')
    for (const measure of [retained, cohort]) {
      expect(measure).toMatchObject({ entity: 'person', agg: 'count', followUp: { days: 8 }, empty: 'zero' })
      expect(measure.timing.kind === 'at' && measure.timing.time.source).toBe('began')
    }
    expect(cohort.filter!.source).toBe('day_start(day(began) + 8) <= known_until')
    expect(retained.filter!.source).toBe(
      'day_start(day(began) + 8) <= known_until && count(active, day_start(day(began) + 7), day_start(day(began) + 8)) > 0',
    )
  })

  it('on or after day N has no end', () => {
    const after = load(withIndicator(`${RETENTION}, rule: on_or_after`)).derivedMeasures.get('kept_retained')!
    expect(after.kind === 'entity' && after.filter!.source).toBe(
      'day_start(day(began) + 8) <= known_until && has(last_time(active)) && last_time(active) >= day_start(day(began) + 7)',
    )
  })

  it('is asked by the dimensions that it names', () => {
    const by = load(withIndicator(`${RETENTION}, dimensions: [came_by]`))
    expect(by.indicators.get('kept')!.dimensions).toEqual(['came_by'])
  })

  it('has a version that changes with the day, the rule and the entity, and not with words', () => {
    const version = (yaml: string): string => load(yaml).indicators.get('kept')!.version
    const first = version(withIndicator(RETENTION))
    expect(version(withIndicator(RETENTION.replace('day: 7', 'day: 6')))).not.toBe(first)
    expect(version(withIndicator(`${RETENTION}, rule: on_or_after`))).not.toBe(first)
    expect(version(withIndicator(RETENTION).replace('[click, purchase], agg: list', 'click, agg: list'))).not.toBe(
      first,
    )
    expect(version(withIndicator(RETENTION).replace('Kept', 'Stayed'))).toBe(first)
  })

  it.each<[what: string, keys: string, problems: string[]]>([
    [
      'what is missing',
      'type: retention, entity: person',
      [
        'my.yaml:10:3 missing_key indicator kept needs first.',
        'my.yaml:10:3 missing_key indicator kept needs again.',
        'my.yaml:10:3 missing_key indicator kept needs day.',
      ],
    ],
    [
      'an unknown entity',
      RETENTION.replace('person', 'persn'),
      ['my.yaml:10:65 unknown_name entity of indicator kept: there is no entity persn. Did you mean person?'],
    ],
    [
      'a first that cannot be read, at its place',
      RETENTION.replace('began', "'has(bought) ? bought : begun'"),
      ['my.yaml:10:104 unknown_name in first of indicator kept: person has no field begun. Did you mean began?'],
    ],
    [
      'a first that is no time',
      RETENTION.replace('began', 'came_by'),
      ['my.yaml:10:80 type_error in first of indicator kept: the expression is a text; first needs a time.'],
    ],
    [
      'an again that is no list',
      RETENTION.replace('again: active', 'again: began'),
      ['my.yaml:10:94 type_error again of indicator kept: began is one value, not a list of times. Known are active.'],
    ],
    [
      'an unknown again',
      RETENTION.replace('again: active', 'again: actve'),
      ['my.yaml:10:94 unknown_name again of indicator kept: entity person has no field actve. Did you mean active?'],
    ],
    [
      'a day that is none',
      RETENTION.replace('day: 7', 'day: 0'),
      ['my.yaml:10:107 wrong_value day of indicator kept is 0; a whole number from 1 to 399 is needed.'],
    ],
    [
      'a rule that does not exist',
      `${RETENTION}, rule: after`,
      ["my.yaml:10:116 wrong_value rule of indicator kept cannot be 'after'. Known are on, on_or_after."],
    ],
    [
      'a dimension that the entity does not have',
      `${RETENTION}, dimensions: [came_bye]`,
      ['my.yaml:10:122 unknown_name dimensions of indicator kept: person has no field came_bye. Did you mean came_by?'],
    ],
  ])('tells %s', (_, keys, problems) => {
    expect(problemsOf(withIndicator(keys)).sort()).toEqual(problems.sort())
  })

  it('refuses the id of another definition for what it is made of', () => {
    const taken = `${withIndicator(RETENTION)}measures:\n  kept_cohort: { event: click, agg: count }\n`
    expect(problemsOf(taken)).toEqual([
      'my.yaml:10:3 duplicate_id indicator kept is made of a measure kept_cohort, and another definition has that id. Give one of them another id.',
    ])
    const long = withIndicator(RETENTION).replace('  kept:', `  ${'k'.repeat(60)}:`)
    expect(problemsOf(long).map(p => p.split(' ', 2)[1])).toEqual(['bad_id', 'bad_id'])
  })
})

const JOURNEYS = `entities:
  person:
    key: person
    fields:
      ad_clicks: { event: click, filter: target == 'ad', agg: list, keep: [campaign, channel] }
      mail_clicks: { event: click, filter: target == 'email', agg: list, keep: [channel, campaign, region] }
  order:
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      buyer: { agg: first, expr: person }
attributions:
  clicks:
    touches: [{ list: person.ad_clicks }, { list: person.mail_clicks }]
    conversions: { entity: order, at: ordered, person: buyer }
    window: 7d
funnels:
  shop:
    within: 1h
    steps: [{ name: saw, event: impression, label: { en: Saw it, zh: 看到 } }, { name: clicked, event: click }, { name: bought, event: purchase }]
    dimensions: [campaign]
`
const journey = (keys: string): string => `${JOURNEYS}indicators:\n  rate: { label: Rate, ${keys} }\n`

describe('a conversion', () => {
  it('over touches is the share of touches that earn credit, by what every touch keeps', () => {
    const catalog = load(journey('type: conversion, attribution: clicks, over: touches'))
    expect(catalog.indicators.get('rate')).toMatchObject({
      type: 'ratio',
      declared: 'conversion',
      numerator: 'rate_converted_touches',
      denominator: 'rate_touches',
      unit: 'percent',
      interval: 'wilson',
      dimensions: ['campaign', 'channel'],
    })
    expect([...catalog.derivedMeasures.values()]).toMatchObject([
      { kind: 'attributed', id: 'rate_converted_touches', attribution: 'clicks', counts: 'converted_touches' },
      {
        kind: 'attributed',
        id: 'rate_touches',
        attribution: 'clicks',
        counts: 'touches',
        followUp: { ms: 7 * 86_400_000 },
      },
    ])
    expect(catalog.derivedMeasures.get('rate_touches')!.label).toEqual({ en: 'Rate: touches' })
  })

  it('over persons is the share of persons touched, by the dimensions that it names', () => {
    const catalog = load(journey('type: conversion, attribution: clicks, over: persons, dimensions: [channel]'))
    expect(catalog.indicators.get('rate')).toMatchObject({
      numerator: 'rate_converted_persons',
      denominator: 'rate_persons',
      dimensions: ['channel'],
      interval: 'wilson',
    })
    expect([...catalog.derivedMeasures.values()].map(m => m.kind === 'attributed' && m.counts)).toEqual([
      'converted_persons',
      'persons',
    ])
  })

  it('has a version that changes with the attribution', () => {
    const version = (yaml: string): string => load(yaml).indicators.get('rate')!.version
    const yaml = journey('type: conversion, attribution: clicks, over: touches')
    expect(version(yaml.replace('window: 7d', 'window: 8d'))).not.toBe(version(yaml))
    expect(version(yaml.replace('over: touches', 'over: persons'))).not.toBe(version(yaml))
    expect(version(yaml.replace('Rate', 'Share'))).toBe(version(yaml))
  })

  it.each([
    [
      'an unknown attribution',
      'attribution: click, over: touches',
      'attribution of indicator rate: there is no attribution click. Did you mean clicks?',
    ],
    [
      'an unknown over',
      'attribution: clicks, over: touch',
      "over of indicator rate cannot be 'touch'. Known are touches, persons.",
    ],
    [
      'a dimension that not all touches have',
      'attribution: clicks, over: touches, dimensions: [region]',
      'dimensions of indicator rate: not all touches of clicks have region. Known are campaign, channel.',
    ],
    ['a missing over', 'attribution: clicks', 'indicator rate needs over.'],
  ])('tells %s', (_, keys, problem) => {
    expect(problemsOf(journey(`type: conversion, ${keys}`))).toEqual([expect.stringMatching(/^my.yaml:\d+:\d+ \w+ /)])
    expect(problemsOf(journey(`type: conversion, ${keys}`))[0]!.replace(/^\S+ \S+ /, '')).toBe(problem)
  })
})

describe('a funnel', () => {
  it('is the share of those who entered that reached its last step', () => {
    const catalog = load(journey('type: funnel, funnel: shop'))
    expect(catalog.indicators.get('rate')).toMatchObject({
      declared: 'funnel',
      numerator: 'rate_finished',
      denominator: 'rate_entered',
      dimensions: ['campaign'],
      interval: 'wilson',
    })
    expect([...catalog.derivedMeasures.values()]).toMatchObject([
      { kind: 'funnel', funnel: 'shop', step: 2, description: { en: 'Persons who reached the last step, Bought.' } },
      {
        kind: 'funnel',
        funnel: 'shop',
        step: 0,
        description: { en: 'Persons who took the first step, Saw it.', zh: '完成第一步（看到）的人数。' },
      },
    ])
  })

  it('tells an unknown one', () => {
    expect(problemsOf(journey('type: funnel, funnel: shp'))).toEqual([
      expect.stringContaining('unknown_name funnel of indicator rate: there is no funnel shp. Did you mean shop?'),
    ])
  })
})

it('what a broken entity makes impossible is told once, at the entity', () => {
  const broken = withIndicator(RETENTION).replace('key: person', 'key: persn')
  expect(problemsOf(broken)).toHaveLength(1)
})
