/** Statements of background work: they give way to answers, and stay small. */
import type { ClickHouse } from '../client.ts'

export interface Limits {
  /** after that long a pass begins no further part of a table, but for its first, ms */
  readonly passMs: number
  /** accepted events whose keys are looked up at a time */
  readonly changedEvents: number
  /** events that one statement reads */
  readonly eventsAtOnce: number
  /** rows that one statement writes, at most about */
  readonly rowsAtOnce: number
}

const LIMITS: Limits = { passMs: 20_000, changedEvents: 500_000, eventsAtOnce: 300_000, rowsAtOnce: 50_000 }

export interface Statements {
  readonly limits: Limits
  rows<T>(sql: string): Promise<T[]>
  write(sql: string): Promise<void>
}

/** `priority` above 0 lets ClickHouse, and the embedded engine's front, serve answers first. */
const BACKGROUND = { priority: 5, max_threads: 2 } as const

export function createStatements(
  clickhouse: ClickHouse,
  limits: Partial<Limits>,
  onStatement: (sql: string) => void | Promise<void> = () => undefined,
): Statements {
  return {
    limits: { ...LIMITS, ...limits },
    rows: sql => clickhouse.rows(sql, undefined, { settings: BACKGROUND }),
    async write(sql) {
      await onStatement(sql)
      // one block, one part: a statement that dies halfway leaves nothing that would have to be merged away
      await clickhouse.command(sql, undefined, { settings: { ...BACKGROUND, max_insert_threads: 1 } })
    },
  }
}
