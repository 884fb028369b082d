/** A receiver over HTTP that answers as the test says, and remembers what came. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Changes } from '../../contract/changes.ts'

export interface Told {
  /** when its head came, wall clock */
  readonly at: number
  /** what the receiver's header x-sender says */
  readonly sender: string
  readonly receiver: string
  readonly key: string
  readonly groupKey: string
  readonly sequence: number
  readonly status: string
  readonly reason: string
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: ReadonlyArray<{
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
    readonly startsAt: string
    readonly endsAt: string
    readonly fingerprint: string
  }>
  /** an answer that says that it was taken went out, and nobody hung up before */
  answered: boolean
  /** as it came */
  readonly body: string
}

export type Answering = (told: Told, response: ServerResponse, request: IncomingMessage) => void

const OK: Answering = (_, response) => void response.writeHead(200).end('ok')

export class Hook implements AsyncDisposable {
  readonly told: Told[] = []
  answering: Answering = OK
  readonly #changed = new Changes()
  readonly #server = createServer((request, response) => void this.#take(request, response))

  static async open(): Promise<Hook> {
    const hook = new Hook()
    hook.#server.listen(0, '127.0.0.1')
    await once(hook.#server, 'listening')
    return hook
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  /** `firing spring 10:00:00`, in the order in which they came */
  get lines(): string[] {
    return this.told.flatMap(({ alerts }) =>
      alerts.map(
        ({ status, labels, startsAt, endsAt }) =>
          `${status} ${labels['campaign'] ?? labels['alertname']} ${status === 'firing' ? startsAt : endsAt}`,
      ),
    )
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#changed.next()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now()
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      // whoever asked is gone in the middle of it
      return
    }
    const body = Buffer.concat(chunks).toString()
    const sender = String(request.headers['x-sender'] ?? '')
    const told: Told = { ...(JSON.parse(body) as Told), at, sender, answered: false, body }
    this.told.push(told)
    response.on('finish', () => {
      told.answered = response.statusCode === 200
    })
    this.answering(told, response, request)
    this.#changed.notify()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
