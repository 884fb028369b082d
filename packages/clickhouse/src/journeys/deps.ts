import type { Catalog, Zone } from '@kivi/domain'
import type { BoundedRows } from '../measures/statement.ts'

/** What the statements of journeys need: who runs them, within limits, and the calendar of the catalog. */
export interface JourneyDeps {
  readonly rows: BoundedRows
  /** of the catalog's time zone */
  readonly zone: (catalog: Catalog) => Zone
}
