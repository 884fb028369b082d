/** Shapes of what is told of indicators, and of what every service has. */
import { INTERVAL_REASONS, REASONS, STATUSES } from '@kivi/domain'
import * as asked from './parameters.ts'
import {
  boolean,
  described,
  integer,
  interval,
  labels,
  list,
  nullable,
  nullableBoolean,
  nullableNumber,
  nullableString,
  nullableTime,
  number,
  object,
  oneOf,
  pageOf,
  query,
  string,
  strings,
  text,
  time,
} from './shapes.ts'

const LEVELS = ['company', 'department', 'team', 'project', 'individual'] as const
const better = oneOf(['higher', 'lower'])
const status = oneOf(STATUSES)
const reason = oneOf(Object.keys(REASONS))
const trend = nullable(object({ slope: number, direction: oneOf(['up', 'down', 'flat']), good: nullableBoolean }))
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
  baseline: described(
    nullable(object({ change: number, value: number })),
    'Where the value was told as a change: value = baseline × (1 + change).',
  ),
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
  type: oneOf([
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
  ]),
  unit: string,
  better,
  level: nullableString,
  kind: nullableString,
  timing: nullableString,
  owner: nullableString,
  strategy: nullableString,
  parent: nullableString,
  dimensions: strings,
  window: string,
  board: boolean,
  target: nullable(target),
  version: string,
}

export const indicatorPage = pageOf(object(summary))

export const indicatorDetail = object({
  ...summary,
  formula: string,
  measures: {
    ...list(
      object(
        {
          id: string,
          kind: oneOf(['event', 'entity', 'attributed', 'funnel', 'reference']),
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
  record: nullable(object({ every: string, by: strings })),
  at_risk_within: number,
  minimum_volume: nullableNumber,
  targets: list(target),
  benchmarks: list(object({ label: text, value: number, upper: nullableNumber, source: string })),
  source: nullableString,
})

const intervalReason = described(
  oneOf(Object.keys(INTERVAL_REASONS)),
  'Why there is no interval, where the indicator has a method for one.',
)
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
        better,
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

/** Of the routes in routes.ts. */
export const parameters = {
  value: query({
    ...asked.window,
    ...asked.asOf,
    ...asked.segments,
    compare: described(oneOf(['previous', 'week', 'year']), 'What to compare with.'),
    order: described(
      oneOf(['value', 'change', 'volume']),
      'Largest first by this; default value, of ratios and derived indicators volume.',
    ),
    limit: described({ ...integer, minimum: 1, maximum: 1000, default: 1000 }, 'Most groups.'),
  }),
  series: query({
    ...asked.window,
    ...asked.asOf,
    ...asked.segments,
    step: described(
      string,
      'Length such as 10s, 15m, 1h, or day, week, month, quarter, year; default about 30 points.',
    ),
  }),
  board: query({
    window: described(string, 'Length for all indicators; default each one’s own.'),
    level: described(oneOf(LEVELS), 'Only this level.'),
    owner: described(string, 'Only this owner.'),
  }),
}
