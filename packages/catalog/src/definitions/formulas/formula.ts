import type { Indicator } from '@kivi/domain'
import type { NumberNode } from '../../expression/syntax.ts'

/** keys that indicators of every type have */
type CommonKeys = Exclude<keyof Indicator, 'type'>

type FormulaOf<T extends Indicator> = T extends { readonly type: 'derived' }
  ? Omit<T, CommonKeys> & { readonly node: NumberNode }
  : Omit<T, CommonKeys>

/** How an indicator's value is made of others. */
export type Formula = FormulaOf<Indicator>

export type FormulaOfType<T extends Indicator['type']> = Extract<Formula, { readonly type: T }>

/** Names in a derived expression that stand for the length of the window that is asked for. */
export const WINDOW_NAMES = ['window_days', 'window_months'] as const

/** Ids of the measures and indicators that a formula reads, each once. */
export function namesIn(formula: Formula): readonly string[] {
  switch (formula.type) {
    case 'simple':
      return [formula.measure]
    case 'ratio':
      return [formula.numerator, formula.denominator]
    case 'derived':
      return [...new Set(formula.inputs.flatMap(name => idOf(formula, name) ?? []))]
    case 'correlation':
      return [formula.x, formula.y]
    default:
      return [formula.of]
  }
}

/** The id for which a name in a derived expression stands; null for the length of the window. */
export function idOf(formula: FormulaOfType<'derived'>, name: string): string | null {
  const offset = formula.offsets.get(name)
  if (offset) return offset.of
  return (WINDOW_NAMES as readonly string[]).includes(name) ? null : name
}
