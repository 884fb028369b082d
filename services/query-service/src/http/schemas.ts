import { INTERVAL_REASONS, REASONS, STATUSES } from '@kivi/domain'

/**
 * The shapes of requests and answers as JSON Schema: they validate, serialise, and are the OpenAPI document. A number
 * that can be missing is declared nullable, or the serialiser would write 0 for null.
 */
const string = { type: 'string' } as const
const boolean = { type: 'boolean' } as const
const number = { type: 'number' } as const
const integer = { type: 'integer' } as const
const nullableNumber = { type: ['number', 'null'] } as const
const nullableString = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const
const nullableTime = { type: ['string', 'null'], format: 'date-time' } as const
const strings = { type: 'array', items: string } as const
const labels = { type: 'object', additionalProperties: string } as const

/** An object of which everything is required but the names in `optional`. */
function object(properties: Record<string, unknown>, optional: readonly string[] = []) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    properties,
  }
}

const described = (schema: object, description: string) => ({ ...schema, description })
const list = (items: unknown) => ({ type: 'array', items })

const text = object({ en: string, zh: string })
const status = { enum: STATUSES, type: 'string' }
const reason = { enum: Object.keys(REASONS), type: 'string' }
const trend = {
  ...object({
    slope: number,
    direction: { type: 'string', enum: ['up', 'down', 'flat'] },
    good: { type: ['boolean', 'null'] },
  }),
  type: ['object', 'null'],
}
const parts = {
  type: 'object',
  description: 'The measures that the value was made of. The parts of a mean are sum and count.',
  additionalProperties: {
    anyOf: [nullableNumber, object({ sum: nullableNumber, count: integer })],
  },
}
const target = object({
  value: number,
  by: labels,
  per: nullableString,
  window: nullableString,
  baseline: {
    ...object({ change: number, value: number }),
    type: ['object', 'null'],
    description: 'Where the value was told as a change: value = baseline × (1 + change).',
  },
  from: time,
  until: nullableTime,
  reason: string,
  set_by: string,
  set_at: string,
})

const summary = {
  id: string,
  label: text,
  description: text,
  type: {
    type: 'string',
    enum: [
      'simple',
      'ratio',
      'derived',
      'cumulative',
      'growth',
      'share',
      'mean',
      'weighted',
      'correlation',
      'conversion',
      'retention',
      'funnel',
    ],
  },
  unit: string,
  better: { type: 'string', enum: ['higher', 'lower'] },
  level: nullableString,
  kind: nullableString,
  timing: nullableString,
  owner: nullableString,
  strategy: nullableString,
  parent: nullableString,
  dimensions: strings,
  window: string,
  board: boolean,
  target: { ...target, type: ['object', 'null'] },
  version: string,
}

export const indicatorPage = object({ items: list(object(summary)), next: nullableString })

export const indicatorDetail = object({
  ...summary,
  formula: string,
  measures: {
    ...list(
      object(
        {
          id: string,
          kind: { type: 'string', enum: ['event', 'entity', 'attributed', 'funnel', 'reference'] },
          agg: string,
          dimensions: strings,
          events: strings,
          expr: nullableString,
          filter: nullableString,
          distinct: nullableString,
          quantile: nullableNumber,
          of: described(string, 'Entity, attribution, funnel or reference that it is about.'),
          timing: described(string, 'What decides in which window something counts.'),
          counts: described(
            string,
            'Of an attribution what is counted, of a funnel the step, of a reference what is taken.',
          ),
          follow_up: described(string, 'How long after the window it can still change.'),
        },
        ['events', 'of', 'timing', 'counts', 'follow_up'],
      ),
    ),
    description: 'Everything that it rests on, however indirectly.',
  },
  rolling: described(boolean, 'A point of its series is the value of the whole window that ends there.'),
  interval: { type: ['string', 'null'], enum: ['wilson', 'clustered', 'nps', null] },
  provisional_while: nullableString,
  record: { ...object({ every: string, by: strings }), type: ['object', 'null'] },
  at_risk_within: number,
  minimum_volume: nullableNumber,
  targets: list(target),
  benchmarks: list(object({ label: text, value: number, upper: nullableNumber, source: string })),
  source: nullableString,
})

const interval = {
  type: ['array', 'null'],
  items: number,
  minItems: 2,
  maxItems: 2,
  description: 'Of 95 %: where the value would lie but for chance.',
}
const intervalReason = {
  type: 'string',
  enum: Object.keys(INTERVAL_REASONS),
  description: 'Why there is no interval, where the indicator has a method for one.',
}
const judged = { target: nullableNumber, attainment: nullableNumber, status }

export const value = object(
  {
    indicator: string,
    from: time,
    to: time,
    unit: string,
    value: nullableNumber,
    reason,
    parts,
    n: {
      ...number,
      description: 'How many events or distinct things the value rests on; of a ratio, its denominator’s.',
    },
    interval,
    interval_reason: intervalReason,
    ...judged,
    trend,
    complete: boolean,
    provisional: { ...boolean, description: 'What happens after the window can still change the value.' },
    provisional_until: nullableTime,
    watermark: nullableTime,
    newest_event: nullableTime,
    revised: boolean,
    recorded_at: { ...time, description: 'When the value was recorded; without, it was computed for this answer.' },
    previous: object({ from: time, to: time, value: nullableNumber, change: nullableNumber }),
    groups: list(
      object(
        {
          by: labels,
          value: nullableNumber,
          reason,
          parts,
          n: number,
          interval,
          interval_reason: intervalReason,
          ...judged,
          previous: object({ value: nullableNumber, change: nullableNumber }),
        },
        ['reason', 'interval_reason', 'previous'],
      ),
    ),
    groups_recorded_at: { ...time, description: 'When the groups were recorded; without, they were computed.' },
    truncated: boolean,
  },
  ['reason', 'interval_reason', 'recorded_at', 'previous', 'groups', 'groups_recorded_at', 'truncated'],
)

export const series = object(
  {
    indicator: string,
    from: time,
    to: time,
    step: string,
    unit: string,
    rolling: {
      ...nullableString,
      description:
        'What ends with each step and has the point’s value: a window such as 30d, `month to date`, `ever`; null: the step itself.',
    },
    watermark: nullableTime,
    series: list(
      object({
        by: labels,
        points: list(
          object({
            t: time,
            value: nullableNumber,
            n: number,
            interval: { ...interval, description: 'Of 95 %, where it needs nothing but counts.' },
            target: nullableNumber,
            complete: boolean,
            provisional: boolean,
            revised: boolean,
          }),
        ),
      }),
    ),
    truncated: boolean,
  },
  ['truncated'],
)

export const board = object({
  at: time,
  window: nullableString,
  timezone: string,
  currency: string,
  watermark: nullableTime,
  newest_event: nullableTime,
  north_star: strings,
  indicators: list(
    object(
      {
        id: string,
        label: text,
        unit: string,
        better: { type: 'string', enum: ['higher', 'lower'] },
        level: nullableString,
        owner: nullableString,
        window: string,
        value: nullableNumber,
        reason,
        ...judged,
        trend,
        complete: boolean,
        provisional: boolean,
        revised: boolean,
        recorded_at: time,
        spark: list(nullableNumber),
        spark_target: nullableNumber,
      },
      ['reason', 'recorded_at'],
    ),
  ),
})

export const problem = object(
  {
    type: string,
    title: string,
    status: integer,
    code: string,
    detail: string,
    instance: string,
    parameter: string,
    allowed: strings,
  },
  ['parameter', 'allowed'],
)

export const document = { type: 'object', additionalProperties: true, description: 'OpenAPI 3.1' }

/** Of an answer with an ETag that the client has already. */
export const unchanged = { type: 'null', description: 'Nothing changed since the ETag of If-None-Match' }

export const health = object({ status: string })
export const ready = object({ ready: boolean, checks: labels })

export const windowParameters = {
  window: described(string, 'Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.'),
  period: described(
    { type: 'string', enum: ['day', 'week', 'month', 'quarter', 'year'] },
    'The calendar period that holds `to`, up to `to`.',
  ),
  from: described(string, 'RFC 3339 time, inclusive.'),
  to: described(string, 'RFC 3339 time, exclusive.'),
}
const pastParameters = {
  as_of: described(
    string,
    'RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.',
  ),
}
const segmentParameters = {
  by: described(string, 'Dimensions to group by, separated by commas.'),
  filter: described(
    { type: 'array', items: string, maxItems: 20 },
    '`dimension:value1,value2`; repeated filters must all hold. Encode commas, colons and percent signs of a value once more.',
  ),
}

/** Of every list. */
export const pageParameters = {
  limit: described({ ...integer, minimum: 1, maximum: 1000, default: 100 }, 'Most items of a page.'),
  cursor: described({ ...string, maxLength: 500 }, '`next` of the page before; without, the first page.'),
}

/** Of every answer that is a table too. */
export const format = described(
  { type: 'string', enum: ['json', 'csv', 'excel'] },
  'How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.',
)

export const parameters = {
  page: object(pageParameters, Object.keys(pageParameters)),
  none: object({}),
  value: object(
    {
      ...windowParameters,
      ...pastParameters,
      ...segmentParameters,
      compare: described({ type: 'string', enum: ['previous', 'week', 'year'] }, 'What to compare with.'),
      order: described(
        { type: 'string', enum: ['value', 'change', 'volume'] },
        'Largest first by this; default value, of ratios and derived indicators volume.',
      ),
      limit: described({ ...integer, minimum: 1, maximum: 1000, default: 1000 }, 'Most groups.'),
    },
    [...Object.keys(windowParameters), 'as_of', ...Object.keys(segmentParameters), 'compare', 'order', 'limit'],
  ),
  series: object(
    {
      ...windowParameters,
      ...pastParameters,
      ...segmentParameters,
      step: described(
        string,
        'Length such as 10s, 15m, 1h, or day, week, month, quarter, year; default about 30 points.',
      ),
    },
    [...Object.keys(windowParameters), 'as_of', ...Object.keys(segmentParameters), 'step'],
  ),
  board: object(
    {
      window: described(string, 'Length for all indicators; default each one’s own.'),
      level: described(
        { type: 'string', enum: ['company', 'department', 'team', 'project', 'individual'] },
        'Only this level.',
      ),
      owner: described(string, 'Only this owner.'),
    },
    ['window', 'level', 'owner'],
  ),
  id: object({ id: described(string, 'Id of an indicator or measure.') }),
}
