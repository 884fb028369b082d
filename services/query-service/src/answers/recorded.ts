import {
  type Asked,
  type Evaluation,
  formatWindow,
  type Indicator,
  type Interval,
  type Point,
  parseWindow,
  REASONS,
  type Reason,
  readSheet,
  type Sheet,
} from '@kivi/domain'
import { type Desk, momentOf } from './desk.ts'

/** An evaluated sheet of which some values were recorded before. */
export interface Answers extends Sheet {
  /** when the value was recorded, epoch ms; null: it is computed now */
  recordedAt(index: number): number | null
}

/**
 * Evaluates questions; of indicators that are recorded, values that stand recorded for just that window are taken as
 * they are, and only the others are computed.
 */
export async function readAnswers(desk: Desk, asked: readonly Asked[]): Promise<Answers> {
  const points = await recordedPoints(desk, asked)
  const open = asked.flatMap((_, index) => (points.has(index) ? [] : [index]))
  const sheet = await readSheet(
    desk.source,
    desk.catalog,
    open.map(index => asked[index] as Asked),
    desk.basis,
  )
  const places = new Map(open.map((index, place) => [index, place]))
  const place = (index: number): number => places.get(index) as number
  return {
    groups: index => (points.has(index) ? [[]] : sheet.groups(place(index))),
    at(index, group = []) {
      const point = points.get(index)
      return point === undefined ? sheet.at(place(index), group) : evaluationOf(point)
    },
    interval(index, group = []): Interval | null {
      const point = points.get(index)
      return point === undefined ? sheet.interval(place(index), group) : point.interval
    },
    watermark(index) {
      return points.get(index)?.known ?? (places.has(index) ? sheet.watermark(place(index)) : null)
    },
    recordedAt: index => points.get(index)?.computedAt ?? null,
  }
}

/** The recorded point of each question that has one, by its index. */
export async function recordedPoints(
  { points, basis, catalog }: Desk,
  asked: readonly Asked[],
): Promise<Map<number, Point>> {
  const found = new Map<number, Point>()
  if (points === null || basis.asOf !== null) return found
  const wanted = new Map<string, { indicator: Indicator; window: string; ends: Map<number, number[]> }>()
  for (const [index, one] of asked.entries()) {
    const { indicator, window, by, filters } = one
    if (indicator.record === null || by.length > 0 || filters.length > 0 || window.kind !== 'length') continue
    const text = windowText(indicator, window.to - window.from)
    const key = `${indicator.id} ${text}`
    const entry = wanted.get(key) ?? { indicator, window: text, ends: new Map<number, number[]>() }
    wanted.set(key, entry)
    entry.ends.set(window.to, [...(entry.ends.get(window.to) ?? []), index])
  }
  await Promise.all(
    [...wanted.values()].map(async ({ indicator, window, ends }) => {
      const times = [...ends.keys()]
      const read = await points.read({
        indicator: indicator.id,
        version: indicator.version,
        window,
        by: [],
        from: Math.min(...times),
        to: Math.max(...times) + 1,
      })
      const { watermark } = momentOf({ catalog, basis }, indicator)
      for (const point of read) {
        // what was recorded before all of the window was known is better computed now
        if (!point.complete && watermark !== null && watermark > point.known) continue
        // and what waited for a follow-up that has ended since
        if (point.provisionalUntil !== null && watermark !== null && watermark >= point.provisionalUntil) continue
        for (const index of ends.get(point.to) ?? []) found.set(index, point)
      }
    }),
  )
  return found
}

/** The end of the newest recorded window of this length that is not too old; null: none is. */
export async function newestRecorded(
  { points, basis, catalog }: Desk,
  indicator: Indicator,
  length: number,
): Promise<number | null> {
  if (points === null || indicator.record === null || basis.asOf !== null) return null
  const { watermark } = momentOf({ catalog, basis }, indicator)
  if (watermark === null) return null
  const read = await points.read({
    indicator: indicator.id,
    version: indicator.version,
    window: windowText(indicator, length),
    by: [],
    // a schedule that was missed twice is no schedule: then it is computed
    from: watermark - 2 * indicator.record.everyMs,
    to: watermark + 1,
  })
  return read.filter(point => point.complete).at(-1)?.to ?? null
}

/** As the points have it: the indicator's own window as the catalog writes it, `24h` or `1d`. */
function windowText(indicator: Indicator, length: number): string {
  const own = parseWindow(indicator.window)
  return own.ok && own.ms === length ? indicator.window : formatWindow(length)
}

export function evaluationOf(point: Point): Evaluation {
  return {
    value: point.value,
    reason: point.reason !== null && point.reason in REASONS ? (point.reason as Reason) : null,
    parts: point.parts,
    n: point.n,
    late: 0,
    provisional: point.provisional,
    provisionalUntil: point.provisionalUntil,
  }
}
