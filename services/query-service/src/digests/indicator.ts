/** One indicator of a report: its value as /v1/indicators/{id}/value answers it, the periods before, and who moved it. */
import {
  type DigestDefinition,
  type DigestGroups,
  type DigestIndicator,
  type DigestPeriod,
  type Indicator,
  isKiviError,
  previousWindow,
  type SelectedIndicator,
  type Trend,
  type Window,
} from '@kivi/domain'
import { type Desk, momentOf, type Trends } from '../answers/desk.ts'
import { inBoth } from '../answers/in-both.ts'
import { answerValue, type ValueAnswer } from '../answers/value.ts'
import { ProblemError } from '../http/problems.ts'
import { driversBy } from '../steering/drivers.ts'
import { groupsFrom } from '../steering/read.ts'

export interface OfDigest {
  readonly window: Window
  readonly definition: DigestDefinition
  readonly period: DigestPeriod
  readonly trend: Trend | null
  readonly northStar: boolean
  /** of the periods before, oldest first */
  readonly before: DigestIndicator['series']
}

interface Told {
  readonly indicator: DigestIndicator
  /** up to when its data are known, epoch ms */
  readonly watermark: number | null
}

const NO_TRENDS: Trends = { of: async () => new Map() }

/** Null where the view has nothing of it after all. An indicator that takes too long is told without a value. */
export async function indicatorOfDigest(desk: Desk, selected: SelectedIndicator, of: OfDigest): Promise<Told | null> {
  const { indicator } = selected
  try {
    const answer = await answerValue(
      { ...desk, trends: NO_TRENDS },
      {
        ...{ indicator, window: of.window, by: [], filters: [] },
        ...{ compare: 'previous', order: 'value', limit: 1 },
      },
    )
    const groups = await groupsOf(desk, selected, of.window)
    return {
      indicator: tell(indicator, answer, of, groups),
      watermark: answer.watermark === null ? null : Date.parse(answer.watermark),
    }
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'out_of_scope') return null
    if (!isKiviError(error, 'question_too_large')) throw error
    const { watermark } = momentOf(desk, indicator)
    const complete = watermark !== null && watermark >= of.period.to
    return { indicator: tell(indicator, { ...TOO_COSTLY, complete }, of, null), watermark }
  }
}

/** Where they were heading at an instant: by the whole weeks that were over then. */
export async function trendsAt(
  desk: Desk,
  indicators: readonly Indicator[],
  instant: number,
): Promise<ReadonlyMap<string, Trend | null>> {
  const upTo = (watermark: number | null): number | null => (watermark === null ? null : Math.min(watermark, instant))
  const { basis } = desk
  const then = {
    ...basis,
    watermark: upTo(basis.watermark),
    derived: (measures: Parameters<typeof basis.derived>[0]) => upTo(basis.derived(measures)),
  }
  return desk.trends.of({ ...desk, basis: then }, indicators, [])
}

type Judged = Pick<
  ValueAnswer,
  | 'value'
  | 'reason'
  | 'n'
  | 'interval'
  | 'target'
  | 'attainment'
  | 'status'
  | 'previous'
  | 'complete'
  | 'provisional'
  | 'provisional_until'
  | 'revised'
>

const TOO_COSTLY: Judged = {
  ...{ value: null, reason: 'too_costly', n: 0, interval: null, target: null, attainment: null, status: 'no_data' },
  ...{ complete: true, provisional: false, provisional_until: null, revised: false },
}

function tell(
  indicator: Indicator,
  answer: Judged,
  { trend, northStar, before, period }: OfDigest,
  groups: DigestGroups | null,
): DigestIndicator {
  const { previous } = answer
  return {
    id: indicator.id,
    label: inBoth(indicator.label),
    unit: indicator.unit,
    better: indicator.better,
    level: indicator.level,
    owner: indicator.owner,
    north_star: northStar,
    value: answer.value,
    reason: answer.reason ?? null,
    n: answer.n,
    interval: answer.interval,
    target: answer.target,
    attainment: answer.attainment,
    status: answer.status,
    previous:
      previous === undefined
        ? null
        : {
            value: previous.value,
            change: previous.change,
            good:
              previous.change === null || previous.change === 0
                ? null
                : previous.change > 0 === (indicator.better === 'higher'),
          },
    trend,
    complete: answer.complete,
    provisional: answer.provisional,
    provisional_until: answer.provisional_until,
    revised: answer.revised,
    series: indicator.record === null ? [...before, { period: period.name, value: answer.value }] : [],
    groups,
  }
}

/** As /v1/drivers/{id} tells it: what adds up by its contribution, the rest side by side. */
async function groupsOf(
  desk: Desk,
  { indicator, by, top }: SelectedIndicator,
  window: Window,
): Promise<DigestGroups | null> {
  if (by === null || !indicator.dimensions.includes(by)) return null
  const before = previousWindow(window, desk.basis.calendar)
  const { items } = await driversBy(groupsFrom(desk), desk.catalog, indicator, by, { now: window, before }, [])
  return {
    by,
    items: items.slice(0, top).map(({ value: group, now, before: previous, total }) => ({
      ...{ group, value: now, previous, contribution: total },
      change: now === null || previous === null || previous <= 0 ? null : (now - previous) / previous,
    })),
    more: Math.max(0, items.length - top),
  }
}
