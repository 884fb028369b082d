import type { Catalog } from '@kivi/domain'
import { backgroundSource, deriverOf, type Place } from './sources.ts'

export interface DeriveAllOptions extends Place {
  readonly catalog: Catalog
  readonly signal: AbortSignal
  /** share that is done, 0 … 1 */
  readonly onProgress: (share: number) => void
}

const PASS_MS = 1_000

/** Brings the derived tables up to date with what the ledger has now. An evaluator may do the same at the same time. */
export async function deriveAll({ catalog, signal, onProgress, ...place }: DeriveAllOptions): Promise<void> {
  const deriver = deriverOf(place, backgroundSource(place, catalog), PASS_MS)
  if (deriver === null) return
  let most = 0
  for (;;) {
    const { tables, more } = await deriver.pass(catalog, signal)
    const behind = tables.reduce((sum, table) => sum + table.behind, 0)
    most = Math.max(most, behind)
    onProgress(most === 0 ? 1 : 1 - behind / most)
    if (!more) return
  }
}
