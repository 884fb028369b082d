import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Engine, EngineError, type EngineResult } from './engine.ts'
import { httpStatus } from './http-status.ts'
import type { Inserts } from './inserts.ts'
import { createLanes, type Lane, LaneFull } from './lanes.ts'
import { collect, type FrontRequest, plainBody, readRequest } from './request.ts'
import { type InsertOfData, type PlainStatement, parseStatement, StatementRefusal } from './statement.ts'

export interface FrontOptions {
  readonly host: string
  readonly port: number
  readonly limits: FrontLimits
}

/** What a statement may take unless it asks for less. */
interface FrontLimits {
  readonly readSeconds: number
  readonly memoryBytes: number
  readonly resultBytes: number
}

export interface Front {
  readonly port: number
  /** refuses new requests, ends those that run, closes the port */
  close(): Promise<void>
}

const MAX_STATEMENT_BYTES = 64 << 20
/** Parameters travel in the URL; this is ClickHouse's own limit for one, and Node's would be 16 KiB. */
const MAX_URL_BYTES = 1 << 20
const zip = promisify(gzip)

/** ClickHouse's HTTP interface over the engine: one statement a request, no sessions. */
export async function startFront(engine: Engine, inserts: Inserts, options: FrontOptions): Promise<Front> {
  const lanes = createLanes()

  /** One statement in its lane; a read whose client went away is ended, or not begun. */
  const run = async (
    request: FrontRequest,
    statement: InsertOfData | PlainStatement,
    response: ServerResponse,
    work: () => Promise<EngineResult>,
  ): Promise<EngineResult> => {
    const gone = new AbortController()
    const mark = request.settings.get('log_comment') ?? `front:${randomUUID()}`
    request.settings.set('log_comment', mark)
    let running = false
    const onClose = (): void => {
      if (response.writableFinished || statement.kind !== 'read') return
      gone.abort(new Error('The client went away'))
      if (running) {
        const kill = `KILL QUERY WHERE Settings['log_comment'] = {mark:String} ASYNC`
        void engine.run(kill, 'Null', { settings: new Map(), params: new Map([['mark', mark]]) }).catch(() => undefined)
      }
    }
    response.once('close', onClose)
    try {
      return await lanes.run(laneOf(request, statement), gone.signal, () => {
        running = true
        return work()
      })
    } finally {
      response.off('close', onClose)
    }
  }

  const plain = async (sql: string, request: FrontRequest, response: ServerResponse): Promise<void> => {
    const statement = parseStatement(sql)
    if (statement.kind === 'insert') throw new Error('unreachable: inserts of data are told apart before')
    const format = statement.format ?? request.format
    limit(request, statement, options.limits)
    const result = await run(request, statement, response, () => engine.run(sql, format, request)).finally(() => {
      if (statement.kind === 'other') inserts.forgetTables()
    })
    await answer(response, request, result, format)
  }

  const insert = async (
    statement: InsertOfData,
    rows: Readable,
    request: FrontRequest,
    response: ServerResponse,
  ): Promise<void> => {
    const received = await inserts.receive(rows)
    try {
      const result = await run(request, statement, response, () => inserts.insert(statement, received, request))
      await answer(response, request, { ...result, rowsRead: 0, bytesRead: 0 }, statement.format, {
        rows: result.rowsRead,
        bytes: result.bytesRead,
      })
    } finally {
      await received.discard()
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = readRequest(request)
    const id = asked.queryId ?? randomUUID()
    response.setHeader('X-ClickHouse-Query-Id', id)
    response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded')
    response.setHeader('X-ClickHouse-Timezone', 'UTC')
    // as ClickHouse does: a GET, which a link or an image can cause, changes nothing
    if (request.method === 'GET') asked.settings.set('readonly', '2')
    const body = plainBody(request)
    if (asked.query !== '') {
      const statement = parseStatement(asked.query)
      if (statement.kind === 'insert') {
        const inline = asked.query.slice(statement.dataAt)
        return await insert(statement, inline === '' ? body : prepend(Buffer.from(inline), body), asked, response)
      }
    }
    const rest = await collect(body, MAX_STATEMENT_BYTES)
    const head = rest.subarray(0, 256 << 10).toString()
    if (asked.query === '' && /^\s*INSERT\b/i.test(head.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/, ''))) {
      const statement = parseStatement(head)
      if (statement.kind === 'insert') {
        const at = Buffer.byteLength(head.slice(0, statement.dataAt))
        return await insert(statement, Readable.from([rest.subarray(at)]), asked, response)
      }
    }
    const sql = [asked.query, rest.toString()].filter(part => part !== '').join('\n')
    if (sql.trim() === '') throw new StatementRefusal(62, 'SYNTAX_ERROR', 'Empty query')
    await plain(sql, asked, response)
  }

  const server = createServer({ maxHeaderSize: MAX_URL_BYTES }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (isForeign(request)) return void reply(response, 403, 'Web pages may not ask the embedded engine.\n')
    if (pathname === '/ping') return void reply(response, 200, 'Ok.\n')
    if (pathname === '/' && request.method === 'GET' && !request.url?.includes('query=')) {
      return void reply(response, 200, 'Ok.\n')
    }
    handle(request, response).catch(error => fail(response, error, engine.version))
  })
  server.requestTimeout = 0
  server.keepAliveTimeout = 30_000
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await lanes.idle()
      await drained(server)
      await closed
    },
  }
}

/** A page of the web that a browser asks for, rather than a program or a person. */
function isForeign(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site']
  return request.headers.origin !== undefined || (site !== undefined && site !== 'none')
}

/** `priority` is ClickHouse's own setting: above 0, others go first. */
function laneOf(request: FrontRequest, statement: InsertOfData | PlainStatement): Lane {
  if (Number(request.settings.get('priority') ?? 0) > 0) return 'background'
  return statement.kind === 'read' ? 'answer' : 'write'
}

/** Caps what a statement may take; what it asks for itself holds where it is less. */
function limit(request: FrontRequest, statement: PlainStatement, limits: FrontLimits): void {
  const cap = (name: string, most: number): void => {
    const asked = Number(request.settings.get(name) ?? 0)
    if (!(asked > 0 && asked <= most)) request.settings.set(name, String(most))
  }
  cap('max_memory_usage', limits.memoryBytes)
  if (statement.kind !== 'read') return
  cap('max_execution_time', limits.readSeconds)
  cap('max_result_bytes', limits.resultBytes)
}

async function* chain(first: Buffer, rest: Readable): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

const prepend = (first: Buffer, rest: Readable): Readable => Readable.from(chain(first, rest), { objectMode: false })

function contentType(format: string): string {
  if (/^JSON(Compact)?EachRow|^JSONStringsEachRow|^NDJSON/.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (/^JSON/.test(format)) return 'application/json; charset=UTF-8'
  if (/^CSV/.test(format)) return 'text/csv; charset=UTF-8; header=absent'
  if (/^(TSV|TabSeparated)/.test(format)) return 'text/tab-separated-values; charset=UTF-8'
  if (/^(Pretty|Values|Vertical|Markdown|XML|SQLInsert)/.test(format)) return 'text/plain; charset=UTF-8'
  return 'application/octet-stream'
}

async function answer(
  response: ServerResponse,
  request: FrontRequest,
  result: EngineResult,
  format: string,
  written = { rows: 0, bytes: 0 },
): Promise<void> {
  const summary = {
    read_rows: String(result.rowsRead),
    read_bytes: String(result.bytesRead),
    written_rows: String(written.rows),
    written_bytes: String(written.bytes),
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: String(result.bytes.length),
    elapsed_ns: String(result.elapsedNs),
  }
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary))
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('Content-Type', contentType(format))
  const small = result.bytes.length < 200
  if (request.compressed) response.setHeader('Content-Encoding', 'gzip')
  response.end(request.compressed ? await zip(result.bytes, { level: small ? 0 : 1 }) : result.bytes)
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' })
  response.end(text)
}

const errorText = (error: unknown, version: string): { code: number; text: string } => {
  if (error instanceof EngineError) return { code: error.code, text: error.message }
  const told = (code: number, name: string, message: string): { code: number; text: string } => ({
    code,
    text: `Code: ${code}. DB::Exception: ${message}. (${name}) (version ${version} (embedded))`,
  })
  if (error instanceof StatementRefusal) return told(error.code, error.codeName, error.message)
  if (error instanceof LaneFull) return told(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', error.message)
  return told(1002, 'UNKNOWN_EXCEPTION', error instanceof Error ? error.message : String(error))
}

function fail(response: ServerResponse, error: unknown, version: string): void {
  if (response.destroyed) return
  const { code, text } = errorText(error, version)
  response.removeHeader('Content-Encoding')
  response.setHeader('X-ClickHouse-Exception-Code', String(code))
  reply(response, httpStatus(code), `${text}\n`)
}

/** Answers that are being written may end, connections that are kept alive for more are closed. */
async function drained(server: Server): Promise<void> {
  setImmediate(() => server.closeIdleConnections())
  const deadline = setTimeout(() => server.closeAllConnections(), 2000)
  server.once('close', () => clearTimeout(deadline))
}
