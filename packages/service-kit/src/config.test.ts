import { readFile } from 'node:fs/promises'
import { KiviError } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { ENVIRONMENT } from './environment.ts'
import { shownDefault } from './variables.ts'

const refusal = (env: Record<string, string>): string => {
  try {
    loadConfig(env)
  } catch (error) {
    expect(error).toBeInstanceOf(KiviError)
    expect((error as KiviError).code).toBe('config_invalid')
    return (error as KiviError).message
  }
  throw new Error('the configuration was taken')
}

describe('defaults', () => {
  it('starts from an empty environment', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({
      data: { directory: 'data', chosen: false },
      http: { host: '127.0.0.1', port: 8080 },
      kafka: null,
      clickhouse: { url: null, database: 'kivi', cluster: null, port: null },
      retention: { tenSeconds: 7 * 86_400_000, quarterHour: Infinity, day: Infinity, raw: 400 * 86_400_000 },
      ingest: {
        duplicateHorizonMs: 3_600_000,
        flushIntervalMs: 1000,
        disorderMs: 30_000,
        clockSkewMs: 300_000,
        idleAfterMs: 30_000,
      },
      demo: false,
      auth: 'off',
      requestsPerMinute: null,
      streams: { most: 2_000, perKey: 500 },
      key: null,
      warnings: [],
    })
  })

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ KIVI_HTTP_PORT: '', KIVI_KAFKA_BROKERS: '' })).toEqual(loadConfig({}))
  })

  it('keeps the demo apart from other data', () => {
    expect(loadConfig({ KIVI_DEMO: 'on' }).data.directory).toBe('data/demo')
    expect(loadConfig({ KIVI_DEMO: 'on', KIVI_DATA_DIR: '/x' }).data).toEqual({ directory: '/x', chosen: true })
  })

  it('needs keys where others can reach it', () => {
    expect(loadConfig({ KIVI_HTTP_HOST: '0.0.0.0' }).auth).toBe('required')
    expect(loadConfig({ KIVI_HTTP_HOST: '127.0.0.2' }).auth).toBe('off')
    expect(loadConfig({ KIVI_HTTP_HOST: '::1' }).auth).toBe('off')
    expect(loadConfig({ KIVI_HTTP_HOST: '::', KIVI_AUTH: 'off' }).auth).toBe('off')
  })

  it('cannot be changed once it is read', () => {
    const config = loadConfig({ KIVI_KAFKA_BROKERS: 'a,b:1' })
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError)
    expect(config.kafka?.brokers).toEqual(['a:9092', 'b:1'])
    expect(Object.isFrozen(config.kafka?.brokers)).toBe(true)
  })
})

describe('mistakes', () => {
  it('names every bad variable, its value and what was expected, all at once', () => {
    const lines = refusal({
      KIVI_HTTP_PORT: '80a',
      KIVI_RETENTION_RAW: '1y',
      KIVI_DEMO: 'maybe',
      KIVI_CLICKHOUSE_URL: 'localhost',
    }).split('\n')
    expect(lines).toEqual([
      'KIVI_HTTP_PORT is "80a": expected a port number from 0 (any free one) to 65535.',
      'KIVI_CLICKHOUSE_URL is "localhost": expected a URL that begins with http:// or https://.',
      'KIVI_RETENTION_RAW is "1y": expected a duration such as 7d or 400d, or forever.',
      'KIVI_DEMO is "maybe": expected on or off.',
    ])
  })

  it.each([
    ['KIVI_COLLECTOR_PORT', '65536'],
    ['KIVI_KAFKA_BROKERS', 'a b'],
    ['KIVI_KAFKA_SASL_MECHANISM', 'kerberos'],
    ['KIVI_TOPIC_EVENTS', 'events of today'],
    ['KIVI_CLICKHOUSE_DATABASE', 'a; drop'],
    ['KIVI_DUPLICATE_HORIZON', 'forever'],
    ['KIVI_FLUSH_INTERVAL', '1'],
    ['KIVI_RETENTION_10S', '1h'],
    ['KIVI_AUTH', 'maybe'],
  ])('refuses %s=%s', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name} is "${value}": expected .+\\.$`))
  })

  it('never shows a secret', () => {
    expect(refusal({ KIVI_SCHEMA_REGISTRY_URL: 'ftp://user:geheim@host' })).not.toContain('geheim')
  })

  it('asks for the other half of what only works together', () => {
    expect(refusal({ KIVI_KAFKA_SASL_MECHANISM: 'plain', KIVI_KAFKA_SASL_USERNAME: 'u' })).toContain(
      'KIVI_KAFKA_SASL_PASSWORD',
    )
    expect(refusal({ KIVI_KAFKA_TLS_CERT_FILE: 'c.pem' })).toContain('KIVI_KAFKA_TLS_KEY_FILE')
  })

  it("explains what Kubernetes puts into a pod's environment", () => {
    expect(refusal({ KIVI_COLLECTOR_PORT: 'tcp://10.0.0.1:80' })).toContain('enableServiceLinks: false')
  })

  it('warns of a variable that has no effect, with the one that was meant', () => {
    expect(loadConfig({ KIVI_DATADIR: '/x' }).warnings).toEqual([
      'KIVI_DATADIR is not a setting of Kivi and has no effect; did you mean KIVI_DATA_DIR?',
    ])
  })
})

describe('the documented table', () => {
  it('is the one that the code reads', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| `(KIVI_[A-Z0-9_]+)` \| (.*?) \| (.*) \|$/gm)].map(([, ...cells]) => cells)
    expect(rows).toEqual(
      Object.entries(ENVIRONMENT).map(([name, variable]) => {
        const fallback = shownDefault(variable)
        return [name, fallback === 'none' ? 'none' : `\`${fallback}\``, variable.description]
      }),
    )
  })
})
