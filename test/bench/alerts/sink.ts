/** A receiver that takes everything at once, and counts it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Request {
  /** performance.now() when it was whole */
  readonly at: number
  readonly path: string
  readonly bytes: number
  readonly text: string
}

export interface Sink extends AsyncDisposable {
  readonly url: string
  /** what came since the last call */
  taken(): readonly Request[]
}

/** Answers as Slack and a webhook do. */
export async function openSink(): Promise<Sink> {
  let requests: Request[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    try {
      for await (const piece of request) pieces.push(piece as Buffer)
    } catch {
      return
    }
    const body = Buffer.concat(pieces)
    requests.push({ at: performance.now(), path: request.url ?? '', bytes: body.length, text: body.toString() })
    response.writeHead(200).end('{"errcode":0}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken() {
      const before = requests
      requests = []
      return before
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
