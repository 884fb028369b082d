import type { Mapping } from '../../mapping.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s`, `10m`, `4h`, `1d` in ms, `0s` too where `least` allows it. Reports what is none. */
export function readLength(mapping: Mapping, key: string, least = 0): number | undefined {
  const text = mapping.text(key)
  if (text === undefined) return undefined
  const match = /^(\d{1,9})([smhd])$/.exec(text)
  const ms = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] as string] as number)
  if (ms >= least) return ms
  mapping.source.report(
    mapping.at(key),
    'wrong_value',
    `${key} of ${mapping.what} is '${text}', which is no length of time${Number.isNaN(ms) ? '' : ' that it can have'}.`,
    least >= 10_000 ? `Write ${least / 1000}s or more: 90s, 15m, 12h, 7d.` : 'Write 30s, 15m, 12h or 7d.',
  )
  return undefined
}

/** The same where slices of ten seconds are counted by it. */
export function readSlices(mapping: Mapping, key: string): number | undefined {
  const ms = readLength(mapping, key, 10_000)
  if (ms === undefined || ms % 10_000 === 0) return ms
  mapping.source.report(
    mapping.at(key),
    'wrong_value',
    `${key} of ${mapping.what} is ${mapping.text(key)}, which is no multiple of 10 s.`,
    `Write ${Math.ceil(ms / 10_000) * 10}s.`,
  )
  return undefined
}
