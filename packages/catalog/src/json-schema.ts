import { INDICATOR_TYPES, KINDS, LEVELS, TIMINGS } from './definitions/indicators.ts'
import { AGGREGATIONS, MOST_DIMENSIONS } from './definitions/measures.ts'
import { PERIODS } from './definitions/targets.ts'
import { UNITS } from './definitions/units.ts'

type Schema = Readonly<Record<string, unknown>>

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
const text = (description: string): Schema => ({ type: 'string', minLength: 1, description })
const number = (description: string): Schema => ({ type: 'number', description })
const oneOf = (values: readonly string[], description: string): Schema => ({ enum: values, description })
const texts = (description: string): Schema => ({
  description,
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
})
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
const byId = (schema: Schema): Schema => ({
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-z0-9_]{0,63}$' },
  additionalProperties: schema,
})
const words = (description: string): Schema => ({
  description,
  anyOf: [{ type: 'string', minLength: 1 }, object({ en: text('in English'), zh: text('in Chinese') }, ['en'])],
})
const date = (description: string): Schema => ({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}(T.+)?$', description })
const window = (description: string): Schema => ({ type: 'string', pattern: '^[1-9]\\d{0,6}[smhd]$', description })

const MEASURE = object(
  {
    label: words('its name; default the id in words'),
    description: words('what it is'),
    event: texts("the event types it reads, or '*' for all"),
    filter: text("a condition, e.g. target == 'ad'"),
    agg: oneOf(AGGREGATIONS, 'how events become a number'),
    expr: text('the number that is summed, averaged or ranked'),
    distinct: text('for count_distinct: person, or a text field'),
    quantile: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'for quantile: 0.5 is the median',
    },
    dimensions: {
      type: 'array',
      items: { type: 'string' },
      maxItems: MOST_DIMENSIONS,
      description: 'fields by which it can be asked',
    },
    unit: oneOf(UNITS, 'unit of its values'),
    better: oneOf(['higher', 'lower'], 'which way is good; default higher'),
  },
  ['event', 'agg'],
)

const TARGET = object(
  {
    value: number('what the indicator should reach'),
    from: date('from when it holds'),
    until: date('the first moment at which it no longer holds'),
    by: { type: 'object', additionalProperties: { type: 'string' }, description: 'the segment for which it holds' },
    per: oneOf(PERIODS, 'the calendar period for which it holds'),
    window: window('the length of window for which it holds'),
    reason: text('why'),
    set_by: text('who set it'),
    set_at: date('when it was set'),
  },
  ['value', 'from', 'reason'],
)

const INDICATOR = object(
  {
    label: words('its name'),
    description: words('what it means and how to read it'),
    type: oneOf(INDICATOR_TYPES, 'how its value is made'),
    measure: text('for simple: the measure; default its own id'),
    numerator: text('for ratio: a measure or indicator'),
    denominator: text('for ratio: a measure or indicator'),
    expr: text('for derived: a formula over measures and indicators'),
    unit: oneOf(UNITS, 'unit of its value'),
    better: oneOf(['higher', 'lower'], 'which way is good'),
    level: oneOf(LEVELS, 'whom it concerns'),
    kind: oneOf(KINDS, 'strategic, operational or functional'),
    timing: oneOf(TIMINGS, 'whether it leads or lags'),
    owner: text('whose it is'),
    strategy: text('why it matters'),
    parent: text('the indicator above it'),
    window: window('of a question that names none; default 1d'),
    board: { type: 'boolean', description: 'whether the board shows it' },
    targets: { type: 'array', items: TARGET },
    at_risk_within: { type: 'number', minimum: 0, description: 'share of |target|; default 0.1' },
    minimum_volume: { type: 'number', minimum: 0, description: 'below it no alert is raised' },
  },
  ['type'],
)

const NORTH_STAR = object(
  { indicators: texts('which lead'), from: date('since when'), reason: text('why'), set_by: text('by whom') },
  ['indicators', 'from', 'reason'],
)

/** JSON Schemas for editors by file of the catalog: what kivi check knows beyond names and expressions. */
export const JSON_SCHEMAS: Readonly<Record<string, Schema>> = {
  'schema.json': {
    $schema: DIALECT,
    title: 'Measures and indicators of Kivi',
    ...object({ measures: byId(MEASURE), indicators: byId(INDICATOR) }),
  },
  'kivi.schema.json': {
    $schema: DIALECT,
    title: 'Settings of a Kivi catalog',
    ...object(
      {
        timezone: text('IANA name, e.g. Asia/Shanghai'),
        currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' },
        fiscal_year_start: { type: 'string', pattern: '^\\d{2}-\\d{2}$', description: 'MM-DD' },
        surveys: {
          type: 'object',
          additionalProperties: object({ min: number('lowest score'), max: number('highest score') }, ['min', 'max']),
        },
        board: texts('indicators of the board, in order'),
        north_star: { type: 'array', items: NORTH_STAR },
      },
      ['timezone', 'currency'],
    ),
  },
}

/** what a file of JSON_SCHEMAS holds */
export function schemaText(name: string): string {
  return `${JSON.stringify(JSON_SCHEMAS[name], null, 2)}\n`
}
