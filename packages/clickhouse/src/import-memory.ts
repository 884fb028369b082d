/**
 * How far imports are, for good. The log holds the same with its rows in one transaction, which is the truth as long
 * as the log keeps it; Kafka forgets a group's progress after some days, and an embedded log may be deleted.
 */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from './client.ts'
import { insertRows } from './insert-rows.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { imports } from './migrations/tables.ts'
import { everyReplica } from './replicas.ts'

export interface ImportProgress {
  /** rows that are in the log for sure */
  readonly position: number
  /** rows that are in it if the transaction under way was committed; else equal to `position` */
  readonly sending: number
  /** rows in all: where `position` is that, the import is finished */
  readonly total: number
  /** counts up with each remembered state; the highest counts */
  readonly step: number
}

export interface ImportMemory {
  /** what was last remembered of the import, null where nothing was */
  recall(topic: string, name: string): Promise<ImportProgress | null>
  /** durable when it resolves */
  remember(topic: string, name: string, progress: ImportProgress): Promise<void>
}

/** The memory in the table `imports`. `migrate` must have run. */
export function createImportMemory(clickhouse: ClickHouse): ImportMemory {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  return {
    recall: async (topic, name) => {
      const [row] = await clickhouse.rows<ImportProgress>(
        `SELECT position, sending, total, step FROM ${everyReplica(target, imports())} WHERE topic = {topic:String} AND name = {name:String} ORDER BY step DESC LIMIT 1`,
        { topic, name },
      )
      return row ?? null
    },
    remember: (topic, name, { position, sending, total, step }) =>
      insertRows(
        clickhouse,
        storedTable(target, imports()),
        [{ topic, name, position, sending, total, step }],
        randomUUID(),
      ),
  }
}
