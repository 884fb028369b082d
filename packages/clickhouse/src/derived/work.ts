import type { Target } from '../migrations/table.ts'
import type { Lineage, Run } from './ledger-runs.ts'
import type { Statements } from './statements.ts'

/** What the tables of one pass share. */
export interface PassWork {
  readonly statements: Statements
  readonly target: Target
  readonly signal: AbortSignal
  /** performance.now() at which no further part is begun */
  readonly until: number
  /** wall clock when the pass began */
  readonly begun: number
  readonly watermark: number | null
  readonly batches: ReadonlyMap<string, readonly Run[]>
  readonly known: readonly Lineage[]
  /** event types of runs, by the SQL that selects their events, as far as this pass has looked */
  readonly happened: Map<string, Promise<ReadonlySet<string>>>
}
