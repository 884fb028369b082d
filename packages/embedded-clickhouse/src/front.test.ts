import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from './index.ts'

let dataDir: string
let server: EmbeddedClickHouse
let client: ClickHouseClient

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kivi-front-'))
  server = await startEmbeddedClickHouse({ dataDir })
  client = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } })
})
afterAll(async () => {
  await client?.close()
  await server?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const rows = async <T>(query: string, params: Record<string, unknown> = {}): Promise<T[]> =>
  (await client.query({ query, query_params: params, format: 'JSONEachRow' })).json<T>()
const value = async (query: string): Promise<unknown> =>
  Object.values((await rows<Record<string, unknown>>(`SELECT (${query}) AS value`))[0]!)[0]
const create = (table: string, columns: string, order = 'k'): Promise<unknown> =>
  client.command({
    query: `CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY ${order}
            SETTINGS non_replicated_deduplication_window = 1000`,
  })
const post = (query: string, body: string | Uint8Array | ReadableStream, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/?query=${encodeURIComponent(query)}`, { method: 'POST', body: body as string, ...init })
const activeParts = (table: string): Promise<unknown> =>
  value(`SELECT count() FROM system.parts WHERE active AND table = '${table}'`)

/** `k UInt32, users_in Array(UInt64)` as RowBinary: two users a row. */
function usersBlock(count: number): Buffer {
  const block = Buffer.alloc(count * 21)
  for (let row = 0; row < count; row++) {
    let at = block.writeUInt32LE(row, row * 21)
    at = block.writeUInt8(2, at)
    at = block.writeBigUInt64LE(BigInt(row), at)
    block.writeBigUInt64LE(BigInt(row + 1), at)
  }
  return block
}

test('parameters may be as long as ClickHouse takes them', async () => {
  const list = Array.from({ length: 20_000 }, (_, n) => 1_483_228_800 + n)
  expect(await rows('SELECT arraySum({list:Array(UInt32)}) AS sum', { list })).toEqual([
    { sum: list.reduce((sum, n) => sum + n, 0) },
  ])
})

test('parameters are bound and never become SQL', async () => {
  const text = `it's \\ a\ttab\nand a line'); DROP TABLE t --`
  const [row] = await rows('SELECT {text:String} AS text, {list:Array(UInt64)} AS list, {when:DateTime64(3)} AS at', {
    text,
    list: [1, 2 ** 40],
    when: new Date('2026-01-02T03:04:05.678Z'),
  })
  expect(row).toEqual({ text, list: [1, 2 ** 40], at: '2026-01-02 03:04:05.678' })
})

test('formats of the statement, the URL and the default are all understood', async () => {
  expect(await (await post('', 'SELECT 1 AS a FORMAT JSONCompact')).json()).toMatchObject({ data: [[1]] })
  expect(await (await fetch(`${server.url}/?default_format=CSV&query=SELECT+'a'`)).text()).toBe('"a"\n')
  expect(await (await post('SELECT 1, 2', '')).text()).toBe('1\t2\n')
})

test.each([
  ['SELECT nothing', 47, 404],
  ['SELECT * FROM nothing', 60, 404],
  ['SELECT * FROM nothing.at_all', 81, 404],
  ['SELECT FROM WHERE', 62, 400],
  ['SELECT 1 SETTINGS nothing = 1', 115, 404],
  ['SELECT throwIf(number = 3) FROM numbers(10)', 395, 500],
  ['SELECT 1; SELECT 2', 62, 400],
])('%s fails with code %i and status %i', async (query, code, status) => {
  const response = await post('', query)
  expect(response.status).toBe(status)
  expect(response.headers.get('x-clickhouse-exception-code')).toBe(String(code))
  const error = await client.command({ query }).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(ClickHouseError)
  expect((error as ClickHouseError).code).toBe(String(code))
})

test('no setting of a request reaches the next one', async () => {
  await create('leak', 'k UInt32')
  const insert = (token?: string): Promise<unknown> =>
    client.insert({
      table: 'leak',
      columns: ['k'],
      values: [{ k: 1 }],
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplicate: 1,
        ...(token !== undefined && { insert_deduplication_token: token }),
      },
    })
  // as many as there are connections that could be reused
  for (let i = 0; i < 8; i++) await insert('same')
  expect(await value('SELECT count() FROM leak')).toBe(1)
  await client.command({ query: 'SELECT 1', clickhouse_settings: { max_threads: 1, max_result_rows: '1' } })
  expect(await value("SELECT value FROM system.settings WHERE name = 'insert_deduplication_token'")).toBe('')
  expect(await value("SELECT changed FROM system.settings WHERE name = 'max_threads'")).toBe(0)
  // a leaked token would drop these, each with other rows and a token of its own
  for (let i = 0; i < 8; i++) await insert(`own ${i}`)
  expect(await value('SELECT count() FROM leak')).toBe(9)
  await client.command({
    query: 'INSERT INTO leak (k) SELECT 2',
    clickhouse_settings: { insert_deduplication_token: 'x' },
  })
  await client.command({ query: 'INSERT INTO leak (k) SELECT 3' })
  expect(await value('SELECT count() FROM leak')).toBe(11)
})

test('a RowBinary insert is one part, and the same token again is nothing', async () => {
  const state = "arrayReduce('uniqCombined64State', users_in)"
  await create(
    'users',
    `k UInt32, users_in Array(UInt64) EPHEMERAL, users AggregateFunction(uniqCombined64, UInt64) DEFAULT ${state}`,
  )
  const insert = (token: string): Promise<Response> =>
    post(
      `INSERT INTO users (k, users_in) SETTINGS async_insert=0, insert_deduplication_token='${token}' FORMAT RowBinary`,
      usersBlock(200_000),
    )
  expect((await insert('a')).status).toBe(200)
  expect(await activeParts('users')).toBe(1)
  expect((await insert('a')).status).toBe(200)
  expect(await value('SELECT count() FROM users')).toBe(200000)
  expect(Number(await value('SELECT uniqCombined64Merge(users) FROM users'))).toBeCloseTo(200_001, -4)
  expect(await value('SELECT max(n) FROM (SELECT uniqCombined64Merge(users) AS n FROM users GROUP BY k)')).toBe(2)
  expect((await insert('b')).status).toBe(200)
  expect(await value('SELECT count() FROM users')).toBe(400000)
})

test('any byte may stand anywhere in binary rows', async () => {
  await create('bytes', 'k UInt32, s String')
  const texts = ['\n\n', '\n\nDROP TABLE bytes', ';', "'", '\0', '  ', '{a:UInt8}', '\u{10ffff}']
  const block = Buffer.concat(
    texts.map((text, k) => {
      const head = Buffer.alloc(5)
      head.writeUInt32LE(k === 0 ? 0x0a0a0a0a : k)
      head.writeUInt8(Buffer.byteLength(text), 4)
      return Buffer.concat([head, Buffer.from(text)])
    }),
  )
  expect((await post('INSERT INTO bytes (k, s) FORMAT RowBinary', block)).status).toBe(200)
  const stored = await rows<{ s: string }>('SELECT s FROM bytes')
  expect(stored.map(row => row.s).sort()).toEqual([...texts].sort())
})

test('rows that follow the statement in the body are rows only, blank lines and all', async () => {
  await create('inline', "k UInt32, s String DEFAULT concat('d', toString(k))")
  const body = 'INSERT INTO inline (k, s) FORMAT JSONEachRow\n{"k":1}\n\n{"k":2,"s":"x"}\n\nDROP TABLE inline'
  expect((await post('', body)).status).toBe(400)
  expect(await value('SELECT count() FROM inline')).toBe(0)
  await client.command({ query: "INSERT INTO inline VALUES (1, 'a'),\n\n(2, lower('B'))" })
  await client.insert({ table: 'inline', values: [{ k: 3 }], format: 'JSONEachRow' })
  expect(await rows('SELECT * FROM inline ORDER BY k')).toEqual([
    { k: 1, s: 'a' },
    { k: 2, s: 'b' },
    { k: 3, s: 'd3' },
  ])
})

test('a table that was changed is seen as it is now', async () => {
  await create('changing', 'k UInt32')
  await client.insert({ table: 'changing', values: [{ k: 1 }], format: 'JSONEachRow' })
  await client.command({ query: 'ALTER TABLE changing ADD COLUMN s String' })
  await client.insert({ table: 'changing', values: [{ k: 2, s: 'new' }], format: 'JSONEachRow' })
  expect(await value('SELECT max(s) FROM changing')).toBe('new')
})

test('an insert that names a column which is not there, or is cut off, inserts nothing', async () => {
  await create('strict', 'k UInt32, s String')
  const unknown = await post('INSERT INTO strict (k, nope) FORMAT RowBinary', Buffer.alloc(5))
  expect(unknown.headers.get('x-clickhouse-exception-code')).toBe('16')
  expect(unknown.ok).toBe(false)
  expect((await post('INSERT INTO strict (k, s) FORMAT RowBinary', Buffer.from([1, 0, 0, 0, 5, 1]))).ok).toBe(false)
  const aborted = post('INSERT INTO strict (k, s) FORMAT RowBinary', endless(), { duplex: 'half' } as RequestInit)
  await expect(aborted).rejects.toThrow()
  expect(await value('SELECT count() FROM strict')).toBe(0)
})

/** Rows, and then a client that breaks off. */
function endless(): ReadableStream {
  let sent = 0
  return new ReadableStream({
    pull: controller => {
      if (sent++ < 3) controller.enqueue(new Uint8Array([1, 0, 0, 0, 1, 65]))
      else controller.error(new Error('gone'))
    },
  })
}

test('bodies and answers may be compressed', async () => {
  await create('zipped', 'k UInt32')
  const zipped = createClient({ url: server.url, compression: { request: true, response: true } })
  await zipped.insert({
    table: 'zipped',
    values: Array.from({ length: 1000 }, (_, k) => ({ k })),
    format: 'JSONEachRow',
  })
  const answer = await zipped.query({ query: 'SELECT sum(k) AS s FROM zipped', format: 'JSONEachRow' })
  expect(await answer.json()).toEqual([{ s: 499500 }])
  await zipped.close()
  const block = gzipSync(Buffer.from([7, 0, 0, 0]))
  const response = await post('INSERT INTO zipped (k) FORMAT RowBinary', block, {
    headers: { 'Content-Encoding': 'gzip' },
  })
  expect(response.status).toBe(200)
  const cut = await post('INSERT INTO zipped (k) FORMAT RowBinary', block.subarray(0, 15), {
    headers: { 'Content-Encoding': 'gzip' },
  })
  expect(cut.ok).toBe(false)
  expect(await value('SELECT count() FROM zipped')).toBe(1001)
})

test('a body of 100 MB is one insert', async () => {
  await create('large', 'k UInt32, s String')
  const chunk = Buffer.alloc(1 << 20)
  for (let at = 0; at < chunk.length; at += 64) {
    chunk.writeUInt32LE(at, at)
    chunk.writeUInt8(59, at + 4)
  }
  const body = Readable.toWeb(Readable.from(Array.from({ length: 100 }, () => chunk))) as ReadableStream
  const response = await post('INSERT INTO large (k, s) FORMAT RowBinary', body, { duplex: 'half' } as RequestInit)
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(await value('SELECT count() FROM large')).toBe(100 * (1 << 14))
})

test('a slow statement holds up neither inserts nor answers', async () => {
  await create('quick', 'k UInt32')
  const order: string[] = []
  const slow = rows('SELECT sleepEachRow(1) FROM numbers(3) SETTINGS max_block_size = 1').then(() => order.push('slow'))
  await client.insert({ table: 'quick', values: [{ k: 1 }], format: 'JSONEachRow' }).then(() => order.push('insert'))
  await rows('SELECT 1').then(() => order.push('answer'))
  await slow
  expect(order).toEqual(['insert', 'answer', 'slow'])
})

test('a read is ended at its time limit, and when its client goes away', async () => {
  const endless = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)'
  await expect(
    client.command({ query: endless, clickhouse_settings: { max_execution_time: 0.3 } }),
  ).rejects.toMatchObject({ code: '159' })
  const gone = new AbortController()
  const running = client.command({ query: endless, abort_signal: gone.signal })
  const others = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sum(sipHash64%'"
  await expect.poll(() => value(others)).toBe(1)
  gone.abort()
  await expect(running).rejects.toThrow()
  await expect.poll(() => value(others)).toBe(0)
})

test('many requests at once are all answered, each with its own answer', async () => {
  await create('busy', 'k UInt32')
  const answers = await Promise.all(
    Array.from({ length: 150 }, async (_, i) => {
      if (i % 3 === 0)
        await post(
          `INSERT INTO busy (k) SETTINGS insert_deduplication_token='${i}' FORMAT RowBinary`,
          new Uint8Array([i, 0, 0, 0]),
        )
      return value(`SELECT ${i}`)
    }),
  )
  expect(answers).toEqual(Array.from({ length: 150 }, (_, i) => i))
  expect(await value('SELECT count() FROM busy')).toBe(50)
})

test('a GET changes nothing, and a web page is not answered', async () => {
  const get = await fetch(`${server.url}/?query=${encodeURIComponent('CREATE DATABASE by_link')}`)
  expect(get.headers.get('x-clickhouse-exception-code')).toBe('164')
  const page = await post('SELECT 1', '', { headers: { Origin: 'https://example.org' } })
  expect(page.status).toBe(403)
})

test('the client pings, and sessions are refused with a reason', async () => {
  expect(await client.ping()).toEqual({ success: true })
  const session = createClient({ url: server.url, session_id: 'one', log: { level: ClickHouseLogLevel.OFF } })
  await expect(session.command({ query: 'SELECT 1' })).rejects.toThrow(/no sessions/)
  await session.close()
})
