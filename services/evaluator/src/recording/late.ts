/**
 * Points that events changed which came after they were computed. Looking for them costs little; computing them
 * again does not, so what is young is looked after every few minutes and what is old every few hours.
 */
import type { LateEvents, LateSpan } from '@kivi/clickhouse'
import {
  type AnyMeasure,
  type Calendar,
  type Catalog,
  DAY,
  type FollowUp,
  type Indicator,
  measuresOf,
  type PointEnd,
  parseWindow,
} from '@kivi/domain'

export interface Affected {
  changes(indicator: Indicator, catalog: Catalog, calendar: Calendar, point: PointEnd): boolean
  /** the points are written: these late events need not be found again */
  done(): Promise<void>
}

export interface LateChecks {
  /** @param watermark points of windows that end there or before may have been computed */
  affected(watermark: number): Promise<Affected>
}

export interface LateCheckOptions {
  readonly events: LateEvents
  /** how often the points of the last day are looked after, ms */
  readonly youngEveryMs: number
  /** how often older ones are, ms */
  readonly oldEveryMs: number
  readonly now: () => number
}

export function createLateChecks({ events, youngEveryMs, oldEveryMs, now }: LateCheckOptions): LateChecks {
  const lanes = [
    { name: 'points:young', everyMs: youngEveryMs, isOf: (point: PointEnd, at: number) => point.to > at - DAY },
    { name: 'points:old', everyMs: oldEveryMs, isOf: (point: PointEnd, at: number) => point.to <= at - DAY },
  ]
  const checkedAt = new Map<string, number>()
  // kept until all is computed, over several passes where need be: what is computed since then is not stale any more
  let round: { begun: number; found: Array<{ lane: (typeof lanes)[number]; late: Late }> } | null = null

  async function begin(watermark: number): Promise<NonNullable<typeof round>> {
    const begun = now()
    const due = lanes.filter(({ name, everyMs }) => begun - (checkedAt.get(name) ?? 0) >= everyMs)
    const found = await Promise.all(due.map(async lane => ({ lane, late: await events.since(lane.name, watermark) })))
    return { begun, found }
  }

  return {
    async affected(watermark) {
      round ??= await begin(watermark)
      const { begun, found } = round
      return {
        changes: (indicator, catalog, calendar, point) =>
          point.computedAt < begun &&
          found.some(
            ({ lane, late }) =>
              lane.isOf(point, watermark) &&
              late.spans.some(span => touches(indicator, catalog, calendar, point, span)),
          ),
        async done() {
          round = null
          for (const { lane, late } of found) {
            await late.commit()
            checkedAt.set(lane.name, begun)
          }
        },
      }
    },
  }
}

type Late = Awaited<ReturnType<LateEvents['since']>>

/** Can an event in the span have changed the point? Where it is not sure, yes. */
function touches(
  indicator: Indicator,
  catalog: Catalog,
  calendar: Calendar,
  point: PointEnd,
  { from, to }: LateSpan,
): boolean {
  const measures = measuresOf(catalog, indicator)
  const end = Math.max(...measures.map(measure => reach(measure, point.to, calendar)))
  if (from >= end) return false
  // what is counted in the window alone; everything else may look further back
  const flows = measures.every(measure => measure.kind === undefined || measure.kind === 'event')
  const length = parseWindow(point.window)
  if (!flows || !length.ok || (indicator.type !== 'simple' && indicator.type !== 'ratio')) return true
  return to > point.to - length.ms
}

function reach(measure: AnyMeasure, to: number, { zone }: Calendar): number {
  const followUp: FollowUp | null =
    measure.kind === 'entity' || measure.kind === 'attributed' || measure.kind === 'funnel' ? measure.followUp : null
  if (followUp === null) return to
  return 'ms' in followUp ? to + followUp.ms : zone.dayOf(zone.day(to - 1).date + followUp.days).start
}
