/** Figures that no event carries: the examples that the shipped catalog gives. */

interface Level {
  readonly from: number
  readonly value: number
}

interface Flow extends Level {
  readonly until: number
}

const day = (date: string): number => Date.parse(date)

export const MARKET_SIZE: readonly Level[] = [
  { from: day('2025-01-01'), value: 1_000_000 },
  { from: day('2026-01-01'), value: 1_200_000 },
]

export const TOTAL_ASSETS: readonly Level[] = [
  { from: day('2025-01-01'), value: 900_000 },
  { from: day('2026-01-01'), value: 1_000_000 },
]

export const MARKET_SALES: readonly Flow[] = [
  { from: day('2025-01-01'), until: day('2026-01-01'), value: 36_500_000 },
  { from: day('2026-01-01'), until: day('2027-01-01'), value: 43_800_000 },
]

/** What is in force at an instant; null before the first figure. */
export const levelAt = (levels: readonly Level[], t: number): number | null =>
  levels.findLast(({ from }) => from <= t)?.value ?? null

/** The sum over [from, to), each figure in proportion of time; null where a part of it has no figure. */
export function flowOver(flows: readonly Flow[], from: number, to: number): number | null {
  let [total, covered] = [0, 0]
  for (const flow of flows) {
    const held = Math.max(0, Math.min(to, flow.until) - Math.max(from, flow.from))
    total += (flow.value * held) / (flow.until - flow.from)
    covered += held
  }
  return covered < to - from ? null : total
}
