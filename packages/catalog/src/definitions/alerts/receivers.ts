/** Who is told, and how. Secrets are named, never written into the catalog. */
import { type Address, RECEIVER_KINDS, type ReceiverKind, type ReceiverSettings, type Secret } from '@kivi/domain'
import { isMap } from 'yaml'
import type { Keys, Mapping } from '../../mapping.ts'
import { readLength } from './lengths.ts'

const COMMON = ['type', 'language', 'send_resolved', 'timeout']

/** keys of each type, of which `required` must be there */
export const RECEIVER_KEYS = {
  webhook: { required: ['url'], optional: ['secret', 'headers'] },
  slack: { required: ['url'], optional: ['channel'] },
  dingtalk: { required: ['url'], optional: ['secret', 'mentions'] },
  feishu: { required: ['url'], optional: ['secret'] },
  wecom: { required: ['url'], optional: ['mentions'] },
  teams: { required: ['url'], optional: [] },
  email: { required: ['host', 'from', 'to'], optional: ['port', 'tls', 'username', 'password'] },
  pagerduty: { required: ['routing_key'], optional: ['url'] },
  kafka: { required: ['topic'], optional: [] },
  alertmanager: { required: ['urls'], optional: ['username', 'password'] },
} as const satisfies Readonly<Record<ReceiverKind, { required: readonly string[]; optional: readonly string[] }>>

export const RECEIVER_KEYS_OF_ALL: Keys = {
  known: [
    ...new Set([...COMMON, ...Object.values(RECEIVER_KEYS).flatMap(keys => [...keys.required, ...keys.optional])]),
  ],
}
export const SECRET_KEYS: Keys = { known: ['env', 'file'] }
export const TLS = ['required', 'starttls', 'none'] as const

const LONGEST_TIMEOUT_MS = 10_000
const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue'

export function readReceiver(name: string, mapping: Mapping): ReceiverSettings | null {
  if (!mapping.require('type')) return null
  const kind = mapping.oneOf('type', RECEIVER_KINDS)
  if (kind === undefined) return null
  const { required, optional } = RECEIVER_KEYS[kind]
  const own: readonly string[] = [...COMMON, ...required, ...optional]
  for (const key of mapping.names)
    if (RECEIVER_KEYS_OF_ALL.known.includes(key) && !own.includes(key))
      mapping.source.report(
        mapping.keyAt(key),
        'unknown_key',
        `${mapping.what} is of type ${kind}, which has no ${key}.`,
        `It has ${[...required, ...optional].join(', ')}.`,
      )
  if (!mapping.require(...required)) return null
  const base = {
    name,
    language: mapping.oneOf('language', ['en', 'zh']) ?? 'en',
    sendResolved: mapping.boolean('send_resolved') ?? true,
    timeoutMs: readTimeout(mapping),
  } as const
  switch (kind) {
    case 'webhook': {
      const url = readAddress(mapping, 'url')
      const headers = readHeaders(mapping)
      return url === undefined ? null : { ...base, kind, url, secret: readSecret(mapping, 'secret') ?? null, headers }
    }
    case 'slack': {
      const url = readSecret(mapping, 'url')
      return url === undefined ? null : { ...base, kind, url, channel: mapping.text('channel') ?? null }
    }
    case 'dingtalk': {
      const url = readSecret(mapping, 'url')
      const secret = readSecret(mapping, 'secret') ?? null
      return url === undefined ? null : { ...base, kind, url, secret, mentions: textsOf(mapping, 'mentions') }
    }
    case 'feishu': {
      const url = readSecret(mapping, 'url')
      return url === undefined ? null : { ...base, kind, url, secret: readSecret(mapping, 'secret') ?? null }
    }
    case 'wecom': {
      const url = readSecret(mapping, 'url')
      return url === undefined ? null : { ...base, kind, url, mentions: textsOf(mapping, 'mentions') }
    }
    case 'teams': {
      const url = readSecret(mapping, 'url')
      return url === undefined ? null : { ...base, kind, url }
    }
    case 'email':
      return readEmail(mapping, base)
    case 'pagerduty': {
      const routingKey = readSecret(mapping, 'routing_key')
      const url = mapping.has('url') ? readUrl(mapping, 'url') : PAGERDUTY
      return routingKey === undefined || url === undefined ? null : { ...base, kind, routingKey, url }
    }
    case 'kafka': {
      const topic = mapping.text('topic')
      return topic === undefined ? null : { ...base, kind, topic }
    }
    case 'alertmanager': {
      const urls = (mapping.someTexts('urls') ?? []).filter(({ value, node }) => isUrl(mapping, 'urls', value, node))
      const password = readSecret(mapping, 'password') ?? null
      const username = mapping.text('username') ?? null
      return { ...base, kind, urls: urls.map(({ value }) => value), username, password }
    }
  }
}

function readEmail(
  mapping: Mapping,
  base: Pick<ReceiverSettings, 'name' | 'language' | 'sendResolved' | 'timeoutMs'>,
): ReceiverSettings | null {
  const tls = mapping.oneOf('tls', TLS) ?? 'starttls'
  const port = readPort(mapping) ?? (tls === 'required' ? 465 : 587)
  const host = mapping.text('host')
  const from = mapping.text('from')
  const to = mapping.someTexts('to') ?? []
  const username = mapping.text('username') ?? null
  const password = readSecret(mapping, 'password') ?? null
  for (const { value, node } of to)
    if (!/^\S+@\S+$/.test(value))
      mapping.source.report(node, 'wrong_value', `to of ${mapping.what}: '${value}' is no address.`)
  if (username !== null && password === null) mapping.require('password')
  if (host === undefined || from === undefined) return null
  return { ...base, kind: 'email', host, port, tls, username, password, from, to: to.map(({ value }) => value) }
}

function readPort(mapping: Mapping): number | undefined {
  const port = mapping.number('port')
  if (port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535)) return port
  mapping.source.report(
    mapping.at('port'),
    'wrong_value',
    `port of ${mapping.what} is ${port}; it is a whole number from 1 to 65535.`,
  )
  return undefined
}

function readTimeout(mapping: Mapping): number {
  const ms = readLength(mapping, 'timeout', 1_000) ?? LONGEST_TIMEOUT_MS
  if (ms <= LONGEST_TIMEOUT_MS) return ms
  mapping.source.report(
    mapping.at('timeout'),
    'wrong_value',
    `timeout of ${mapping.what} is longer than 10s.`,
    'A new leader waits that long before it sends anything again.',
  )
  return LONGEST_TIMEOUT_MS
}

const textsOf = (mapping: Mapping, key: string): string[] => (mapping.texts(key) ?? []).map(({ value }) => value)

/** `{ env: SLACK_URL }` or `{ file: /run/secrets/slack }` */
function readSecret(mapping: Mapping, key: string): Secret | undefined {
  if (!mapping.has(key)) return undefined
  if (!isMap(mapping.value(key))) {
    mapping.source.report(
      mapping.at(key),
      'wrong_value',
      `${key} of ${mapping.what} is a secret, and secrets do not stand in the catalog.`,
      `Say where it is: ${key}: { env: NAME } or ${key}: { file: /run/secrets/name }.`,
    )
    return undefined
  }
  const secret = mapping.mapping(key, `${key} of ${mapping.what}`, SECRET_KEYS)
  const env = secret?.text('env')
  const file = secret?.text('file')
  if (env !== undefined && file === undefined) return { env }
  if (file !== undefined && env === undefined) return { file }
  secret?.source.report(secret.node, 'missing_key', `${key} of ${mapping.what} needs env or file, one of them.`)
  return undefined
}

/** An address that anybody may know, or a secret one. */
function readAddress(mapping: Mapping, key: string): Address | undefined {
  return isMap(mapping.value(key)) ? readSecret(mapping, key) : readUrl(mapping, key)
}

function readUrl(mapping: Mapping, key: string): string | undefined {
  const text = mapping.text(key)
  return text !== undefined && isUrl(mapping, key, text, mapping.at(key)) ? text : undefined
}

function isUrl(mapping: Mapping, key: string, text: string, node: ReturnType<Mapping['at']>): boolean {
  const url = URL.parse(text)
  const report = (message: string, advice: string): boolean => {
    mapping.source.report(node, 'wrong_value', `${key} of ${mapping.what}: ${message}`, advice)
    return false
  }
  if (url === null || !/^https?:$/.test(url.protocol))
    return report(`'${text}' is no address.`, 'Write https://example.com/path.')
  if (url.username !== '' || url.password !== '')
    return report('the address holds a password.', 'Say where the address is: { env: NAME }.')
  return true
}

function readHeaders(mapping: Mapping): Record<string, Address> {
  const headers = mapping.mapping('headers', `headers of ${mapping.what}`, null)
  return Object.fromEntries(
    (headers?.names ?? []).flatMap(name => {
      const value = isMap(headers?.value(name)) ? headers && readSecret(headers, name) : headers?.text(name)
      if (/^authorization$/i.test(name) && typeof value === 'string') {
        headers?.source.report(
          headers.at(name),
          'wrong_value',
          `${name} of ${mapping.what} is a secret, and secrets do not stand in the catalog.`,
          `Say where it is: ${name}: { env: NAME }.`,
        )
        return []
      }
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}
