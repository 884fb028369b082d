/** The environment, parsed once into a frozen object grouped by stage. Only main files call this. */
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { KiviError, suggest } from '@kivi/domain'
import { ENVIRONMENT, type VariableName } from './environment.ts'
import type { Variable } from './variables.ts'

type Value<V> = V extends Variable<infer T> ? T : never
type Values = { readonly [N in VariableName]: Value<(typeof ENVIRONMENT)[N]> }

export interface KafkaConfig {
  readonly brokers: readonly string[]
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  } | null
  /** paths of PEM files; null where none is given. The whole is null without TLS */
  readonly tls: {
    readonly caFile: string | null
    readonly certFile: string | null
    readonly keyFile: string | null
  } | null
}

/** All durations in ms; Infinity is `forever`. */
export interface Config {
  readonly data: {
    readonly directory: string
    /** KIVI_DATA_DIR was given; else `directory` is the default */
    readonly chosen: boolean
  }
  readonly http: {
    readonly host: string
    readonly port: number
    /** of which pages may ask from a browser; none but those that Kivi serves itself */
    readonly origins: readonly string[]
  }
  readonly collector: {
    readonly port: number
    /** addresses and blocks of the company's own people, and of proxies before the collector */
    readonly traffic: { readonly internal: readonly string[]; readonly proxies: readonly string[] }
  }
  readonly metrics: { readonly port: number }
  /** null: the embedded log */
  readonly kafka: KafkaConfig | null
  readonly schemaRegistry: { readonly url: string } | null
  readonly topics: { readonly events: string; readonly dead: string; readonly alerts: string }
  readonly group: string
  readonly clickhouse: {
    /** null: the embedded engine */
    readonly url: string | null
    readonly user: string
    readonly password: string
    readonly database: string
    readonly cluster: string | null
    /** of the embedded engine; null: the default of the command */
    readonly port: number | null
  }
  readonly catalog: { readonly directory: string }
  readonly retention: {
    readonly tenSeconds: number
    readonly quarterHour: number
    readonly day: number
    /** 0: no raw events are kept */
    readonly raw: number
  }
  readonly ingest: {
    readonly duplicateHorizonMs: number
    readonly flushIntervalMs: number
    readonly disorderMs: number
    readonly clockSkewMs: number
    readonly idleAfterMs: number
  }
  readonly derive: { readonly intervalMs: number }
  readonly alerts: {
    /** of the pages, for links; null: nobody said */
    readonly externalUrl: string | null
    /** missed instants that are longer ago are not judged any more */
    readonly catchUpMs: number
    /** of a dead man's switch; null: there is none */
    readonly pingUrl: string | null
  }
  readonly demo: boolean
  readonly auth: 'off' | 'required'
  /** by one key, or from one address where no keys are needed; null: any number */
  readonly requestsPerMinute: number | null
  /** most live streams, in all and with one key */
  readonly streams: { readonly most: number; readonly perKey: number }
  /** with which commands ask a Kivi that needs one */
  readonly key: string | null
  /** what is odd about the environment but not wrong, for the log */
  readonly warnings: readonly string[]
}

/** Throws KiviError config_invalid that names every bad variable, its value and what was expected, all at once. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const { values, problems } = readAll(env)
  problems.push(...contradictions(values))
  if (problems.length > 0) throw new KiviError('config_invalid', problems.join('\n'))
  return deepFreeze(toConfig(values as Values, unknownVariables(env)))
}

function readAll(env: Readonly<Record<string, string | undefined>>) {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, variable] of Object.entries(ENVIRONMENT) as [VariableName, Variable<unknown>][]) {
    // An empty variable is an unset one: compose files and shells pass `NAME=` for "nothing".
    const given = env[name] === '' ? undefined : env[name]
    const text = given ?? variable.fallback
    if (text === null) {
      values[name] = null
      continue
    }
    const parsed = variable.schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push(describeProblem(name, text, variable))
  }
  return { values: values as Partial<Values>, problems }
}

function describeProblem(name: string, value: string, variable: Variable<unknown>): string {
  const shown = variable.secret ? 'a value that is not shown here' : `"${value}"`
  // Kubernetes puts NAME_PORT=tcp://… into every pod for a service called NAME.
  const hint = value.startsWith('tcp://')
    ? ' Kubernetes sets this one for a service of that name: use enableServiceLinks: false.'
    : ''
  return `${name} is ${shown}: expected ${variable.expected}.${hint}`
}

function contradictions(values: Partial<Values>): string[] {
  const problems: string[] = []
  if (values.KIVI_KAFKA_SASL_MECHANISM) {
    for (const name of ['KIVI_KAFKA_SASL_USERNAME', 'KIVI_KAFKA_SASL_PASSWORD'] as const)
      if (values[name] === null) problems.push(`${name} is missing: KIVI_KAFKA_SASL_MECHANISM asks for a login.`)
  }
  const [cert, key] = [values.KIVI_KAFKA_TLS_CERT_FILE, values.KIVI_KAFKA_TLS_KEY_FILE]
  if (cert !== undefined && key !== undefined && (cert === null) !== (key === null))
    problems.push('KIVI_KAFKA_TLS_CERT_FILE and KIVI_KAFKA_TLS_KEY_FILE need each other: give both or neither.')
  return problems
}

/** A thousand dashboards that poll each second with one key are well; a loop that asks without a pause is not. */
const REQUESTS_PER_MINUTE = 60_000

function toConfig(values: Values, warnings: readonly string[]): Config {
  const files = {
    caFile: values.KIVI_KAFKA_TLS_CA_FILE,
    certFile: values.KIVI_KAFKA_TLS_CERT_FILE,
    keyFile: values.KIVI_KAFKA_TLS_KEY_FILE,
  }
  const tls = values.KIVI_KAFKA_TLS_ENABLED || Object.values(files).some(path => path !== null)
  const mechanism = values.KIVI_KAFKA_SASL_MECHANISM
  const sasl =
    mechanism === null
      ? null
      : {
          mechanism,
          username: values.KIVI_KAFKA_SASL_USERNAME ?? '',
          password: values.KIVI_KAFKA_SASL_PASSWORD ?? '',
        }
  const brokers = values.KIVI_KAFKA_BROKERS
  const registry = values.KIVI_SCHEMA_REGISTRY_URL
  const auth = values.KIVI_AUTH ?? (isLoopback(values.KIVI_HTTP_HOST) ? 'off' : 'required')
  return {
    data: {
      directory: values.KIVI_DATA_DIR ?? (values.KIVI_DEMO ? join('.', 'data', 'demo') : join('.', 'data')),
      chosen: values.KIVI_DATA_DIR !== null,
    },
    http: {
      host: values.KIVI_HTTP_HOST,
      port: values.KIVI_HTTP_PORT,
      origins: values.KIVI_HTTP_CORS_ORIGINS ?? [],
    },
    collector: {
      port: values.KIVI_COLLECTOR_PORT,
      traffic: { internal: values.KIVI_INTERNAL_ADDRESSES ?? [], proxies: values.KIVI_PROXY_ADDRESSES ?? [] },
    },
    metrics: { port: values.KIVI_METRICS_PORT },
    kafka: brokers === null ? null : { brokers, sasl, tls: tls ? files : null },
    schemaRegistry: registry === null ? null : { url: registry },
    topics: {
      events: values.KIVI_TOPIC_EVENTS,
      dead: values.KIVI_TOPIC_DEAD,
      alerts: values.KIVI_TOPIC_ALERTS,
    },
    group: values.KIVI_GROUP_ID,
    clickhouse: {
      url: values.KIVI_CLICKHOUSE_URL,
      user: values.KIVI_CLICKHOUSE_USER,
      password: values.KIVI_CLICKHOUSE_PASSWORD ?? '',
      database: values.KIVI_CLICKHOUSE_DATABASE,
      cluster: values.KIVI_CLICKHOUSE_CLUSTER,
      port: values.KIVI_CLICKHOUSE_PORT,
    },
    catalog: { directory: values.KIVI_CATALOG },
    retention: {
      tenSeconds: values.KIVI_RETENTION_10S,
      quarterHour: values.KIVI_RETENTION_15M,
      day: values.KIVI_RETENTION_DAY,
      raw: values.KIVI_RETENTION_RAW,
    },
    ingest: {
      duplicateHorizonMs: values.KIVI_DUPLICATE_HORIZON,
      flushIntervalMs: values.KIVI_FLUSH_INTERVAL,
      disorderMs: values.KIVI_DISORDER,
      clockSkewMs: values.KIVI_CLOCK_SKEW,
      idleAfterMs: values.KIVI_IDLE_AFTER,
    },
    derive: { intervalMs: values.KIVI_DERIVE_INTERVAL },
    alerts: {
      externalUrl: values.KIVI_EXTERNAL_URL,
      catchUpMs: values.KIVI_ALERTS_CATCH_UP,
      pingUrl: values.KIVI_ALERTS_PING_URL,
    },
    demo: values.KIVI_DEMO,
    auth,
    streams: { most: values.KIVI_STREAMS, perKey: values.KIVI_STREAMS_PER_KEY },
    requestsPerMinute: values.KIVI_RATE_LIMIT ?? (auth === 'off' ? null : REQUESTS_PER_MINUTE),
    key: values.KIVI_KEY,
    warnings,
  }
}

/** Only this machine can reach a service that listens on such an address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host)) return true
  const address = host.replace(/^\[|\]$/g, '')
  return isIPv6(address) && new URL(`http://[${address}]`).hostname === '[::1]'
}

/** A misspelt variable would otherwise be a setting that silently does nothing. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.keys(ENVIRONMENT)
  return Object.keys(env)
    .filter(name => name.startsWith('KIVI_') && !known.includes(name))
    .map(name => {
      const similar = suggest(name, known)
      return `${name} is not a setting of Kivi and has no effect${similar === null ? '' : `; did you mean ${similar}?`}`
    })
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
