/**
 * One POST, of which is known afterwards whether the other side may have got it. The connection is made first, and only
 * then the request written: whatever fails before that was certainly not taken. Redirects are not followed, so that
 * nobody can send Kivi to an address of their choice; connections are not kept, as a stale one would leave a doubt.
 */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

export interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PostOptions {
  /** for connecting, sending and the whole answer */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** asked in the tick in which the request is written */
  readonly mayStart: () => boolean
  /** beside the system's authorities */
  readonly tls?: ConnectionOptions
}

export type PostResult =
  | { readonly kind: 'not_sent'; readonly why: string }
  | { readonly kind: 'no_answer'; readonly why: string }
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly body: string
      /** false: the connection ended within the body */
      readonly whole: boolean
    }

/** Answers are a line or a small object; of longer ones the beginning is enough. */
const MOST_ANSWER_BYTES = 64 * 1024

/** Never throws for what the other side does. */
export async function post({ url, headers, body }: Post, options: PostOptions): Promise<PostResult> {
  const { timeoutMs, signal, mayStart } = options
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const why = (error: unknown) => {
    if (signal.aborted) return 'given up, as Kivi stops'
    return deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : described(error)
  }
  let socket: Socket
  try {
    socket = await connect(url, deadline, options.tls)
  } catch (error) {
    return { kind: 'not_sent', why: why(error) }
  }
  const drop = () => socket.destroy()
  deadline.addEventListener('abort', drop, { once: true })
  try {
    if (deadline.aborted || !mayStart()) return { kind: 'not_sent', why: 'not begun, as another leads by now' }
    // node writes the request in this turn: the socket is connected
    const answer = await exchange(socket, url, headers, body)
    return await readAnswer(answer)
  } catch (error) {
    return { kind: 'no_answer', why: why(error) }
  } finally {
    deadline.removeEventListener('abort', drop)
    socket.destroy()
  }
}

function connect(url: URL, deadline: AbortSignal, tls: ConnectionOptions = {}): Promise<Socket> {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (secure ? 443 : 80))
  const name = isIP(host) ? {} : { servername: host }
  return new Promise((resolve, reject) => {
    deadline.throwIfAborted()
    const socket = secure
      ? connectTls({ host, port, ...name, ALPNProtocols: ['http/1.1'], ...tls })
      : connectPlain({ host, port })
    const drop = () => socket.destroy(new Error('given up'))
    deadline.addEventListener('abort', drop, { once: true })
    // stays: a socket without a listener would end the process with its error
    socket.on('error', reject)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      deadline.removeEventListener('abort', drop)
      socket.setNoDelay(true)
      resolve(socket)
    })
    socket.once('close', () => {
      deadline.removeEventListener('abort', drop)
      reject(new Error('the connection was closed'))
    })
  })
}

function exchange(socket: Socket, url: URL, headers: Post['headers'], body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const credentials =
      url.username === '' && url.password === ''
        ? {}
        : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }
    const outgoing = httpRequest({
      createConnection: () => socket,
      method: 'POST',
      host: url.hostname,
      path: `${url.pathname}${url.search}`,
      ...credentials,
      headers: { ...headers, host: url.host, 'content-length': String(bytes.length), connection: 'close' },
    })
    outgoing.on('response', resolve)
    outgoing.on('error', reject)
    // a socket that is destroyed without an error ends here
    outgoing.on('close', () => reject(new Error('the connection was closed before an answer')))
    outgoing.end(bytes)
  })
}

async function readAnswer(answer: IncomingMessage): Promise<PostResult> {
  const chunks: Buffer[] = []
  let bytes = 0
  let whole = false
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= MOST_ANSWER_BYTES) break
    }
    whole = answer.complete
  } catch {
    // cut off or too slow: what counts is what came
  }
  const body = Buffer.concat(chunks).toString('utf8', 0, MOST_ANSWER_BYTES)
  return { kind: 'answered', status: answer.statusCode!, headers: answer.headers, body, whole }
}

/** An attempt to reach several addresses of one name fails with an error of errors that has no message itself. */
function described(error: unknown): string {
  const { message, code, errors } = error as NodeJS.ErrnoException & { errors?: Error[] }
  return message || errors?.[0]?.message || code || 'unknown error'
}
