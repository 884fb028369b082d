/** Shapes of analyses and of their parameters. */
import { PERIODS } from '@kivi/domain'
import * as asked from '../http/parameters.ts'
import {
  boolean,
  described,
  integer,
  interval,
  labels,
  list,
  nullable,
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
} from '../http/shapes.ts'
import { MOST_PERIODS } from './retention.ts'

const freshness = {
  watermark: nullableTime,
  complete: described(boolean, 'Everything in the window has been counted.'),
}

const step = object({
  name: string,
  label: text,
  persons: integer,
  conversion: described(nullableNumber, 'Of those who reached the step before.'),
  interval,
  overall: described(nullableNumber, 'Of those who entered.'),
  lost: integer,
  median_seconds: described(nullableNumber, 'From the step before, of each person’s furthest attempt.'),
  leverage: described(
    nullableNumber,
    'Conversions that would be gained if a tenth of those who are lost here went on and then did as the others.',
  ),
  first_to_improve: described(boolean, 'The step with the greatest leverage.'),
})

export const funnels = pageOf(
  object({
    id: string,
    label: text,
    within: string,
    dimensions: strings,
    steps: list(object({ name: string, label: text, events: strings, filter: nullableString })),
  }),
)

export const funnel = object(
  {
    funnel: string,
    label: text,
    from: time,
    to: time,
    within: string,
    ...freshness,
    provisional_until: nullableTime,
    steps: list(step),
    groups: list(object({ by: labels, steps: list(step) })),
    truncated: boolean,
  },
  ['groups', 'truncated'],
)

export const retention = object({
  entity: string,
  first: string,
  again: string,
  period: string,
  rule: string,
  timezone: string,
  from: time,
  to: time,
  ...freshness,
  cohorts: list(
    object({
      from: time,
      to: time,
      persons: integer,
      partial: described(boolean, 'The cohort’s own period is not over.'),
      cells: described(
        list(
          nullable(
            object({
              retained: integer,
              rate: nullableNumber,
              partial: described(boolean, 'The period is not over: the number can still grow.'),
            }),
          ),
        ),
        'By how many periods later; null: that period has not begun.',
      ),
    }),
  ),
  pooled: described(
    list(object({ later: integer, persons: integer, retained: integer, rate: nullableNumber, interval })),
    'Over all cohorts of which that period is over.',
  ),
})

const worth = {
  persons: integer,
  sum: number,
  share_of_sum: nullableNumber,
  mean: nullableNumber,
  median: nullableNumber,
}
export const segments = object({
  segments_of: string,
  method: string,
  from: time,
  to: time,
  ...freshness,
  segments: list(
    object({
      segment: string,
      ...worth,
      share_of_persons: nullableNumber,
      limit: nullableNumber,
      share: nullableNumber,
      lowest: nullableNumber,
      highest: nullableNumber,
    }),
  ),
  new: described(object(worth), 'Persons without history when the window began.'),
  total: object({ persons: integer, sum: number }),
})

const spoke = object({ persons: integer, with_topic: integer })
export const churn = object({
  from: time,
  to: time,
  preceding: object({ from: time, to: time }),
  said_from: time,
  ...freshness,
  churned: spoke,
  stayed: spoke,
  topics: list(
    object({
      topic: string,
      churned: integer,
      stayed: integer,
      share_of_churned: nullableNumber,
      share_of_stayed: nullableNumber,
      ratio: nullableNumber,
      interval,
    }),
  ),
  hidden: object({ topics: integer, persons: integer, fewest: integer }),
  note: string,
})

export const parameters = {
  id: object({ id: described(string, 'Name of a funnel.') }),
  funnel: query({
    ...asked.window,
    ...asked.asOf,
    ...asked.segments,
    by: described(string, 'Dimensions of the start to group by, separated by commas.'),
  }),
  retention: query({
    entity: described({ ...string, default: 'person' }, 'An entity whose key is the person.'),
    first: described({ ...string, default: 'purchases' }, 'A time of it, or a list, of which the first counts.'),
    again: described({ ...string, default: 'purchases' }, 'A list of it: being back.'),
    period: described({ ...oneOf(PERIODS), default: 'month' }, 'Calendar periods of the zone.'),
    from: described(string, 'RFC 3339 time: the first cohort is the period that holds it.'),
    to: described(string, 'RFC 3339 time: cohorts begin before it; default the watermark.'),
    periods: described({ ...integer, minimum: 0, maximum: MOST_PERIODS }, 'How many periods after the own one.'),
    rule: described(
      { ...oneOf(['on', 'on_or_after']), default: 'on' },
      'Back in that very period, or in it or any later one.',
    ),
    ...asked.asOf,
  }),
  segments: query({
    segments: described(string, 'Name of value segments; the only ones of the catalog where none is given.'),
    method: described({ ...oneOf(['limits', 'quantiles']), default: 'limits' }, 'How they are divided.'),
    ...asked.window,
    ...asked.asOf,
  }),
  churn: query({ ...asked.window, ...asked.asOf }),
}
