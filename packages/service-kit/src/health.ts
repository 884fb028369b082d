/** `/healthz`, `/readyz` and `/metrics` for a process that has no HTTP interface of its own. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KiviError, messageOf } from '@kivi/domain'
import type { Registry } from 'prom-client'
import { KEY_PROBLEMS, keyRefusal } from './key-refusals.ts'
import type { Keyring } from './keyring.ts'
import type { Started } from './lifecycle.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails, problemUrn } from './problem-details.ts'

export interface Check {
  readonly name: string
  /** null: ready; else one sentence that says what it waits for */
  run(): Promise<string | null> | string | null
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, string>>
}

/** Runs all checks; one that throws is not ready, with its message. */
export async function readiness(checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, run }) => {
      try {
        return [name, (await run()) ?? 'ok'] as const
      } catch (error) {
        return [name, messageOf(error)] as const
      }
    }),
  )
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}

export interface HealthServerOptions {
  readonly host: string
  /** 0: any free one */
  readonly port: number
  readonly registry: Registry
  readonly checks: readonly Check[]
  /** by which those who ask for metrics are told apart; null: whoever reaches the port may. Health is open to all */
  readonly keys: Pick<Keyring, 'present'> | null
}

/** The value is the server's URL. */
export async function startHealthServer(options: HealthServerOptions): Promise<Started<string>> {
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const answer = async () => {
      switch (request.url?.split('?')[0]) {
        case '/healthz':
          return json(200, { status: 'ok' })
        case '/readyz': {
          const state = await readiness(options.checks)
          return json(state.ready ? 200 : 503, state)
        }
        case '/metrics': {
          if (!(await mayAsk(request, response, options.keys))) return
          const text = await options.registry.metrics()
          response.writeHead(200, { 'content-type': options.registry.contentType }).end(text)
          return
        }
        default:
          return json(404, { status: 'not found', paths: ['/healthz', '/readyz', '/metrics'] })
      }
    }
    answer().catch((error: unknown) => json(500, { status: error instanceof Error ? error.message : 'failed' }))
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(options.port, options.host, resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return {
    value: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async stop() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

/** Metrics are for keys of the role `read`; whoever may not ask is told why. */
async function mayAsk(
  request: IncomingMessage,
  response: ServerResponse,
  keys: HealthServerOptions['keys'],
): Promise<boolean> {
  if (keys === null) return true
  const refuse = (code: keyof typeof KEY_PROBLEMS, detail: string, header: Readonly<Record<string, string>>) => {
    const body = problemDetails(KEY_PROBLEMS, problemUrn, code, detail)
    response.writeHead(body.status, { 'content-type': PROBLEM_MEDIA_TYPE, ...header }).end(JSON.stringify(body))
    return false
  }
  try {
    const refusal = keyRefusal(await keys.present(request.headers.authorization), 'read', { limited: false })
    if (refusal === null) return true
    const { code, detail, challenge } = refusal
    return refuse(code, detail, challenge === null ? {} : { 'www-authenticate': challenge })
  } catch (error) {
    if (!(error instanceof KiviError)) throw error
    return refuse('keys_unread', 'ClickHouse, which holds the keys, does not answer: ask again.', {
      'retry-after': '2',
    })
  }
}
