import type { AnyMeasure, Catalog, Indicator, Measure } from '../definitions.ts'
import { settleDerived } from './decimals.ts'
import { type Cells, meanParts, measureOutcome, type Outcome, type PartValue, partOf } from './measures.ts'
import type { Reason } from './reasons.ts'

export interface Evaluation {
  readonly value: number | null
  /** where value is null, and where the window begins after the newest event */
  readonly reason: Reason | null
  /** the measures it was made of */
  readonly parts: Readonly<Record<string, PartValue>>
  /** how many events (or distinct things) the value rests on: of a ratio, its denominator's */
  readonly n: number
  /** events that came after their slice was complete */
  readonly late: number
}

/** Ids of all measures that an indicator rests on, in the catalog's order. */
export function measuresOf(catalog: Catalog, indicator: Indicator): Measure[] {
  const ids = new Set<string>()
  const visit = (id: string): void => {
    const known = catalog.indicators.get(id)
    // a measure is an indicator of its own name, unless that name was given to another one
    if (known === undefined || (known.type === 'simple' && known.measure === id)) ids.add(id)
    else for (const input of inputsOf(known)) visit(input)
  }
  for (const input of inputsOf(indicator))
    if (input === indicator.id) ids.add(input)
    else visit(input)
  return [...catalog.measures.values()].filter(measure => ids.has(measure.id))
}

function inputsOf(indicator: Indicator): readonly string[] {
  switch (indicator.type) {
    case 'simple':
      return [indicator.measure]
    case 'ratio':
      return [indicator.numerator, indicator.denominator]
    case 'derived':
      return indicator.inputs
    default:
      throw new Error(`${indicator.type} cannot be evaluated yet`)
  }
}

/**
 * The value of an indicator from merged slices. Ratios divide sums of the whole window and group, so they are never
 * averages of ratios.
 * @param known the window has begun for the watermark: then a count of nothing is 0, else it is no data
 */
export function evaluate(catalog: Catalog, indicator: Indicator, cells: Cells, known: boolean): Evaluation {
  const measures = measuresOf(catalog, indicator)
  const parts: Record<string, PartValue> = {}
  for (const measure of measures) parts[measure.id] = partOf(measure, cells.get(measure.id), known)
  const late = measures.reduce((sum, measure) => sum + (cells.get(measure.id)?.late ?? 0), 0)
  const only = measures.length === 1 ? measures[0] : undefined
  if (indicator.type === 'simple' && only?.agg === 'mean') {
    const cell = cells.get(only.id)
    const result = numberOf(catalog, indicator.measure, cells, known)
    return { ...result, parts: meanParts(cell, known), late }
  }
  return { ...indicatorNumber(catalog, indicator, cells, known), parts, late }
}

function numberOf(catalog: Catalog, id: string, cells: Cells, known: boolean): Outcome {
  const indicator = catalog.indicators.get(id)
  const measure = measureOf(catalog, id)
  if (measure !== undefined && (indicator === undefined || (indicator.type === 'simple' && indicator.measure === id)))
    return measureOutcome(measure, cells.get(id), known)
  if (indicator !== undefined) return indicatorNumber(catalog, indicator, cells, known)
  throw new Error(`the catalog has neither a measure nor an indicator ${id}`)
}

function indicatorNumber(catalog: Catalog, indicator: Indicator, cells: Cells, known: boolean): Outcome {
  switch (indicator.type) {
    case 'simple': {
      const measure = measureOf(catalog, indicator.measure)
      if (measure === undefined) throw new Error(`the catalog has no measure ${indicator.measure}`)
      return measureOutcome(measure, cells.get(measure.id), known)
    }
    case 'ratio': {
      const numerator = numberOf(catalog, indicator.numerator, cells, known)
      const denominator = numberOf(catalog, indicator.denominator, cells, known)
      const { n } = denominator
      if (numerator.value === null || denominator.value === null)
        return { value: null, reason: denominator.reason ?? numerator.reason, n }
      if (denominator.value === 0) return { value: null, reason: 'zero_denominator', n }
      return { value: numerator.value / denominator.value, reason: null, n }
    }
    case 'derived': {
      const inputs: Record<string, number | null> = {}
      let reason: Reason | null = null
      let n = Number.POSITIVE_INFINITY
      for (const id of indicator.inputs) {
        const input = numberOf(catalog, id, cells, known)
        inputs[id] = input.value
        reason ??= input.reason
        n = Math.min(n, input.n)
      }
      const computed = indicator.compute(inputs)
      const value = computed !== null && Number.isFinite(computed) ? settleDerived(catalog, indicator, computed) : null
      // with every input a number, only a division by zero gives none
      return { value, reason: value === null ? (reason ?? 'zero_denominator') : null, n: Number.isFinite(n) ? n : 0 }
    }
    default:
      throw new Error(`${indicator.type} cannot be evaluated yet`)
  }
}

export const measureOf = (catalog: Catalog, id: string): AnyMeasure | undefined =>
  catalog.measures.get(id) ?? catalog.derivedMeasures.get(id)
