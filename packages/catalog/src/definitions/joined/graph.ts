import type { DerivedMeasure } from '@kivi/domain'
import { type Formula, namesIn } from '../formulas/formula.ts'
import type { DeclaredIndicator } from '../indicators.ts'
import type { CompiledMeasure } from '../measures.ts'

/** A measure as the loader has it. */
export type LoadedMeasure = CompiledMeasure | DerivedMeasure

export function isOfEvents(measure: LoadedMeasure): measure is CompiledMeasure {
  return measure.kind === undefined || measure.kind === 'event'
}

/**
 * Walks from an indicator to the measures that it rests on. Circles, which are reported elsewhere, end the walk;
 * an id that stands for a measure is that measure, also where an indicator presents it.
 */
export class Graph {
  readonly declared: ReadonlyMap<string, DeclaredIndicator>
  readonly measures: ReadonlyMap<string, LoadedMeasure>

  constructor(declared: ReadonlyMap<string, DeclaredIndicator>, measures: ReadonlyMap<string, LoadedMeasure>) {
    this.declared = declared
    this.measures = measures
  }

  /** the formula of an id that is no measure */
  formula(id: string): Formula | undefined {
    return this.measures.has(id) ? undefined : this.declared.get(id)?.formula
  }

  /** the measure that an id stands for, through indicators of type simple */
  measure(id: string, seen: ReadonlySet<string> = new Set()): LoadedMeasure | undefined {
    const formula = this.formula(id)
    if (formula?.type !== 'simple' || seen.has(id)) return this.measures.get(id)
    return this.measure(formula.measure, new Set(seen).add(id))
  }

  /** every definition that it is made of could be read */
  isWhole(id: string, path: ReadonlySet<string> = new Set()): boolean {
    if (this.measures.has(id)) return true
    const formula = this.formula(id)
    if (formula === undefined || path.has(id)) return false
    const deeper = new Set(path).add(id)
    return namesIn(formula).every(name => this.isWhole(name, deeper))
  }

  /** measures that it rests on, each once, in the order in which the formulas name them */
  measuresOf(id: string): LoadedMeasure[] {
    const found = new Set<LoadedMeasure>()
    this.#visit(id, measure => found.add(measure))
    return [...found]
  }

  /** formulas on the way to its measures, its own included */
  formulasOf(id: string): Formula[] {
    const found: Formula[] = []
    this.#visit(id, undefined, formula => found.push(formula))
    return found
  }

  /** dimensions that all its measures share, in the order of the first */
  dimensions(id: string): string[] {
    const [first, ...rest] = this.measuresOf(id)
    return (first?.dimensions ?? []).filter(name => rest.every(measure => measure.dimensions.includes(name)))
  }

  #visit(
    id: string,
    onMeasure?: (measure: LoadedMeasure) => void,
    onFormula?: (formula: Formula) => void,
    seen = new Set<string>(),
  ): void {
    if (seen.has(id)) return
    seen.add(id)
    const measure = this.measures.get(id)
    if (measure) return onMeasure?.(measure)
    const formula = this.formula(id)
    if (formula === undefined) return
    onFormula?.(formula)
    for (const name of namesIn(formula)) this.#visit(name, onMeasure, onFormula, seen)
  }
}
