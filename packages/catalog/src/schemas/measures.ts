import { TIMING_KEYS } from '../definitions/entities/timing.ts'
import { COUNTS, TAKES } from '../definitions/journeys/measures.ts'
import { KEYS_OF_KIND, MEASURE_KINDS, type MeasureKind } from '../definitions/measure-kinds.ts'
import { AGGREGATIONS, MOST_DIMENSIONS } from '../definitions/measures.ts'
import { UNITS } from '../definitions/units.ts'
import {
  length,
  object,
  oneOf,
  type Properties,
  type Schema,
  someTexts,
  TRAFFIC_SAYS,
  text,
  textList,
  where,
  whole,
  words,
} from './basics.ts'

const KEYS: Properties = {
  label: words('its name; default the id in words'),
  description: words('what it is'),
  better: oneOf(['higher', 'lower'], 'which way is good; default higher'),
  event: someTexts("the event types it reads, or '*' for all"),
  entity: text('the entity whose rows it is over'),
  attribution: text('the attribution whose credit it counts'),
  reference: text('the reference whose figures it is'),
  funnel: text('the funnel whose persons it counts'),
  agg: oneOf(AGGREGATIONS, 'how many become one number'),
  filter: text("a condition, e.g. target == 'ad'"),
  expr: text('the number that is summed, averaged or ranked'),
  distinct: text('for count_distinct: person, or a text'),
  quantile: {
    ...{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    description: 'for quantile: 0.5 is the median',
  },
  dimensions: textList('by which it can be asked', MOST_DIMENSIONS),
  traffic: text(TRAFFIC_SAYS),
  unit: oneOf(UNITS, 'unit of its values'),
  at: text('when a row counts: a time of it'),
  each: text('the list whose observations count, each by itself'),
  per: oneOf(['day'], 'with each: the observations of a day count as one'),
  time: text('with each: the time by which one counts instead of its own'),
  as_of: oneOf(['end'], "every row counts as it is at the window's end"),
  follow_up: length('how long after its time it can still change'),
  follow_up_days: whole(1, 400, 'calendar days after its own day for which it can still change'),
  empty: oneOf(['zero', 'null'], 'what nothing counts as'),
  counts: oneOf(COUNTS, 'what of the attribution is counted'),
  take: oneOf(TAKES, 'the figure in force at the start or end, their mean; of a flow the sum'),
  step: text('the step that they reached'),
}

const REQUIRED: Readonly<Record<MeasureKind, readonly string[]>> = {
  event: ['event', 'agg'],
  entity: ['entity', 'agg'],
  attribution: ['attribution', 'counts'],
  funnel: ['funnel', 'step'],
  reference: ['reference'],
}

const OTHER_KINDS = MEASURE_KINDS.filter(kind => kind !== 'event')

const says = (kind: MeasureKind): Schema =>
  kind === 'event' ? { not: { anyOf: OTHER_KINDS.map(other => ({ required: [other] })) } } : { required: [kind] }

export const MEASURE: Schema = {
  ...object(KEYS),
  allOf: [
    ...MEASURE_KINDS.map(kind =>
      where(
        says(kind),
        REQUIRED[kind],
        Object.keys(KEYS).filter(key => !KEYS_OF_KIND[kind].known.includes(key)),
      ),
    ),
    // an entity's rows count by exactly one time
    { anyOf: [{ not: says('entity') }, { oneOf: TIMING_KEYS.map(key => ({ required: [key] })) }] },
  ],
}
