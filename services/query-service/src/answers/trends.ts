import {
  type Asked,
  type DimensionFilter,
  type Indicator,
  lengthWindow,
  parseWindow,
  type Trend,
  trendOf,
  weeksBefore,
} from '@kivi/domain'
import { type Desk, momentOf, plainSpan, pointQuestions, type Trends } from './desk.ts'
import { readAnswers, readRecorded } from './recorded.ts'
import { canBeRecorded } from './recorded-points.ts'

const WEEKS = 12
/** Whole weeks only change by late events: a trend may be this old before it is made anew behind an answer's back. */
const FRESH_MS = 5 * 60_000
const MOST_KEPT = 10_000

interface Kept {
  readonly trend: Trend | null
  readonly at: number
}

/** Keeps trends apart from answers, which are made anew with every change of the data. */
export function createTrends(): Trends {
  // a Map keeps the order of insertion: the first is the oldest
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<unknown>>()

  const keep = (key: string, entry: Kept): void => {
    kept.delete(key)
    kept.set(key, entry)
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break
      kept.delete(oldest)
    }
  }

  const make = async (desk: Desk, keys: ReadonlyMap<string, Indicator>, filters: readonly DimensionFilter[]) => {
    const lines = [...keys].map(([key, indicator]) => ({ key, indicator, asked: weekly(desk, indicator, filters) }))
    // what is costly enough to be recorded is not computed for twelve weeks at once
    const isRecorded = ({ indicator }: (typeof lines)[number]) => isFromPoints(desk, indicator, filters)
    const [recorded, computed] = [lines.filter(isRecorded), lines.filter(line => !isRecorded(line))]
    const [points, answers] = await Promise.all([
      readRecorded(
        desk,
        recorded.flatMap(line => line.asked),
      ),
      readAnswers(
        desk,
        computed.flatMap(line => line.asked),
      ),
    ])
    const pointAt = (index: number) => (points.has(index) ? points.at(index).value : null)
    let [point, answer] = [0, 0]
    for (const line of lines) {
      const { key, indicator, asked } = line
      const values = isRecorded(line) ? asked.map(() => pointAt(point++)) : asked.map(() => answers.at(answer++).value)
      // weeks before the first event are no weeks of zero: the indicator was not there
      const begun = values.findIndex(value => value !== null && value !== 0)
      keep(key, { trend: begun < 0 ? null : trendOf(values.slice(begun), indicator.better), at: desk.basis.now })
    }
  }
  const start = (desk: Desk, keys: ReadonlyMap<string, Indicator>, filters: readonly DimensionFilter[]) => {
    const made = make(desk, keys, filters)
      .catch(() => {
        // a trend that cannot be had costs no answer, and is not tried again with each of them
        for (const key of keys.keys()) keep(key, { trend: kept.get(key)?.trend ?? null, at: desk.basis.now })
      })
      .finally(() => {
        for (const key of keys.keys()) if (underWay.get(key) === made) underWay.delete(key)
      })
    for (const key of keys.keys()) underWay.set(key, made)
    return made
  }

  return {
    async of(desk, indicators, filters) {
      const keys = new Map(indicators.map(indicator => [keyOf(desk, indicator, filters), indicator]))
      const due = new Map([...keys].filter(([key]) => !isFresh(kept.get(key), desk) && !underWay.has(key)))
      if (due.size > 0) start(desk, due, filters)
      // only what was never made is waited for
      const open = [...keys.keys()].flatMap(key => (kept.has(key) ? [] : (underWay.get(key) ?? [])))
      await Promise.all(open)
      return new Map([...keys].map(([key, indicator]) => [indicator.id, kept.get(key)?.trend ?? null]))
    },
  }
}

function isFresh(entry: Kept | undefined, { basis }: Desk): boolean {
  return entry !== undefined && basis.now >= entry.at && basis.now - entry.at < FRESH_MS
}

function keyOf(desk: Desk, indicator: Indicator, filters: readonly DimensionFilter[]): string {
  const [last] = weeksBefore(desk.basis.calendar, momentOf(desk, indicator).watermark ?? 0, 1)
  return JSON.stringify([indicator.id, indicator.version, filters, last?.to ?? 0, desk.basis.asOf])
}

const isFromPoints = (desk: Desk, indicator: Indicator, filters: readonly DimensionFilter[]): boolean =>
  desk.points !== null && canBeRecorded(desk.catalog, { indicator, by: [], filters })

function weekly(desk: Desk, indicator: Indicator, filters: readonly DimensionFilter[]): Asked[] {
  const { watermark } = momentOf(desk, indicator)
  if (watermark === null) return []
  const weeks = weeksBefore(desk.basis.calendar, watermark, WEEKS)
  const first = weeks[0]
  const last = weeks.at(-1)
  if (first === undefined || last === undefined) return []
  const all = { from: first.from, to: last.to }
  const asked = { ...plainSpan(all), kind: 'range' as const }
  const own = parseWindow(indicator.window)
  const bare = { by: [], filters, bare: true }
  // what is recorded is the indicator's whole window that ends with the week
  if (isFromPoints(desk, indicator, filters) && own.ok)
    return weeks.map(({ to }): Asked => ({ indicator, window: lengthWindow(to - own.ms, to), ...bare }))
  const steps = weeks.map(week => ({ ...week, unit: 'week' as const, whole: week }))
  return pointQuestions(indicator, asked, steps, bare)
}
