import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContainerRuntimeClient } from 'testcontainers'
import { startKafka } from '../../infra/local/kafka.ts'
import { startRegistry } from '../../infra/local/registry.ts'
import { startEmbeddedClickHouse } from '../../packages/embedded-clickhouse/src/index.ts'
import { buildDashboard } from './build-dashboard.ts'
import { startClickHouseContainer, startKafkaContainer, startRegistryContainer } from './containers.ts'

/** Something that is started once for a run, and ended after it. */
export interface RunService {
  readonly addresses: readonly string[]
  stop(): Promise<void>
}

export type ServiceName = 'kafka' | 'clickhouse' | 'registry' | 'dashboard'

/** Test files insert at the same time, some of them blocks of a million rows: more than the engine's default. */
const MEMORY_BYTES = 4 * 1024 ** 3

async function localClickHouse(): Promise<RunService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kivi-clickhouse-'))
  const server = await startEmbeddedClickHouse({ dataDir, memoryBytes: MEMORY_BYTES })
  return {
    addresses: [server.url],
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function localKafka(): Promise<RunService> {
  const kafka = await startKafka()
  return { addresses: kafka.brokers, stop: kafka.stop }
}

async function localRegistry(): Promise<RunService> {
  const registry = await startRegistry()
  return { addresses: [registry.url], stop: registry.stop }
}

/** Not a service, but made once for a run just as well: the dashboard of this source, built. */
async function builtDashboard(): Promise<RunService> {
  const { url, remove } = await buildDashboard()
  return { addresses: [url.href], stop: remove }
}

/** How each service is started: in a container where Docker answers, else as a process of this machine. */
export const starters: Record<ServiceName, (docker: ContainerRuntimeClient | undefined) => Promise<RunService>> = {
  kafka: docker => (docker === undefined ? localKafka() : startKafkaContainer(docker)),
  clickhouse: docker => (docker === undefined ? localClickHouse() : startClickHouseContainer()),
  registry: docker => (docker === undefined ? localRegistry() : startRegistryContainer()),
  dashboard: builtDashboard,
}
