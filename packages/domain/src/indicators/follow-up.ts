import type { AnyMeasure, FollowUp } from '../definitions/index.ts'
import type { TimeRange } from '../ranges.ts'
import type { Calendar } from '../windows/index.ts'

/** When nothing can change any more what was read; null where nothing waits for anything. */
export function followUpEnd(
  reads: ReadonlyArray<{ readonly measure: AnyMeasure; readonly range: TimeRange }>,
  calendar: Calendar,
): number | null {
  const ends = reads.flatMap(({ measure, range }) => {
    const followUp = followUpOf(measure)
    return followUp === null ? [] : [endOf(range.to, followUp, calendar)]
  })
  return ends.length === 0 ? null : Math.max(...ends)
}

function followUpOf(measure: AnyMeasure): FollowUp | null {
  return measure.kind === 'entity' || measure.kind === 'attributed' || measure.kind === 'funnel'
    ? measure.followUp
    : null
}

/** Calendar days are counted from the local day of the window's last instant: day 7 is over when day 8 begins. */
function endOf(to: number, followUp: FollowUp, { zone }: Calendar): number {
  return 'ms' in followUp ? to + followUp.ms : zone.dayOf(zone.day(to - 1).date + followUp.days).start
}
