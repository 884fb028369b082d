/** Lengths of windows as people write them. */

export type ParsedDuration =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly reason: string }

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** No window is longer than what an event time can span. */
const LONGEST = 136 * 366 * 86_400_000

/**
 * `90s`, `5m`, `1h`, `7d` (fixed lengths: `1d` is 24 h). Slices are 10 s, so a length is a multiple of that.
 * What is wrong is told in one sentence for a person.
 */
export function parseWindow(text: string): ParsedDuration {
  const match = /^([1-9]\d{0,9})([smhd])$/.exec(text)
  if (match === null)
    return {
      ok: false,
      reason: `${JSON.stringify(text)} is not a length of time; write a whole number and s, m, h or d: 90s, 5m, 1h, 7d.${hintFor(text)}`,
    }
  const ms = Number(match[1]) * (UNITS[match[2] as string] as number)
  if (ms > LONGEST) return { ok: false, reason: `${text} is longer than any window can be (136 years).` }
  if (ms % 10_000 !== 0) {
    const below = Math.floor(ms / 10_000) * 10
    const near = below === 0 ? '10s' : `${below}s or ${below + 10}s`
    return { ok: false, reason: `${text} is not a multiple of 10 s, the length of the shortest slice; take ${near}.` }
  }
  return { ok: true, ms }
}

/** The shortest text that parseWindow reads back. */
export function formatWindow(ms: number): string {
  for (const unit of ['d', 'h', 'm']) {
    const length = UNITS[unit] as number
    if (ms % length === 0) return `${ms / length}${unit}`
  }
  return `${ms / 1000}s`
}

function hintFor(text: string): string {
  if (/^\d+w$/.test(text)) return ' A week is 7d; a calendar week is period=week.'
  if (/^\d+(M|y|mo|month|months|year|years)$/.test(text))
    return ' A month or a year has no fixed length; ask for period=month or period=year.'
  if (/^\d*\.\d+[smhd]$/.test(text)) return ' Use a smaller unit instead of a fraction.'
  return ''
}
