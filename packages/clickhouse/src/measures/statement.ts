import { ClickHouseError } from '@clickhouse/client'
import { KiviError } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'

/** What a question of measures may cost. */
export interface QuestionLimits {
  /** longest time of one statement, seconds; default 5 */
  readonly timeLimitSeconds?: number
  /** most rows (ranges × measures × groups) of one answer; default 200 000 */
  readonly rowLimit?: number
  /** most memory of one statement, bytes; default 1 GiB */
  readonly memoryLimit?: number
}

/** SELECTs within limits: what goes beyond is refused as question_too_large. Every value from outside is a parameter. */
export type BoundedRows = <Row>(sql: string, parameters: Readonly<Record<string, unknown>>) => Promise<Row[]>

/** ClickHouse's own codes for "over a limit": the question has to be made smaller, asking again does not help. */
const OVER_LIMIT = new Set([158, 159, 160, 162, 191, 241, 307, 396])

/** `settings` are added to those of the limits. */
export function boundedRows(
  clickhouse: Pick<ClickHouse, 'rows'>,
  limits: QuestionLimits,
  settings: Readonly<Record<string, string | number>> = {},
): BoundedRows {
  const all = {
    max_execution_time: limits.timeLimitSeconds ?? 5,
    timeout_overflow_mode: 'throw',
    max_result_rows: limits.rowLimit ?? 200_000,
    result_overflow_mode: 'throw',
    max_memory_usage: limits.memoryLimit ?? 1024 ** 3,
    // the bounds of a long series are part of the statement
    max_query_size: 8 << 20,
    ...settings,
  }
  return async (sql, parameters) => {
    try {
      return await clickhouse.rows(sql, parameters, { settings: all })
    } catch (error) {
      throw isOverLimit(error) ? tooLarge(error) : error
    }
  }
}

function isOverLimit(error: unknown): boolean {
  const cause = error instanceof KiviError ? error.cause : error
  return cause instanceof ClickHouseError && OVER_LIMIT.has(Number(cause.code))
}

const tooLarge = (cause: unknown) =>
  new KiviError(
    'question_too_large',
    'The question would read or return more than the limits allow: ask for a shorter window, larger steps or fewer groups.',
    { cause },
  )

/** Binds a value and gives the placeholder that stands for it; equal values are bound once. */
export type Bind = (value: unknown, type: string) => string

/** The parameters of one statement. */
export interface Parameters {
  readonly bind: Bind
  readonly values: Readonly<Record<string, unknown>>
}

export function createParameters(): Parameters {
  const values: Record<string, unknown> = {}
  const names = new Map<string, string>()
  return {
    values,
    bind(value, type) {
      const key = `${type} ${JSON.stringify(value)}`
      const name = names.get(key) ?? `p${names.size}`
      names.set(key, name)
      values[name] = value
      return `{${name}:${type}}`
    },
  }
}
