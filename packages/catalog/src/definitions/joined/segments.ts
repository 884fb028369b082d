import type { EventType } from '@kivi/domain'
import { didYouMean } from '../../suggest.ts'
import type { CompiledEntity } from '../entities/compiled.ts'
import type { DeclaredIndicator } from '../indicators.ts'
import { type Graph, isOfEvents, type LoadedMeasure } from './graph.ts'

/** What tells which texts a dimension can have. */
export interface Texts {
  readonly eventTypes: ReadonlyMap<string, EventType>
  readonly entities: ReadonlyMap<string, CompiledEntity>
}

/** Reports a target for a segment that can never be: a value that an enum does not have. */
export function checkSegments(graph: Graph, texts: Texts, { id, targets }: DeclaredIndicator): void {
  const measures = graph.measuresOf(id)
  for (const { by, mapping } of targets)
    for (const [dimension, value] of Object.entries(by)) {
      const values = measures.map(measure => valuesOf(measure, dimension, texts)).find(v => v && !v.includes(value))
      if (!values) continue
      mapping.source.report(
        mapping.at('by'),
        'wrong_value',
        `${mapping.what} holds for ${dimension} ${value}, which ${dimension} never is.`,
        didYouMean(value, values),
      )
    }
}

/** null: any text, or none at all */
function valuesOf(measure: LoadedMeasure, dimension: string, { eventTypes, entities }: Texts): string[] | null {
  if (isOfEvents(measure)) {
    const types = measure.events.length === 0 ? [...eventTypes.keys()] : measure.events
    const kinds = types.flatMap(type => eventTypes.get(type)?.fields.get(dimension) ?? [])
    if (kinds.length === 0 || kinds.some(kind => kind.kind !== 'enum')) return null
    // a type without the field, or an event without a value, groups under ''
    return ['', ...kinds.flatMap(kind => (kind.kind === 'enum' ? kind.values : []))]
  }
  const group = measure.kind === 'entity' ? measure.groups.get(dimension) : undefined
  if (measure.kind !== 'entity' || group === undefined || !('field' in group)) return null
  const values = entities.get(measure.entity)?.fields.get(group.field)?.values
  return values ? ['', ...values] : null
}
