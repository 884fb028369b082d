import { KiviError, type Role } from '@kivi/domain'
import { Counter, Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { startHealthServer } from './health.ts'
import type { Keyring, Presented } from './keyring.ts'
import type { Started } from './lifecycle.ts'

let server: Started<string> | null = null
afterEach(() => server?.stop())

const keyOf = (roles: readonly Role[], limited = false): Presented => ({
  kind: 'key',
  key: {
    id: 'k',
    hash: 'h',
    name: 'monitoring',
    roles,
    scope: limited ? { owner: 'growth', dimensions: {} } : null,
    createdAt: 0,
    revokedAt: null,
    lastUsedAt: null,
  },
})
const CALLERS: Readonly<Record<string, Presented>> = {
  'Bearer read': keyOf(['read']),
  'Bearer ingest': keyOf(['ingest']),
  'Bearer limited': keyOf(['read'], true),
}
const keys: Pick<Keyring, 'present'> = {
  present: async authorization =>
    authorization === undefined ? { kind: 'none' } : (CALLERS[authorization] ?? { kind: 'unknown' }),
}

async function open(by: Pick<Keyring, 'present'> | null) {
  const registry = new Registry()
  new Counter({ name: 'kivi_steps_total', help: 'steps', registers: [registry] }).inc(3)
  const checks = [{ name: 'log', run: () => 'it waits for the broker' }]
  server = await startHealthServer({ host: '127.0.0.1', port: 0, registry, checks, keys: by })
  const { value } = server
  return (path: string, authorization?: string) =>
    fetch(new URL(path, value), authorization === undefined ? {} : { headers: { authorization } })
}

describe('metrics', () => {
  it('are told to everybody where no keys are needed', async () => {
    const ask = await open(null)
    const answer = await ask('/metrics')
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('kivi_steps_total 3')])
  })

  it('are told to keys of the role read alone, and others are told why not', async () => {
    const ask = await open(keys)
    expect(await (await ask('/metrics', 'Bearer read')).text()).toContain('kivi_steps_total 3')
    for (const [authorization, status, code, challenge] of [
      [undefined, 401, 'key_missing', 'Bearer realm="kivi"'],
      ['Bearer other', 401, 'key_unknown', 'Bearer realm="kivi", error="invalid_token"'],
      ['Bearer ingest', 403, 'key_lacks_role', null],
      ['Bearer limited', 403, 'key_lacks_role', null],
    ] as const) {
      const answer = await ask('/metrics', authorization)
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
      expect(answer.headers.get('www-authenticate')).toBe(challenge)
      const body = (await answer.json()) as { detail: string }
      expect([answer.status, body]).toMatchObject([status, { status, code, type: `urn:kivi:problem:${code}` }])
      expect(body.detail).not.toContain('kivi_steps_total')
    }
  })

  it('are not told while nobody can be told apart', async () => {
    const ask = await open({ present: () => Promise.reject(new KiviError('store_unreachable', 'away')) })
    const answer = await ask('/metrics', 'Bearer read')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await answer.json()).toMatchObject({ code: 'keys_unread' })
  })
})

it('health is told without a key: those who restart processes have none', async () => {
  const ask = await open(keys)
  expect((await ask('/healthz')).status).toBe(200)
  const ready = await ask('/readyz')
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, checks: { log: 'it waits for the broker' } },
  ])
  expect((await ask('/elsewhere')).status).toBe(404)
})
