/** How two daily series go together, weekdays apart. */
import { type Answer, type Calculation, mean, type Question, sum } from './answer.ts'
import type { History } from './history.ts'
import { number } from './history.ts'
import { lines } from './retail.ts'
import { surveys } from './surveys.ts'

const FEWEST_DAYS = 60

/** Values less the mean of their weekday; the first one's is weekday 0. */
function withoutWeekdays(values: ReadonlyArray<number | null>): Array<number | null> {
  const means = Array.from({ length: 7 }, (_, weekday) =>
    mean(values.filter((value, day): value is number => value !== null && day % 7 === weekday)),
  )
  return values.map((value, day) => (value === null ? null : value - means[day % 7]!))
}

function pearson(pairs: ReadonlyArray<readonly [number, number]>): number | null {
  const [x, y] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))]
  if (x === null || y === null) return null
  const product = sum(pairs.map(([a, b]) => (a - x) * (b - y)))
  const spread = Math.sqrt(sum(pairs.map(([a]) => (a - x) ** 2)) * sum(pairs.map(([, b]) => (b - y) ** 2)))
  return spread === 0 ? null : product / spread
}

/** Of y with x `lag` days before. */
export function correlationAt(
  x: ReadonlyArray<number | null>,
  y: ReadonlyArray<number | null>,
  lag: number,
): number | null {
  const [a, b] = [withoutWeekdays(x), withoutWeekdays(y)]
  const pairs = a.flatMap((value, day): Array<readonly [number, number]> => {
    const other = b[day + lag] ?? null
    return value === null || other === null ? [] : [[value, other]]
  })
  return pearson(pairs)
}

/** At the lag of the largest correlation of up to 14 days. */
function satisfaction_sales_correlation(history: History, { from, to }: Question): Answer {
  const { calendar } = history
  const [satisfaction, sales]: [Array<number | null>, number[]] = [[], []]
  for (let day = calendar.day(from); calendar.start(day + 1) <= to; day++) {
    const window = { from: calendar.start(day), to: calendar.start(day + 1) }
    if (window.from < from) continue
    satisfaction.push(surveys.csat(history, window).value)
    sales.push(sum(lines(history, window).map(e => number(e, 'amount'))))
  }
  if (satisfaction.filter(value => value !== null).length < FEWEST_DAYS) return { value: null }
  const lags = Array.from({ length: 29 }, (_, i) => i - 14)
  const found = lags.map(lag => correlationAt(satisfaction, sales, lag)).filter(r => r !== null)
  return { value: found.reduce<number | null>((best, r) => (Math.abs(r) > Math.abs(best ?? 0) ? r : best), null) }
}

export const correlations = { satisfaction_sales_correlation } satisfies Record<string, Calculation>
