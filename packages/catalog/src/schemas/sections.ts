import { FIELD_AGGREGATIONS } from '../definitions/entities/fields.ts'
import { CREDIT_MODELS } from '../definitions/journeys/attributions.ts'
import { MOST_STEPS } from '../definitions/journeys/funnels.ts'
import { REFERENCE_KINDS } from '../definitions/journeys/references.ts'
import { MOST_DIMENSIONS } from '../definitions/measures.ts'
import { UNITS } from '../definitions/units.ts'
import {
  byId,
  date,
  length,
  list,
  mapOf,
  number,
  object,
  oneOf,
  type Schema,
  someTexts,
  TRAFFIC_SAYS,
  text,
  textList,
  texts,
  words,
} from './basics.ts'

const EVENTS = "event types, 'active', or '*' for all"
const CONDITION = "a condition over events, e.g. action == 'opened'"

const FIELD: Schema = {
  ...object(
    {
      event: someTexts(`${EVENTS}; default the entity's`),
      filter: text(CONDITION),
      from: list(
        object({ event: someTexts(EVENTS), filter: text(CONDITION) }, ['event']),
        'several sources, each with a filter of its own',
        1,
      ),
      agg: oneOf(FIELD_AGGREGATIONS, 'how observations become the value; list keeps them all'),
      expr: text('a number, a text field, event_time or person'),
      keep: texts('texts that each observation carries along'),
    },
    ['agg'],
  ),
  not: { anyOf: [{ required: ['from', 'event'] }, { required: ['from', 'filter'] }] },
}

export const ENTITY: Schema = object(
  {
    label: words('its name; default the id in words'),
    description: words('what it is'),
    key: someTexts('whose events make a row: person, or text fields'),
    event: someTexts(`${EVENTS}: the source of fields that name none`),
    fields: byId(FIELD, 'what is kept of the events'),
    peers: byId(
      object(
        {
          of: text('a field, a time'),
          same: someTexts('fields that are equal in both rows'),
          earlier: { type: 'boolean', description: 'only of rows that come before' },
        },
        ['of', 'same'],
      ),
      'times of other rows that share something',
    ),
    split: {
      ...object({ gap: length('silence that ends a session'), own: text('a list: what extends a session') }, [
        'gap',
        'own',
      ]),
      description: 'rows are sessions of a person',
    },
    traffic: text(TRAFFIC_SAYS),
  },
  ['key', 'fields'],
)

const OCCURRENCES: Schema = {
  anyOf: [
    object({ list: text('ENTITY.LIST of an entity of persons'), filter: text('a condition over each') }, ['list']),
    object(
      {
        entity: text('an entity'),
        at: text('a time of its rows'),
        person: text('the field that says whose'),
        filter: text('a condition over rows'),
      },
      ['entity', 'at'],
    ),
  ],
}

export const ATTRIBUTION: Schema = object(
  {
    touches: list(OCCURRENCES, 'what may earn credit', 1),
    conversions: OCCURRENCES,
    window: length('how long after a touch a conversion may come'),
    credit: oneOf(CREDIT_MODELS, 'which touches earn it; default last'),
  },
  ['touches', 'conversions', 'window'],
)

export const FUNNEL: Schema = object(
  {
    label: words('its name; default the id in words'),
    within: length('how long after the first step the last may come'),
    steps: {
      type: 'array',
      minItems: 2,
      maxItems: MOST_STEPS,
      items: object(
        {
          name: text('its id'),
          label: words('its name; default the id in words'),
          event: someTexts("event types, or '*' for all"),
          filter: text(CONDITION),
        },
        ['name', 'event'],
      ),
    },
    dimensions: textList("fields of the first step's event", MOST_DIMENSIONS),
    traffic: text(TRAFFIC_SAYS),
  },
  ['within', 'steps'],
)

export const REFERENCE: Schema = {
  ...object({
    label: words('its name; default the id in words'),
    unit: oneOf(UNITS, 'unit of its values; default number'),
    kind: oneOf(REFERENCE_KINDS, 'level: in force at an instant (default); flow: a sum over a time'),
    dimensions: textList('by which its values differ', MOST_DIMENSIONS),
    values: list(
      object(
        {
          from: date('from when it holds'),
          until: date('the first moment at which it no longer holds'),
          value: number('the figure'),
          by: mapOf({ type: 'string' }, 'the segment for which it holds'),
        },
        ['from', 'value'],
      ),
      'its figures',
    ),
    file: text('a CSV file in the directory references, instead of values'),
  }),
  not: { required: ['values', 'file'] },
}

export const SEGMENTS: Schema = object(
  {
    entity: text('an entity of persons'),
    value: text("a number: what decides membership, frozen at the period's start"),
    measured: text('a number: what is measured in the period'),
    limits: mapOf({ type: 'number' }, 'lower limit of each segment, the highest first'),
    shares: mapOf({ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'share of persons in each segment'),
  },
  ['entity', 'value', 'measured', 'limits', 'shares'],
)
