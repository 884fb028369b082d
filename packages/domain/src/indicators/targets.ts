import type { Catalog, Indicator, Target } from '../definitions/index.ts'
import { type Calendar, DAY, type Period, parseWindow, periodAt } from '../windows/index.ts'
import { isSumOfSums } from './decimals.ts'
import { canBeNegative } from './graph.ts'
import { cumulativeWindow } from './offsets.ts'
import { lengthWindow, type Span } from './window.ts'

export const STATUSES = ['on_track', 'at_risk', 'off_track', 'no_data', 'no_target', 'provisional'] as const
export type Status = (typeof STATUSES)[number]

export interface Judgement {
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
}

/** relative slack of comparisons: 0.02 − 10 % in doubles lies a hair off 0.018 */
const SLACK = 1e-12

/**
 * The target in force at the end of the span: of those for this segment and length the most specific, then the one
 * set last. A target `per` a period judges that period (24 h count as a day, 7 d as a week) and only the segment it
 * names; a target with a `window` judges windows of that length; any other judges every window.
 */
export function targetFor(
  targets: readonly Target[],
  span: Span,
  segment: Readonly<Record<string, string>>,
  calendar: Calendar,
): Target | null {
  // the last instant of the span: a target until 1 January judges the whole of December
  const end = span.whole.to - 1
  let best: Target | null = null
  for (const target of targets) {
    if (end < target.from || (target.until !== null && end >= target.until)) continue
    const fields = Object.keys(target.by)
    if (!fields.every(field => segment[field] === target.by[field])) continue
    // the sum of all campaigns has no bearing on one of them
    if (target.per !== null && Object.keys(segment).length > fields.length) continue
    if (target.per !== null && !spansPeriod(span, target.per, calendar)) continue
    if (target.window !== null && lengthOf(target.window) !== span.to - span.from) continue
    if (best === null || isStronger(target, best)) best = target
  }
  return best
}

function isStronger(target: Target, than: Target): boolean {
  const specific = Object.keys(target.by).length - Object.keys(than.by).length
  return specific !== 0 ? specific > 0 : Date.parse(target.set_at) >= Date.parse(than.set_at) || than.set_at === ''
}

function spansPeriod(span: Span, per: Period, calendar: Calendar): boolean {
  if (span.unit !== null) return span.unit === per
  const length = span.to - span.from
  if ((per === 'day' && length === DAY) || (per === 'week' && length === 7 * DAY)) return true
  const period = periodAt(calendar, per, span.from)
  return period.from === span.from && period.to === span.to
}

function lengthOf(window: string): number | null {
  const parsed = parseWindow(window)
  return parsed.ok ? parsed.ms : null
}

/** What judging needs to know of a value besides its target. */
export interface Circumstances {
  /** what happens later can still change it */
  readonly provisional: boolean
  /** a ratio to its target says something: not where it can be on either side of zero, as growth and scores are */
  readonly isAmount: boolean
}

const PLAIN: Circumstances = { provisional: false, isAmount: true }

/** Judges by comparing value and target in the indicator's direction; attainment is told beside it, never used. */
export function judge(
  indicator: Pick<Indicator, 'better' | 'at_risk_within'>,
  value: number | null,
  target: Target | null,
  span: Span,
  circumstances: Circumstances = PLAIN,
): Judgement {
  if (target === null) return { target: null, attainment: null, status: value === null ? 'no_data' : 'no_target' }
  if (value === null) return { target: target.value, attainment: null, status: 'no_data' }
  const status = compare(indicator, value, target.value)
  const runs = target.per !== null && span.to < span.whole.to
  // of a running period only what can no longer turn is a verdict
  const settled = indicator.better === 'higher' ? status === 'on_track' : status === 'off_track'
  return {
    target: target.value,
    attainment: circumstances.isAmount ? attainment(indicator.better, value, target.value) : null,
    status: circumstances.provisional || (runs && !settled) ? 'provisional' : status,
  }
}

/** Judges a value by the target that is in force for its window and segment. */
export function judgeIn(
  catalog: Catalog,
  indicator: Indicator,
  { value, provisional }: { readonly value: number | null; readonly provisional: boolean },
  span: Span,
  segment: Readonly<Record<string, string>>,
  calendar: Calendar,
): Judgement {
  const found = targetIn(indicator, span, segment, calendar)
  return judge(indicator, value, found?.target ?? null, found?.span ?? span, {
    provisional,
    // net amounts can be below zero too, and are still amounts: 80 % of the revenue that was planned
    isAmount: !canBeNegative(catalog, indicator) || (indicator.type !== 'growth' && isSumOfSums(catalog, indicator)),
  })
}

/** The target of a span with what it judges: of a cumulative indicator that may be more than the window asked for. */
export function targetIn(
  indicator: Indicator,
  span: Span,
  segment: Readonly<Record<string, string>>,
  calendar: Calendar,
): { readonly target: Target; readonly span: Span } | null {
  for (const judged of spansOf(indicator, span, calendar)) {
    const target = targetFor(indicator.targets, judged, segment, calendar)
    if (target !== null) return { target, span: judged }
  }
  return null
}

/** What a target may be told for: of a cumulative indicator what it is summed over, besides the window asked for. */
function spansOf(indicator: Indicator, span: Span, calendar: Calendar): readonly Span[] {
  if (indicator.type !== 'cumulative' || indicator.over === 'ever') return [span]
  const { over } = indicator
  // 30 local days with a change of the clocks in them are still the 30d that a target names
  const own = 'days' in over ? lengthWindow(span.to - over.days * DAY, span.to) : cumulativeWindow(span, over, calendar)
  return [own, span]
}

function compare(indicator: Pick<Indicator, 'better' | 'at_risk_within'>, value: number, target: number): Status {
  const ahead = indicator.better === 'higher' ? value - target : target - value
  const slack = Math.max(Math.abs(value), Math.abs(target)) * SLACK
  if (ahead >= -slack) return 'on_track'
  return ahead >= -indicator.at_risk_within * Math.abs(target) - slack ? 'at_risk' : 'off_track'
}

function attainment(better: 'higher' | 'lower', value: number, target: number): number | null {
  const [dividend, divisor] = better === 'higher' ? [value, target] : [target, value]
  return divisor > 0 && dividend >= 0 ? dividend / divisor : null
}
