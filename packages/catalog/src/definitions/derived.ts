import type { Attribution, DerivedMeasure, Funnel, Reference, ValueSegments } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import type { CompiledEntity, EntityWorld } from './entities/compiled.ts'
import { readEntity } from './entities/entity.ts'
import { readEntityMeasure } from './entities/measure.ts'
import { writeOutMeasures } from './formulas/written-out.ts'
import { kindOf } from './measure-kinds.ts'

/** Everything that is computed from derived tables or raw events when asked. */
export interface DerivedDefinitions {
  readonly entities: ReadonlyMap<string, CompiledEntity>
  readonly attributions: ReadonlyMap<string, Attribution>
  readonly references: ReadonlyMap<string, Reference>
  readonly funnels: ReadonlyMap<string, Funnel>
  readonly valueSegments: ReadonlyMap<string, ValueSegments>
  readonly measures: ReadonlyMap<string, DerivedMeasure>
}

/** Sections of the files that declare it, by id. */
export interface DerivedSections {
  readonly entities: ReadonlyMap<string, Mapping>
  readonly measures: ReadonlyMap<string, Mapping>
  readonly indicators: ReadonlyMap<string, Mapping>
}

export function readDerived(sections: DerivedSections, world: EntityWorld): DerivedDefinitions {
  const entities = readAll(sections.entities, (name, mapping) => readEntity(name, mapping, world))
  const entityNames = new Set(sections.entities.keys())
  const taken = new Set([...sections.measures.keys(), ...sections.indicators.keys()])
  const made = writeOutMeasures(sections.indicators, taken, { entities, attributions: new Map(), funnels: new Map() })
  const measures = readAll(new Map([...sections.measures, ...made]), (id, mapping): DerivedMeasure | null => {
    switch (kindOf(mapping)) {
      case 'event':
        return null
      case 'entity':
        return readEntityMeasure(id, mapping, entities, entityNames, world)
    }
  })
  return {
    entities,
    attributions: new Map(),
    references: new Map(),
    funnels: new Map(),
    valueSegments: new Map(),
    measures,
  }
}

function readAll<T>(
  mappings: ReadonlyMap<string, Mapping>,
  read: (id: string, mapping: Mapping) => T | null,
): Map<string, T> {
  const all = new Map<string, T>()
  for (const [id, mapping] of mappings) {
    const found = read(id, mapping)
    if (found !== null) all.set(id, found)
  }
  return all
}
