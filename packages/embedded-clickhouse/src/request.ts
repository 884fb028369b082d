import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { StatementRefusal } from './statement.ts'

/** A request to ClickHouse's HTTP interface, its URL taken apart. */
export interface FrontRequest {
  readonly query: string
  readonly queryId: string | undefined
  readonly database: string | undefined
  readonly format: string
  readonly settings: Map<string, string>
  readonly params: ReadonlyMap<string, string>
  readonly compressed: boolean
}

/** Parameters of the HTTP interface itself; any other is a setting. */
const NOT_SETTINGS = new Set([
  ...['query', 'query_id', 'database', 'default_format', 'user', 'password', 'role', 'quota_key', 'stacktrace'],
  ...['buffer_size', 'wait_end_of_query', 'client_protocol_version', 'close_session'],
])

const refuse = (message: string): never => {
  throw new StatementRefusal(48, 'NOT_IMPLEMENTED', message)
}

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** What the URL and the headers say. Throws StatementRefusal for what the embedded engine has not. */
export function readRequest(request: IncomingMessage): FrontRequest {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const settings = new Map<string, string>()
  const params = new Map<string, string>()
  for (const [name, value] of searchParams) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value)
    else if (name.startsWith('session_')) refuse('The embedded engine has no sessions: send each statement on its own')
    else if (name === 'compress' || name === 'decompress') {
      if (value !== '0') refuse(`The embedded engine has no \`${name}\`: use Content-Encoding and Accept-Encoding`)
    } else if (!NOT_SETTINGS.has(name)) settings.set(name, value)
  }
  const compression = settings.get('enable_http_compression')
  const accepts = /\bgzip\b/.test(header(request, 'accept-encoding') ?? '')
  return {
    query: searchParams.get('query') ?? '',
    queryId: searchParams.get('query_id') ?? header(request, 'x-clickhouse-query-id'),
    database: searchParams.get('database') ?? header(request, 'x-clickhouse-database'),
    format: searchParams.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    settings,
    params,
    compressed: accepts && (compression === '1' || compression === 'true'),
  }
}

/** The body as it was before compression. */
export function plainBody(request: IncomingMessage): Readable {
  const encoding = header(request, 'content-encoding') ?? 'identity'
  const decoders: Record<string, (() => NodeJS.ReadWriteStream & Readable) | undefined> = {
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }
  if (encoding === 'identity') return request
  const decoder = decoders[encoding]?.() ?? refuse(`The embedded engine does not read Content-Encoding ${encoding}`)
  request.once('error', error => decoder.destroy(error))
  request.once('close', () => {
    if (!request.complete) decoder.destroy(new Error('The request ended before its body did'))
  })
  return request.pipe(decoder)
}

/** Up to `limit` bytes of the body in memory, for a statement; rows have no limit and are never collected. */
export async function collect(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  body.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) {
      body.destroy(new StatementRefusal(223, 'QUERY_IS_TOO_LARGE', `A statement may have ${limit} bytes at most`))
    } else chunks.push(chunk)
  })
  await once(body, 'end')
  return Buffer.concat(chunks)
}
