/** Credit of conversions to the same person's earlier touches. */
import type { Happened } from './history.ts'

export interface Conversion {
  readonly t: number
  readonly who: string
}

export type Model = 'last' | 'first' | 'any' | 'linear' | 'position'

/** For each conversion the touches in the window before it (0 ≤ gap < window) and what each of them earns. */
export function credit<T extends Conversion>(
  touches: readonly Happened[],
  conversions: readonly T[],
  windowMs: number,
  model: Model,
): { conversion: T; touch: Happened; weight: number }[] {
  const byPerson = Map.groupBy(touches, touch => touch.who)
  return conversions.flatMap(conversion => {
    if (conversion.who === '') return []
    const own = byPerson.get(conversion.who) ?? []
    const before = own
      .filter(touch => conversion.t - touch.t >= 0 && conversion.t - touch.t < windowMs)
      .sort((a, b) => a.t - b.t)
    return before.map((touch, i) => ({ conversion, touch, weight: weightOf(i, before.length, model) }))
  })
}

function weightOf(i: number, n: number, model: Model): number {
  switch (model) {
    case 'last':
      return i === n - 1 ? 1 : 0
    case 'first':
      return i === 0 ? 1 : 0
    case 'any':
      return 1
    case 'linear':
      return 1 / n
    case 'position':
      if (n <= 2) return 1 / n
      return i === 0 || i === n - 1 ? 0.4 : 0.2 / (n - 2)
  }
}
