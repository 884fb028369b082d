import { AGGREGATIONS, MOST_DIMENSIONS } from './definitions/measures.ts'
import { UNITS } from './definitions/units.ts'
import { byId, date, number, object, oneOf, text, texts, words } from './schemas/basics.ts'
import { INDICATOR } from './schemas/indicators.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

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

const NORTH_STAR = object(
  { indicators: texts('which lead'), from: date('since when'), reason: text('why'), set_by: text('by whom') },
  ['indicators', 'from', 'reason'],
)

/** JSON Schemas for editors by file of the catalog: what kivi check knows beyond names and expressions. */
export const JSON_SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
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
