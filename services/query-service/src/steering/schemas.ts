/** Shapes of what people set and of what they are told about it. */
import { PERIODS, STATUSES } from '@kivi/domain'
import * as asked from '../http/parameters.ts'
import {
  boolean,
  described,
  interval,
  labels,
  list,
  listOf,
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
  time,
  words,
} from '../http/shapes.ts'

const ids = listOf(words, 100, 1)
const per = oneOf(PERIODS)
const status = oneOf(['planned', 'done', 'cancelled'])

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
  origin: described(
    oneOf(['catalog', 'set']),
    'Written in the catalog, or set while Kivi ran: those of the latest setting give way to the next.',
  ),
})
export const targets = pageOf(targetItem)
export const sentTargets = object(
  {
    items: listOf(
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
      attained: nullableBoolean,
    }),
  ),
})

const northStarEntry = object({ indicators: strings, from: time, reason: string, set_by: string })
export const northStar = object({
  indicators: strings,
  history: described(list(northStarEntry), 'The latest first.'),
  next: nullableString,
})
export const sentNorthStar = object({ indicators: ids, from: string, reason: words, set_by: words }, ['from', 'set_by'])

export const action = object({
  id: string,
  label: string,
  description: string,
  indicators: strings,
  by: labels,
  status,
  at: time,
  until: nullableTime,
  owner: string,
  set_by: string,
  set_at: time,
})
export const actions = pageOf(action)
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
      method: oneOf(['segmented_regression', 'segmented_regression_with_control', 'too_early']),
      weeks_before: number,
      weeks_after: number,
      step: described(nullableNumber, 'Change of level at the action, in the indicator’s unit.'),
      interval,
      p: nullableNumber,
      good: described(nullableBoolean, 'In the indicator’s direction; null where chance is not refused.'),
      weeks: list(object({ from: time, value: nullableNumber, control: nullableNumber }, ['control'])),
    }),
  ),
  note: string,
})

const reference = object({ value: number, from: time, until: nullableTime, by: labels })
export const references = object({
  name: string,
  unit: string,
  kind: oneOf(['level', 'flow']),
  dimensions: strings,
  items: list(reference),
  next: nullableString,
})
export const sentReferences = object(
  {
    items: listOf(object({ value: number, from: string, until: string, by: labels }, ['until', 'by']), 10_000),
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
      method: oneOf(['mix_and_rate', 'contribution', 'values']),
      truncated: boolean,
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
      status: oneOf(STATUSES),
    }),
  ),
  drag: nullable(object({ id: string, by: number })),
})

const correlation = { r: number, n: number, interval, p: number }
export const correlations = object(
  {
    x: string,
    y: string,
    from: time,
    to: time,
    method: oneOf(['pearson_days', 'spearman_segments']),
    n: number,
    reason: string,
    best: nullable(object({ lag: number, effective: number, ...correlation })),
    lags: list(object({ lag: number, effective: number, ...correlation })),
    segments: nullable(object(correlation)),
    note: string,
  },
  ['reason', 'segments', 'best', 'lags'],
)

export const parameters = {
  name: object({ name: described(string, 'Name of a reference in the catalog.') }),
  action: object({ id: described(string, 'Id of an action.') }),
  attainment: query({
    per: described(per, 'Calendar period; default that of the targets, else month.'),
    periods: described({ type: 'integer', minimum: 1, maximum: 120, default: 12 }, 'How many complete ones.'),
    ...asked.filters('`dimension:value1,value2`; judged by the target of just that segment.'),
  }),
  actions: query({ indicator: described(string, 'Only actions meant to move this one.'), ...asked.page }),
  effect: query({
    indicator: described(string, 'One of the action’s indicators; default all.'),
    control: described(string, 'A segment that the action did not touch, as dimension:value.'),
  }),
  drivers: query({
    ...asked.window,
    by: described(string, 'Dimensions to split by, as campaign,region; default the first five.'),
    ...asked.filters('`dimension:value1,value2`; repeated filters must all hold.'),
  }),
  correlations: object(
    {
      x: described(string, 'Id of an indicator.'),
      y: described(string, 'Id of another one.'),
      ...asked.window,
      lags: described({ type: 'integer', minimum: 0, maximum: 28, default: 14 }, 'Most days either way.'),
      by: described(string, 'A dimension that both share: across its segments instead of days.'),
    },
    [...Object.keys(asked.window), 'lags', 'by'],
  ),
}
