/** Services as processes of their own on Kafka and ClickHouse, and what the commands say to them. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaEventLog } from '@kivi/event-log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KIVI, kivi, kiviPrints, type Running, start } from '../acceptance/support/command.ts'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../support/index.ts'

let directory: string
let env: Record<string, string>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-standalone-kafka-'))
  const name = uniqueName('shop')
  env = {
    KIVI_KAFKA_BROKERS: (await kafkaBrokers()).join(','),
    KIVI_CLICKHOUSE_URL: await clickhouseUrl(),
    KIVI_CLICKHOUSE_DATABASE: name,
    KIVI_TOPIC_EVENTS: `${name}.events`,
    KIVI_TOPIC_DEAD: `${name}.dead`,
    KIVI_GROUP_ID: name,
    KIVI_DATA_DIR: join(directory, 'data'),
    KIVI_HTTP_PORT: '0',
    KIVI_COLLECTOR_PORT: '0',
  }
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const NOISE = /TimeoutNegativeWarning|MaxListenersExceededWarning|Warning:/
const search = (id: string) => ({
  event_id: id,
  event_type: 'search',
  event_time: new Date().toISOString(),
  user_id: `u${id}`,
  query: 'tea',
  results: 0,
})

/** Asks until the answer is as wanted: what is asked about is done by other processes. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

describe('two workers, a collector and a query service, each a process', () => {
  const services: Running[] = []
  let [collector, board, workers] = ['', '', [] as string[]]
  beforeAll(async () => {
    await kiviPrints(['migrate'], { env })
    const run = async (name: string, says: RegExp): Promise<string> => {
      const service = start(KIVI, ['start', name], { env })
      services.push(service)
      return (await service.says(says))[1] as string
    }
    workers = [
      await run('ingest-worker', /metrics and health are at (http:[^"]+)"/),
      await run('ingest-worker', /metrics and health are at (http:[^"]+)"/),
    ]
    collector = await run('collector', /serving at (http:[^"]+)"/)
    board = await run('query-service', /The board is at (http:[^"]+)"/)
  })
  afterAll(async () => {
    const said = await Promise.all(
      services.map(async service => {
        service.kill('SIGTERM')
        return service.ended
      }),
    )
    for (const { code, stderr } of said) {
      expect(code).toBe(0)
      expect(stderr).not.toMatch(NOISE)
    }
  })

  it('is ready when the workers share the partitions and the log answers', async () => {
    const ready = async (url: string) => (await fetch(`${url}/readyz`)).json() as Promise<object>
    for (const url of workers)
      await until(
        () => ready(url),
        state => JSON.stringify(state).includes('"ingest":"ok"'),
      )
    expect(await ready(workers[0]!)).toEqual({ ready: true, checks: { ingest: 'ok', 'event log': 'ok' } })
    expect(await ready(collector)).toEqual({ ready: true, checks: { 'event log': 'ok' } })
    expect(await ready(board)).toMatchObject({ ready: true })
    const partitions = await Promise.all(
      workers.map(async url => {
        const metrics = await (await fetch(`${url}/metrics`)).text()
        return Number(/^kivi_ingest_partitions (\d+)$/m.exec(metrics)?.[1])
      }),
    )
    expect(partitions).toEqual([2, 2])
  })

  it('events that were posted and imported are counted once, and every command tells the same', async () => {
    const posted = await fetch(`${collector}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([search('a'), search('b')]),
    })
    expect(await posted.json()).toEqual({ accepted: 2, rejected: [] })
    const file = join(directory, 'searches.ndjson')
    await writeFile(file, [search('c'), search('d')].map(event => `${JSON.stringify(event)}\n`).join(''))
    const first = JSON.parse(await kiviPrints(['import', file, '--json'], { env })) as object
    expect(first).toMatchObject({ state: 'begun', sent: 2, refused: 0 })
    expect(await kiviPrints(['import', file], { env })).toContain('was imported before (2 rows): nothing was changed')
    const reconciled = await until(
      async () =>
        JSON.parse(await kiviPrints(['reconcile', '--json'], { env })) as {
          totals: { accepted: number }
          findings: []
        },
      ({ totals }) => totals.accepted >= 4,
    )
    expect(reconciled).toMatchObject({ totals: { accepted: 4, duplicate: 0 }, findings: [] })
    const value = JSON.parse(await kiviPrints(['value', 'searches', '--period', 'day', '--json'], { env })) as object
    expect(value).toMatchObject({ indicator: 'searches', value: 4 })
    const answer = await fetch(`${board}/v1/indicators/searches/value?period=day`)
    expect(await answer.json()).toMatchObject({ value: 4 })
    expect(await kiviPrints(['board'], { env })).toMatch(/^The board as of /)
  })

  it('a dead letter is listed, shown, and put back once', async () => {
    const log = kafkaEventLog({ brokers: await kafkaBrokers() })
    const producer = await log.producer()
    await producer.send(env['KIVI_TOPIC_EVENTS']!, [{ key: 'k', value: '{"event_id":', headers: [['trace', '7']] }])
    await log.close()
    const list = () => kiviPrints(['dead-letters', 'list', '--json'], { env })
    const listed = JSON.parse(await until(list, text => !text.startsWith('{"total":0'))) as {
      letters: { id: string }[]
    }
    expect(listed).toMatchObject({ total: 1, letters: [{ reason: 'invalid_json', replayed: false }] })
    const shown = await kiviPrints(['dead-letters', 'show', listed.letters[0]!.id], { env })
    expect(shown).toContain('header   trace: 7')
    expect(shown).toContain('today    still refused: invalid_json')
    expect(await kiviPrints(['dead-letters', 'replay'], { env })).toContain('1 dead letter put back')
    // it is as wrong as before, and becomes a dead letter of its own
    const again = await until(list, text => text.startsWith('{"total":2'))
    expect(again).toContain('"replayed":true')
    expect(again).toContain('"replayed":false')
    // a query service by itself tells the same, and where the log ends
    const system = await (await fetch(`${board}/v1/system`)).json()
    expect(system).toMatchObject({ dead_letters: { more: false, newest: expect.any(Array) }, unavailable: [] })
    expect(system).toMatchObject({ partitions: Array(4).fill({ topic: env['KIVI_TOPIC_EVENTS'], end_from: 'log' }) })
    expect(await kiviPrints(['dead-letters', 'replay', '--reason', 'empty'], { env })).toContain('Nothing to replay.')
  })
})

describe('what a start that fails says', () => {
  const failing = async (args: readonly string[], changes: Record<string, string>) => {
    const { code, stdout, stderr } = await kivi(args, { env: { ...env, ...changes } })
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
    return [code, stderr.trim().split('\n').at(-1)]
  }

  it.each([
    [['start'], 'KIVI_HTTP_PORT'],
    [['start', 'query-service'], 'KIVI_HTTP_PORT'],
    [['start', 'collector'], 'KIVI_COLLECTOR_PORT'],
    [['start', 'ingest-worker'], 'KIVI_METRICS_PORT'],
  ])('%j on a taken port names %s', async (args, variable) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const [code, said] = await failing(args, { [variable]: String(port) })
    expect(said).toMatch(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by another program: .*${variable}=\\d+\\.$`),
    )
    expect(code).toBe(3)
    other.close()
  })

  it('a Kafka or ClickHouse that is not there is named with its variable', async () => {
    expect(await failing(['start', 'collector'], { KIVI_KAFKA_BROKERS: '127.0.0.1:1' })).toEqual([
      3,
      expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:1\. Is it running, and is KIVI_KAFKA_BROKERS right\?$/),
    ])
    expect(await failing(['start'], { KIVI_CLICKHOUSE_URL: 'http://127.0.0.1:1' })).toEqual([
      3,
      expect.stringMatching(/^ClickHouse does not answer at http:\/\/127\.0\.0\.1:1: .*KIVI_CLICKHOUSE_URL/),
    ])
  })

  it('a data directory that cannot be used is named', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    const [code, said] = await failing(['start'], { KIVI_DATA_DIR: join(file, 'data') })
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/^The data directory .* cannot be used: .*KIVI_DATA_DIR\.$/),
    ])
  })

  it('a duplicate horizon beyond what is kept in memory is refused', async () => {
    const [code, said] = await failing(['start'], { KIVI_DUPLICATE_HORIZON: '25d' })
    expect([code, said]).toEqual([
      2,
      expect.stringMatching(/^KIVI_DUPLICATE_HORIZON is "25d": expected .*, at most 24d\.$/),
    ])
  })
})
