import type { BoundedRows } from '../measures/statement.ts'

/** What the statements of journeys need: who runs them, within limits. */
export interface JourneyDeps {
  readonly rows: BoundedRows
}
