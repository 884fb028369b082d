import type { Indicator } from '@kivi/domain'
import { versionOf } from '../hash.ts'
import { refuseCycles } from './cycles.ts'
import type { DeclaredIndicator, Formula } from './indicators.ts'
import { isLinear } from './linear.ts'
import type { CompiledMeasure } from './measures.ts'
import { checkTargets, type Nature } from './targets.ts'
import { labelOf } from './text.ts'

/**
 * Joins declared indicators with measures and with each other: names, cycles, dimensions, units, versions.
 * What refers to a definition that could not be read is left alone: it would only repeat that problem.
 */
export function joinIndicators(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  measures: ReadonlyMap<string, CompiledMeasure>,
  zone: string,
): Map<string, Indicator> {
  checkMeasureNames(declared, measures)
  refuseCycles(declared, inputsOf, 'is computed from')
  refuseCycles(declared, d => (d.parent === null ? [] : [d.parent]), 'has the parent')
  const graph = new Graph(declared, measures, zone)
  const indicators = new Map<string, Indicator>()
  for (const indicator of declared.values()) indicators.set(indicator.id, graph.join(indicator))
  for (const measure of measures.values()) {
    if (!indicators.has(measure.id)) indicators.set(measure.id, graph.simple(measure))
  }
  return indicators
}

const PLAIN = {
  declared: null,
  rolling: false,
  benchmarks: [],
  record: null,
  provisional_while: null,
  interval: null,
  source: null,
} as const

const inputsOf = (declared: DeclaredIndicator): readonly string[] =>
  namesIn(declared.formula).filter(name => name !== declared.id || declared.formula.type !== 'simple')

function namesIn(formula: Formula): readonly string[] {
  switch (formula.type) {
    case 'simple':
      return [formula.measure]
    case 'ratio':
      return [formula.numerator, formula.denominator]
    case 'derived':
      return formula.inputs
  }
}

function checkMeasureNames(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  measures: ReadonlyMap<string, CompiledMeasure>,
): void {
  for (const { id, mapping, formula } of declared.values()) {
    if (
      formula.type === 'simple' &&
      formula.measure !== id &&
      !measures.has(formula.measure) &&
      declared.has(formula.measure)
    ) {
      mapping.source.report(
        mapping.at('measure'),
        'unknown_name',
        `measure of ${mapping.what}: ${formula.measure} is an indicator, not a measure.`,
        'Use type: derived to compute from indicators.',
      )
    }
    // one id is one number everywhere: an indicator may present the measure of its own id, and nothing else
    if (measures.has(id) && !(formula.type === 'simple' && formula.measure === id)) {
      mapping.source.report(
        mapping.keyOf(),
        'duplicate_id',
        `${id} is a measure already, and served under that id.`,
        `Give the indicator another id, or make it type: simple with measure: ${id}.`,
      )
    }
  }
}

/** Walks from an indicator to its measures; circles, already reported, end the walk. */
class Graph {
  readonly #declared: ReadonlyMap<string, DeclaredIndicator>
  readonly #measures: ReadonlyMap<string, CompiledMeasure>
  readonly #zone: string

  constructor(
    declared: ReadonlyMap<string, DeclaredIndicator>,
    measures: ReadonlyMap<string, CompiledMeasure>,
    zone: string,
  ) {
    this.#declared = declared
    this.#measures = measures
    this.#zone = zone
  }

  join(declared: DeclaredIndicator): Indicator {
    const { id, mapping, formula } = declared
    const measure = formula.type === 'simple' ? this.#measures.get(formula.measure) : undefined
    const dimensions = this.#dimensions(id)
    if (this.#isWhole(id, new Set())) {
      checkTargets(declared.targets, dimensions, this.#nature(id))
      this.#checkUnit(declared, measure)
    }
    const base = {
      id,
      label: declared.label ?? measure?.label ?? labelOf(id),
      description: declared.description ?? measure?.description ?? { en: '' },
      unit: declared.unit ?? measure?.unit ?? (formula.type === 'ratio' ? 'percent' : 'number'),
      better: declared.better ?? measure?.better ?? 'higher',
      level: declared.level,
      kind: declared.kind,
      timing: declared.timing,
      owner: declared.owner,
      strategy: declared.strategy,
      parent: declared.parent,
      window: declared.window,
      board: declared.board,
      dimensions,
      targets: declared.targets.map(({ mapping: _, ...target }) => target),
      at_risk_within: declared.at_risk_within,
      minimum_volume: declared.minimum_volume,
      ...PLAIN,
      version: versionOf(this.#definition(id, new Set())),
    } as const
    switch (formula.type) {
      case 'simple':
        return { ...base, type: 'simple', measure: formula.measure }
      case 'ratio':
        return { ...base, type: 'ratio', numerator: formula.numerator, denominator: formula.denominator }
      case 'derived':
        if (mapping.has('better') === false && declared.targets.length > 0) mapping.require('better')
        return {
          ...base,
          type: 'derived',
          expr: formula.expr,
          inputs: formula.inputs,
          offsets: new Map(),
          compute: formula.compute,
        }
    }
  }

  /** a measure that no indicator presents, as the indicator of its id */
  simple(measure: CompiledMeasure): Indicator {
    const { id, label, description, unit, better, dimensions } = measure
    return {
      ...{ id, label, description, unit, better, dimensions, type: 'simple', measure: id, window: '1d', board: false },
      ...{ level: null, kind: null, timing: null, owner: null, strategy: null, parent: null },
      ...{ targets: [], at_risk_within: 0.1, minimum_volume: null },
      ...PLAIN,
      version: versionOf(this.#definition(id, new Set())),
    }
  }

  /** every definition that it is made of could be read */
  #isWhole(id: string, path: ReadonlySet<string>): boolean {
    if (this.#measures.has(id)) return true
    const declared = this.#declared.get(id)
    if (declared === undefined || path.has(id)) return false
    const deeper = new Set(path).add(id)
    return namesIn(declared.formula).every(name => this.#isWhole(name, deeper))
  }

  #inputs(id: string, seen: Set<string>): readonly string[] {
    const declared = this.#declared.get(id)
    if (
      declared === undefined ||
      seen.has(id) ||
      (declared.formula.type === 'simple' && declared.formula.measure === id)
    )
      return []
    seen.add(id)
    return namesIn(declared.formula)
  }

  #measuresOf(id: string, seen = new Set<string>()): CompiledMeasure[] {
    const inputs = this.#inputs(id, seen)
    const own = this.#measures.get(id)
    return own ? [own] : inputs.flatMap(name => this.#measuresOf(name, seen))
  }

  #dimensions(id: string): string[] {
    const [first, ...rest] = this.#measuresOf(id)
    return (first?.dimensions ?? []).filter(name => rest.every(measure => measure.dimensions.includes(name)))
  }

  #nature(id: string): Nature {
    if (this.#isAdditive(id, new Set())) return 'additive'
    const measures = this.#measuresOf(id)
    const { formula } = this.#declared.get(id)!
    // orders are distinct too, but a quotient of them hardly depends on the window; one of persons does
    const counted =
      formula.type === 'simple'
        ? measures.filter(m => m.agg === 'count_distinct')
        : measures.filter(m => m.distinct === 'person')
    return counted.length > 0 ? 'distinct' : 'level'
  }

  #isAdditive(id: string, path: ReadonlySet<string>): boolean {
    const measure = this.#measures.get(id)
    if (measure) return measure.agg === 'count' || measure.agg === 'sum'
    const formula = this.#declared.get(id)?.formula
    if (formula === undefined || path.has(id)) return false
    const deeper = new Set(path).add(id)
    if (formula.type === 'simple') return this.#isAdditive(formula.measure, deeper)
    return formula.type === 'derived' && isLinear(formula.node, name => this.#isAdditive(name, deeper))
  }

  #checkUnit({ formula, unit, mapping }: DeclaredIndicator, measure: CompiledMeasure | undefined): void {
    if (unit === undefined) return
    if (measure && unit !== measure.unit) {
      mapping.source.report(
        mapping.at('unit'),
        'wrong_unit',
        `${mapping.what} has the unit ${unit}, its measure ${measure.unit}.`,
        'Leave unit out.',
      )
    }
    if (formula.type !== 'ratio') return
    const [top, bottom] = [formula.numerator, formula.denominator].map(name => this.#unit(name))
    if (unit === 'percent' && top !== undefined && bottom !== undefined && top !== bottom) {
      mapping.source.report(
        mapping.at('unit'),
        'wrong_unit',
        `${mapping.what} divides ${top} by ${bottom}; that is no percentage.`,
        top === 'money' && bottom === 'count' ? 'Did you mean money?' : undefined,
      )
    }
    if (unit === 'money' && (top !== 'money' || bottom === 'money')) {
      mapping.source.report(
        mapping.at('unit'),
        'wrong_unit',
        `${mapping.what} divides ${top ?? 'something'} by ${bottom ?? 'something'}; that is no money.`,
        top === bottom ? 'Did you mean percent?' : undefined,
      )
    }
  }

  /** undefined where the file does not say */
  #unit(id: string): string | undefined {
    return this.#measures.get(id)?.unit ?? this.#declared.get(id)?.unit
  }

  /** what decides the value, inputs written out */
  #definition(id: string, path: ReadonlySet<string>): unknown {
    const measure = this.#measures.get(id)
    if (measure) return { zone: this.#zone, measure: definitionOf(measure) }
    const formula = this.#declared.get(id)?.formula
    if (formula === undefined || path.has(id)) return id
    const deeper = new Set(path).add(id)
    const inputs = namesIn(formula).map(name => [name, this.#definition(name, deeper)])
    return formula.type === 'derived' ? { expr: formula.node, inputs } : { type: formula.type, inputs }
  }
}

/** What of a measure decides its slices; words are not part of it. */
export function definitionOf(measure: CompiledMeasure): { readonly id: string; readonly [key: string]: unknown } {
  const { id, events, filter, agg, expr, distinct, dimensions } = measure
  return {
    id,
    events,
    filter: filter?.checked.node ?? null,
    agg,
    expr: expr?.checked.node ?? null,
    distinct,
    dimensions,
  }
}
