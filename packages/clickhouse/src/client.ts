import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { KiviError } from '@kivi/domain'
import { storeError } from './retry.ts'
import { identifier } from './sql.ts'

export interface ClickHouseOptions {
  readonly url: string
  readonly user?: string
  readonly password?: string
  /** default `kivi` */
  readonly database?: string
  /** name of the ClickHouse cluster whose shards and replicas share the tables; absent: one server */
  readonly cluster?: string
  /** longest wait for an answer, ms; default 60 000 */
  readonly requestTimeoutMs?: number
  /** most requests at a time; default 16 */
  readonly connections?: number
}

export type QueryParameters = Readonly<Record<string, unknown>>

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A connection pool to one ClickHouse. Every error it throws is a KiviError with ClickHouse's own as its cause. */
export interface ClickHouse {
  readonly options: ClickHouseOptions
  readonly database: string
  readonly cluster: string | null
  /** for what has no method here */
  readonly client: ClickHouseClient
  /** the rows of a SELECT (without FORMAT) as objects; 64-bit integers come as numbers, so cast large ones */
  rows<T>(sql: string, parameters?: QueryParameters, options?: RequestOptions): Promise<T[]>
  /** the same, one row at a time as they arrive */
  stream<T>(sql: string, parameters?: QueryParameters, options?: RequestOptions): AsyncIterable<T>
  /** the answer of a SELECT with its own FORMAT, as bytes */
  bytes(sql: string, parameters?: QueryParameters, options?: RequestOptions): AsyncIterable<Uint8Array>
  /** a statement without an answer */
  command(sql: string, parameters?: QueryParameters, options?: RequestOptions): Promise<void>
  /** `INSERT INTO … FORMAT …` with its data as the request's body */
  insert(sql: string, body: readonly Uint8Array[], options?: RequestOptions): Promise<void>
  /** resolves when ClickHouse answers a query, else throws store_unreachable */
  ping(signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * Settings of every request. They travel with each request and never in a session, so none can reach another one.
 * async_insert is on by default since 26.x and would answer before the part is written; without
 * wait_end_of_query an error may arrive after the status line said 200.
 */
const REQUEST_SETTINGS = {
  async_insert: 0,
  wait_end_of_query: 1,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  date_time_output_format: 'simple',
} as const

/** Opens no connection by itself: `ping` tells whether ClickHouse is there. */
export function createClickHouse(options: ClickHouseOptions): ClickHouse {
  const database = options.database ?? 'kivi'
  identifier(database)
  if (options.cluster !== undefined) identifier(options.cluster)
  const client = createClient({
    url: options.url,
    username: options.user ?? 'default',
    password: options.password ?? '',
    database,
    application: 'kivi',
    request_timeout: options.requestTimeoutMs ?? 60_000,
    max_open_connections: options.connections ?? 16,
    // below the server's own keep-alive (10 s; 3 s in older ones), or a reused socket is reset under a request
    keep_alive: { enabled: true, idle_socket_ttl: 2_000, eagerly_destroy_stale_sockets: true },
    clickhouse_settings: { ...REQUEST_SETTINGS },
    // every failure is thrown, and reported by who handles it
    log: { level: ClickHouseLogLevel.OFF },
  })

  const request = (parameters: QueryParameters | undefined, request: RequestOptions | undefined) => ({
    ...(parameters === undefined ? {} : { query_params: { ...parameters } }),
    ...(request?.settings === undefined ? {} : { clickhouse_settings: { ...request.settings } }),
    ...(request?.signal === undefined ? {} : { abort_signal: request.signal }),
  })

  const attempt = async <T>(what: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      // the client looks at the signal only when it changes
      signal?.throwIfAborted()
      return await work()
    } catch (error) {
      throw storeError(error, what)
    }
  }

  return {
    options,
    database,
    cluster: options.cluster ?? null,
    client,
    rows: <T>(sql: string, parameters?: QueryParameters, options?: RequestOptions) =>
      attempt(sql, options?.signal, async () => {
        const result = await client.query({ query: sql, format: 'JSONEachRow', ...request(parameters, options) })
        return (await result.json()) as T[]
      }),
    stream: async function* <T>(sql: string, parameters?: QueryParameters, options?: RequestOptions) {
      const result = await attempt(sql, options?.signal, () =>
        client.query({ query: sql, format: 'JSONEachRow', ...request(parameters, options) }),
      )
      try {
        for await (const rows of result.stream()) for (const row of rows) yield row.json() as T
      } catch (error) {
        throw storeError(error, sql)
      } finally {
        result.close()
      }
    },
    bytes: async function* (sql, parameters, options) {
      const { stream } = await attempt(sql, options?.signal, () =>
        client.exec({ query: sql, ...request(parameters, options) }),
      )
      try {
        for await (const chunk of stream) yield chunk as Uint8Array
      } catch (error) {
        throw storeError(error, sql)
      } finally {
        stream.destroy()
      }
    },
    command: (sql, parameters, options) =>
      attempt(sql, options?.signal, async () => {
        await client.command({ query: sql, ...request(parameters, options) })
      }),
    insert: (sql, body, options) =>
      attempt(sql, options?.signal, async () => {
        const values = Readable.from(body, { objectMode: false })
        const { stream } = await client.exec({ query: sql, values, ...request(undefined, options) })
        // the answer is empty, but the socket is free only when it has been read to its end
        for await (const _ of stream);
      }),
    ping: async signal => {
      const answer = await client.ping({ select: true, ...(signal === undefined ? {} : { abort_signal: signal }) })
      if (!answer.success)
        throw new KiviError(
          'store_unreachable',
          `ClickHouse does not answer at ${safeUrl(options.url)}: ${answer.error.message}. Is it running, and are KIVI_CLICKHOUSE_URL, _USER and _PASSWORD right?`,
          { cause: answer.error },
        )
    },
    close: () => client.close(),
  }
}

function safeUrl(url: string): string {
  const parsed = new URL(url)
  return `${parsed.protocol}//${parsed.host}`
}
