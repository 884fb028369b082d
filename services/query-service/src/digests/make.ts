/** A report of one period: what the API answers to questions about each of its indicators, side by side. */
import {
  type Action,
  type AlertHistoryStore,
  type DigestAction,
  type DigestAnswer,
  type DigestDefinition,
  type DigestIndicator,
  type DigestPeriod,
  type DigestPeriodAnswer,
  digestPeriodBeside,
  floorTo,
  type Indicator,
  leadingAt,
  STATUSES,
  type Status,
  selectedIndicators,
  TEN_SECONDS,
  type Window,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { type Desk, momentOf } from '../answers/desk.ts'
import { inBoth } from '../answers/in-both.ts'
import { formatTime } from '../questions/times.ts'
import { resolveWindow } from '../questions/windows.ts'
import { answerEffect } from '../steering/analyses.ts'
import { alertsWithin } from './alerts.ts'
import { indicatorOfDigest, trendsAt } from './indicator.ts'
import { seriesBefore } from './series.ts'

/** What a report tells besides values. */
export interface DigestFacts {
  /** what was done, or is planned */
  readonly actions: () => Promise<readonly Action[]>
  /** null: no alerts are judged */
  readonly history: Pick<AlertHistoryStore, 'read'> | null
}

/** So many indicators are asked for at a time: a report waits, people do not. */
const AT_ONCE = 4
const MOST_ACTIONS = 50

/** Throws bound_too_fine where nothing of the period is stored any more. */
export async function makeDigest(
  desk: Desk,
  view: View,
  definition: DigestDefinition,
  period: DigestPeriod,
  facts: DigestFacts,
): Promise<DigestAnswer> {
  const { catalog, basis, listed } = desk
  const { now, calendar } = basis
  const running = period.to > now
  const to = running ? floorTo(now, TEN_SECONDS) + TEN_SECONDS : period.to
  const selected = selectedIndicators(listed, definition, period.to)
  const leading = new Set(leadingAt(listed, period.to - 1))
  const windowOf = (indicator: Indicator): Window =>
    resolveWindow({ period: definition.every, to: formatTime(to) }, definition.every, momentOf(desk, indicator))
  const all = selected.map(({ indicator }) => indicator)
  const [trends, series] = await Promise.all([trendsAt(desk, all, to), seriesBefore(desk, all, definition, period)])
  const found = await inTurn(selected, AT_ONCE, one =>
    indicatorOfDigest(desk, one, {
      window: windowOf(one.indicator),
      definition,
      period,
      trend: trends.get(one.indicator.id) ?? null,
      before: series.get(one.indicator.id) ?? [],
      northStar: leading.has(one.indicator.id),
    }),
  )
  const told = found.flatMap(one => one ?? [])
  const indicators = told.map(({ indicator }) => indicator)
  const within = { from: period.from, to }
  const ids = new Set(indicators.map(({ id }) => id))
  const before = digestPeriodBeside(calendar, definition, period, -1)
  const after = digestPeriodBeside(calendar, definition, period, 1)
  const watermarks = told.map(({ watermark }) => watermark)
  const watermark = watermarks.length === 0 ? basis.watermark : least(watermarks)
  return {
    digest: definition.id,
    title: inBoth(definition.title),
    description: inBoth(definition.description),
    owner: definition.owner,
    every: definition.every,
    timezone: catalog.timezone,
    currency: catalog.currency,
    period: periodAnswer(period, now),
    before: before.name,
    after: after.from > now ? null : after.name,
    complete: !running && indicators.every(({ complete }) => complete),
    watermark: watermark === null ? null : formatTime(watermark),
    statuses: countsOf(indicators),
    ...extremesOf(indicators),
    indicators,
    actions: await actionsWithin(desk, view, ids, within, facts),
    alerts: await alertsWithin(facts.history, view, ids, { ...within, now }),
  }
}

export const periodAnswer = (period: DigestPeriod, now: number): DigestPeriodAnswer => ({
  name: period.name,
  last: period.last,
  from: formatTime(period.from),
  to: formatTime(period.to),
  due: formatTime(period.due),
  running: period.to > now,
})

function countsOf(indicators: readonly DigestIndicator[]): Record<Status, number> {
  const counts = Object.fromEntries(STATUSES.map(status => [status, 0])) as Record<Status, number>
  for (const { status } of indicators) counts[status] += 1
  return counts
}

/** By how far a value lies beyond its target or short of it, as a share of the target. */
function extremesOf(indicators: readonly DigestIndicator[]): Pick<DigestAnswer, 'best' | 'worst'> {
  const judged = indicators.flatMap(({ id, value, target, better, status }) => {
    if (value === null || target === null || target === 0 || status === 'provisional') return []
    return [{ id, ahead: ((better === 'higher' ? 1 : -1) * (value - target)) / Math.abs(target) }]
  })
  judged.sort((a, b) => b.ahead - a.ahead)
  const [first, last] = [judged[0], judged.at(-1)]
  return {
    best: first !== undefined && first.ahead > 0 ? first.id : null,
    worst: last !== undefined && last.ahead < 0 ? last.id : null,
  }
}

async function actionsWithin(
  desk: Desk,
  view: View,
  ids: ReadonlySet<string>,
  { from, to }: { readonly from: number; readonly to: number },
  facts: DigestFacts,
): Promise<DigestAction[]> {
  const all = await facts.actions()
  const done = all
    .filter(({ status, at }) => status === 'done' && at >= from && at < to)
    .flatMap(action => view.action(action, desk.catalog) ?? [])
    .filter(({ indicators }) => indicators.some(id => ids.has(id)))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_ACTIONS)
  return inTurn(done, AT_ONCE, async action => {
    const moved = action.indicators.flatMap(id => (ids.has(id) ? (desk.listed.indicators.get(id) ?? []) : []))
    const { effects } = await answerEffect(desk, action, moved, undefined)
    return {
      id: action.id,
      label: action.label,
      description: action.description,
      owner: action.owner,
      at: formatTime(action.at),
      until: action.until === null ? null : formatTime(action.until),
      by: action.by,
      effects: effects.map(({ indicator, unit, weeks_after, step, interval, good }) => ({
        ...{ indicator, unit, weeks_after, step, interval, good },
      })),
    }
  })
}

/** Null where one of them is: nothing is known of it yet. */
const least = (watermarks: ReadonlyArray<number | null>): number | null =>
  watermarks.reduce((low, one) => (low === null || one === null ? null : Math.min(low, one)))

/** Some at a time, the results in the order of the items. */
async function inTurn<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += atOnce)
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))))
  return results
}
