import type { Entity, EntityField } from '@kivi/domain'
import type { BusinessHours } from '../../expression/entity/syntax.ts'
import type { Mapping } from '../../mapping.ts'
import type { EventWorld } from '../event-selections.ts'

/** A field that also knows which texts it can be; null: any. */
export interface CompiledField extends EntityField {
  readonly values: readonly string[] | null
}

export interface CompiledEntity extends Entity {
  readonly fields: ReadonlyMap<string, CompiledField>
  readonly mapping: Mapping
}

/** What definitions over entities are read with. */
export interface EntityWorld extends EventWorld {
  /** name of the catalog's zone */
  readonly timezone: string
  readonly businessHours: BusinessHours
}
