import type { AnyMeasure, Catalog, Entity, EventSelection, Indicator, Occurrences } from '@kivi/domain'

/** The measures that an indicator rests on, each once. */
export function measuresOf(catalog: Catalog, indicator: Indicator): AnyMeasure[] {
  const found = new Set<AnyMeasure>()
  const seen = new Set<string>()
  const visit = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const measure = catalog.measures.get(id) ?? catalog.derivedMeasures.get(id)
    const formula = catalog.indicators.get(id)
    if (measure !== undefined) found.add(measure)
    // the length of the window is no input
    else if (formula !== undefined) for (const name of inputsOf(formula)) visit(name)
  }
  visit(indicator.id)
  return [...found]
}

function inputsOf(indicator: Indicator): readonly string[] {
  switch (indicator.type) {
    case 'simple':
      return [indicator.measure]
    case 'ratio':
      return [indicator.numerator, indicator.denominator]
    case 'derived':
      return indicator.inputs.map(name => indicator.offsets.get(name)?.of ?? name)
    case 'correlation':
      return [indicator.x, indicator.y]
    default:
      return [indicator.of]
  }
}

/** Event types without which the measures know nothing, sorted; reference values are named as such. */
export function needsOf(catalog: Catalog, measures: readonly AnyMeasure[]): string[] {
  return [...new Set(measures.flatMap(measure => [...eventsOf(catalog, measure)]))].sort()
}

function eventsOf(catalog: Catalog, measure: AnyMeasure): Iterable<string> {
  switch (measure.kind) {
    case 'entity': {
      const entity = catalog.entities.get(measure.entity)!
      const { timing, filter, expr, distinct } = measure
      const read = [timing.kind === 'end' ? null : timing.time, filter, expr, distinct]
      const fields = read.flatMap(expression => expression?.fields ?? [])
      return eventsOfFields(entity, timing.kind === 'each' ? [timing.list, ...fields] : fields)
    }
    case 'attributed': {
      const { touches, conversions } = catalog.attributions.get(measure.attribution)!
      return [...touches, conversions].flatMap(source => eventsOfOccurrences(catalog, source))
    }
    case 'funnel':
      return catalog.funnels.get(measure.funnel)!.steps.flatMap(step => step.events)
    case 'reference':
      return [`reference ${measure.reference}`]
    default:
      return measure.events.length === 0 ? ['*'] : measure.events
  }
}

function eventsOfOccurrences(catalog: Catalog, source: Occurrences): string[] {
  const entity = catalog.entities.get(source.entity)!
  const fields = source.kind === 'list' ? [source.list] : [...source.at.fields, ...(source.filter?.fields ?? [])]
  return eventsOfFields(entity, fields)
}

const eventsOfFields = (entity: Entity, names: readonly string[]): string[] =>
  names.flatMap(name => {
    const field = entity.fields.get(name) ?? entity.fields.get(entity.peers.get(name)?.of ?? '')
    return (field?.from ?? []).flatMap((selection: EventSelection) => selection.events)
  })
