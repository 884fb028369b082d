import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runningDocker } from './containers.ts'
import { temporaryInMemory } from './memory-directory.ts'
import { type RunService, type ServiceName, starters } from './run-services.ts'
import { SUPPORT_URL } from './services.ts'

/**
 * One Kafka and one ClickHouse for the whole run, each started when a test first asks for it: the test files run in
 * processes of their own and ask this one over HTTP.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const forget = await temporaryInMemory()
  const started = new Map<ServiceName, Promise<RunService>>()
  let docker: ReturnType<typeof runningDocker> | undefined

  const service = (name: ServiceName): Promise<RunService> => {
    const known = started.get(name)
    if (known !== undefined) return known
    docker ??= runningDocker()
    const starting = docker.then(runtime => starters[name](runtime))
    started.set(name, starting)
    return starting
  }

  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? ''
    if (!(name in starters)) return void response.writeHead(404).end()
    service(name as ServiceName).then(
      ({ addresses }) => response.end(JSON.stringify(addresses)),
      error => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.env[SUPPORT_URL] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return async () => {
    server.close()
    server.closeAllConnections()
    const running = await Promise.allSettled(started.values())
    await Promise.all(running.map(result => (result.status === 'fulfilled' ? result.value.stop() : undefined)))
    await forget()
  }
}
