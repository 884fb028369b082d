/**
 * The one place that reaches into kafkajs. The consumer of this adapter stands on kafkajs' connections, protocol
 * and cluster metadata, and replaces its consumer above them: that one decodes records into objects, skips control
 * batches without telling, keeps seeks and pauses over rebalances, commits offsets of its own (−1, −2) over a plan,
 * and retries a commit under a newer generation.
 *
 * These modules are no public interface, so kafkajs' version is pinned and checked.
 */
import { createRequire } from 'node:module'
import { connect as connectSocket, type Socket } from 'node:net'
import { CONNECTION_TIMEOUT, clientConfig, type KafkaOptions, kafkaJsLog } from './options.ts'
import { takeBuffer } from './response-buffers.ts'

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
const defaultSocketFactory = require('kafkajs/src/network/socketFactory') as () => (options: object) => Socket
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
    socketFactory: socketFactory(),
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
interface KafkaJsConnection {
  readonly socket: object
  /** while a login is under way */
  readonly authHandlers: object | null
  readonly requestQueue: { fulfillRequest(answer: { size: number; correlationId: number; payload: Buffer }): void }
  connect(): Promise<unknown>
  processData(chunk: Buffer): void
}
const Connection = require('kafkajs/src/network/connection') as { prototype: KafkaJsConnection }
const connect = Connection.prototype.connect
const connecting = new WeakMap<object, Promise<unknown>>()

Connection.prototype.connect = function connectOnce() {
  let attempt = connecting.get(this)
  if (attempt === undefined) {
    attempt = connect.call(this).finally(() => connecting.delete(this))
    connecting.set(this, attempt)
  }
  return attempt
}

/**
 * Answers are put together in one buffer each, which is used again (response-buffers.ts). kafkajs joins chunk after
 * chunk into new ones, and the sockets make a new one per chunk.
 */
interface Incoming {
  readonly head: Buffer
  headBytes: number
  body: Buffer | null
  size: number
  bytes: number
}
const SIZE_BYTES = 4
const incoming = new WeakMap<object, Incoming>()
const processData = Connection.prototype.processData

Connection.prototype.processData = function assemble(chunk) {
  // a login frames its answers in its own way; they are few and small
  if (this.authHandlers) return processData.call(this, Buffer.from(chunk))
  let state = incoming.get(this.socket)
  if (state === undefined) {
    state = { head: Buffer.alloc(SIZE_BYTES), headBytes: 0, body: null, size: 0, bytes: 0 }
    incoming.set(this.socket, state)
  }
  for (let at = 0; at < chunk.length; ) {
    if (state.body === null) {
      state.head[state.headBytes++] = chunk[at++]!
      if (state.headBytes < SIZE_BYTES) continue
      state.size = state.head.readInt32BE(0)
      state.body = takeBuffer(state.size)
      state.bytes = 0
      continue
    }
    const end = Math.min(chunk.length, at + state.size - state.bytes)
    state.bytes += chunk.copy(state.body, state.bytes, at, end)
    at = end
    if (state.bytes < state.size) return
    const { body, size } = state
    state.body = null
    state.headBytes = 0
    const payload = body.subarray(SIZE_BYTES, size)
    this.requestQueue.fulfillRequest({ size, correlationId: body.readInt32BE(0), payload })
  }
}

const KEEP_ALIVE_DELAY_MS = 60_000
const CHUNK_BYTES = 256 * 1024

/** Plain sockets read into one buffer of their own; `assemble` copies out of it before the next chunk comes. */
function socketFactory() {
  const secured = defaultSocketFactory()
  return (options: { host: string; port: number; ssl?: unknown; onConnect: () => void }) => {
    if (options.ssl) return released(secured(options))
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    const socket: Socket = connectSocket(
      {
        host: options.host,
        port: options.port,
        onread: {
          buffer,
          callback(bytes) {
            socket.emit('data', buffer.subarray(0, bytes))
            return true
          },
        },
      },
      options.onConnect,
    )
    return released(socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS))
  }
}

/**
 * kafkajs ends connections that are down already, once for each request that failed, and of a socket that has no handle
 * any more each `unref` would leave a listener behind.
 */
function released(socket: Socket): Socket {
  const unref = socket.unref.bind(socket)
  socket.unref = () => (socket.destroyed ? socket : unref())
  return socket
}
