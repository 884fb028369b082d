import type { AnyMeasure, Catalog, Indicator } from '../definitions/index.ts'

/** What an id stands for. */
export type Named =
  | { readonly kind: 'measure'; readonly measure: AnyMeasure }
  | { readonly kind: 'indicator'; readonly indicator: Indicator }

/**
 * A measure is an indicator of its own name, unless that name was given to another one: then it is meant inside that
 * one only.
 */
export function named(catalog: Catalog, id: string, within: Indicator | null): Named {
  const indicator = catalog.indicators.get(id)
  const measure = measureOf(catalog, id)
  const isItself = indicator === undefined || (indicator.type === 'simple' && indicator.measure === id)
  if (measure !== undefined && (isItself || within?.id === id)) return { kind: 'measure', measure }
  if (indicator !== undefined) return { kind: 'indicator', indicator }
  throw new Error(`the catalog has neither a measure nor an indicator ${id}`)
}

export const measureOf = (catalog: Catalog, id: string): AnyMeasure | undefined =>
  catalog.measures.get(id) ?? catalog.derivedMeasures.get(id)

/** Ids that an indicator names, each once. */
export function inputsOf(indicator: Indicator): readonly string[] {
  switch (indicator.type) {
    case 'simple':
      return [indicator.measure]
    case 'ratio':
      return [...new Set([indicator.numerator, indicator.denominator])]
    case 'derived':
      return [...new Set(indicator.inputs.flatMap(name => idOf(indicator, name) ?? []))]
    case 'correlation':
      return [...new Set([indicator.x, indicator.y])]
    case 'cumulative':
    case 'growth':
    case 'share':
    case 'mean':
    case 'weighted':
      return [indicator.of]
  }
}

/** The id behind a name of a derived indicator's expression; null: the length of the window. */
export function idOf(indicator: Extract<Indicator, { type: 'derived' }>, name: string): string | null {
  const offset = indicator.offsets.get(name)
  if (offset !== undefined) return offset.of
  return name === 'window_days' || name === 'window_months' ? null : name
}

/** All measures that an indicator rests on, events' first, in the catalog's order. */
export function measuresOf(catalog: Catalog, indicator: Indicator): AnyMeasure[] {
  const ids = new Set<string>()
  const seen = new Set<string>()
  const visit = (id: string, within: Indicator): void => {
    const found = named(catalog, id, within)
    if (found.kind === 'measure') ids.add(id)
    else if (!seen.has(id)) {
      seen.add(id)
      for (const input of inputsOf(found.indicator)) visit(input, found.indicator)
    }
  }
  for (const input of inputsOf(indicator)) visit(input, indicator)
  return [...catalog.measures.values(), ...catalog.derivedMeasures.values()].filter(measure => ids.has(measure.id))
}

const known = new WeakMap<Catalog, WeakMap<Indicator, readonly AnyMeasure[]>>()

/**
 * What its answers depend on: the measures it rests on, and those that keep it provisional. Of one catalog, which never
 * changes, they are always the same list: it is asked for with every poll.
 */
export function measuresBehind(catalog: Catalog, indicator: Indicator): readonly AnyMeasure[] {
  const ofCatalog = known.get(catalog) ?? new WeakMap<Indicator, readonly AnyMeasure[]>()
  known.set(catalog, ofCatalog)
  const measures = ofCatalog.get(indicator) ?? findBehind(catalog, indicator)
  ofCatalog.set(indicator, measures)
  return measures
}

function findBehind(catalog: Catalog, indicator: Indicator): readonly AnyMeasure[] {
  const open = indicator.provisional_while === null ? undefined : catalog.indicators.get(indicator.provisional_while)
  return [...new Set([...measuresOf(catalog, indicator), ...(open === undefined ? [] : measuresOf(catalog, open))])]
}

/** Is all that it asks of its measures their numbers in its own window and groups? */
export function isPlain(catalog: Catalog, indicator: Indicator): boolean {
  const plain =
    indicator.type === 'simple' ||
    indicator.type === 'ratio' ||
    indicator.type === 'cumulative' ||
    (indicator.type === 'derived' && indicator.offsets.size === 0)
  return (
    plain &&
    inputsOf(indicator).every(id => {
      const found = named(catalog, id, indicator)
      return found.kind === 'measure' || isPlain(catalog, found.indicator)
    })
  )
}

/** Is a group's value made with the numbers of other groups too? A share is: of a group that has nothing it is 0. */
export function restsOnOtherGroups(catalog: Catalog, indicator: Indicator): boolean {
  return (
    indicator.type === 'share' ||
    inputsOf(indicator).some(id => {
      const found = named(catalog, id, indicator)
      return found.kind === 'indicator' && restsOnOtherGroups(catalog, found.indicator)
    })
  )
}

/** Does any of it come from derived tables, which may lag behind the events? References lag behind nothing. */
export const restsOnDerived = (measures: readonly AnyMeasure[]): boolean =>
  measures.some(measure => measure.kind !== undefined && measure.kind !== 'event' && measure.kind !== 'reference')

/**
 * Can what happens after a window change the measure's number of it, but for events that come late? Rows that are
 * counted by when something first happened stay where they are; what a row is, its groups too, may turn out later.
 */
export function changesLater(catalog: Catalog, measure: AnyMeasure, groups: readonly string[]): boolean {
  if (!restsOnDerived([measure])) return false
  if (measure.kind !== 'entity' || measure.timing.kind !== 'at' || groups.length > 0) return true
  const { timing, filter, expr, distinct, followUp } = measure
  if (filter !== null || expr !== null || distinct !== null || followUp !== null) return true
  const fields = catalog.entities.get(measure.entity)?.fields
  const first = (name: string): boolean => {
    const field = fields?.get(name)
    // the least of the times at which something happened is the first
    return field?.agg === 'first' || (field?.agg === 'min' && field.value.kind === 'time')
  }
  return timing.time.times === null || !timing.time.times.every(first)
}

/** Is anything about what happened in the window, rather than how things stood at its end? */
export const restsOnFlow = (measures: readonly AnyMeasure[]): boolean =>
  measures.some(
    measure => measure.kind !== 'reference' && !(measure.kind === 'entity' && measure.timing.kind === 'end'),
  )

/**
 * Can a value be below zero? Then value ÷ target says nothing. Growth, differences and correlations can; an expression
 * is tried with figures of all sizes, shares between 0 and 1.
 */
export function canBeNegative(catalog: Catalog, indicator: Indicator): boolean {
  const known = negatives.get(indicator)
  if (known !== undefined) return known
  const of = (id: string): boolean => {
    const found = named(catalog, id, indicator)
    return found.kind === 'indicator' && canBeNegative(catalog, found.indicator)
  }
  const found = decide()
  negatives.set(indicator, found)
  return found

  function decide(): boolean {
    switch (indicator.type) {
      case 'growth':
      case 'correlation':
        return true
      case 'derived': {
        const { inputs, compute } = indicator
        return Array.from({ length: TRIES }, (_, round) => {
          const figures = inputs.map((name, place): [string, number] => {
            const id = idOf(indicator, name)
            // multiples of the golden ratio and its like fill [0, 1) evenly, and are the same each time
            const even = ((round + 1) * ((place + 1) * 0.6180339887498949 + Math.sqrt(place + 2))) % 1
            // scores begin at one: (score − 1) ÷ 4 is not below zero
            const figure = id !== null && isShare(catalog, id) ? even : 1 + even * 10 ** (round % 4)
            return [name, id !== null && of(id) ? 2 * figure - 1 : figure]
          })
          return compute(Object.fromEntries(figures))
        }).some(value => value !== null && value < 0)
      }
      default:
        return inputsOf(indicator).some(of)
    }
  }
}

const TRIES = 200
const negatives = new WeakMap<Indicator, boolean>()

function isShare(catalog: Catalog, id: string): boolean {
  const indicator = catalog.indicators.get(id)
  return indicator?.type === 'share' || (indicator?.type === 'ratio' && indicator.unit === 'percent')
}
