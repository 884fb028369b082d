import { type ClickHouse, createDeriver, createSliceReader } from '@kivi/clickhouse'
import { type Catalog, createZone } from '@kivi/domain'
import type { Config } from '@kivi/service-kit'

export interface DeriveAllOptions {
  /** its database is migrated */
  readonly clickhouse: ClickHouse
  readonly catalog: Catalog
  readonly config: Pick<Config, 'ingest' | 'retention'>
  readonly signal: AbortSignal
  /** share that is done, 0 … 1 */
  readonly onProgress: (share: number) => void
}

/** Brings the derived tables up to date with what the ledger has now. An evaluator may do the same at the same time. */
export async function deriveAll({ clickhouse, catalog, config, signal, onProgress }: DeriveAllOptions): Promise<void> {
  if (config.retention.raw === 0) return
  const source = createSliceReader(clickhouse, { zone: () => createZone(catalog.timezone) })
  const deriver = createDeriver({
    clickhouse,
    progress: () => source.progress(),
    watermark: { disorder: config.ingest.disorderMs, idleAfter: config.ingest.idleAfterMs },
    now: Date.now,
    // short ones, so that progress is seen
    limits: { passMs: 1_000 },
  })
  let most = 0
  for (;;) {
    const { tables, more } = await deriver.pass(catalog, signal)
    const behind = tables.reduce((sum, table) => sum + table.behind, 0)
    most = Math.max(most, behind)
    onProgress(most === 0 ? 1 : 1 - behind / most)
    if (!more) return
  }
}
