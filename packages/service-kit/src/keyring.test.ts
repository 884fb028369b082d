import { type ApiKey, KiviError } from '@kivi/domain'
import { beforeEach, expect, test } from 'vitest'
import { createKey, createKeyring, hashOfSecret } from './keyring.ts'
import { createLogger } from './logger.ts'
import { createTelemetry } from './telemetry.ts'

const HOUR = 3_600_000
const { secret, key } = createKey({ name: 'ann', roles: ['read'], scope: null }, 0)

let now = 0
let reads = 0
let stored: ApiKey[]
let store: { keys(): Promise<readonly ApiKey[]>; used(key: ApiKey, at: number): Promise<void> }
let used: number[]

beforeEach(() => {
  now = 10 * HOUR
  reads = 0
  used = []
  stored = [key]
  store = {
    async keys() {
      reads++
      return stored
    },
    async used(_key, at) {
      used.push(at)
    },
  }
})
const ring = () => {
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  return createKeyring({
    store: { keys: () => store.keys(), used: (one, at) => store.used(one, at) },
    telemetry,
    now: () => now,
  })
}
const fail = () => Promise.reject(new KiviError('store_unreachable', 'away'))

test('a secret is 256 random bits behind a prefix, and only its hash is kept', () => {
  expect(secret).toMatch(/^kivi_[\w-]{43}$/)
  expect(Buffer.from(secret.slice(5), 'base64url')).toHaveLength(32)
  expect(key.hash).toBe(hashOfSecret(secret))
  expect(JSON.stringify(key)).not.toContain(secret.slice(5))
  expect(createKey({ name: 'ann', roles: ['read'], scope: null }, 0).secret).not.toBe(secret)
})

test.each([
  [undefined, 'none'],
  ['', 'unknown'],
  [secret, 'unknown'],
  [`Basic ${secret}`, 'unknown'],
  [`Bearer ${secret}x`, 'unknown'],
  [`Bearer ${secret} x`, 'unknown'],
  [`Bearer ${key.hash}`, 'unknown'],
  [`Bearer ${secret}`, 'key'],
  [`bearer  ${secret} `, 'key'],
])('%s presents: %s', async (authorization, kind) => {
  expect((await ring().present(authorization)).kind).toBe(kind)
})

test('however many ask, keys are read once a second', async () => {
  const keys = ring()
  await Promise.all(Array.from({ length: 50 }, () => keys.present(`Bearer ${secret}`)))
  now += 999
  await keys.present(`Bearer ${secret}`)
  expect(reads).toBe(1)
  now += 1
  await keys.present(`Bearer ${secret}`)
  expect(reads).toBe(2)
})

test('a revoked key is none after a second', async () => {
  const keys = ring()
  expect((await keys.present(`Bearer ${secret}`)).kind).toBe('key')
  stored = [{ ...key, revokedAt: now }]
  now += 1_000
  expect((await keys.present(`Bearer ${secret}`)).kind).toBe('unknown')
})

test('where the store is away those who were let in stay in for an hour, and it is asked once a second', async () => {
  const keys = ring()
  await keys.present(`Bearer ${secret}`)
  let tries = 0
  store.keys = () => {
    tries++
    return fail()
  }
  now += 1_000
  for (let n = 0; n < 5; n++) expect((await keys.present(`Bearer ${secret}`)).kind).toBe('key')
  expect(tries).toBe(1)
  now += HOUR
  await expect(keys.present(`Bearer ${secret}`)).rejects.toMatchObject({ code: 'store_unreachable' })
})

test('where no key was ever read nobody is let in, and the reason is told', async () => {
  store.keys = fail
  await expect(ring().present(`Bearer ${secret}`)).rejects.toMatchObject({ code: 'store_unreachable' })
})

test('use is noted once an hour, and failing to note it costs nobody the answer', async () => {
  const keys = ring()
  for (const later of [0, HOUR - 1, 1]) {
    now += later
    await keys.present(`Bearer ${secret}`)
  }
  expect(used).toEqual([10 * HOUR, 11 * HOUR])
  store.used = fail
  now += HOUR
  expect((await keys.present(`Bearer ${secret}`)).kind).toBe('key')
})
