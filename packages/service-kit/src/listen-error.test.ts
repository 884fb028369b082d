import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { startHealthServer } from './health.ts'
import { checkPort, listenError } from './listen-error.ts'

it('a port that is taken is told with the variable that chooses another', async () => {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const error = await startHealthServer({
    host: '127.0.0.1',
    port,
    registry: new Registry(),
    checks: [],
    keys: null,
  }).catch(e => e)
  expect(listenError(error, { variable: 'KIVI_METRICS_PORT', host: '127.0.0.1', port })).toMatchObject({
    code: 'port_unavailable',
    message: expect.stringMatching(new RegExp(`^Port ${port} on 127.0.0.1 is taken .* KIVI_METRICS_PORT=\\d+\\.$`)),
  })
  const target = { variable: 'KIVI_HTTP_PORT', host: '127.0.0.1', port } as const
  await expect(checkPort(target)).rejects.toMatchObject({ code: 'port_unavailable' })
  await new Promise(resolve => other.close(resolve))
  await checkPort(target)
})

it.each([
  ['EACCES', /may not listen on port 80: .* KIVI_HTTP_PORT\.$/],
  ['EADDRNOTAVAIL', /^KIVI_HTTP_HOST is 10\.0\.0\.1, which is no address of this machine/],
])('%s is told', (code, message) => {
  const cause = Object.assign(new Error('listen'), { code })
  const target = { variable: 'KIVI_HTTP_PORT', host: '10.0.0.1', port: 80 } as const
  expect((listenError(new Error('wrapped', { cause }), target) as Error).message).toMatch(message)
})

it('what is no failure to listen stays itself', () => {
  const error = new TypeError('a mistake')
  expect(listenError(error, { variable: 'KIVI_HTTP_PORT', host: '::1', port: 1 })).toBe(error)
})
