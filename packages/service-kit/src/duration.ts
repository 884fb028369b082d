const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `500ms`, `30s`, `5m`, `1h`, `400d`, `0`; Infinity for `forever`; null for anything else. */
export function parseDuration(text: string): number | null {
  if (text === 'forever') return Number.POSITIVE_INFINITY
  if (text === '0') return 0
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  const unit = UNITS[match?.[2] ?? '']
  return match === null || unit === undefined ? null : Number(match[1]) * unit
}

/** The shortest text that parseDuration reads back: `400d`, `90s`, `forever`. */
export function formatDuration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'forever'
  if (ms === 0) return '0'
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNITS[unit] as number
    if (ms % size === 0) return `${ms / size}${unit}`
  }
  return `${Math.round(ms)}ms`
}
