import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Certificate, selfSigned } from './certificate.ts'
import { freePorts } from './free-ports.ts'
import { artifacts } from './jars.ts'
import {
  type ClusterLayout,
  type KafkaUser,
  type NodeLayout,
  type SecuredListener,
  serverProperties,
} from './kafka-properties.ts'
import { spawnTethered, type Tethered } from './tethered.ts'

const run = promisify(execFile)

export const KAFKA_VERSION = '4.1.0'

export interface KafkaOptions {
  /** number of brokers, default 1; from 3 on any one may be killed */
  readonly brokers?: number
  /** partitions of a topic that does not say, default 4 */
  readonly partitions?: number
  /** where the logs live; kept at stop. Default: a fresh directory that stop() removes */
  readonly dir?: string
  /** the plain port of the first broker; default a free one */
  readonly port?: number
  /** listeners beside the plain one */
  readonly listeners?: readonly SecuredListener[]
  /** users of the SASL listeners; default one, alice with alice-secret */
  readonly users?: readonly KafkaUser[]
  /** broker settings that override ours, e.g. `log.message.timestamp.type` */
  readonly settings?: Readonly<Record<string, string>>
}

export interface LocalKafka {
  /** addresses of the plain listener, a broker each */
  readonly brokers: readonly string[]
  /** addresses of a secured listener that was asked for */
  secured(listener: SecuredListener): readonly string[]
  readonly users: readonly KafkaUser[]
  /** PEM of the certificate to trust; undefined without a TLS listener */
  readonly ca: string | undefined
  /** the process of a broker (0 is the first), for signals: SIGSTOP, SIGCONT */
  pid(broker?: number): number
  /** kill -9 of one broker */
  kill(broker?: number): Promise<void>
  /** starts a broker that was killed, or ends it cleanly first; same ports, same data */
  restart(broker?: number): Promise<void>
  /** ends all brokers and removes the directory, unless it was given */
  stop(): Promise<void>
}

const clusterId = (): string => {
  // Kafka refuses an id that begins with a dash, as a command line would.
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? clusterId() : id
}

/** The id of the cluster in `directory`: a directory that is used again keeps the one that it was formatted with. */
async function keptClusterId(directory: string): Promise<string> {
  const file = join(directory, 'cluster-id')
  await writeFile(file, clusterId(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return await readFile(file, 'utf8')
}

async function layout(options: KafkaOptions, directory: string, keystore?: Certificate): Promise<ClusterLayout> {
  const count = options.brokers ?? 1
  const listeners = ['plaintext' as const, ...(options.listeners ?? [])]
  const ports = await freePorts(count * (listeners.length + 1))
  if (options.port !== undefined) ports[1] = options.port
  const nodes = Array.from({ length: count }, (_, index): NodeLayout => {
    const own = ports.slice(index * (listeners.length + 1))
    return {
      id: index + 1,
      directory: join(directory, `broker-${index + 1}`),
      controllerPort: own[0]!,
      ports: new Map(listeners.map((listener, nth) => [listener, own[nth + 1]!])),
    }
  })
  return {
    nodes,
    partitions: options.partitions ?? 4,
    users: options.users ?? [{ name: 'alice', password: 'alice-secret' }],
    ...(keystore && { keystore }),
    overrides: options.settings ?? {},
  }
}

/** Gives the data directory its cluster id and the SCRAM users; a directory that has them is left as it is. */
async function format(jars: string, cluster: ClusterLayout, id: string, properties: string): Promise<void> {
  const secured = cluster.nodes[0]!.ports.size > 1
  const scram = cluster.users.flatMap(user =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
      ...['--add-scram', `${mechanism}=[name=${user.name},password=${user.password}]`],
    ]),
  )
  const java = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', join(jars, '*'), 'kafka.tools.StorageTool', 'format']
  await run('java', [...java, '--ignore-formatted', '-t', id, '-c', properties, ...(secured ? scram : [])])
}

async function startNode(jars: string, properties: string): Promise<Tethered> {
  const broker = await spawnTethered('java', [
    ...['-Xmx512m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
    ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.log.kafka.server=info'],
    ...['-cp', join(jars, '*'), 'kafka.Kafka', properties],
  ])
  await broker.line(/KafkaRaftServer.*Kafka Server started/)
  return broker
}

/**
 * Starts real Apache Kafka (KRaft) from its own jars; resolves when every broker serves. Ends with this process,
 * whatever ends it.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<LocalKafka> {
  const jars = await artifacts(`kafka-${KAFKA_VERSION}`, { pom: 'pom.xml' })
  const directory = options.dir ?? (await mkdtemp(join(tmpdir(), 'kivi-kafka-')))
  await mkdir(directory, { recursive: true })
  const tls = options.listeners?.some(listener => listener !== 'sasl_plaintext') ?? false
  const certificate = tls ? await selfSigned(directory) : undefined
  const cluster = await layout(options, directory, certificate)
  const files = cluster.nodes.map(node => join(directory, `broker-${node.id}.properties`))
  const running: Tethered[] = []
  const stop = async (): Promise<void> => {
    // a directory that is thrown away needs no clean end
    for (const broker of running) broker.signal(options.dir === undefined ? 'SIGKILL' : 'SIGTERM')
    await Promise.all(running.map(broker => broker.exited))
    if (options.dir === undefined) await rm(directory, { recursive: true, force: true })
  }
  try {
    const id = await keptClusterId(directory)
    for (const [index, node] of cluster.nodes.entries()) {
      await writeFile(files[index]!, serverProperties(cluster, node))
      await format(jars, cluster, id, files[index]!)
    }
    const started = await Promise.allSettled(
      files.map(async (file, index) => {
        running[index] = await startNode(jars, file)
      }),
    )
    const failed = started.find(result => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  } catch (error) {
    await stop()
    throw error
  }
  const addresses = (listener: 'plaintext' | SecuredListener): string[] =>
    cluster.nodes.map(node => {
      const port = node.ports.get(listener)
      if (port === undefined) throw new Error(`This Kafka was started without the listener ${listener}.`)
      return `127.0.0.1:${port}`
    })
  return {
    brokers: addresses('plaintext'),
    secured: addresses,
    users: cluster.users,
    ca: certificate?.ca,
    pid: (broker = 0) => running[broker]!.pid,
    kill: async (broker = 0) => {
      running[broker]!.signal('SIGKILL')
      await running[broker]!.exited
    },
    restart: async (broker = 0) => {
      running[broker]!.signal('SIGTERM')
      await running[broker]!.exited
      running[broker] = await startNode(jars, files[broker]!)
    },
    stop,
  }
}
