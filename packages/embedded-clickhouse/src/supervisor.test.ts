import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedClickHouse, type EmbeddedClickHouseOptions, startEmbeddedClickHouse } from './index.ts'

let dataDir: string
const started: EmbeddedClickHouse[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kivi-engine-'))
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(server => server.stop()))
  await rm(dataDir, { recursive: true, force: true })
})

const start = async (options: Partial<EmbeddedClickHouseOptions> = {}): Promise<EmbeddedClickHouse> => {
  const server = await startEmbeddedClickHouse({ dataDir, ...options })
  started.push(server)
  return server
}
const ask = async (server: EmbeddedClickHouse, sql: string): Promise<string> => {
  const response = await fetch(server.url, { method: 'POST', body: sql })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text.trim()
}

/** A log that gives a promise of the next time that the process dies. */
function listen(): { log: EmbeddedClickHouseOptions['log'] & object; death(): Promise<void> } {
  let resolve: () => void = () => undefined
  return {
    log: { started: () => undefined, died: () => resolve(), said: () => undefined },
    death: () =>
      new Promise(done => {
        resolve = done
      }),
  }
}

test('what was written survives a clean stop', async () => {
  const first = await start()
  await ask(first, 'CREATE TABLE t (k UInt32) ENGINE = MergeTree ORDER BY k')
  await ask(first, 'INSERT INTO t VALUES (1), (2)')
  await first.stop()
  await expect(fetch(first.url)).rejects.toThrow()
  expect(await ask(await start(), 'SELECT sum(k) FROM t')).toBe('3')
})

test('after kill -9 it is back on the same port with its data', async () => {
  const { log, death } = listen()
  const server = await start({ log })
  await ask(server, 'CREATE TABLE t (k UInt32) ENGINE = MergeTree ORDER BY k')
  for (let round = 1; round <= 3; round++) {
    await ask(server, `INSERT INTO t VALUES (${round})`)
    const { pid } = server
    const died = death()
    process.kill(pid, 'SIGKILL')
    await died
    await server.ready()
    expect(server.pid).not.toBe(pid)
    expect(await ask(server, 'SELECT count() FROM t')).toBe(String(round))
  }
})

test('kill -9 during inserts loses no acknowledged row and leaves no half block', async () => {
  const { log, death } = listen()
  const server = await start({ log })
  await ask(
    server,
    'CREATE TABLE t (batch UInt32, k UInt32) ENGINE = MergeTree ORDER BY k SETTINGS non_replicated_deduplication_window = 1000',
  )
  const block = (batch: number): Buffer => {
    const rows = Buffer.alloc(8 * 5000)
    for (let k = 0; k < 5000; k++) rows.writeUInt32LE(k, rows.writeUInt32LE(batch, k * 8))
    return rows
  }
  const acknowledged: number[] = []
  const died = death()
  const sql = (batch: number): string =>
    `INSERT INTO t (batch, k) SETTINGS insert_deduplication_token='${batch}' FORMAT RowBinary`
  for (let batch = 0; ; batch++) {
    if (batch === 10) setTimeout(() => process.kill(server.pid, 'SIGKILL'), 5)
    const url = `${server.url}/?query=${encodeURIComponent(sql(batch))}`
    const ok = await fetch(url, { method: 'POST', body: block(batch) }).then(
      response => response.ok,
      () => false,
    )
    if (!ok) break
    acknowledged.push(batch)
  }
  await died
  await server.ready()
  const stored = (await ask(server, 'SELECT batch, count() FROM t GROUP BY batch ORDER BY batch')).split('\n')
  const batches = stored.map(line => Number(line.split('\t')[0]))
  expect(stored.every(line => line.endsWith('\t5000'))).toBe(true)
  expect(batches).toEqual(expect.arrayContaining(acknowledged))
})

test('a data directory that another process holds is refused with a sentence that names it', async () => {
  await start()
  await expect(startEmbeddedClickHouse({ dataDir })).rejects.toThrow(
    `Another process holds the data directory ${dataDir}`,
  )
})

test('a data directory whose process is about to end can be waited for', async () => {
  const first = await start()
  const second = startEmbeddedClickHouse({ dataDir, waitForDirectoryMs: 30_000 })
  await new Promise(resolve => setTimeout(resolve, 500))
  await first.stop()
  await (await second).stop()
})

test('a port that is taken is refused with a sentence that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await expect(startEmbeddedClickHouse({ dataDir, port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`)
  other.close()
})

test('its process gets the environment that it is given', async () => {
  const server = await start({ childEnv: { TZ: 'Asia/Kolkata' } })
  expect(
    await ask(
      server,
      "SELECT extract(environ, 'TZ=([^\\0]*)') FROM file('/proc/self/environ', 'RawBLOB', 'environ String')",
    ),
  ).toBe('Asia/Kolkata')
})

test('it ends when the process that started it is killed', async () => {
  const index = JSON.stringify(new URL('./index.ts', import.meta.url).href)
  const code = `const { startEmbeddedClickHouse } = await import(${index})
    const { pid, url } = await startEmbeddedClickHouse({ dataDir: ${JSON.stringify(dataDir)} })
    process.send({ pid, url })`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [held] = (await once(parent, 'message')) as [{ pid: number; url: string }]
  expect((await fetch(`${held.url}/ping`)).status).toBe(200)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await expect
    .poll(
      () =>
        fetch(held.url).then(
          () => 'serves',
          () => 'gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('gone')
})
