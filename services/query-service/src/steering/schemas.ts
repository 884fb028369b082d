/** Shapes of what people set and of what they are told about it. */
import { pageParameters, windowParameters } from '../http/schemas.ts'

const string = { type: 'string' } as const
const words = { type: 'string', minLength: 1, maxLength: 500 } as const
const number = { type: 'number' } as const
const nullableNumber = { type: ['number', 'null'] } as const
const nullableString = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const
const nullableTime = { type: ['string', 'null'], format: 'date-time' } as const
const labels = { type: 'object', additionalProperties: string } as const
const interval = { type: ['array', 'null'], items: number } as const
const list = (items: unknown, most = 1000) => ({ type: 'array', items, maxItems: most })
const ids = { type: 'array', items: words, minItems: 1, maxItems: 100 } as const

/** Everything is required but the names in `optional`. */
function object(properties: Record<string, unknown>, optional: readonly string[] = []) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    properties,
  }
}

const per = { type: 'string', enum: ['day', 'week', 'month', 'quarter', 'year'] } as const
const status = { type: 'string', enum: ['planned', 'done', 'cancelled'] } as const

const targetItem = object({
  value: number,
  by: labels,
  per: nullableString,
  window: nullableString,
  from: time,
  until: nullableTime,
  reason: string,
  set_by: string,
  set_at: time,
  origin: {
    type: 'string',
    enum: ['catalog', 'set'],
    description: 'Written in the catalog, or set while Kivi ran: those of the latest setting give way to the next.',
  },
})
export const targets = object({ items: list(targetItem), next: nullableString })
export const sentTargets = object(
  {
    items: list(
      object({ value: number, by: labels, per, window: string, from: string, until: string, reason: words }, [
        'by',
        'per',
        'window',
        'from',
        'until',
        'reason',
      ]),
      100,
    ),
    reason: words,
    set_by: words,
  },
  ['set_by'],
)
export const attainment = object({
  per: string,
  periods: number,
  attained: number,
  share: nullableNumber,
  items: list(
    object({
      from: time,
      to: time,
      value: nullableNumber,
      target: nullableNumber,
      attained: { type: ['boolean', 'null'] },
    }),
  ),
})

const northStarEntry = object({ indicators: list(string), from: time, reason: string, set_by: string })
export const northStar = object({
  indicators: list(string),
  history: { ...list(northStarEntry), description: 'The latest first.' },
  next: nullableString,
})
export const sentNorthStar = object({ indicators: ids, from: string, reason: words, set_by: words }, ['from', 'set_by'])

export const action = object({
  id: string,
  label: string,
  description: string,
  indicators: list(string),
  by: labels,
  status,
  at: time,
  until: nullableTime,
  owner: string,
  set_by: string,
  set_at: time,
})
export const actions = object({ items: list(action), next: nullableString })
export const sentAction = object(
  {
    id: words,
    label: words,
    description: { type: 'string', maxLength: 5000 },
    indicators: ids,
    by: labels,
    status,
    at: string,
    until: string,
    owner: words,
    set_by: words,
  },
  ['id', 'description', 'by', 'status', 'until', 'owner', 'set_by'],
)
export const effect = object({
  action: string,
  at: time,
  effects: list(
    object({
      indicator: string,
      unit: string,
      method: { type: 'string', enum: ['segmented_regression', 'segmented_regression_with_control', 'too_early'] },
      weeks_before: number,
      weeks_after: number,
      step: { ...nullableNumber, description: 'Change of level at the action, in the indicator’s unit.' },
      interval,
      p: nullableNumber,
      good: {
        type: ['boolean', 'null'],
        description: 'In the indicator’s direction; null where chance is not refused.',
      },
      weeks: list(object({ from: time, value: nullableNumber, control: nullableNumber }, ['control'])),
    }),
  ),
  note: string,
})

const reference = object({ value: number, from: time, until: nullableTime, by: labels })
export const references = object({
  name: string,
  unit: string,
  kind: { type: 'string', enum: ['level', 'flow'] },
  dimensions: list(string),
  items: list(reference),
  next: nullableString,
})
export const sentReferences = object(
  {
    items: list(object({ value: number, from: string, until: string, by: labels }, ['until', 'by']), 10_000),
    set_by: words,
  },
  ['set_by'],
)

export const drivers = object({
  indicator: string,
  from: time,
  to: time,
  value: nullableNumber,
  previous: object({ from: time, to: time, value: nullableNumber }),
  change: nullableNumber,
  segments: list(
    object({
      dimension: string,
      method: { type: 'string', enum: ['mix_and_rate', 'contribution', 'values'] },
      truncated: { type: 'boolean' },
      items: list(
        object({
          value: string,
          now: nullableNumber,
          before: nullableNumber,
          mix: nullableNumber,
          rate: nullableNumber,
          total: nullableNumber,
        }),
      ),
    }),
  ),
  children: list(
    object({
      id: string,
      value: nullableNumber,
      previous: nullableNumber,
      target: nullableNumber,
      attainment: nullableNumber,
      status: string,
    }),
  ),
  drag: { ...object({ id: string, by: number }), type: ['object', 'null'] },
})

const correlation = { r: number, n: number, interval, p: number }
export const correlations = object(
  {
    x: string,
    y: string,
    from: time,
    to: time,
    method: { type: 'string', enum: ['pearson_days', 'spearman_segments'] },
    n: number,
    reason: string,
    best: { ...object({ lag: number, effective: number, ...correlation }), type: ['object', 'null'] },
    lags: list(object({ lag: number, effective: number, ...correlation })),
    segments: { ...object(correlation), type: ['object', 'null'] },
    note: string,
  },
  ['reason', 'segments', 'best', 'lags'],
)

const described = (schema: object, description: string) => ({ ...schema, description })
export const parameters = {
  none: object({}),
  id: object({ id: described(string, 'Id of an indicator or measure.') }),
  name: object({ name: described(string, 'Name of a reference in the catalog.') }),
  action: object({ id: described(string, 'Id of an action.') }),
  attainment: object(
    {
      per: described(per, 'Calendar period; default that of the targets, else month.'),
      periods: described({ type: 'integer', minimum: 1, maximum: 120, default: 12 }, 'How many complete ones.'),
      filter: described(list(string), 'dimension:value1,value2; judged by the target of just that segment.'),
    },
    ['per', 'periods', 'filter'],
  ),
  page: object(pageParameters, Object.keys(pageParameters)),
  actions: object({ indicator: described(string, 'Only actions meant to move this one.'), ...pageParameters }, [
    'indicator',
    ...Object.keys(pageParameters),
  ]),
  effect: object(
    {
      indicator: described(string, 'One of the action’s indicators; default all.'),
      control: described(string, 'A segment that the action did not touch, as dimension:value.'),
    },
    ['indicator', 'control'],
  ),
  drivers: object(
    {
      ...windowParameters,
      by: described(string, 'Dimensions to split by, as campaign,region; default the first five.'),
      filter: described(list(string), 'dimension:value1,value2; repeated filters must all hold.'),
    },
    [...Object.keys(windowParameters), 'by', 'filter'],
  ),
  correlations: object(
    {
      x: described(string, 'Id of an indicator.'),
      y: described(string, 'Id of another one.'),
      ...windowParameters,
      lags: described({ type: 'integer', minimum: 0, maximum: 28, default: 14 }, 'Most days either way.'),
      by: described(string, 'A dimension that both share: across its segments instead of days.'),
    },
    [...Object.keys(windowParameters), 'lags', 'by'],
  ),
}
