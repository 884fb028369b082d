/** What may stand still, and what is to be told of it. */
import { Kafka, logLevel } from 'kafkajs'
import { OWN } from './catalog.ts'
import { visitorOf } from './storefront.ts'
import type { Expected } from './verify.ts'
import type { World } from './world.ts'

export interface Fault {
  readonly name: string
  readonly expected: Expected
  /** so long it lasts, at least, ms: where nothing is to be told of it */
  readonly lastsMs?: number
  /** Gives what mends it. */
  readonly strike: (world: World) => Promise<() => Promise<void>>
}

const stalled: Expected = { alerts: [OWN.stalled] }
const noEvents: Expected = { alerts: [OWN.noEvents] }

export const FAULTS: readonly Fault[] = [
  { name: 'ingest-workers stopped', expected: stalled, strike: async ({ services }) => services.stop('ingest-worker') },
  { name: 'ingest-workers killed', expected: stalled, strike: ({ services }) => services.kill('ingest-worker') },
  {
    name: 'ClickHouse stopped',
    expected: stalled,
    strike: async ({ services }) => services.stop('embedded-clickhouse'),
  },
  { name: 'ClickHouse killed', expected: stalled, strike: ({ services }) => services.kill('embedded-clickhouse') },
  { name: 'collector stopped', expected: noEvents, strike: async ({ services }) => services.stop('collector') },
  { name: 'collector killed', expected: noEvents, strike: ({ services }) => services.kill('collector') },
  // the group gives its partitions to the other one after half a minute: that is over before anybody has to know
  {
    name: 'one worker of two stopped',
    expected: { alerts: [], perhaps: [OWN.stalled] },
    lastsMs: 60_000,
    strike: oneWorker,
  },
  { name: 'one partition held back by a transaction', expected: stalled, strike: heldBack },
]

/** Its partitions stand still until the group gives them to the other one. */
async function oneWorker({ services }: World): Promise<() => Promise<void>> {
  const [worker] = services.of('ingest-worker')
  return services.stop('ingest-worker', worker!)
}

/** A backend that opens a transaction and hangs: what comes after it in this partition is read by nobody. */
async function heldBack({ brokers, topic }: World): Promise<() => Promise<void>> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({
    ...{ transactionalId: `${topic}-backend`, maxInFlightRequests: 1, idempotent: true, transactionTimeout: 300_000 },
  })
  await producer.connect()
  const transaction = await producer.transaction()
  const event = { event_id: `${topic}-held`, event_type: 'impression', event_time: new Date().toISOString() }
  await transaction.send({ topic, messages: [{ partition: 1, key: visitorOf(1), value: JSON.stringify(event) }] })
  return async () => {
    await transaction.abort()
    await producer.disconnect()
  }
}
