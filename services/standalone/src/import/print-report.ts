import type { Writable } from 'node:stream'
import type { ImportReport } from './importer.ts'

/** Refused rows that are shown; --json has more. */
const SHOWN = 20

/** What a person wants to know of an import that is over. */
export function printReport(report: ImportReport, out: Writable): void {
  const { file, rows, events, sent, state } = report
  const many = (count: number, thing: string) => `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`
  switch (state) {
    case 'repeated':
      out.write(`${file} was imported before (${many(rows, 'row')}): nothing was changed.\n`)
      break
    case 'resumed':
      out.write(
        `${file}: went on where it had stopped, ${many(sent, 'event')} of ${events.toLocaleString('en')} sent.\n`,
      )
      break
    case 'begun':
      out.write(`${file}: ${many(events, 'event')} from ${many(rows, 'row')}${span(report)}.\n`)
  }
  if (report.refused === 0) return
  out.write(`${many(report.refused, 'row')} refused, the others are not affected:\n`)
  for (const { line, reason, detail } of report.refusals.slice(0, SHOWN))
    out.write(`  ${file}:${line} ${reason} ${detail}\n`)
  const rest = report.refused - Math.min(SHOWN, report.refusals.length)
  if (rest > 0) out.write(`  … and ${many(rest, 'more row')}; --json lists up to 1,000.\n`)
}

function span({ from, until }: ImportReport): string {
  if (from === null || until === null) return ''
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  return day(from) === day(until) ? ` of ${day(from)}` : `, ${day(from)} to ${day(until)}`
}
