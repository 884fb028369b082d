/**
 * `npm run bench -- ingest [--events N] [--rounds N] [--peers DIR]`
 *
 * Two million events from real Kafka, as JSON and as Avro, through the whole worker (validation, duplicates, slices of
 * three levels, exactly-once inserts into the embedded ClickHouse; raw events off), beside a kafkajs consumer that
 * only parses. With --peers, a directory in which the other engines of the comparison were set up, with their broker
 * on 127.0.0.1:19092 and their topic `ev` filled: those run too, and the JSON stream is theirs.
 *
 * Prints CPU seconds per million events, events per CPU second, wall time and peak memory of each process, and the
 * ratio to the bare consumer of the same round. The answers are compared.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startKafka } from '../../infra/local/kafka.ts'
import { GENERIC_SCHEMA } from './decode-data.ts'
import { writeBenchCatalog } from './ingest/catalog.ts'
import { type Measured, measure } from './ingest/measure.ts'
import { fill, SCHEMA_ID } from './ingest/stream.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string' },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})
const count = Number(values.events)
const FOREVER = { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity, raw: Infinity }
const here = join(import.meta.dirname, 'ingest')
const directory = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
await using stack = new AsyncDisposableStack()
stack.defer(() => rm(directory, { recursive: true, force: true }))

const broker = values.peers === undefined ? await ownBroker() : '127.0.0.1:19092'
// kafkajs alone reads no zstd, and the other engines' stream is not compressed either
const log = kafkaEventLog({ brokers: [broker], compression: 'none' })
stack.defer(() => log.close())
const run = Date.now().toString(36)
const topics = { json: values.peers === undefined ? `json-${run}` : 'ev', avro: `avro-${run}` }
await fillTopics()
const registry = await schemaRegistry()
const catalog = await writeBenchCatalog(join(directory, 'catalog'))

interface Entry {
  readonly name: string
  readonly run: () => Promise<Measured & { answer: string }>
}
const entries: Entry[] = [
  { name: 'kafkajs that only parses JSON', run: bare },
  { name: 'Kivi, JSON', run: () => kivi(topics.json) },
  { name: 'Kivi, Avro', run: () => kivi(topics.avro) },
  ...(values.peers === undefined ? [] : peers(values.peers)),
].filter(entry => values.only === undefined || entry.name.includes(values.only))

const results = new Map<string, (Measured & { answer: string; ratio: number })[]>()
for (let round = 1; round <= Number(values.rounds); round++) {
  let base = Number.NaN
  for (const entry of entries) {
    const result = await entry.run()
    if (entry === entries[0]) base = result.cpu
    results.set(entry.name, [...(results.get(entry.name) ?? []), { ...result, ratio: base / result.cpu }])
    console.log(`round ${round}: ${line(entry.name, [{ ...result, ratio: base / result.cpu }])}`)
  }
}
console.log(`\n${count.toLocaleString('en')} events, medians of ${values.rounds} interleaved rounds`)
for (const [name, list] of results) console.log(line(name, list))
process.exitCode = 0

function line(name: string, list: readonly (Measured & { answer: string; ratio: number })[]): string {
  const median = (of: (m: Measured & { ratio: number }) => number) =>
    list.map(of).sort((a, b) => a - b)[Math.floor(list.length / 2)]!
  const cpu = median(m => m.cpu)
  return [
    name.padEnd(32),
    `${((cpu / count) * 1e6).toFixed(2)} CPU s per million`,
    `${Math.round(count / cpu / 1000)} k per CPU s`,
    `x${median(m => m.ratio).toFixed(2)}`,
    `wall ${median(m => m.wall).toFixed(1)} s`,
    `peak ${Math.round(median(m => m.peak))} MB`,
    list[0]!.answer,
  ].join('  ')
}

async function ownBroker(): Promise<string> {
  const kafka = await startKafka()
  stack.defer(() => kafka.stop())
  return kafka.brokers[0]!
}

async function fillTopics(): Promise<void> {
  const have = async (topic: string) => [...(await log.bounds(topic)).values()].reduce((sum, b) => sum + b.high, 0)
  await log.ensureTopic(topics.avro, { partitions: 4 })
  if (values.peers !== undefined) {
    const there = await have('ev').catch(() => 0)
    if (there !== count)
      throw new Error(`topic ev holds ${there} records, expected ${count}: fill it with gen.py first`)
  } else await log.ensureTopic(topics.json, { partitions: 4 })
  console.log(`writing ${count.toLocaleString('en')} events …`)
  const producer = await log.producer()
  const spare = `spare-${run}`
  if (values.peers !== undefined) await log.ensureTopic(spare, { partitions: 4 })
  await fill(producer, { json: values.peers === undefined ? topics.json : spare, avro: topics.avro }, count)
  await producer.close()
}

/** answers for the one schema of the stream, as a registry does */
async function schemaRegistry(): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/vnd.schemaregistry.v1+json')
    if (request.url === `/schemas/ids/${SCHEMA_ID}`)
      response.end(JSON.stringify({ schema: JSON.stringify(GENERIC_SCHEMA) }))
    else response.writeHead(404).end('{"error_code":40403}')
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  stack.defer(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function bare(): Promise<Measured & { answer: string }> {
  const result = await measure([process.execPath, join(here, 'bare-consumer.ts'), broker, topics.json, String(count)])
  return { ...result, answer: '' }
}

async function kivi(topic: string): Promise<Measured & { answer: string }> {
  const name = `run_${Math.random().toString(36).slice(2, 10)}`
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, name) })
  const clickhouse = createClickHouse({ url: engine.url, database: name })
  try {
    // the stream is of last January: nothing may be deleted for its age
    await migrate(clickhouse, { retention: FOREVER })
    const env = {
      KIVI_KAFKA_BROKERS: broker,
      KIVI_TOPIC_EVENTS: topic,
      KIVI_TOPIC_DEAD: `${topic}.dead`,
      KIVI_GROUP_ID: name,
      KIVI_CLICKHOUSE_URL: engine.url,
      KIVI_CLICKHOUSE_DATABASE: name,
      KIVI_CATALOG: catalog,
      KIVI_SCHEMA_REGISTRY_URL: registry,
      // as bin/kivi.mjs has it
      NODE_COMPILE_CACHE: join(directory, 'compiled'),
      KIVI_RETENTION_RAW: '0',
      KIVI_RETENTION_10S: 'forever',
    }
    const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : []
    const command = [process.execPath, ...flags, join(here, 'kivi-worker.ts')]
    const result = await measure(command, { env, ipc: true, until: () => ingested(clickhouse) })
    return { ...result, answer: await answer(clickhouse) }
  } finally {
    await clickhouse.close()
    await engine.stop()
    await rm(join(directory, name), { recursive: true, force: true })
  }
}

async function ingested(clickhouse: ClickHouse): Promise<void> {
  for (;;) {
    const [row] = await clickhouse.rows<{ n: number }>('SELECT sum(records) AS n FROM ledger')
    if ((row?.n ?? 0) >= count) return
    await sleep(200)
  }
}

/** the same sums as the peers print: per minute, campaign and channel */
async function answer(clickhouse: ClickHouse): Promise<string> {
  const [row] = await clickhouse.rows<{ rows: number; n: number; amount: number; users: number }>(
    `SELECT count() AS rows, sum(n) AS n, round(sum(units) / 10000, 1) AS amount, sum(users) AS users FROM (
       SELECT toStartOfMinute(start) AS minute, dims,
              sumIf(count, measure IN ('impressions', 'clicks', 'purchases', 'tickets')) AS n,
              sumIf(sum, measure = 'revenue') AS units, uniqCombined64MergeIf(uniq, measure = 'users') AS users
       FROM slices WHERE level = 1 GROUP BY minute, dims)`,
  )
  return `rows=${row?.rows} n=${row?.n} amt=${row?.amount} users=${row?.users}`
}

/** The engines that were set up in the directory, each by its own command line. */
function peers(dir: string): Entry[] {
  const java = (...args: string[]) => [
    'java',
    ...args.slice(0, -1),
    '-cp',
    `${dir}/java/out:${dir}/java/libs/*`,
    args.at(-1)!,
  ]
  const peer = (name: string, command: string[]): Entry => ({
    name,
    run: async () => {
      const result = await measure(command, { env: { RUN: String(Date.now()) } })
      const text = result.output.split('\n').find(text => text.startsWith('RESULT '))
      const { check, n } = JSON.parse(text?.slice(7) ?? '{}') as { check?: string; n?: number }
      return { ...result, answer: `${check} (${n})` }
    },
  })
  return [
    peer('plain Java, streaming parser', java('-Xmx2g', '-Dstream=true', 'Plain')),
    peer('plain kafkajs, whole job', [process.execPath, `${dir}/node/kafkajs.mjs`]),
    peer('Kafka Streams, in memory', java('-Xmx4g', '-Dmem=true', 'Streams')),
  ]
}
