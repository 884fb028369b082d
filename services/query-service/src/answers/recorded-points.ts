/** Points that stand recorded for just the window of a question, in all or by the dimensions that are recorded. */
import {
  type Asked,
  type Catalog,
  floorTo,
  formatWindow,
  type Indicator,
  type Point,
  parseWindow,
  restsOnOtherGroups,
} from '@kivi/domain'
import { type Desk, momentOf } from './desk.ts'

const MINUTE = 60_000

type Place = Pick<Desk, 'points' | 'basis' | 'catalog'>

/** What stands recorded for a question. */
export interface Recorded {
  /** of everything together: how far the data were known and when it was computed is the same of its groups */
  readonly total: Point
  /** by the values of the question's `by`; what is not here had nothing in the window */
  readonly points: ReadonlyMap<string, Point>
}

export const keyOf = (group: readonly string[]): string => group.join('\u0000')
export const groupOf = (key: string): readonly string[] => key.split('\u0000')

/** The recorded answer of each question that has one, by its index. */
export async function recordedPoints(
  { points, basis, catalog }: Place,
  asked: readonly Asked[],
): Promise<Map<number, Recorded>> {
  const found = new Map<number, Recorded>()
  if (points === null || basis.asOf !== null) return found
  await Promise.all(
    [...wantedOf(catalog, asked).values()].map(async ({ indicator, window, ends, parted }) => {
      const read = (by: readonly string[], times: readonly number[]): Promise<readonly Point[]> | [] =>
        times.length === 0
          ? []
          : points.read({
              indicator: indicator.id,
              version: indicator.version,
              window,
              by,
              from: Math.min(...times),
              to: Math.max(...times) + 1,
              ends: times,
            })
      const [totals, groups] = await Promise.all([
        read([], [...ends.keys()]),
        read(indicator.record?.by ?? [], [...parted]),
      ])
      const byEnd = Map.groupBy(groups, point => point.to)
      const { watermark } = momentOf({ catalog, basis }, indicator)
      for (const total of totals) {
        if (!isCurrent(total, watermark)) continue
        for (const index of ends.get(total.to) ?? []) {
          const recorded = recordedAs(asked[index] as Asked, total, byEnd.get(total.to) ?? [])
          if (recorded !== null) found.set(index, recorded)
        }
      }
    }),
  )
  return found
}

/** All points of an indicator's windows of one length that questions want. */
interface Wanted {
  readonly indicator: Indicator
  readonly window: string
  /** indices of the questions by the end of their window, epoch ms */
  readonly ends: Map<number, number[]>
  /** ends of those that are about groups */
  readonly parted: Set<number>
}

function wantedOf(catalog: Catalog, asked: readonly Asked[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const [index, one] of asked.entries()) {
    const { indicator, window } = one
    if (window.kind !== 'length' || !canBeRecorded(catalog, one)) continue
    const text = windowText(indicator, window.to - window.from)
    const key = `${indicator.id} ${text}`
    const entry = wanted.get(key) ?? { indicator, window: text, ends: new Map<number, number[]>(), parted: new Set() }
    wanted.set(key, entry)
    entry.ends.set(window.to, [...(entry.ends.get(window.to) ?? []), index])
    if (isParted(one)) entry.parted.add(window.to)
  }
  return wanted
}

type Parts = Pick<Asked, 'indicator' | 'by' | 'filters'>

/** Is it about groups, or a part of everything? */
export const isParted = ({ by, filters }: Parts): boolean => by.length > 0 || filters.length > 0

/**
 * The total is recorded, and the groups of all recorded dimensions together: each of them has to be asked by, or
 * pinned to one value, for points of groups do not add up to those of larger ones.
 */
export function canBeRecorded(catalog: Catalog, asked: Parts): boolean {
  const { indicator, by, filters } = asked
  if (indicator.record === null) return false
  if (!isParted(asked)) return true
  const dimensions = indicator.record.by
  return (
    [...by, ...filters.map(({ field }) => field)].every(field => dimensions.includes(field)) &&
    dimensions.every(
      field => by.includes(field) || filters.some(filter => filter.field === field && filter.values.length === 1),
    ) &&
    !restsOnOtherGroups(catalog, indicator)
  )
}

function recordedAs({ indicator, by, filters }: Asked, total: Point, groups: readonly Point[]): Recorded | null {
  if (by.length === 0 && filters.length === 0) return { total, points: new Map([[keyOf([]), total]]) }
  // it was recorded before the catalog said by which dimensions
  if (groups.length === 0 && total.n > 0) return null
  const places = new Map(indicator.record?.by.map((field, place) => [field, place]))
  const fieldOf = ({ group }: Point, field: string): string => group[places.get(field) as number] as string
  const held = groups.filter(
    point => !isGone(point) && filters.every(({ field, values }) => values.includes(fieldOf(point, field))),
  )
  return { total, points: new Map(held.map(point => [keyOf(by.map(field => fieldOf(point, field))), point])) }
}

/** A group that had something when the window was recorded first, and has nothing any more. */
const isGone = ({ value, parts }: Point): boolean => value === null && Object.keys(parts).length === 0

function isCurrent(point: Point, watermark: number | null): boolean {
  if (watermark === null) return true
  // what was recorded before all of the window was known is better computed now
  if (!point.complete && watermark > point.known) return false
  // and what waited for a follow-up that has ended since
  return point.provisionalUntil === null || watermark < point.provisionalUntil
}

/** The end of the newest recorded window of this length that is not too old; null: none is. */
export async function newestRecorded(
  { points, basis, catalog }: Place,
  indicator: Indicator,
  length: number,
): Promise<number | null> {
  if (points === null || indicator.record === null || basis.asOf !== null) return null
  const { watermark } = momentOf({ catalog, basis }, indicator)
  if (watermark === null) return null
  // instants of recording are whole minutes: between two of them the same question is asked, and its answer is kept
  const { everyMs } = indicator.record
  const until = floorTo(watermark, everyMs % MINUTE === 0 ? MINUTE : everyMs)
  const read = await points.read({
    indicator: indicator.id,
    version: indicator.version,
    window: windowText(indicator, length),
    by: [],
    // a schedule that was missed twice is no schedule: then it is computed
    from: until - 2 * everyMs,
    to: until + 1,
  })
  return read.filter(point => point.complete).at(-1)?.to ?? null
}

/** As the points have it: the indicator's own window as the catalog writes it, `24h` or `1d`. */
function windowText(indicator: Indicator, length: number): string {
  const own = parseWindow(indicator.window)
  return own.ok && own.ms === length ? indicator.window : formatWindow(length)
}
