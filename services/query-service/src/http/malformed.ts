/** What never becomes a request of a route, because its address or its bytes are broken, is a problem as well. */
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { send } from './errors.ts'
import { type ProblemCode, problemBody } from './problems.ts'
import { SECURITY_HEADERS } from './security.ts'

/** Of fastify's router: it finds no route before it has read the address. */
export function answerBrokenAddress(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS)
  send(request, reply, 'invalid_request', 'A % in the address stands before two hex digits of UTF-8, else it is %25.')
}

const DETAILS = {
  headers_too_large: 'Address and headers together may have 16 KiB: ask with fewer or shorter parameters.',
  request_timeout: 'The request was not complete in time: send it at once.',
  invalid_request:
    'This is no HTTP request: an address has no spaces and control characters, they are percent-encoded.',
} as const satisfies Partial<Record<ProblemCode, string>>

/** Of Node's parser: there is a connection, but no request. */
export function answerBrokenBytes(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'invalid_request'
  const { status, title, ...rest } = problemBody(code, DETAILS[code], '/')
  const body = JSON.stringify({ ...rest, title, status })
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...SECURITY_HEADERS,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
