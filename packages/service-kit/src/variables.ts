import { isIP } from 'node:net'
import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.ts'

/** A variable of the environment: how its text is read, and what the README says about it. */
export interface Variable<T> {
  readonly schema: z.ZodType<T, string>
  /** text that is read when the variable is unset or empty; null: the setting is then absent */
  readonly fallback: string | null
  readonly description: string
  /** completes the sentence "expected …" */
  readonly expected: string
  /** its value is never shown */
  readonly secret: boolean
}

/** The variable's default as the README shows it. */
export const shownDefault = (variable: Variable<unknown>): string => variable.fallback ?? 'none'

/** Reads by a function that answers undefined for what it does not understand. */
const read = <T>(parse: (text: string) => T | undefined) =>
  z.string().transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: 'not understood' })
    return z.NEVER
  })

type Kind<T> = Pick<Variable<T>, 'schema' | 'expected'>

export const text: Kind<string> = { schema: z.string(), expected: 'a text' }

export const directory: Kind<string> = { schema: z.string(), expected: 'the path of a directory' }

export const file: Kind<string> = { schema: z.string(), expected: 'the path of a file' }

export const port: Kind<number> = {
  schema: read(value => (/^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined)),
  expected: 'a port number from 0 (any free one) to 65535',
}

/** a whole number, `least` or more */
export const count = (least: number): Kind<number> => ({
  schema: read(value => (/^\d{1,9}$/.test(value) && Number(value) >= least ? Number(value) : undefined)),
  expected: `a whole number from ${least} to 999999999`,
})

const SWITCH = new Map([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
])
export const onOff: Kind<boolean> = { schema: read(value => SWITCH.get(value.toLowerCase())), expected: 'on or off' }

/** ms, from `least` to `most`, finite */
export const duration = (least = 0, most = Number.MAX_SAFE_INTEGER): Kind<number> => ({
  schema: read(value => {
    const ms = parseDuration(value)
    return ms !== null && ms >= least && ms <= most ? ms : undefined
  }),
  expected: [
    'a duration such as 500ms, 30s, 5m, 1h, 7d',
    ...(least > 0 ? [`at least ${formatDuration(least)}`] : []),
    ...(most < Number.MAX_SAFE_INTEGER ? [`at most ${formatDuration(most)}`] : []),
  ].join(', '),
})

/** ms, Infinity for `forever` */
export const retention = (least: number): Kind<number> => ({
  schema: read(value => {
    const ms = parseDuration(value)
    return ms !== null && (ms >= least || (ms === 0 && least <= 0)) ? ms : undefined
  }),
  expected: `a duration such as 7d or 400d, or forever${least > 0 ? `; at least ${least / 86_400_000}d` : ''}`,
})

export const oneOf = <const T extends readonly string[]>(values: T): Kind<T[number]> => ({
  schema: read(value => values.find(allowed => allowed === value.toLowerCase())),
  expected: `one of ${values.join(', ')}`,
})

export const httpUrl: Kind<string> = {
  schema: read(value => {
    const url = URL.parse(value)
    return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? value : undefined
  }),
  expected: 'a URL that begins with http:// or https://',
}

/** host:port, comma-separated; the port is 9092 where none is given */
export const brokers: Kind<readonly string[]> = {
  schema: read(value => {
    const list = value.split(',').map(part => part.trim())
    const valid = list.every(part => /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(part))
    return valid ? Object.freeze(list.map(part => (/:\d+$/.test(part) ? part : `${part}:9092`))) : undefined
  }),
  expected: 'host:port of one or more brokers, separated by commas',
}

/** origins as browsers send them, comma-separated */
export const origins: Kind<readonly string[]> = {
  schema: read(value => {
    const list = value.split(',').map(part => part.trim())
    const valid = list.every(part => /^https?:/.test(part) && URL.parse(part)?.origin === part)
    return valid ? Object.freeze(list) : undefined
  }),
  expected: 'origins such as https://intranet.example.org, without a path, separated by commas; * is none',
}

/** IP addresses and blocks of them (192.0.2.0/24), comma-separated */
export const networks: Kind<readonly string[]> = {
  schema: read(value => {
    const list = value.split(',').map(part => part.trim())
    return list.every(isNetwork) ? Object.freeze(list) : undefined
  }),
  expected: 'IP addresses or blocks such as 192.0.2.0/24, separated by commas',
}

function isNetwork(value: string): boolean {
  const [address = '', length, ...more] = value.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128))
}

/** a Kafka topic or group name */
export const topicName: Kind<string> = {
  schema: read(value => (/^[A-Za-z0-9._-]{1,249}$/.test(value) && !/^\.{1,2}$/.test(value) ? value : undefined)),
  expected: 'up to 249 letters, digits, dots, underscores or hyphens',
}

/** an identifier that may stand in SQL unquoted */
export const sqlName: Kind<string> = {
  schema: read(value => (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(value) ? value : undefined)),
  expected: 'a name of letters, digits and underscores that does not begin with a digit',
}

export const required = <T>(kind: Kind<T>, fallback: string, description: string): Variable<T> => ({
  ...kind,
  fallback,
  description,
  secret: false,
})

export const optional = <T>(kind: Kind<T>, description: string, secret = false): Variable<T | null> => ({
  ...(kind as Kind<T | null>),
  fallback: null,
  description,
  secret,
})
