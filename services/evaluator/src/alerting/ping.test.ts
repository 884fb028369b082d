import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPing } from './ping.ts'

const MINUTE = 60_000
let answering: (response: ServerResponse) => void
let asked: number
const server = createServer((_, response) => {
  asked++
  answering(response)
})
let url: string
beforeEach(async () => {
  asked = 0
  answering = response => void response.end('ok')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-of-the-switch`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const told = () => vi.fn<Parameters<typeof createPing>[0]['told']>()

test('each minute it asks, however often the alerts are judged, and only where they are', async () => {
  const tell = told()
  const ping = createPing({ url, told: tell })
  for (let now = 0; now < 3 * MINUTE; now += 1_000) {
    ping.tick(now, true)
    if (now % MINUTE === 0) await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(now / MINUTE + 1))
  }
  expect(tell.mock.calls.map(([{ outcome }]) => outcome)).toEqual(['answered', 'answered', 'answered'])
  for (let now = 3 * MINUTE; now < 9 * MINUTE; now += 1_000) ping.tick(now, false)
  ping.tick(9 * MINUTE, true)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(4))
  expect(asked).toBe(4)
})

test('a clock that is put back makes it ask, not wait until it comes there again', async () => {
  const tell = told()
  const ping = createPing({ url, told: tell })
  ping.tick(10 * MINUTE, true)
  ping.tick(5 * MINUTE, true)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(2))
})

test('a switch that does not take it is told of, without its address, and is asked a minute later', async () => {
  const tell = told()
  const ping = createPing({ url, told: tell })
  answering = response => void response.writeHead(503).end('away')
  ping.tick(0, true)
  await vi.waitFor(() => expect(tell).toHaveBeenLastCalledWith({ outcome: 'failed', reason: 'status 503' }))
  answering = response => void response.destroy()
  ping.tick(MINUTE, true)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(2))
  const nowhere = createPing({ url: 'http://127.0.0.1:1/secret-of-the-switch', told: tell })
  nowhere.tick(0, true)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(3))
  for (const [{ outcome, reason }] of tell.mock.calls) {
    expect(outcome).toBe('failed')
    expect(reason).not.toBe('')
    expect(reason).not.toContain('secret')
  }
})

test('one that hangs holds up nobody, and is left alone at the end', async () => {
  const tell = told()
  const ping = createPing({ url, told: tell })
  const reached = Promise.withResolvers<void>()
  answering = () => reached.resolve()
  // nothing to wait for
  expect(ping.tick(0, true)).toBeUndefined()
  await reached.promise
  expect(ping.tick(1_000, true)).toBeUndefined()
  ping.stop()
  answering = response => void response.end('ok')
  const other = createPing({ url, told: tell })
  other.tick(0, true)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(1))
  expect(tell).toHaveBeenCalledWith({ outcome: 'answered', reason: '' })
})

test('without an address it asks nobody', async () => {
  const tell = told()
  const ping = createPing({ url: null, told: tell })
  ping.tick(0, true)
  ping.stop()
  expect([asked, tell.mock.calls.length]).toEqual([0, 0])
})
