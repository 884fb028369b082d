import { Session } from 'chdb'
import { quoteName, quoteText } from './tokens.ts'

/** What surrounds a statement: nothing of it outlives the statement. */
export interface StatementContext {
  readonly database?: string | undefined
  readonly settings: ReadonlyMap<string, string>
  readonly params?: ReadonlyMap<string, string>
}

export interface EngineResult {
  readonly bytes: Buffer
  readonly elapsedNs: number
  readonly rowsRead: number
  readonly bytesRead: number
}

/** An error of ClickHouse, as its HTTP interface would tell it. */
export class EngineError extends Error {
  readonly code: number
  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface Engine {
  readonly version: string
  run(sql: string, format: string, context: StatementContext): Promise<EngineResult>
  close(): void
}

export interface EngineOptions {
  /** what the engine may use in all, bytes */
  readonly memoryBytes: number
}

/** Small caches and few threads: one machine is shared with the services, and the data is small. */
const engineArguments = (options: EngineOptions): string[] => [
  `--max_server_memory_usage=${options.memoryBytes}`,
  `--mark_cache_size=${64 << 20}`,
  `--index_mark_cache_size=${16 << 20}`,
  `--uncompressed_cache_size=0`,
  `--index_uncompressed_cache_size=0`,
  `--mmap_cache_size=100`,
  `--compiled_expression_cache_size=${16 << 20}`,
  `--background_pool_size=2`,
  `--background_schedule_pool_size=4`,
  `--background_move_pool_size=1`,
  `--background_common_pool_size=2`,
  `--max_io_thread_pool_size=16`,
]

const CODE = /Code: (\d+)\. (?:DB::)?(?:Error|Exception)/

/**
 * Opens the engine on a directory, which only one process can do at a time. Each statement runs on a connection of
 * its own, for two reasons that were both measured: a connection keeps what `SET` gave it, a deduplication token
 * included, which would drop the next insert; and statements of one connection wait for each other.
 */
export function openEngine(path: string, options: EngineOptions): Engine {
  const root = new Session(path, { connectionArgs: engineArguments(options) })
  const version = root.query('SELECT version()', 'TSVRaw').trim()
  const asEngineError = (error: unknown): unknown => {
    if (!(error instanceof Error)) return error
    const code = CODE.exec(error.message)?.[1]
    if (code === undefined) return error
    const text = error.message.replace(/^Query failed: /, '').trim()
    const message = text.includes('(version ') ? text : `${text} (version ${version} (embedded))`
    return new EngineError(Number(code), message, { cause: error })
  }
  return {
    version,
    run: async (sql, format, { database, settings, params }) => {
      const connection = new Session(path)
      try {
        if (database !== undefined && database !== 'default') await connection.queryAsync(`USE ${quoteName(database)}`)
        const given = [
          ...[...settings].map(([name, value]) => `${quoteName(name)} = ${quoteText(value)}`),
          ...[...(params ?? [])].map(([name, value]) => `${quoteName(`param_${name}`)} = ${quoteText(value)}`),
        ]
        if (given.length > 0) await connection.queryAsync(`SET ${given.join(', ')}`)
        const result = await connection.queryAsync(sql, { format })
        const bytes = result.bytes()
        return {
          bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
          elapsedNs: Math.round(result.elapsed * 1e9),
          rowsRead: result.rowsRead,
          bytesRead: result.bytesRead,
        }
      } catch (error) {
        throw asEngineError(error)
      } finally {
        connection.close()
      }
    },
    close: () => root.close(),
  }
}
