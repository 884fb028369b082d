/** The other side of KIVI_ALERTS_PING_URL: it remembers when it was asked. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface DeadMansSwitch extends AsyncDisposable {
  readonly url: string
  /** epoch ms, ascending */
  readonly pings: readonly number[]
}

export async function openDeadMansSwitch(): Promise<DeadMansSwitch> {
  const pings: number[] = []
  const server = createServer((_, response) => {
    pings.push(Date.now())
    response.end('ok')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`,
    pings,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
