import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@kivi/catalog'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import type { EventLog, NewRecord } from '@kivi/domain'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { type IngestWorkerOptions, startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../support/index.ts'

const directories: string[] = []
const logs: Record<string, () => Promise<EventLog>> = {
  kafka: async () => kafkaEventLog({ brokers: await kafkaBrokers() }),
  embedded: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-ingest-'))
    directories.push(directory)
    return embeddedEventLog({ path: join(directory, 'log.sqlite') })
  },
}
afterAll(() => Promise.all(directories.map(d => rm(d, { recursive: true }))))

describe.each(Object.keys(logs))('the ingest worker on the %s log', name => {
  let log: EventLog
  let clickhouse: ClickHouse
  let options: Omit<IngestWorkerOptions, 'telemetry'>
  const topic = uniqueName('ingest')

  beforeAll(async () => {
    log = await logs[name]!()
    clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('ingest').replaceAll('-', '_') })
    await migrate(clickhouse)
    const { catalog, problems } = await loadCatalog('catalog')
    if (!catalog) throw new Error(JSON.stringify(problems))
    const config = loadConfig({
      KIVI_TOPIC_EVENTS: topic,
      KIVI_TOPIC_DEAD: `${topic}.dead`,
      KIVI_GROUP_ID: topic,
      KIVI_FLUSH_INTERVAL: '1s',
    })
    options = { log, clickhouse, catalog: () => catalog, config, sessionTimeoutMs: 6000 }
    await log.ensureTopic(topic, { partitions: 4 })
  })
  afterAll(async () => {
    await clickhouse.close()
    await log.close()
  })

  const start = () => {
    const logger = createLogger({ service: 'ingest-worker', level: 'error' })
    return startIngestWorker({ ...options, telemetry: createTelemetry(logger, { defaults: false }) })
  }

  const ledger = () =>
    clickhouse
      .rows<Record<string, number>>(
        `SELECT sum(records) AS records, sum(accepted) AS accepted, sum(duplicate) AS duplicate, sum(rejected) AS rejected,
                sum(too_late) AS too_late, sum(too_early) AS too_early FROM ledger`,
      )
      .then(rows => rows[0]!)

  async function ingested(records: number): Promise<Record<string, number>> {
    for (;;) {
      const row = await ledger()
      if (row['records']! >= records) return row
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  const send = async (values: (object | string | null)[]) => {
    const producer = await log.producer()
    const records = values.map(
      (value, i): NewRecord => ({
        key: `k${i % 7}`,
        value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      }),
    )
    await producer.send(topic, records)
    await producer.close()
  }
  const impression = (id: string) => ({
    event_id: id,
    event_type: 'impression',
    event_time: Date.now(),
    user_id: `u${id}`,
    campaign: 'spring',
    target: 'ad',
  })

  it('counts each event once, sets broken ones aside, and goes on where it stopped', async () => {
    let worker = await start()
    const first = Array.from({ length: 500 }, (_, i) => impression(`a${i}`))
    await send([...first, null, '{"event_id":', '{}', { ...impression('later'), event_time: Date.now() + 3_600_000 }])
    expect(await ingested(504)).toMatchObject({ accepted: 500, rejected: 3, too_early: 1, duplicate: 0 })
    await worker.stop()

    // the same worker again: what it accepted before is known
    worker = await start()
    await send([...first.slice(0, 100), ...Array.from({ length: 50 }, (_, i) => impression(`b${i}`))])
    expect(await ingested(654)).toMatchObject({ accepted: 550, duplicate: 100 })
    await worker.stop()

    const [slices] = await clickhouse.rows<{ count: number }>(
      `SELECT sum(count) AS count FROM slices WHERE measure = 'ad_impressions' AND level = 1`,
    )
    expect(slices).toEqual({ count: 550 })
    const [events] = await clickhouse.rows<{ count: number }>(
      'SELECT count() AS count, uniqExact(event_id) FROM events',
    )
    expect(events).toMatchObject({ count: 550 })
  })

  it('tells in its metrics how far each partition is, and follows the clock where one is silent', async () => {
    const { config } = options
    const quiet = { ...config, ingest: { ...config.ingest, disorderMs: 30_000, idleAfterMs: 500 } }
    const telemetry = createTelemetry(createLogger({ service: 'ingest-worker', level: 'error' }), { defaults: false })
    const worker = await startIngestWorker({ ...options, config: quiet, telemetry })
    const begun = Date.now()
    const told = async () => {
      const metrics = await telemetry.registry.metrics()
      return [...metrics.matchAll(/^kivi_ingest_watermark_seconds\{partition="\d"\} (\S+)$/gm)].map(([, at]) =>
        Number(at),
      )
    }
    // later than any event was when it began, less what events may be out of order
    await expect
      .poll(async () => (await told()).filter(at => at > begun / 1000 - 30), { timeout: 30_000 })
      .toHaveLength(4)
    expect(Math.max(...(await told()))).toBeLessThanOrEqual(Date.now() / 1000 - 30)
    await worker.stop()
  })
})
