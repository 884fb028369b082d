/**
 * The one place that reaches into kafkajs. The consumer of this adapter stands on kafkajs' connections, protocol
 * and cluster metadata, and replaces its consumer above them: that one decodes records into objects, skips control
 * batches without telling, keeps seeks and pauses over rebalances, commits offsets of its own (−1, −2) over a plan,
 * and retries a commit under a newer generation.
 *
 * These modules are no public interface, so kafkajs' version is pinned and checked.
 */
import { createRequire } from 'node:module'
import { CONNECTION_TIMEOUT, clientConfig, type KafkaOptions, kafkaJsLog } from './options.ts'

const EXPECTED = '2.2.4'
const require = createRequire(import.meta.url)
const { version } = require('kafkajs/package.json') as { version: string }
if (version !== EXPECTED)
  throw new Error(`Kivi's Kafka adapter is written for kafkajs ${EXPECTED} and found ${version}: run npm ci.`)

interface Request {
  readonly apiVersion: number
}

export interface Exchange<T> {
  readonly request: Request
  readonly response: { decode(payload: Buffer): Promise<T>; parse(data: T): Promise<T> }
  readonly requestTimeout?: number
}

interface PartitionOffset {
  readonly partition: number
  readonly offset: string
  readonly metadata?: string | null
}

export interface GroupMember {
  readonly memberId: string
  readonly memberMetadata: Buffer
}

interface JoinedGroup {
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  readonly members: readonly GroupMember[]
}

/** kafkajs' Broker, as far as it is used here. */
export interface Broker {
  readonly nodeId: number
  readonly connectionPool: { send<T>(exchange: Exchange<T>): Promise<T> }
  isConnected(): boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  lookupRequest(apiKey: number, definition: unknown): (args: object) => Exchange<never>
  joinGroup(args: object): Promise<JoinedGroup>
  syncGroup(args: object): Promise<{ readonly memberAssignment: Buffer }>
  heartbeat(args: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  leaveGroup(args: { groupId: string; memberId: string }): Promise<unknown>
  offsetCommit(args: {
    groupId: string
    groupGenerationId: number
    memberId: string
    topics: { topic: string; partitions: PartitionOffset[] }[]
  }): Promise<unknown>
  offsetFetch(args: {
    groupId: string
    topics: { topic: string; partitions: { partition: number }[] }[]
  }): Promise<{ readonly responses: { readonly topic: string; readonly partitions: PartitionOffset[] }[] }>
}

export interface PartitionMetadata {
  readonly partitionId: number
  readonly leader: number
}

/** kafkajs' Cluster, as far as it is used here. */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findBroker(which: { nodeId: number }): Promise<Broker>
  findGroupCoordinator(which: { groupId: string }): Promise<Broker>
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[]
  removeBroker(which: { host: string; port: number }): void
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ readonly topic: string; readonly partitions: PartitionOffset[] }[]>
}

const ClusterClass = require('kafkajs/src/cluster') as new (options: object) => Cluster
const { createLogger } = require('kafkajs/src/loggers') as { createLogger(options: object): unknown }
const defaultSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown
const { requests } = require('kafkajs/src/protocol/requests') as { requests: Record<string, unknown> }
const apiKeys = require('kafkajs/src/protocol/requests/apiKeys') as Record<string, number>
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as { createErrorFromCode(code: number): Error }
const protocol = require('kafkajs/src/consumer/assignerProtocol') as {
  MemberMetadata: { encode(value: { version: number; topics: string[] }): Buffer }
  MemberAssignment: {
    encode(value: { version: number; assignment: Record<string, number[]> }): Buffer
    decode(buffer: Buffer): { assignment: Record<string, number[]> } | null
  }
}

export const { MemberAssignment, MemberMetadata } = protocol
export { createErrorFromCode }

const DEBUG = 5
/** of ListOffsets: the end of the log is its high watermark, not the last stable offset */
const READ_UNCOMMITTED = 0

/** Connections to the brokers with their metadata; connect() them before use. */
export function createCluster(options: KafkaOptions): Cluster {
  return new ClusterClass({
    ...clientConfig(options),
    connectionTimeout: options.connectionTimeoutMs ?? CONNECTION_TIMEOUT,
    socketFactory: defaultSocketFactory(),
    logger: createLogger({ level: DEBUG, logCreator: kafkaJsLog(options.logger) }),
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    isolationLevel: READ_UNCOMMITTED,
  })
}

/** The Fetch request in the newest version that broker and kafkajs share. */
export function fetchExchange(broker: Broker, args: object): Exchange<never> {
  return broker.lookupRequest(apiKeys['Fetch']!, requests['Fetch'])(args)
}

/**
 * kafkajs arms a timer after every answer, for the negative time since "never throttled" (Node warns of it), to
 * look for requests that wait. It is needed only where some do.
 */
const RequestQueue = require('kafkajs/src/network/requestQueue') as {
  prototype: {
    readonly pending: readonly unknown[]
    readonly throttledUntil: number
    throttleCheckTimeoutId: NodeJS.Timeout | null
    checkPendingRequests(): void
    scheduleCheckPendingRequests(): void
  }
}
const CHECK_PENDING_MS = 10

RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId) return
  const throttled = this.throttledUntil - Date.now()
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    },
    throttled > 0 ? throttled : CHECK_PENDING_MS,
  )
}

/**
 * Two requests that find a connection closed would each open a socket, and one of the two would leak: kafkajs locks
 * only the first of a broker's two connections. Here they share the attempt.
 */
const Connection = require('kafkajs/src/network/connection') as { prototype: { connect(): Promise<unknown> } }
const connect = Connection.prototype.connect
const connecting = new WeakMap<object, Promise<unknown>>()

Connection.prototype.connect = function connectOnce(this: { connect(): Promise<unknown> }) {
  let attempt = connecting.get(this)
  if (attempt === undefined) {
    attempt = connect.call(this).finally(() => connecting.delete(this))
    connecting.set(this, attempt)
  }
  return attempt
}
