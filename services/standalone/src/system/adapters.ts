/** The one place where configuration chooses between embedded and distributed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClickHouse, createClickHouse } from '@kivi/clickhouse'
import { type EventLog, KiviError } from '@kivi/domain'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import type { Config, KafkaConfig, Logger, Started } from '@kivi/service-kit'
import type { DataDirectory } from './data-directory.ts'

/** Kafka where brokers are configured, else the log in the data directory. */
export async function openEventLog(
  config: Config,
  directory: DataDirectory,
  parent: Logger,
): Promise<Started<EventLog>> {
  // what its users do with it, they tell themselves
  const level = parent.level === 'info' ? 'warn' : parent.level
  const logger = parent.child({ component: 'event-log' }, { level })
  const log =
    config.kafka === null
      ? embeddedEventLog({ path: join(directory.log, 'events.sqlite'), logger })
      : kafkaEventLog(await kafkaOptions(config.kafka, logger))
  return { value: log, stop: () => log.close() }
}

async function kafkaOptions(kafka: KafkaConfig, logger: Logger) {
  return {
    brokers: kafka.brokers,
    logger,
    ...(kafka.sasl === null ? {} : { sasl: kafka.sasl }),
    ...(kafka.tls === null ? {} : { tls: await tlsOptions(kafka.tls) }),
  }
}

async function tlsOptions({ caFile, certFile, keyFile }: NonNullable<KafkaConfig['tls']>) {
  const read = async (name: string, path: string | null) => {
    if (path === null) return undefined
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      throw new KiviError(
        'config_invalid',
        `${name} is "${path}", which cannot be read: ${(error as Error).message}.`,
        {
          cause: error,
        },
      )
    }
  }
  const [ca, cert, key] = await Promise.all([
    read('KIVI_KAFKA_TLS_CA_FILE', caFile),
    read('KIVI_KAFKA_TLS_CERT_FILE', certFile),
    read('KIVI_KAFKA_TLS_KEY_FILE', keyFile),
  ])
  if (ca === undefined && cert === undefined) return true
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

/** The configured ClickHouse, else the embedded engine in a process of its own. The value is its URL. */
export async function startEngine(
  config: Config,
  directory: DataDirectory,
  logger: Logger,
  options: { readonly host: string; readonly port: number },
): Promise<Started<string>> {
  if (config.clickhouse.url !== null) return { value: config.clickhouse.url, stop: async () => {} }
  const log = logger.child({ component: 'embedded-clickhouse' })
  try {
    const engine = await startEmbeddedClickHouse({
      dataDir: directory.engine,
      // nobody else runs on the directory, that was made sure of: the engine is one whose Kivi was killed just now
      waitForDirectoryMs: 20_000,
      ...options,
      log: {
        started: fields => log.info(fields, 'the embedded ClickHouse serves'),
        died: fields => log.error(fields, 'the embedded ClickHouse died and is started again'),
        said: line => log.debug(line),
      },
    })
    return { value: engine.url, stop: () => engine.stop() }
  } catch (error) {
    throw new KiviError('store_unreachable', (error as Error).message, { cause: error })
  }
}

export function openClickHouse(config: Config, url: string): Started<ClickHouse> {
  const { user, password, database, cluster } = config.clickhouse
  const clickhouse = createClickHouse({ url, user, password, database, ...(cluster === null ? {} : { cluster }) })
  return { value: clickhouse, stop: () => clickhouse.close() }
}
