import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@kivi/catalog'
import { type ClickHouse, createClickHouse, migrate, reconcile } from '@kivi/clickhouse'
import type { Catalog, EventLog } from '@kivi/domain'
import { kafkaEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeChaosCatalog } from '../chaos/catalog.ts'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../support/index.ts'

/** What a worker finds when it comes back and the group, the ledger and the log do not agree. */
describe('a worker that comes back', () => {
  let directory: string
  let catalog: Catalog
  let log: EventLog
  let clickhouse: ClickHouse
  let admin: kafkajs.Admin

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kivi-position-'))
    catalog = (await loadCatalog(await writeChaosCatalog(directory))).catalog!
    const brokers = await kafkaBrokers()
    log = kafkaEventLog({ brokers })
    clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('position') })
    await migrate(clickhouse)
    admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
  })
  afterAll(async () => {
    await admin.disconnect()
    await clickhouse.close()
    await log.close()
    await rm(directory, { recursive: true })
  })

  async function send(topic: string, ids: readonly string[]): Promise<void> {
    const producer = await log.producer()
    const event = (id: string) => ({ event_id: id, event_type: 'click', event_time: Date.now(), campaign: topic })
    await producer.send(
      topic,
      ids.map(id => ({ key: id, value: JSON.stringify(event(id)) })),
    )
    await producer.close()
  }

  /** Runs a worker until the ledger holds `records` of the topic in all its lives, or a partition stops. */
  async function ingest(topic: string, group: string, records: number, untilStop = true) {
    const config = loadConfig({ KIVI_TOPIC_EVENTS: topic, KIVI_TOPIC_DEAD: `${topic}.dead`, KIVI_GROUP_ID: group })
    const telemetry = createTelemetry(createLogger({ service: 'ingest-worker', level: 'silent' }), { defaults: false })
    const count = async (metric: string) =>
      (await telemetry.registry.getSingleMetric(metric)!.get()).values.reduce((sum, { value }) => sum + value, 0)
    const worker = await startIngestWorker({
      log,
      clickhouse,
      catalog: () => catalog,
      config,
      telemetry,
      sessionTimeoutMs: 6_000,
    })
    try {
      for (;;) {
        const [row] = await clickhouse.rows<{ n: number }>(
          'SELECT sum(records) AS n FROM ledger WHERE topic = {topic:String}',
          { topic },
        )
        if ((row?.n ?? 0) >= records || (untilStop && (await count('kivi_ingest_stops_total')) > 0)) break
        await Promise.race([new Promise(resolve => setTimeout(resolve, 50)), worker.value.failure])
      }
    } finally {
      await worker.stop()
    }
    return {
      restarts: await count('kivi_ingest_lineage_restarts_total'),
      stops: await count('kivi_ingest_stops_total'),
    }
  }

  const clicks = async (topic: string) => {
    const [row] = await clickhouse.rows<{ n: number }>(
      `SELECT sum(count) AS n FROM slices WHERE measure = 'clicks' AND level = 1 AND dims = [{topic:String}]`,
      { topic },
    )
    return row?.n
  }
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

  it('and whose commits expired, or whose group has another name, goes on at the end of the ledger', async () => {
    const topic = uniqueName('expired')
    await log.ensureTopic(topic, { partitions: 2 })
    await send(topic, ids('a', 100))
    await ingest(topic, topic, 100)
    await admin.deleteGroups([topic])
    await send(topic, ids('b', 50))
    expect(await ingest(topic, topic, 150)).toEqual({ restarts: 0, stops: 0 })
    await send(topic, ids('c', 25))
    expect(await ingest(topic, `${topic}-2`, 175)).toEqual({ restarts: 0, stops: 0 })
    expect(await clicks(topic)).toBe(175)
    expect((await reconcile(clickhouse, { topic })).findings).toEqual([])
  })

  it('to a topic that was deleted and made anew counts it from its beginning, and says so', async () => {
    const topic = uniqueName('anew')
    await log.ensureTopic(topic, { partitions: 1 })
    await send(topic, ids('a', 100))
    await ingest(topic, topic, 100)
    await admin.deleteTopics({ topics: [topic] })
    while ((await admin.listTopics()).includes(topic)) await new Promise(resolve => setTimeout(resolve, 50))
    await log.ensureTopic(topic, { partitions: 1 })
    await send(topic, ids('b', 40))
    expect(await ingest(topic, topic, 140)).toEqual({ restarts: 1, stops: 0 })
    expect(await clicks(topic)).toBe(140)
    expect((await reconcile(clickhouse, { topic })).findings).toEqual([])
  })

  it('to a log that ends before what the group committed stops loudly, and counts nothing', async () => {
    const topic = uniqueName('shorter')
    await log.ensureTopic(topic, { partitions: 1 })
    await send(topic, ids('a', 10))
    await ingest(topic, topic, 10)
    await send(topic, ids('b', 10))
    await admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '999' }] })
    expect(await ingest(topic, topic, 20)).toEqual({ restarts: 0, stops: 1 })
    expect(await clicks(topic)).toBe(10)
  })

  it('after ClickHouse refused a block for good, and was mended, replays the batch', async () => {
    const topic = uniqueName('refused')
    await log.ensureTopic(topic, { partitions: 1 })
    await send(topic, ids('a', 10))
    await clickhouse.command('ALTER TABLE slices RENAME COLUMN late TO belated')
    try {
      await expect(ingest(topic, topic, 10, false)).rejects.toMatchObject({ code: 'store_rejected' })
    } finally {
      await clickhouse.command('ALTER TABLE slices RENAME COLUMN belated TO late')
    }
    expect(await ingest(topic, topic, 10)).toEqual({ restarts: 0, stops: 0 })
    expect(await clicks(topic)).toBe(10)
    expect((await reconcile(clickhouse, { topic })).findings).toEqual([])
  })
})
