import type { Expression } from '@kivi/domain'
import { ownFilter } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../load.ts'
import { formatProblem } from '../problems.ts'
import { problemsOf, sampleFiles } from '../testing/sample-catalog.ts'

const SETTINGS = `timezone: UTC
currency: EUR
identity: { link: '*' }
active: { events: [click], also: [{ event: purchase, filter: amount > 0 }] }
`
const INVALID = `invalid_traffic:
  bot: properties.traffic == 'bot'
  test: source in ['test', 'staging']
`
const YAML = `
measures:
  clicks: { event: click, agg: count }
  ad_clicks: { event: click, filter: target == 'ad', agg: count }
  all_clicks: { event: click, agg: count, traffic: all }
  bad_clicks: { event: click, filter: target == 'ad', agg: count, traffic: invalid }
  bot_clicks: { event: click, agg: count, traffic: bot }
entities:
  person: { key: person, fields: { active: { event: active, agg: list }, clicks: { event: click, filter: target == 'ad', agg: list } } }
  robot: { key: person, traffic: bot, fields: { active: { event: active, agg: list } } }
funnels:
  buying: { within: 1h, steps: [{ name: a, event: click }, { name: b, event: purchase, filter: amount > 1 }] }
`
function load(invalid = INVALID, yaml = YAML) {
  const loaded = loadCatalogFiles(sampleFiles({ 'kivi.yaml': SETTINGS + invalid, 'my.yaml': yaml }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog
}
const catalog = load()

const good = { target: 'ad', amount: 2, properties: {} }
const bot = { ...good, properties: { traffic: 'bot' } }
const test = { ...good, source: 'staging' }
const counted = (filter: Expression | null | undefined): boolean[] =>
  [good, bot, test].map(event => filter == null || filter.evaluate(event) === true)

describe('invalid traffic', () => {
  it('is left out of measures, entities, funnels and of what is active, unless they count it', () => {
    const { measures, entities, funnels } = catalog
    const of = (id: string) => counted(measures.get(id)!.filter)
    expect(of('clicks')).toEqual([true, false, false])
    expect(of('ad_clicks')).toEqual([true, false, false])
    expect(of('all_clicks')).toEqual([true, true, true])
    expect(of('bad_clicks')).toEqual([false, true, true])
    expect(of('bot_clicks')).toEqual([false, true, false])
    const fields = (name: string) =>
      [...entities.get(name)!.fields.values()].map(({ from }) => from.map(({ filter }) => counted(filter)))
    const valid = [true, false, false]
    expect(fields('person')).toEqual([[valid, valid], [valid]])
    expect(fields('robot')).toEqual([
      [
        [false, true, false],
        [false, true, false],
      ],
    ])
    expect(funnels.get('buying')!.steps.map(step => counted(step.filter))).toEqual([valid, valid])
    expect(catalog.active.map(({ filter }) => counted(filter))).toEqual([valid, valid])
    expect(counted(catalog.valid)).toEqual(valid)
  })

  it('is one condition that all measures share, and no part of what they say of themselves', () => {
    const filters = ['clicks', 'ad_clicks'].map(id => catalog.measures.get(id)!.filter)
    expect(new Set(filters.map(filter => filter?.parts?.shared)).size).toBe(1)
    expect(filters.map(filter => ownFilter(filter)?.source ?? null)).toEqual([null, "target == 'ad'"])
    expect(ownFilter(catalog.measures.get('bot_clicks')!.filter)?.source).toBe("properties.traffic == 'bot'")
    expect(ownFilter(catalog.funnels.get('buying')!.steps[1]!.filter)?.source).toBe('amount > 1')
  })

  it('is nothing where kivi.yaml has no conditions: all events are valid and none invalid', () => {
    const { measures, valid } = load('', YAML.replaceAll('traffic: bot', 'traffic: invalid'))
    expect(valid ?? null).toBeNull()
    expect(counted(measures.get('clicks')!.filter)).toEqual([true, true, true])
    expect(counted(measures.get('bad_clicks')!.filter)).toEqual([false, false, false])
  })

  it('is part of the definition of all that leaves it out, and of nothing else', () => {
    const other = load(INVALID.replace("'bot'", "'robot'"))
    const changed = [...catalog.indicators].filter(([id, { version }]) => other.indicators.get(id)!.version !== version)
    expect(changed.map(([id]) => id).sort()).toEqual(['ad_clicks', 'bad_clicks', 'bot_clicks', 'clicks'])
    expect(other.hash).not.toBe(catalog.hash)
    for (const name of ['person', 'robot'])
      expect(other.entities.get(name)!.version).not.toBe(catalog.entities.get(name)!.version)
    expect(other.funnels.get('buying')!.version).not.toBe(catalog.funnels.get('buying')!.version)
  })

  it.each([
    ['an unknown field', "bot: campain == 'x'", /3:\d+ unknown_name in bot of invalid_traffic: .*campain.*campaign/],
    ['a field of one type', "bot: target == 'ad'", /unknown_name .*has no field target.*Known are source/],
    ['an id', "bot: user_id == 'u'", /unknown_name .*conditions cannot read it/],
    ['a number', 'bot: 1 + 1', /type_error .*bot needs a condition/],
    ['no field', 'bot: 1 == 1', /type_error .*does not depend on the event alone/],
    ['a division', "bot: source == 'a' && 1 / 0 == 1", /type_error .*does not depend on the event alone/],
    ['a name that is taken', "all: source == 'a'", /bad_id all means something else .*all_traffic/],
    ['a bad name', "Bots: source == 'a'", /bad_id Bots cannot name a condition/],
    ['no text', 'bot: true', /wrong_type bot of invalid_traffic must be a text/],
    ['a syntax error', "bot: source = 'a'", /bad_expression .*Equality is written ==/],
  ])('is refused with %s', (_, line, problem) => {
    const settings = `timezone: UTC\ncurrency: EUR\ninvalid_traffic: { ${line} }\n`
    const found = problemsOf('measures: { clicks: { event: click, agg: count } }', { 'kivi.yaml': settings })
    expect(found.join('\n')).toMatch(problem)
    expect(found).toHaveLength(1)
  })

  it('is refused where it is no list of conditions', () => {
    const settings = 'timezone: UTC\ncurrency: EUR\ninvalid_traffic: [bot]\n'
    expect(problemsOf('', { 'kivi.yaml': settings })).toEqual([
      'kivi.yaml:3:18 wrong_type invalid_traffic must be a mapping (key: value).',
    ])
  })

  it.each([
    [
      'measures: { a: { event: click, agg: count, traffic: bott } }',
      /1:\d+ unknown_name .*no invalid_traffic bott.*bot/,
    ],
    [
      'entities: { e: { key: person, traffic: none, fields: { a: { event: click, agg: list } } } }',
      /unknown_name .*none/,
    ],
    [
      'funnels: { f: { within: 1h, traffic: 7, steps: [{ name: a, event: click }, { name: b, event: purchase }] } }',
      /wrong_type traffic of funnel f/,
    ],
    ['measures: { a: { entity: e, agg: count, traffic: all } }', /unknown_key .*traffic/],
  ])('is named right by %s', (yaml, problem) => {
    expect(problemsOf(yaml, { 'kivi.yaml': SETTINGS + INVALID }).join('\n')).toMatch(problem)
  })

  it('is told as it is when a condition that a measure names cannot be read', () => {
    const settings = `${SETTINGS}invalid_traffic: { bot: sauce == 'x' }\n`
    const found = problemsOf('measures: { a: { event: click, agg: count, traffic: bot } }', { 'kivi.yaml': settings })
    expect(found).toHaveLength(1)
  })
})
