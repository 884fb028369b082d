/** Where a measurement takes place: engine, logs, a shop that is filled once, and somebody who counts statements. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouse, createClickHouse, migrate } from '@kivi/clickhouse'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { startKafka } from '../../../infra/local/kafka.ts'
import { type CountedClickHouse, startCounting } from '../query/crowd/counting.ts'
import { MeasuredEvaluator } from './evaluator.ts'
import { fill, moveWatermark, SLICE, shopCatalog, WINDOW_SLICES } from './shop.ts'
import { openSink, type Sink } from './sink.ts'

export interface PlaceOptions {
  readonly groups: number
  /** instants that can be judged */
  readonly instants: number
  readonly kafka: boolean
  readonly profile: string | null
}

export interface Place {
  readonly groups: number
  readonly clickhouse: ClickHouse
  readonly counting: CountedClickHouse
  readonly sink: Sink
  readonly broker: string | null
  readonly directory: string
  /** where Kafka keeps its logs */
  readonly kafkaDirectory: string
  /** the nth instant, from 0 */
  instant(n: number): number
  /** everything before it is known */
  watermark(time: number): Promise<void>
  /** an empty log, no history, and the watermark at the beginning */
  afresh(): Promise<string>
  evaluator(topic: string, alerts: string): Promise<MeasuredEvaluator>
}

export async function openPlace(options: PlaceOptions, leaving: AsyncDisposableStack): Promise<Place> {
  const { groups, instants, kafka, profile } = options
  const directory = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
  leaving.defer(() => rm(directory, { recursive: true, force: true }))
  const kafkaDirectory = join(directory, 'kafka')
  const broker = kafka ? await startKafka({ dir: kafkaDirectory, settings: CLEANER }) : null
  if (broker !== null) leaving.defer(() => broker.stop())
  const engine = await startEmbeddedClickHouse({ dataDir: join(directory, 'clickhouse') })
  leaving.defer(() => engine.stop())
  const counting = await startCounting(engine.url)
  leaving.defer(() => counting.stop())
  const sink = await openSink()
  leaving.use(sink)
  const clickhouse = createClickHouse({ url: engine.url, database: 'bench' })
  leaving.defer(() => clickhouse.close())
  await migrate(clickhouse, {})
  // far enough back that every instant is over by now
  const first = Math.floor((Date.now() - (instants + 2) * SLICE) / SLICE) * SLICE
  const from = first - WINDOW_SLICES * SLICE
  await fill(clickhouse, await shopCatalog(''), { groups, from, to: first + instants * SLICE })
  let topics = 0
  return {
    ...{ groups, clickhouse, counting, sink, directory, kafkaDirectory, broker: broker?.brokers[0] ?? null },
    instant: n => first + n * SLICE,
    watermark: time => moveWatermark(clickhouse, time),
    async afresh() {
      for (const table of ['alert_history', 'partitions', 'silences', 'acknowledgements'])
        await clickhouse.command(`TRUNCATE TABLE ${table}`)
      await moveWatermark(clickhouse, first)
      sink.taken()
      counting.counts()
      return `alerts-${++topics}`
    },
    async evaluator(topic, alerts) {
      const evaluator = await MeasuredEvaluator.start({
        ...{ directory, url: counting.url, database: 'bench', broker: broker?.brokers[0] ?? null, topic, alerts },
        profile,
      })
      return evaluator
    },
  }
}

/** The log cleaner looks often, so that one can wait for it. */
const CLEANER = { 'log.cleaner.backoff.ms': '500' }
