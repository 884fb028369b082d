import type { Attribution, DerivedMeasure, Funnel, Reference, ValueSegments, Zone } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import type { Problem } from '../problems.ts'
import type { CompiledEntity, EntityWorld } from './entities/compiled.ts'
import { readEntity } from './entities/entity.ts'
import { readEntityMeasure } from './entities/measure.ts'
import { writeOutMeasures } from './formulas/written-out.ts'
import { readAttribution } from './journeys/attributions.ts'
import { readFunnel } from './journeys/funnels.ts'
import { readAttributedMeasure, readFunnelMeasure, readReferenceMeasure } from './journeys/measures.ts'
import { readReference } from './journeys/references.ts'
import { readSegments } from './journeys/segments.ts'
import { kindOf } from './measure-kinds.ts'
import type { Named } from './named.ts'

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
export type DerivedSections = Readonly<
  Record<
    'entities' | 'attributions' | 'references' | 'funnels' | 'segments' | 'measures' | 'indicators',
    ReadonlyMap<string, Mapping>
  >
>

export interface DerivedWorld extends EntityWorld {
  readonly zone: Zone
  /** the catalog's files by name: references may be in one */
  readonly files: ReadonlyMap<string, string>
  readonly problems: Problem[]
}

export function readDerived(sections: DerivedSections, world: DerivedWorld): DerivedDefinitions {
  const entities = readAll(sections.entities, (name, mapping) => readEntity(name, mapping, world))
  const attributions = readAll(sections.attributions, (name, mapping) =>
    readAttribution(name, mapping, entities, world),
  )
  const funnels = readAll(sections.funnels, (name, mapping) => readFunnel(name, mapping, world))
  const references = readAll(sections.references, (name, mapping) =>
    readReference(name, mapping, world.zone, world.files, world.problems),
  )
  const segments = readAll(sections.segments, (name, mapping) => readSegments(name, mapping, entities, world))
  const taken = new Set([...sections.measures.keys(), ...sections.indicators.keys()])
  const made = writeOutMeasures(sections.indicators, taken, { entities, attributions, funnels })
  const measures = readAll(new Map([...sections.measures, ...made]), (id, mapping): DerivedMeasure | null => {
    switch (kindOf(mapping)) {
      case 'event':
        return null
      case 'entity':
        return readEntityMeasure(id, mapping, entities, world)
      case 'attribution':
        return readAttributedMeasure(id, mapping, attributions, entities, world)
      case 'funnel':
        return readFunnelMeasure(id, mapping, funnels)
      case 'reference':
        return readReferenceMeasure(id, mapping, references)
    }
  })
  return {
    entities: entities.read,
    attributions: attributions.read,
    references: references.read,
    funnels: funnels.read,
    valueSegments: segments.read,
    measures: measures.read,
  }
}

function readAll<T>(
  mappings: ReadonlyMap<string, Mapping>,
  read: (id: string, mapping: Mapping) => T | null,
): Named<T> {
  const all = new Map<string, T>()
  for (const [id, mapping] of mappings) {
    const found = read(id, mapping)
    if (found !== null) all.set(id, found)
  }
  return { read: all, names: new Set(mappings.keys()) }
}
