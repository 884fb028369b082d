import type { ConnectionOptions } from 'node:tls'
import { KiviError } from '@kivi/domain'
import kafkajs, { type PartitionerArgs, type SASLOptions } from 'kafkajs'
import type { Codec } from '../compression.ts'
import { type Logger, SILENT } from '../logger.ts'

/** How to reach Kafka. Times in ms. */
export interface KafkaOptions {
  readonly brokers: readonly string[]
  readonly clientId?: string
  /** true: the system's authorities; else what node:tls takes (ca, cert, key, servername …) */
  readonly tls?: boolean | ConnectionOptions
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  readonly connectionTimeoutMs?: number
  readonly requestTimeoutMs?: number
  /** of what the producer writes; default zstd */
  readonly compression?: Codec
  readonly logger?: Logger
}

/** Fewer retries than kafkajs' default: every loop of this adapter has its own, which can be stopped. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1000, retries: 4 }

export const CONNECTION_TIMEOUT = 5_000
const REQUEST_TIMEOUT = 30_000

export function clientConfig(options: KafkaOptions) {
  return {
    brokers: [...options.brokers],
    clientId: options.clientId ?? 'kivi',
    ...(options.tls === undefined || options.tls === false ? {} : { ssl: options.tls }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl as SASLOptions }),
    connectionTimeout: options.connectionTimeoutMs ?? CONNECTION_TIMEOUT,
    authenticationTimeout: 10_000,
    reauthenticationThreshold: 10_000,
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT,
    enforceRequestTimeout: true,
    retry: RETRY,
  }
}

interface KafkaJsEntry {
  readonly namespace: string
  readonly log: { readonly message: string; readonly timestamp?: string; readonly logger?: string }
}

/**
 * kafkajs' log, for debugging only: what it calls an error is mostly an attempt that is repeated, and this adapter
 * reports what came of it.
 */
export function kafkaJsLog(logger: Logger = SILENT) {
  return () =>
    ({ namespace, log }: KafkaJsEntry) => {
      const { message, timestamp: _, logger: __, ...fields } = log
      logger.debug(fields, `kafkajs ${namespace}: ${message}`)
    }
}

/** Java's partitioner; and where kafkajs drops records for a partition that is not there without a word, an error. */
export function createPartitioner() {
  const choose = kafkajs.Partitioners.DefaultPartitioner()
  return (args: PartitionerArgs): number => {
    const partition = choose(args)
    if (!args.partitionMetadata.some(({ partitionId }) => partitionId === partition))
      // kafkajs repeats whatever is not marked as final
      throw Object.assign(new kafkajs.KafkaJSNonRetriableError('no such partition'), {
        cause: new KiviError('log_misconfigured', `The topic ${args.topic} has no partition ${partition}.`),
      })
    return partition
  }
}
