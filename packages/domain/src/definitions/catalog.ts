import type { Alerting } from '../alerts/types/alerting.ts'
import type { DigestDefinition } from '../digests/types/definition.ts'
import type { Layout } from '../event-columns.ts'
import type {
  Attribution,
  DerivedMeasure,
  Entity,
  EventSelection,
  Funnel,
  Reference,
  ValueSegments,
} from './entities.ts'
import type { EventType, SurveyScale } from './events.ts'
import type { Expression } from './expressions.ts'
import type { Indicator, NorthStar } from './indicators.ts'
import type { Measure } from './measures.ts'

/** The whole catalog as typed, checked definitions. packages/catalog makes them from YAML and .avsc; see docs/catalog.md. */
export interface Catalog {
  /** SHA-256 (64 hex digits) of everything that decides outcomes and slices */
  readonly hash: string
  readonly timezone: string
  readonly currency: string
  /** MM-DD */
  readonly fiscalYearStart: string
  readonly eventTypes: ReadonlyMap<string, EventType>
  readonly surveys: ReadonlyMap<string, SurveyScale>
  /** in the catalog's order */
  readonly measures: ReadonlyMap<string, Measure>
  /** measures over entities, attributions and references, in the catalog's order */
  readonly derivedMeasures: ReadonlyMap<string, DerivedMeasure>
  readonly entities: ReadonlyMap<string, Entity>
  readonly attributions: ReadonlyMap<string, Attribution>
  readonly references: ReadonlyMap<string, Reference>
  readonly funnels: ReadonlyMap<string, Funnel>
  readonly valueSegments: ReadonlyMap<string, ValueSegments>
  /** an event of one of these types (`*`: any) with both ids says whose the anonymous id is; empty: ids are never linked */
  readonly linkedBy: readonly string[]
  /** what makes a person active (`event: active`), without invalid traffic */
  readonly active: readonly EventSelection[]
  /** what events fulfil that are no invalid traffic; null, or none: all are valid */
  readonly valid?: Expression | null
  /** in the catalog's order; every measure that no indicator names as its id is here too, as `simple`, board: false */
  readonly indicators: ReadonlyMap<string, Indicator>
  /** alert rules, and who is told of them */
  readonly alerting: Alerting
  /** periodic reports, in the catalog's order */
  readonly digests: ReadonlyMap<string, DigestDefinition>
  readonly northStar: readonly NorthStar[]
  readonly layout: Layout
  /** Avro schemas as canonical JSON by event type, for registry and single-object encoding */
  readonly schemas: ReadonlyMap<string, string>
  /** what event types looked like before: producers that write single-object encoding may still name them */
  readonly olderSchemas?: readonly string[]
  /** the files by name, to store the catalog by its hash */
  readonly files: ReadonlyMap<string, string>
}
