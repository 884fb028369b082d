import { randomBytes } from 'node:crypto'
import type { ServiceName } from './run-services.ts'

/** The variable by which the run tells its test files, and the processes that they start, where its services are. */
export const SUPPORT_URL = 'KIVI_TEST_SUPPORT_URL'

const asked = new Map<ServiceName, Promise<string[]>>()

async function ask(name: ServiceName): Promise<string[]> {
  const url = process.env[SUPPORT_URL]
  if (url === undefined)
    throw new Error(`${SUPPORT_URL} is not set: run tests through vitest, from the repository's root.`)
  const response = await fetch(`${url}/${name}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return JSON.parse(text) as string[]
}

function addresses(name: ServiceName): Promise<string[]> {
  const known = asked.get(name) ?? ask(name)
  asked.set(name, known)
  return known
}

/** Addresses of the run's Kafka, `host:port` each; started when the first test asks. */
export const kafkaBrokers = (): Promise<string[]> => addresses('kafka')

/** URL of the run's ClickHouse; started when the first test asks. */
export const clickhouseUrl = async (): Promise<string> => (await addresses('clickhouse'))[0]!

/** Base URL of the run's Schema Registry, with Confluent's API; started when the first test asks. */
export const registryUrl = async (): Promise<string> => (await addresses('registry'))[0]!

/** Folder of the dashboard of this source, built when the first test asks; undefined outside of a run of tests. */
export const builtDashboard = async (): Promise<URL | undefined> =>
  process.env[SUPPORT_URL] === undefined ? undefined : new URL((await addresses('dashboard'))[0]!)

/** A name that no other test has: for topics, groups, databases. Letters, digits and underscores only. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`
