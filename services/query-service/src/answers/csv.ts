import type { SeriesAnswer } from './series.ts'

/** A series as CSV (RFC 4180): one row a point, the dimensions first. */
export function seriesCsv(answer: SeriesAnswer, by: readonly string[]): string {
  const rows = [[...by, 't', 'value', 'target', 'complete', 'revised', 'provisional'].map(cell).join(',')]
  for (const series of answer.series)
    for (const point of series.points)
      rows.push(
        [
          ...by.map(field => cell(series.by[field] ?? '')),
          point.t,
          point.value ?? '',
          point.target ?? '',
          point.complete,
          point.revised,
          point.provisional,
        ].join(','),
      )
  return `${rows.join('\r\n')}\r\n`
}

/**
 * A text that a spreadsheet shows and never executes: one that begins like a formula gets an apostrophe before it
 * (OWASP, CSV injection).
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n|]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
