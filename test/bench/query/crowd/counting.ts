/** ClickHouse with somebody before it who counts what is asked: nothing that the service does escapes it. */
import { createServer, request } from 'node:http'
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
  stop(): Promise<void>
}

export async function startCounting(target: string): Promise<CountedClickHouse> {
  const { hostname, port } = new URL(target)
  let counts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('end', () => {
      const body = Buffer.concat(pieces)
      const sql = `${decodeURIComponent(incoming.url ?? '')} ${body.toString('utf8', 0, 100_000)}`
      const kind = KINDS.find(([, pattern]) => pattern.test(sql))?.[0] ?? 'others'
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
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
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
