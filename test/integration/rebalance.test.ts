import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@kivi/catalog'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { kafkaEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { writeChaosCatalog } from '../chaos/catalog.ts'
import { Storefront } from '../chaos/truth.ts'
import { caughtUp, findWrong } from '../chaos/verify.ts'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../support/index.ts'

describe('ingest workers that come and go', () => {
  it('finish what is open when the group rebalances or they are stopped: nothing is replayed, all is counted once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-rebalance-'))
    const log = kafkaEventLog({ brokers: await kafkaBrokers() })
    const clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('rebalance') })
    onTestFinished(async () => {
      await clickhouse.close()
      await log.close()
      await rm(directory, { recursive: true })
    })
    await migrate(clickhouse)
    const { catalog } = await loadCatalog(await writeChaosCatalog(directory))
    const topic = uniqueName('rebalance')
    const topics = { events: topic, dead: `${topic}.dead` }
    const config = loadConfig({ KIVI_TOPIC_EVENTS: topics.events, KIVI_TOPIC_DEAD: topics.dead, KIVI_GROUP_ID: topic })
    const logger = createLogger({ service: 'ingest-worker', level: 'error' })
    const workers = [0, 1, 2].map(() => createTelemetry(logger, { defaults: false }))
    const start = (i: number) =>
      startIngestWorker({
        log,
        clickhouse,
        catalog: () => catalog!,
        config,
        telemetry: workers[i]!,
        sessionTimeoutMs: 10_000,
      })

    await log.ensureTopic(topic, { partitions: 4 })
    const producer = await log.producer()
    const storefront = new Storefront(producer, topic, 1)
    const first = await start(0)
    storefront.start(1000)
    await written(clickhouse, 500)
    const second = await start(1)
    await written(clickhouse, 2500)
    await first.stop()
    const third = await start(2)
    await written(clickhouse, 4500)
    const truth = await storefront.stop()
    await caughtUp(clickhouse, log, topic)
    await Promise.all([second.stop(), third.stop()])
    await producer.close()

    expect(await findWrong(clickhouse, log, topics, truth)).toEqual([])
    const replays = await Promise.all(
      workers.map(
        async ({ registry }) =>
          (await registry.getSingleMetric('kivi_ingest_replays_total')!.get()).values[0]?.value ?? 0,
      ),
    )
    expect(replays).toEqual([0, 0, 0])
  })
})

async function written(clickhouse: ClickHouse, beyond: number): Promise<void> {
  for (;;) {
    const [row] = await clickhouse.rows<{ n: number }>('SELECT sum(records) AS n FROM ledger')
    if ((row?.n ?? 0) > beyond) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
