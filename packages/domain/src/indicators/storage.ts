import type { AnyMeasure } from '../definitions/index.ts'
import type { AskedRange, TimeRange } from '../ranges.ts'
import { TEN_SECONDS } from '../slices.ts'
import type { CellSource } from './evaluate.ts'
import { previousWindow } from './offsets.ts'
import { type Moment, storedRange, type Window } from './window.ts'

/** What is stored of each range, looked up once. */
export function createStorage(moment: Moment): Pick<CellSource, 'stored'> {
  const looksBefore = createLooksBefore()
  const known = new Map<string, TimeRange | null>()
  // of that age every ten seconds are stored
  const fine = Math.max(0, moment.now - moment.retention.tenSeconds)
  return {
    stored(measure, range) {
      if (range.from >= range.to) return null
      // derived tables keep every instant
      if (measure.kind !== undefined && measure.kind !== 'event')
        return looksBefore(measure) ? withPrevious(range, moment.calendar) : range
      if (range.from >= fine && range.from % TEN_SECONDS === 0 && range.to % TEN_SECONDS === 0) return range
      const key = `${range.from}/${range.to}`
      let found = known.get(key)
      if (found === undefined) {
        found = storedRange(range, moment)
        known.set(key, found)
      }
      return found
    },
  }
}

/** Does the measure look at the windows before the one that is asked? */
function createLooksBefore(): (measure: AnyMeasure) => boolean {
  const known = new WeakMap<AnyMeasure, boolean>()
  return measure => {
    let looks = known.get(measure)
    if (looks === undefined) {
      const read = measure.kind === 'entity' ? [measure.filter, measure.expr, measure.distinct] : []
      looks = read.some(expression =>
        expression?.uses.some(name => name === 'previous_start' || name === 'before_previous_start'),
      )
      known.set(measure, looks)
    }
    return looks
  }
}

/** The same windows before as a comparison's: of a calendar month the month before, of a length the length before. */
function withPrevious(window: Window, calendar: Moment['calendar']): AskedRange {
  const previous = previousWindow(window, calendar)
  const before = previousWindow(previous, calendar)
  return { from: window.from, to: window.to, previous: { start: previous.from, before: before.from } }
}
