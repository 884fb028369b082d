/** Shapes of what is asked and answered about digests; packages/domain/src/digests/types/answers.ts has them as types. */
import { DIGEST_OUTCOMES, DIGEST_PERIODS, DIGEST_WEEKDAYS, STATUSES } from '@kivi/domain'
import {
  boolean,
  described,
  integer,
  interval,
  labels,
  list,
  nullable,
  nullableBoolean,
  nullableInteger,
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

export const DIGEST_FORMS = ['json', 'markdown', 'html'] as const

const every = oneOf(DIGEST_PERIODS)
const language = oneOf(['en', 'zh'])

const period = object({
  name: described(string, 'Its first local date, by which it is asked for.'),
  last: described(string, 'Its last local date.'),
  from: time,
  to: time,
  due: described(time, 'When its report is due.'),
  running: described(boolean, 'It is not over: values are those so far.'),
})

const groups = object({
  by: string,
  items: described(
    list(
      object({
        group: string,
        value: nullableNumber,
        previous: nullableNumber,
        change: nullableNumber,
        contribution: described(nullableNumber, 'How much of the change it makes; null where groups do not add up.'),
      }),
    ),
    'Those that moved the indicator most, the strongest first.',
  ),
  more: integer,
})

const indicator = object({
  id: string,
  label: text,
  unit: string,
  better: oneOf(['higher', 'lower']),
  level: nullableString,
  owner: nullableString,
  north_star: boolean,
  value: nullableNumber,
  reason: nullableString,
  n: number,
  interval,
  target: described(nullableNumber, 'In force at the end of the period.'),
  attainment: nullableNumber,
  status: oneOf(STATUSES),
  previous: described(
    nullable(object({ value: nullableNumber, change: nullableNumber, good: nullableBoolean })),
    'The period before.',
  ),
  trend: described(
    nullable(object({ slope: number, direction: oneOf(['up', 'down', 'flat']), good: nullableBoolean })),
    'Over the whole weeks up to the end of the period.',
  ),
  complete: boolean,
  provisional: boolean,
  provisional_until: nullableTime,
  revised: boolean,
  series: described(
    list(object({ period: string, value: nullableNumber })),
    'The last periods up to this one; empty where they would take too long to compute.',
  ),
  groups: nullable(groups),
})

const action = object({
  id: string,
  label: string,
  description: string,
  owner: string,
  at: time,
  until: nullableTime,
  by: labels,
  effects: list(
    object({
      indicator: string,
      unit: string,
      weeks_after: integer,
      step: nullableNumber,
      interval,
      good: nullableBoolean,
    }),
  ),
})

const alerts = object({
  fired: integer,
  resolved: integer,
  firing: described(integer, 'How many of those that fired within the period fired on at its end.'),
  items: list(
    object({
      id: string,
      alert: string,
      indicator: string,
      labels,
      fired: time,
      resolved: nullableTime,
      value: nullableNumber,
      target: nullableNumber,
    }),
  ),
  more: integer,
})

export const digest = object({
  digest: string,
  title: text,
  description: text,
  owner: nullableString,
  every,
  timezone: string,
  currency: string,
  period,
  before: described(string, 'The period before, to ask for.'),
  after: described(nullableString, 'The period after; null where it is yet to begin.'),
  complete: described(boolean, 'All events of the period have been counted, for every indicator.'),
  watermark: described(nullableTime, 'Up to when the data are known, the least of all indicators.'),
  statuses: object(Object.fromEntries(STATUSES.map(status => [status, integer]))),
  best: described(nullableString, 'The indicator that is furthest beyond its target.'),
  worst: described(nullableString, 'The one that is furthest from reaching it.'),
  indicators: list(indicator),
  actions: described(list(action), 'What was done within the period to move one of the indicators.'),
  alerts: described(alerts, 'Alerts about the indicators that fired or ended within the period.'),
})

export const digests = pageOf(
  object({
    digest: string,
    title: text,
    description: text,
    owner: nullableString,
    every,
    at: described(string, 'Local time at which it is due.'),
    weekday: nullable(oneOf(DIGEST_WEEKDAYS)),
    day: nullableInteger,
    language: described(nullable(language), 'Null: each receiver’s own.'),
    indicators: described(strings, 'As they are selected now.'),
    latest: described(period, 'The last period whose report was due.'),
    next: described(period, 'The one that is due next.'),
    receivers: described(
      list(
        object({
          name: string,
          sent: described(boolean, 'The report of `latest` is with it.'),
          history: list(
            object({
              period: string,
              outcome: described(
                oneOf(DIGEST_OUTCOMES),
                'skipped: nobody could send it before the next one was due; given_up: the receiver took nothing until then.',
              ),
              at: time,
              answered: nullableTime,
              answer: string,
              attempts: integer,
              complete: boolean,
            }),
          ),
        }),
      ),
      'To whom it is sent, and what became of the last reports. A key that sees a part is not told.',
    ),
  }),
)

export const parameters = {
  digest: object({ id: described(string, 'Id of a digest.') }),
  asked: query({
    period: described(
      { ...string, default: 'latest' },
      'A date in it, such as 2026-11-16; latest: the last one that is over.',
    ),
    lang: described(language, 'Of Markdown and HTML; default the digest’s own, else en. JSON has both.'),
    format: described(oneOf(DIGEST_FORMS), 'How to answer, whatever `Accept` says.'),
  }),
}
