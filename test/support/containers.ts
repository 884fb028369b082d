import { type ContainerRuntimeClient, GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers'
import { freePorts } from '../../infra/local/free-ports.ts'
import type { RunService } from './run-services.ts'

const KAFKA_IMAGE = 'apache/kafka:4.1.0'
const CLICKHOUSE_IMAGE = 'clickhouse/clickhouse-server:25.8.4.13'
const REGISTRY_IMAGE = 'apicurio/apicurio-registry:3.0.9'

/** The container runtime, where one really answers: a client may be installed with no engine behind it. */
export const runningDocker = (): Promise<ContainerRuntimeClient | undefined> =>
  getContainerRuntimeClient().catch(() => undefined)

/** The broker advertises the port at which the host reaches it, so that port is chosen before it starts. */
export async function startKafkaContainer(docker: ContainerRuntimeClient): Promise<RunService> {
  const [port] = await freePorts(1)
  const address = `${docker.info.containerRuntime.host}:${port}`
  const container = await new GenericContainer(KAFKA_IMAGE)
    .withExposedPorts({ container: 9092, host: port! })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://localhost:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${address}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_LOG_RETENTION_MS: '-1',
      KAFKA_MESSAGE_MAX_BYTES: String(16 << 20),
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start()
  return { addresses: [address], stop: async () => void (await container.stop()) }
}

export async function startClickHouseContainer(): Promise<RunService> {
  const container = await new GenericContainer(CLICKHOUSE_IMAGE)
    .withExposedPorts(8123)
    // the default user has no network access without a password or this
    .withEnvironment({ CLICKHOUSE_SKIP_USER_SETUP: '1' })
    .withUlimits({ nofile: { hard: 262144, soft: 262144 } })
    .withWaitStrategy(Wait.forHttp('/ping', 8123))
    .start()
  const url = `http://${container.getHost()}:${container.getMappedPort(8123)}`
  return { addresses: [url], stop: async () => void (await container.stop()) }
}

export async function startRegistryContainer(): Promise<RunService> {
  const container = await new GenericContainer(REGISTRY_IMAGE)
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/subjects', 8080))
    .start()
  const url = `http://${container.getHost()}:${container.getMappedPort(8080)}/apis/ccompat/v7`
  return { addresses: [url], stop: async () => void (await container.stop()) }
}
