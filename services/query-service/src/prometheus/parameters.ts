/** Parameters as Prometheus takes them: of the address, and of a form in the body. */
import { PrometheusError } from './errors.ts'
import { durationMs } from './promql/literals.ts'

/** Most steps of a range query, as in Prometheus. */
const MOST_STEPS = 11_000
const LONGEST_QUERY = 32_768
/** What a date of JavaScript holds. */
const LAST_MS = 8.64e15

export type Parameters = Readonly<Record<string, unknown>>

/** The parameter, where it is given once and not empty; null: it is not there. */
export function text(parameters: Parameters, name: string): string | null {
  const value = parameters[name]
  if (value === undefined || value === '') return null
  if (typeof value === 'string') return value
  throw invalid(name, 'is given more than once')
}

function requiredText(parameters: Parameters, name: string): string {
  const value = text(parameters, name)
  if (value !== null) return value
  throw invalid(name, 'is missing')
}

export function query(parameters: Parameters): string {
  const value = requiredText(parameters, 'query')
  if (value.length <= LONGEST_QUERY) return value
  throw invalid('query', `has more than ${LONGEST_QUERY} characters`)
}

/** All that are given of a parameter that can be repeated. */
export function texts(parameters: Parameters, name: string): string[] {
  const value = parameters[name]
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** Epoch ms of seconds since 1970 or an RFC 3339 time; null: it is not there. */
export function time(parameters: Parameters, name: string): number | null {
  const value = text(parameters, name)
  if (value === null) return null
  const millis = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)
    ? Math.round(Number(value) * 1000)
    : /^\d{4}-\d\d-\d\d[Tt ]/.test(value)
      ? Date.parse(value)
      : Number.NaN
  if (Math.abs(millis) <= LAST_MS) return millis
  throw invalid(name, `is ${JSON.stringify(value)}: expected seconds since 1970 or a time such as 2026-03-01T00:00:00Z`)
}

function requiredTime(parameters: Parameters, name: string): number {
  const value = time(parameters, name)
  if (value !== null) return value
  throw invalid(name, 'is missing')
}

/** The times of a range query, epoch ms. */
export function steps(parameters: Parameters): { start: number; end: number; step: number; times: number[] } {
  const start = requiredTime(parameters, 'start')
  const end = requiredTime(parameters, 'end')
  const written = requiredText(parameters, 'step')
  const length = durationMs(written)
  const step = length === null ? null : Math.round(length)
  if (step === null || step < 1)
    throw invalid(
      'step',
      `is ${JSON.stringify(written)}: expected a number of seconds above 0 or a duration such as 30s`,
    )
  if (end < start) throw invalid('end', 'is before start')
  const count = Math.floor((end - start) / step) + 1
  if (count > MOST_STEPS)
    throw new PrometheusError(
      'bad_data',
      `exceeded maximum resolution of ${MOST_STEPS} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    )
  return { start, end, step, times: Array.from({ length: count }, (_, index) => start + index * step) }
}

/** `limit`: most items of a list; null: all. */
export function limit(parameters: Parameters): number | null {
  const value = text(parameters, 'limit')
  if (value === null || value === '0') return null
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw invalid('limit', `is ${JSON.stringify(value)}: expected a number`)
}

/** `5m`, `1h30m`. */
export function durationText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const
  let rest = ms
  return units
    .map(([unit, size]) => {
      const count = Math.floor(rest / size)
      rest -= count * size
      return count === 0 ? '' : `${count}${unit}`
    })
    .join('')
}

const invalid = (name: string, what: string): PrometheusError =>
  new PrometheusError('bad_data', `invalid parameter "${name}": it ${what}`)
