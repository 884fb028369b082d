/** The other side of a receiver: an HTTP server that takes requests and behaves as it is told to. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Changes } from '../../contract/changes.ts'

interface Taken {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Behaviour = (request: IncomingMessage, response: ServerResponse, taken: Taken) => void

export interface OtherSide {
  readonly url: string
  /** requests whose body was read to its end */
  readonly taken: Taken[]
  behave(behaviour: Behaviour): void
  /** resolves when so many requests were taken */
  took(count: number): Promise<void>
  stop(): Promise<void>
}

export async function startOtherSide(): Promise<OtherSide> {
  const taken: Taken[] = []
  const changed = new Changes()
  let behaviour: Behaviour = answer(200, 'ok')
  const server = createServer((request, response) => {
    request.on('error', () => {})
    const chunks: Buffer[] = []
    if (behaviour === cutAtHeaders) return behaviour(request, response, { path: '', headers: {}, body: '' })
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const one = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() }
      taken.push(one)
      changed.notify()
      behaviour(request, response, one)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    behave: next => {
      behaviour = next
    },
    took: async count => {
      while (taken.length < count) await changed.next()
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function answer(status: number, body: string | object, headers: Record<string, string> = {}): Behaviour {
  return (_, response) => {
    response.writeHead(status, headers)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

/** takes the request and says nothing */
export const hang: Behaviour = () => {}

/** ends the connection before the body is read */
export const cutAtHeaders: Behaviour = request => void request.socket.destroy()

/** takes the request, and ends the connection instead of answering */
export const cutAfterBody: Behaviour = request => void request.socket.destroy()

/** begins an answer and ends the connection within its body */
export function cutInAnswer(status: number, beginning: string): Behaviour {
  return (request, response) => {
    response.writeHead(status, { 'content-length': String(beginning.length + 100) })
    response.write(beginning, () => request.socket.destroy())
  }
}

/** answers so much too late */
export function answerAfter(ms: number, status: number, body: string): Behaviour {
  return (_, response) => {
    setTimeout(() => response.writeHead(status).end(body), ms)
  }
}
