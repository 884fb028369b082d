import {
  type Calendar,
  type Catalog,
  type Indicator,
  PERIODS,
  type Period,
  parseWindow,
  periodAt,
  steerTargets,
  type Target,
  type TargetsSet,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { assertDimension } from '../http/unknown.ts'
import { formatTime, parseTime } from '../questions/times.ts'

/** A target as it is sent. */
interface SentTarget {
  readonly value: number
  readonly by?: Readonly<Record<string, string>>
  readonly per?: Period
  readonly window?: string
  /** default: when the running period (of `per`, else the day) began */
  readonly from?: string
  readonly until?: string
  /** default: that of the setting */
  readonly reason?: string
}

export interface SentTargets {
  readonly items: readonly SentTarget[]
  readonly reason: string
  readonly set_by?: string
}

export interface TargetItem {
  readonly value: number
  readonly by: Readonly<Record<string, string>>
  readonly per: string | null
  readonly window: string | null
  readonly from: string
  readonly until: string | null
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
  readonly origin: 'catalog' | 'set'
}

/** All targets that judge or judged, the one set last first. */
export function targetItems(own: readonly Target[], sets: readonly TargetsSet[]): TargetItem[] {
  const written = new Set(own)
  return [...steerTargets(own, sets)]
    .sort((a, b) => Date.parse(b.set_at) - Date.parse(a.set_at) || b.from - a.from)
    .map(target => ({
      value: target.value,
      by: target.by,
      per: target.per,
      window: target.window,
      from: formatTime(target.from),
      until: target.until === null ? null : formatTime(target.until),
      reason: target.reason,
      set_by: target.set_by,
      set_at: formatTime(Date.parse(target.set_at)),
      origin: written.has(target) ? 'catalog' : 'set',
    }))
}

/**
 * The targets of a request, checked. They take the place of all that were set before through the API; a period that
 * is over keeps the target that judged it, so `from` cannot lie before the running one.
 */
export function readTargets(
  catalog: Catalog,
  indicator: Indicator,
  sent: SentTargets,
  calendar: Calendar,
  now: number,
): TargetsSet {
  const setBy = sent.set_by ?? 'api'
  const targets = sent.items.map((item, index): Target => {
    const at = (name: string) => `items/${index}/${name}`
    checkWindow(catalog, indicator, item, at)
    for (const field of Object.keys(item.by ?? {})) assertDimension(field, indicator, at('by'))
    const running = periodAt(calendar, item.per ?? 'day', now).from
    const from = item.from === undefined ? running : parseTime(item.from, at('from'))
    if (from < running)
      throw new ProblemError(
        'would_rewrite_the_past',
        `${at('from')} is ${formatTime(from)}, in a ${item.per ?? 'day'} that is over: what it attained was judged by the target of its time. Give ${formatTime(running)} or later.`,
        { parameter: at('from') },
      )
    const until = item.until === undefined ? null : parseTime(item.until, at('until'))
    if (until !== null && until <= from)
      throw new ProblemError('invalid_parameter', `${at('until')} is not after from.`, { parameter: at('until') })
    return {
      value: item.value,
      from,
      until,
      by: item.by ?? {},
      per: item.per ?? null,
      window: item.window ?? null,
      reason: item.reason ?? sent.reason,
      set_by: setBy,
      set_at: new Date(now).toISOString(),
    }
  })
  refuseOverlaps(targets)
  return { indicator: indicator.id, targets, setBy, setAt: now }
}

function checkWindow(
  catalog: Catalog,
  indicator: Indicator,
  { per, window }: SentTarget,
  at: (name: string) => string,
): void {
  if (per !== undefined && window !== undefined)
    throw new ProblemError('conflicting_window', 'A target holds per period or for a window, not both.', {
      parameter: at('window'),
    })
  if (window !== undefined) {
    const parsed = parseWindow(window)
    if (!parsed.ok)
      throw new ProblemError('invalid_parameter', `${at('window')}: ${parsed.reason}`, { parameter: at('window') })
  }
  if (per === undefined && window === undefined && dependsOnWindow(catalog, indicator))
    throw new ProblemError(
      'invalid_parameter',
      `${indicator.id} depends on the length of its window: say per: ${PERIODS.join(', ')}, or window: 30d.`,
      { parameter: at('per') },
    )
}

/** A sum grows with its window and distinct things do too; a quotient of two sums does not. */
function dependsOnWindow(catalog: Catalog, indicator: Indicator): boolean {
  switch (indicator.type) {
    case 'simple': {
      const derived = catalog.derivedMeasures.get(indicator.measure)
      if (derived?.kind === 'reference' || (derived?.kind === 'entity' && derived.timing.kind === 'end')) return false
      const agg = (catalog.measures.get(indicator.measure) ?? derived)?.agg
      return agg === 'count' || agg === 'sum' || agg === 'count_distinct'
    }
    case 'derived':
      return (
        /^[\s\w()+-]+$/.test(indicator.expr) &&
        indicator.inputs.some(id => {
          const input = catalog.indicators.get(id)
          return input !== undefined && dependsOnWindow(catalog, input)
        })
      )
    default:
      return false
  }
}

function refuseOverlaps(targets: readonly Target[]): void {
  const key = ({ by, per, window }: Target) => JSON.stringify([Object.entries(by).sort(), per, window])
  for (const [index, target] of targets.entries()) {
    const other = targets
      .slice(0, index)
      .find(
        one =>
          key(one) === key(target) &&
          one.from < (target.until ?? Number.POSITIVE_INFINITY) &&
          target.from < (one.until ?? Number.POSITIVE_INFINITY),
      )
    if (other !== undefined)
      throw new ProblemError(
        'invalid_parameter',
        `items/${index} holds at a time at which items/${targets.indexOf(other)} holds for the same segment: give the earlier one an until.`,
        { parameter: `items/${index}/from` },
      )
  }
}
