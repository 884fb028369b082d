import { type Asked, type DimensionFilter, type Indicator, type Trend, trendOf, weeksBefore } from '@kivi/domain'
import { type Desk, momentOf, plainSpan, pointQuestions, type Trends } from './desk.ts'
import { readAnswers } from './recorded.ts'

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
    const answers = await readAnswers(
      desk,
      lines.flatMap(line => line.asked),
    )
    let place = 0
    for (const { key, indicator, asked } of lines) {
      const values = asked.map(() => answers.at(place++).value)
      // weeks before the first event are no weeks of zero: the indicator was not there
      const begun = values.findIndex(value => value !== null && value !== 0)
      keep(key, { trend: begun < 0 ? null : trendOf(values.slice(begun), indicator.better), at: desk.basis.now })
    }
  }
  const start = (desk: Desk, keys: ReadonlyMap<string, Indicator>, filters: readonly DimensionFilter[]) => {
    const made = make(desk, keys, filters).finally(() => {
      for (const key of keys.keys()) if (underWay.get(key) === made) underWay.delete(key)
    })
    for (const key of keys.keys()) underWay.set(key, made)
    return made
  }

  return {
    async of(desk, indicators, filters) {
      const keys = new Map(indicators.map(indicator => [keyOf(desk, indicator, filters), indicator]))
      const due = new Map([...keys].filter(([key]) => !isFresh(kept.get(key), desk) && !underWay.has(key)))
      if (due.size > 0) start(desk, due, filters).catch(() => undefined)
      // only what was never made is waited for
      await Promise.all([...keys.keys()].flatMap(key => (kept.has(key) ? [] : (underWay.get(key) ?? []))))
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

function weekly(desk: Desk, indicator: Indicator, filters: readonly DimensionFilter[]): Asked[] {
  const { watermark } = momentOf(desk, indicator)
  if (watermark === null) return []
  const weeks = weeksBefore(desk.basis.calendar, watermark, WEEKS)
  const first = weeks[0]
  const last = weeks.at(-1)
  if (first === undefined || last === undefined) return []
  const all = { from: first.from, to: last.to }
  const asked = { ...plainSpan(all), kind: 'range' as const }
  const steps = weeks.map(week => ({ ...week, unit: 'week' as const, whole: week }))
  return pointQuestions(indicator, asked, steps, { by: [], filters, bare: true })
}
