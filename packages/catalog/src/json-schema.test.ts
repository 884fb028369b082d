import { readdir, readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ANOMALY_KEYS, PACE_KEYS } from './definitions/alerts/conditions.ts'
import { RECEIVER_KEYS_OF_ALL, SECRET_KEYS } from './definitions/alerts/receivers.ts'
import { ESCALATE_KEYS, INHIBIT_KEYS, ROUTE_KEYS } from './definitions/alerts/routes.ts'
import { RULE_KEYS } from './definitions/alerts/rule.ts'
import { INTERVAL_KEYS, PART_KEYS, TIMES_KEYS } from './definitions/alerts/time-intervals.ts'
import { BENCHMARK_KEYS, RECORD_KEYS } from './definitions/beside.ts'
import { DIGEST_KEYS } from './definitions/digests/digests.ts'
import { SELECTOR_KEYS } from './definitions/digests/selectors.ts'
import { ENTITY_KEYS, PEER_KEYS, SPLIT_KEYS } from './definitions/entities/entity.ts'
import { FIELD_KEYS, SOURCE_KEYS } from './definitions/entities/fields.ts'
import { INDICATOR_TYPES, keysOfType, TYPE_KEYS } from './definitions/formulas/keys.ts'
import { INDICATOR_KEYS } from './definitions/indicators.ts'
import { ACTIVE_KEYS, ALSO_KEYS, BUSINESS_HOURS_KEYS, IDENTITY_KEYS } from './definitions/journey-settings.ts'
import { ATTRIBUTION_KEYS, LIST_KEYS, ROW_KEYS } from './definitions/journeys/attributions.ts'
import { FUNNEL_KEYS, STEP_KEYS } from './definitions/journeys/funnels.ts'
import { REFERENCE_KEYS, VALUE_KEYS } from './definitions/journeys/references.ts'
import { SEGMENTS_KEYS } from './definitions/journeys/segments.ts'
import { KEYS_OF_KIND, MEASURE_KINDS } from './definitions/measure-kinds.ts'
import { SETTINGS_KEYS } from './definitions/settings.ts'
import { TARGET_KEYS } from './definitions/targets.ts'
import { JSON_SCHEMAS, schemaText } from './json-schema.ts'
import { pathsOf } from './testing/schema-paths.ts'

const shipped = new URL('../../../catalog/', import.meta.url).pathname
const files = (await readdir(shipped)).filter(name => name.endsWith('.yaml'))
function schemaOf(file: string): string {
  if (file === 'kivi.yaml') return 'kivi.schema.json'
  if (file === 'digests.yaml') return 'digests.schema.json'
  return file === 'alerts.yaml' ? 'alerts.schema.json' : 'schema.json'
}

const validate = new Ajv2020({ allErrors: true }).compile(JSON_SCHEMAS['schema.json']!)
/** what the schema finds wrong, as paths of places with what stands there */
function wrong(document: unknown): string[] {
  validate(document)
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, keyword, params }) => {
      const what = params['missingProperty'] ?? params['additionalProperty'] ?? ''
      return `${instancePath.slice(1)} ${keyword}${what === '' ? '' : ` ${what}`}`
    })
}

const MEASURE_KEYS = [...new Set(MEASURE_KINDS.flatMap(kind => KEYS_OF_KIND[kind].known))]
const OCCURRENCE_KEYS = [...new Set([...LIST_KEYS.known, ...ROW_KEYS.known])]

describe('the JSON Schemas for editors', () => {
  it.each(Object.keys(JSON_SCHEMAS))(
    'lie beside the catalog as the code has them: %s (write them with --update)',
    async name => {
      await expect(schemaText(name)).toMatchFileSnapshot(`${shipped}${name}`)
    },
  )

  it.each<[file: string, at: string, keys: readonly string[]]>([
    ['schema.json', 'measures.*', MEASURE_KEYS],
    ['schema.json', 'indicators.*', INDICATOR_KEYS.known],
    ['schema.json', 'indicators.*.targets[]', TARGET_KEYS.known],
    ['schema.json', 'indicators.*.benchmarks[]', BENCHMARK_KEYS.known],
    ['schema.json', 'indicators.*.record', RECORD_KEYS.known],
    ['schema.json', 'indicators.*.offsets.*', ['of', 'against']],
    ['schema.json', 'entities.*', ENTITY_KEYS.known],
    ['schema.json', 'entities.*.fields.*', FIELD_KEYS.known],
    ['schema.json', 'entities.*.fields.*.from[]', SOURCE_KEYS.known],
    ['schema.json', 'entities.*.peers.*', PEER_KEYS.known],
    ['schema.json', 'entities.*.split', SPLIT_KEYS.known],
    ['schema.json', 'attributions.*', ATTRIBUTION_KEYS.known],
    ['schema.json', 'attributions.*.touches[]', OCCURRENCE_KEYS],
    ['schema.json', 'attributions.*.conversions', OCCURRENCE_KEYS],
    ['schema.json', 'funnels.*', FUNNEL_KEYS.known],
    ['schema.json', 'funnels.*.steps[]', STEP_KEYS.known],
    ['schema.json', 'references.*', REFERENCE_KEYS.known],
    ['schema.json', 'references.*.values[]', VALUE_KEYS.known],
    ['schema.json', 'segments.*', SEGMENTS_KEYS.known],
    ['alerts.schema.json', 'alerts[]', RULE_KEYS.known],
    ['alerts.schema.json', 'alerts[].anomaly', ANOMALY_KEYS.known],
    ['alerts.schema.json', 'alerts[].pace', PACE_KEYS.known],
    ['alerts.schema.json', 'receivers.*', RECEIVER_KEYS_OF_ALL.known],
    ['alerts.schema.json', 'receivers.*.secret', SECRET_KEYS.known],
    ['alerts.schema.json', 'route', ROUTE_KEYS.known],
    ['alerts.schema.json', 'route.escalate[]', ESCALATE_KEYS.known],
    ['alerts.schema.json', 'time_intervals.*', INTERVAL_KEYS.known],
    ['alerts.schema.json', 'time_intervals.*.any[]', PART_KEYS.known],
    ['alerts.schema.json', 'time_intervals.*.any[].times[]', TIMES_KEYS.known],
    ['alerts.schema.json', 'inhibit[]', INHIBIT_KEYS.known],
    ['digests.schema.json', 'digests[]', DIGEST_KEYS.known],
    ['digests.schema.json', 'digests[].indicators[]', SELECTOR_KEYS.known],
    ['kivi.schema.json', '', SETTINGS_KEYS.known],
    ['kivi.schema.json', 'identity', IDENTITY_KEYS.known],
    ['kivi.schema.json', 'active', ACTIVE_KEYS.known],
    ['kivi.schema.json', 'active.also[]', ALSO_KEYS.known],
    ['kivi.schema.json', 'business_hours', BUSINESS_HOURS_KEYS.known],
  ])('know exactly the keys that the loader knows: %s %s', (file, at, keys) => {
    const prefix = at === '' ? '' : `${at}.`
    const known = pathsOf(JSON_SCHEMAS[file]!)
      .filter(path => path.startsWith(prefix))
      .map(path => path.slice(prefix.length))
      .filter(key => /^\w+$/.test(key))
    expect(known.sort()).toEqual([...keys].sort())
  })

  it.each(files)('accept the shipped %s, which names its schema for editors', async file => {
    const content = await readFile(shipped + file, 'utf8')
    const validate = new Ajv2020().compile(JSON_SCHEMAS[schemaOf(file)]!)
    validate(parse(content))
    expect(validate.errors).toBeNull()
    expect(content.split('\n', 1)[0]).toBe(`# yaml-language-server: $schema=./${schemaOf(file)}`)
  })

  it.each(INDICATOR_TYPES)('mark what an indicator of type %s lacks, and keys of other types', type => {
    expect(wrong({ indicators: { a: { type } } }).sort()).toEqual(
      [...(type === 'simple' ? [] : ['label']), ...TYPE_KEYS[type].required]
        .map(key => `indicators/a required ${key}`)
        .sort(),
    )
    const foreign = INDICATOR_TYPES.flatMap(other => [...TYPE_KEYS[other].required]).filter(
      key => !keysOfType(type).includes(key),
    )
    const marked = wrong({ indicators: { a: { type, ...Object.fromEntries(foreign.map(key => [key, 'x'])) } } })
    for (const key of foreign) expect(marked, key).toContain(`indicators/a/${key} false schema`)
  })

  it.each<[what: string, measure: object, marked: string[]]>([
    ['without events', { agg: 'count' }, ['measures/a required event']],
    ['over an entity without a time', { entity: 'e', agg: 'count' }, ['measures/a anyOf']],
    ['over an entity by two times', { entity: 'e', agg: 'count', at: 't', as_of: 'end' }, ['measures/a anyOf']],
    [
      'of an attribution with agg',
      { attribution: 'a', counts: 'touches', agg: 'sum' },
      ['measures/a/agg false schema'],
    ],
    ['of events with at', { event: 'click', agg: 'count', at: 't' }, ['measures/a/at false schema']],
    ['of a funnel without its step', { funnel: 'f' }, ['measures/a required step']],
    ['of a reference with a filter', { reference: 'r', filter: 'x' }, ['measures/a/filter false schema']],
    [
      'with an unknown key',
      { event: 'click', agg: 'count', filters: 'x' },
      ['measures/a additionalProperties filters'],
    ],
  ])('mark what is wrong with a measure %s', (_, measure, marked) => {
    expect(wrong({ measures: { a: measure } })).toEqual(expect.arrayContaining(marked))
    expect(marked.length).toBeGreaterThan(0)
  })

  it.each<[what: string, target: object, right: boolean]>([
    ['a value', { value: 1 }, true],
    ['a change from a baseline', { change: 0.2, baseline: 10 }, true],
    ['a change alone', { change: 0.2 }, false],
    ['both', { value: 1, change: 0.2, baseline: 10 }, false],
    ['neither', {}, false],
  ])('tell whether a target has %s', (_, target, right) => {
    const targets = [{ from: '2026-01-01', reason: 'r', ...target }]
    expect(wrong({ indicators: { a: { type: 'simple', targets } } }).length === 0).toBe(right)
  })
})
