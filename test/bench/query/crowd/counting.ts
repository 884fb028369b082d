/** ClickHouse with somebody before it who counts what is asked: nothing that the service does escapes it. */
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const KINDS = [
  ['how far the data are', /FROM partitions FINAL/],
  ['how far derived tables are', /FROM derived_state FINAL/],
  ['what people set', /targets_set|north_star_set|references_posted|steering/],
  ['are ids linked', /FROM system\.tables/],
  ['slices', /FROM .*slices/],
  ['recorded points', /points/],
] as const

export interface CountedClickHouse {
  readonly url: string
  /** statements since the last call, by what they are about */
  counts(): ReadonlyMap<string, number>
  /** asks the last statement about slices once more, of the engine itself, and takes all of its answer */
  again(): Promise<{ readonly ms: number; readonly bytes: number }>
  stop(): Promise<void>
}

export async function startCounting(target: string): Promise<CountedClickHouse> {
  const { hostname, port } = new URL(target)
  let counts = new Map<string, number>()
  let last: { readonly path: string; readonly headers: Record<string, string>; readonly body: Buffer } | null = null
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('end', () => {
      const body = Buffer.concat(pieces)
      const sql = `${decodeURIComponent(incoming.url ?? '')} ${body.toString('utf8', 0, 100_000)}`
      const kind = KINDS.find(([, pattern]) => pattern.test(sql))?.[0] ?? 'others'
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      if (kind === 'slices')
        last = { path: incoming.url ?? '/', headers: onlyOwn(incoming.headers), body: Buffer.concat(pieces) }
      if (process.env['BENCH_SQL'] !== undefined && kind === 'others') console.log(sql.slice(0, 2000))
      const onward = request(
        { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        answer => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        },
      )
      onward.on('error', () => outgoing.destroy())
      outgoing.on('close', () => onward.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts() {
      const before = counts
      counts = new Map()
      return before
    },
    async again() {
      if (last === null) throw new Error('no statement about slices was asked')
      const begun = performance.now()
      const url = new URL(last.path.replace(/([?&])query_id=[^&]*&?/, '$1'), target)
      const answer = await fetch(url, { method: 'POST', headers: last.headers, body: new Uint8Array(last.body) })
      const bytes = (await answer.arrayBuffer()).byteLength
      if (!answer.ok) throw new Error(`the statement about slices is answered ${answer.status} when it is asked again`)
      return { ms: performance.now() - begun, bytes }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What the connection adds does not belong to a statement. */
const onlyOwn = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && /^(authorization|accept|content-type|x-clickhouse)/.test(name)
        ? [[name, value]]
        : [],
    ),
  )
