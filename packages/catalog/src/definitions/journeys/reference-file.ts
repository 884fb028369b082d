import type { Zone } from '@kivi/domain'
import type { Problem, ProblemCode } from '../../problems.ts'
import { didYouMean } from '../../suggest.ts'
import { instantOf } from '../dates.ts'
import type { PlacedValue } from './placed-value.ts'

const COLUMNS = ['from', 'until', 'value']

interface Cell {
  readonly text: string
  /** from 1 */
  readonly column: number
}

/**
 * Values of a reference as CSV: a line of names (`from`, `value`, `until` where it has one, dimensions), then a line
 * for each value. Texts with a comma or quotation marks stand in quotation marks.
 */
export function readReferenceFile(
  file: string,
  text: string,
  context: { readonly dimensions: readonly string[]; readonly zone: Zone; readonly problems: Problem[] },
): PlacedValue[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const report = (line: number, column: number, code: ProblemCode, message: string, suggestion?: string): void => {
    context.problems.push({ file, line, column, code, message, ...(suggestion ? { suggestion } : {}) })
  }
  const first = lines[0] ?? ''
  const names = first.trim() === '' ? [] : cellsOf(first)
  const wanted = [...COLUMNS, ...context.dimensions]
  const seen = new Set<string>()
  let usable = true
  for (const { text: name, column } of names) {
    if (seen.has(name)) report(1, column, 'duplicate_key', `there are two columns ${name}.`)
    else if (!wanted.includes(name))
      report(1, column, 'unknown_key', `the column '${name}' means nothing here.`, didYouMean(name, wanted))
    else {
      seen.add(name)
      continue
    }
    usable = false
  }
  for (const name of ['from', 'value', ...context.dimensions]) {
    if (seen.has(name)) continue
    report(1, 1, 'missing_key', `the column ${name} is missing.`, `The first line names columns: ${wanted.join(',')}.`)
    usable = false
  }
  if (!usable) return []
  return lines.slice(1).flatMap((line, i) => {
    if (line.trim() === '') return []
    const cells = new Map(cellsOf(line).map((cell, c) => [names[c]?.text ?? '', cell]))
    const refuse = (name: string, code: ProblemCode, message: string, advice?: string): void =>
      report(i + 2, cells.get(name)?.column ?? 1, code, message, advice)
    return readLine(cells, refuse, context) ?? []
  })
}

function readLine(
  cells: ReadonlyMap<string, Cell>,
  refuse: (name: string, code: ProblemCode, message: string, advice?: string) => void,
  { dimensions, zone }: { readonly dimensions: readonly string[]; readonly zone: Zone },
): PlacedValue | null {
  const date = (name: string): number | null => {
    const text = cells.get(name)?.text ?? ''
    const instant = instantOf(text, zone)
    if (instant === null)
      refuse(
        name,
        'bad_date',
        `${name} is '${text}', which is no date.`,
        'Write 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.',
      )
    return instant
  }
  const from = date('from')
  const until = (cells.get('until')?.text ?? '') === '' ? null : date('until')
  const number = cells.get('value')?.text ?? ''
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(number) ? Number(number) : Number.NaN
  if (!Number.isFinite(value))
    refuse('value', 'wrong_type', `value is '${number}', which is no number.`, 'Write 1200000 or 0.5, without blanks.')
  if (from === null || !Number.isFinite(value) || (until === null && (cells.get('until')?.text ?? '') !== ''))
    return null
  const by = Object.fromEntries(
    dimensions.flatMap(name => {
      const text = cells.get(name)?.text ?? ''
      return text === '' ? [] : [[name, text]]
    }),
  )
  return {
    ...{ value, from, until, by },
    refuse: (code, message, advice) => refuse(code === 'bad_date' ? 'until' : 'from', code, message, advice),
  }
}

/** The cells of a line; "" within quotation marks is one. */
function cellsOf(line: string): Cell[] {
  const cells: Cell[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y
  for (;;) {
    const column = cell.lastIndex + 1
    const match = cell.exec(line)
    // a quotation mark that is not closed: what is left is the text
    if (match === null) return [...cells, { text: line.slice(column - 1).trim(), column }]
    cells.push({ text: match[1] === undefined ? match[2]!.trim() : match[1].replaceAll('""', '"'), column })
    if (match[3] === '') return cells
  }
}
