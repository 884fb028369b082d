/** Numbers, durations and texts as PromQL writes them. */
import { PrometheusError } from '../errors.ts'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 } as const
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const ORDER = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const

/** Milliseconds of `1h30m`, or of a number of seconds; null: it is neither. */
export function durationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const match = text === '' ? null : DURATION.exec(text)
  if (match === null) return null
  return ORDER.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * UNIT_MS[unit], 0)
}

/** The number that a literal stands for; a duration is its seconds. Null: it is none, or not a finite one. */
export function numberOf(text: string): number | null {
  const sign = text.startsWith('-') ? -1 : 1
  const bare = text.replace(/^[+-]/, '').replaceAll('_', '')
  const plain = bare === '' ? Number.NaN : Number(bare)
  const value = Number.isNaN(plain) ? (durationMs(bare) ?? Number.NaN) / 1000 : plain
  return Number.isFinite(value) ? sign * value : null
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** The text between quotes with its escapes resolved; what stands between backquotes has none. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1)
  if (literal.startsWith('`')) return inner
  return inner.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (whole, hex, short, long, octal, letter: string | undefined) => {
      const code = hex ?? short ?? long
      if (code !== undefined) return codePoint(Number.parseInt(code, 16), whole)
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole)
      const plain = ESCAPES[letter ?? '']
      if (plain !== undefined) return plain
      throw new PrometheusError('bad_data', `parse error: ${whole} in ${literal} is no escape; a \\ is written \\\\`)
    },
  )
}

function codePoint(code: number, written: string): string {
  if (code <= 0x10_ff_ff) return String.fromCodePoint(code)
  throw new PrometheusError('bad_data', `parse error: ${written} is beyond the last character of Unicode`)
}
