import { BENCHMARK_KEYS, INTERVALS } from '../definitions/beside.ts'
import { INDICATOR_TYPES, KEYS_OF_TYPES, keysOfType, TYPE_KEYS } from '../definitions/formulas/keys.ts'
import { AGAINST } from '../definitions/formulas/offsets.ts'
import { LAST_DAY, OVER, RULES } from '../definitions/formulas/pairs.ts'
import { GROWTH_AS, MOST_LAGS } from '../definitions/formulas/read.ts'
import { KINDS, LEVELS, TIMINGS } from '../definitions/indicators.ts'
import { MOST_DIMENSIONS } from '../definitions/measures.ts'
import { PERIODS } from '../definitions/targets.ts'
import { UNITS } from '../definitions/units.ts'
import {
  atLeast,
  byId,
  date,
  flag,
  length,
  list,
  mapOf,
  number,
  object,
  oneOf,
  type Properties,
  type Schema,
  text,
  textList,
  where,
  whole,
  words,
} from './basics.ts'

const AGAINST_SCHEMA: Schema = {
  description: 'the earlier window: a calendar period, a week, a year or a length before, or the end of a period',
  anyOf: [{ enum: AGAINST }, length('a length before')],
}

const TARGET: Schema = {
  ...object(
    {
      value: number('what the indicator should reach'),
      change: number('instead of value: the change from the baseline, 0.2 is +20 %'),
      baseline: number('what change is counted from'),
      from: date('from when it holds'),
      until: date('the first moment at which it no longer holds'),
      by: mapOf({ type: 'string' }, 'the segment for which it holds'),
      per: oneOf(PERIODS, 'the calendar period for which it holds'),
      window: length('the length of window for which it holds'),
      reason: text('why'),
      set_by: text('who set it'),
      set_at: date('when it was set'),
    },
    ['from', 'reason'],
  ),
  oneOf: [{ required: ['value'] }, { required: ['change', 'baseline'] }],
}

const BENCHMARK = object(
  {
    label: words('whose figure it is'),
    value: number('the figure, or the lower end of a range'),
    upper: number('the upper end of a range'),
    source: text('where it was published'),
  },
  BENCHMARK_KEYS.known.filter(key => key !== 'upper'),
)

const RECORD = object(
  { every: length('how often it is computed'), by: textList('groups that are recorded beside the total') },
  ['every'],
)

/** keys that all types have */
const COMMON: Properties = {
  label: words('its name'),
  description: words('what it means and how to read it'),
  type: oneOf(INDICATOR_TYPES, 'how its value is made'),
  unit: oneOf(UNITS, 'unit of its value'),
  better: oneOf(['higher', 'lower'], 'which way is good'),
  level: oneOf(LEVELS, 'whom it concerns'),
  kind: oneOf(KINDS, 'strategic, operational or functional'),
  timing: oneOf(TIMINGS, 'whether it leads or lags'),
  owner: text('whose it is'),
  strategy: text('why it matters'),
  parent: text('the indicator above it'),
  window: length('of a question that names none, default 1d; of a cumulative: the length it is cumulated over'),
  board: flag('whether the board shows it'),
  targets: list(TARGET, 'what it should be, from when on'),
  at_risk_within: atLeast(0, 'share of |target|; default 0.1'),
  minimum_volume: atLeast(0, 'below it no alert is raised'),
  rolling: flag('whether a point of a series is the value of the whole window that ends with the step'),
  benchmarks: list(BENCHMARK, "the industry's figures"),
  record: RECORD,
  interval: oneOf(INTERVALS, 'how its interval is made'),
  provisional_while: text('a measure or indicator: provisional while it is above zero'),
  source: text('where its definition comes from'),
}

const OWN: Properties = {
  measure: text('the measure; default its own id'),
  numerator: text('a measure or indicator'),
  denominator: text('a measure or indicator'),
  expr: text('a formula over measures and indicators'),
  offsets: byId(
    object({ of: text('a measure or indicator'), against: AGAINST_SCHEMA }, ['of', 'against']),
    'names for values of an earlier window',
  ),
  of: text('a measure or indicator'),
  days: whole(1, 3660, 'whole local days, the last one of which holds the end'),
  grain_to_date: oneOf(PERIODS, 'since the period began'),
  ever: { const: true, description: 'since the first event' },
  against: AGAINST_SCHEMA,
  as: oneOf(GROWTH_AS, 'value ÷ before − 1, or value − before; default ratio'),
  by: text('a dimension'),
  per: oneOf(PERIODS, 'the calendar periods whose values are averaged'),
  opening: flag('of a level: the value at the start counts too'),
  weights: mapOf(atLeast(0, 'weight'), 'weight of each group; what is not named weighs 1'),
  x: text('a measure or indicator'),
  y: text('a measure or indicator'),
  lags: whole(0, MOST_LAGS, 'days by which y may follow x; default 0'),
  attribution: text('an attribution'),
  over: oneOf(OVER, 'what is counted: touches, or persons touched'),
  entity: text('an entity'),
  first: text('an expression over the entity: when a row began'),
  again: text('a list of the entity: when it came back'),
  day: whole(1, LAST_DAY, 'calendar days after the first'),
  rule: oneOf(RULES, 'back on that day, or on any from then on; default on'),
  dimensions: textList('by which it can be asked', MOST_DIMENSIONS),
  funnel: text('a funnel'),
}

export const INDICATOR: Schema = {
  ...object({ ...COMMON, ...OWN }, ['type']),
  allOf: INDICATOR_TYPES.map(type =>
    where(
      { properties: { type: { const: type } }, required: ['type'] },
      [...(type === 'simple' ? [] : ['label']), ...TYPE_KEYS[type].required],
      KEYS_OF_TYPES.filter(key => !keysOfType(type).includes(key)),
      type === 'cumulative' ? { window: length('the length it is cumulated over') } : {},
    ),
  ),
}
