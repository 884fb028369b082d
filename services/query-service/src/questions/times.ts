import { parseWindow } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** Epoch ms of an RFC 3339 time; finer digits than ms are cut off. */
export function parseTime(text: string, parameter: string): number {
  const match = RFC_3339.exec(text)
  const millis = match === null ? Number.NaN : Date.parse(text.replace(' ', 'T').toUpperCase())
  // Date.parse takes 30 February as 1 March
  if (match === null || Number.isNaN(millis) || Number(match[3]) > daysIn(Number(match[1]), Number(match[2])))
    throw new ProblemError(
      'invalid_parameter',
      `${parameter} is ${JSON.stringify(text)}: expected an RFC 3339 time such as 2026-03-01T00:00:00Z (a + is written %2B in an address).`,
      { parameter },
    )
  return millis
}

/** `2019-11-24T00:00:00Z`, with milliseconds only where they are not zero. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}

/** Length in ms of `30s`, `15m`, `1h`, `7d` (24 h each). */
export function parseLength(text: string, parameter: string): number {
  const parsed = parseWindow(text)
  if (parsed.ok) return parsed.ms
  throw new ProblemError('invalid_parameter', `${parameter}: ${parsed.reason}`, { parameter })
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
