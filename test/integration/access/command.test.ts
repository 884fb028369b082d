/** Keys from the command line to a Kivi that starts elsewhere than on loopback. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { createAuditStore, createClickHouse, createKeyStore } from '@kivi/clickhouse'
import { hashOfSecret } from '@kivi/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../../services/standalone/src/cli/command.ts'
import { runCli } from '../../../services/standalone/src/cli/run.ts'
import { COMMANDS } from '../../../services/standalone/src/commands/index.ts'
import { clickhouseUrl, uniqueName } from '../../support/index.ts'

let directory: string
let env: Record<string, string>
const database = uniqueName('keys')

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-keys-'))
  env = {
    KIVI_CLICKHOUSE_URL: await clickhouseUrl(),
    KIVI_CLICKHOUSE_DATABASE: database,
    KIVI_DATA_DIR: directory,
    KIVI_HTTP_HOST: '0.0.0.0',
    KIVI_HTTP_PORT: '0',
    KIVI_COLLECTOR_PORT: '0',
  }
})
afterAll(async () => {
  const clickhouse = createClickHouse({ url: await clickhouseUrl(), database: 'default' })
  await clickhouse.command(`DROP DATABASE IF EXISTS ${database}`)
  await clickhouse.close()
  await rm(directory, { recursive: true })
})

function sink() {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return Object.assign(stream, { text: () => text })
}

async function kivi(argv: readonly string[], signal = new AbortController().signal, ready = () => {}) {
  const [stdout, stderr] = [sink(), sink()]
  const context = { env, stdin: new PassThrough(), stdout, stderr, signal, ready, onReload: () => {} }
  const code = await runCli(COMMANDS, argv, context)
  return { code, out: stdout.text(), err: stderr.text() }
}

test.each([
  { services: [] },
  { services: ['query-service'] },
  { services: ['collector'] },
  { services: ['ingest-worker'] },
  { services: ['evaluator'] },
])(
  'without a key nothing starts where strangers could reach it: $services',
  async ({ services }) => {
    const { code, err } = await kivi(['start', ...services, '--quiet'])
    expect(err).toContain('KIVI_HTTP_HOST is 0.0.0.0, which others can reach, and there is no key yet')
    expect(err).toContain('npx kivi keys create NAME')
    expect(code).toBe(EXIT.usage)
  },
  60_000,
)

test('a key is shown once, listed without its secret, and revoked for ever', async () => {
  expect((await kivi(['keys', 'list'])).out).toContain('There are no keys')
  const made = await kivi(['keys', 'create', 'ann', '--role', 'read', '--role', 'ingest'])
  expect(made).toMatchObject({ code: EXIT.done, out: expect.stringMatching(/^kivi_[\w-]{43}\n$/) })
  const secret = made.out.trim()
  expect(made.err).not.toContain(secret)
  const { out: listed } = await kivi(['keys', 'list', '--json'])
  const [key] = JSON.parse(listed).items
  expect(key).toMatchObject({
    name: 'ann',
    roles: ['read', 'ingest'],
    scope: null,
    revoked_at: null,
    last_used_at: null,
  })
  expect(listed).not.toContain(secret)
  expect(listed).not.toContain(hashOfSecret(secret))
  const clickhouse = createClickHouse({ url: env['KIVI_CLICKHOUSE_URL'] as string, database })
  expect(JSON.stringify(await clickhouse.rows('SELECT * FROM api_keys'))).not.toContain(secret.slice(5, 25))
  expect((await createKeyStore(clickhouse).keys()).map(one => one.hash)).toEqual([hashOfSecret(secret)])
  await clickhouse.close()

  expect(await kivi(['keys', 'create', 'ann', '--role', 'read'])).toMatchObject({
    code: EXIT.usage,
    err: expect.stringContaining('There is a key ann already'),
  })
  expect((await kivi(['keys', 'revoke', 'anm'])).err).toContain('did you mean ann?')
  expect((await kivi(['keys', 'revoke', 'ann'])).out).toContain('It was the last one')
  expect((await kivi(['keys', 'revoke', 'ann'])).err).toContain('is revoked already')
  const { out } = await kivi(['keys', 'list'])
  expect(out).toMatch(
    new RegExp(`^${key.id} +ann +read, ingest +\\d{4}-\\d\\d-\\d\\d +never +\\d{4}-\\d\\d-\\d\\d \\d\\dh$`, 'm'),
  )
})

test('who made and revoked a key stands in the audit, and the key does not', async () => {
  const clickhouse = createClickHouse({ url: env['KIVI_CLICKHOUSE_URL'] as string, database })
  const entries = await createAuditStore(clickhouse).entries({ limit: 10 })
  await clickhouse.close()
  const after = { name: 'ann', roles: ['read', 'ingest'], scope: null }
  const by = { key: null, name: expect.stringMatching(/^kivi keys \(.+\)$/) }
  expect(entries).toMatchObject([
    { what: 'key_revoked', actor: by, outcome: 'done', before: after, after: null },
    { what: 'key_created', actor: by, outcome: 'done', before: null, after },
  ])
  expect(JSON.stringify(entries)).not.toMatch(/kivi_[\w-]{43}|[0-9a-f]{64}/)
})

test('a limit that no indicator meets is told', async () => {
  const owner = await kivi(['keys', 'create', 'x', '--role', 'read', '--owner', 'nobody at all'])
  expect(owner).toMatchObject({
    code: EXIT.usage,
    err: expect.stringContaining('which no indicator of the catalog has'),
  })
  const only = await kivi(['keys', 'create', 'x', '--role', 'read', '--only', 'regoin:north'])
  expect(only).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('did you mean region?') })
  const made = await kivi(['keys', 'create', 'x', '--role', 'read', '--only', 'region:north,east', '--json'])
  expect(JSON.parse(made.out)).toMatchObject({ scope: { owner: null, dimensions: { region: ['north', 'east'] } } })
})

/** a port that nobody listens on */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What the services answer while they run, by the address that they are at. */
async function whileRunning(services: readonly string[], ask: () => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const up = Promise.withResolvers<void>()
  const running = kivi(['start', ...services, '--quiet'], stop.signal, up.resolve)
  await Promise.race([up.promise, running.then(({ err }) => expect.unreachable(err))])
  try {
    await ask()
  } finally {
    stop.abort()
    expect((await running).code).toBe(EXIT.done)
  }
}
const statusOf = async (port: string, path: string, secret?: string): Promise<number> => {
  const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` }
  return (await fetch(`http://127.0.0.1:${env[port]}${path}`, { headers })).status
}

test('with a key it starts, lets in who has it, and no longer once it is revoked', async () => {
  const secret = (await kivi(['keys', 'create', 'reader', '--role', 'read'])).out.trim()
  env['KIVI_HTTP_PORT'] = String(await freePort())
  const ask = (key?: string) => statusOf('KIVI_HTTP_PORT', '/v1/indicators?limit=1', key)
  await whileRunning(['query-service'], async () => {
    expect(await ask()).toBe(401)
    expect(await ask(secret)).toBe(200)
    // by itself, and before anything was ever sent: it reads the log in the data directory all the same
    const system = await fetch(`http://127.0.0.1:${env['KIVI_HTTP_PORT']}/v1/system`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    expect(await system.json()).toMatchObject({
      dead_letters: { reasons: [], more: false, newest: [] },
      unavailable: [],
    })
    await kivi(['keys', 'revoke', 'reader'])
    await expect.poll(() => ask(secret), { timeout: 5_000 }).toBe(401)
  })
})

test('what has no interface of its own tells its metrics to keys that may read, its health to all', async () => {
  const reader = (await kivi(['keys', 'create', 'monitoring', '--role', 'read'])).out.trim()
  const sender = (await kivi(['keys', 'create', 'shop', '--role', 'ingest'])).out.trim()
  env['KIVI_METRICS_PORT'] = String(await freePort())
  const ask = (path: string, key?: string) => statusOf('KIVI_METRICS_PORT', path, key)
  await whileRunning(['evaluator'], async () => {
    expect(await ask('/healthz')).toBe(200)
    expect(await ask('/metrics')).toBe(401)
    expect(await ask('/metrics', sender)).toBe(403)
    expect(await ask('/metrics', reader)).toBe(200)
  })
})
