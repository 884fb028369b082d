/** Answers as tables (RFC 4180) for spreadsheets and programs. */

export interface Table {
  /** names of dimensions, whose values each row has in `by`; they come first */
  readonly by?: readonly string[]
  /** the same whatever the data: a name, or a path such as `previous.value` */
  readonly columns: readonly string[]
  readonly rows: readonly object[]
}

/** By it Excel knows that a file is UTF-8; programs would read it as part of the first name. */
const BYTE_ORDER_MARK = '\ufeff'

export function csvOf({ by = [], columns, rows }: Table, options: { readonly mark: boolean }): string {
  const lines = [[...by, ...columns].map(cell).join(',')]
  const paths = columns.map(column => column.split('.'))
  for (const row of rows) {
    const values = (row as { by?: Readonly<Record<string, unknown>> }).by ?? {}
    lines.push([...by.map(name => cell(values[name])), ...paths.map(path => cell(at(row, path)))].join(','))
  }
  return `${options.mark ? BYTE_ORDER_MARK : ''}${lines.join('\r\n')}\r\n`
}

function at(row: object, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return null
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/**
 * What a spreadsheet shows and never executes: a text that begins like a formula gets an apostrophe before it
 * (OWASP, CSV injection). Several values stand in one cell with semicolons between them, whole objects as JSON.
 */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const isList = Array.isArray(value) && value.every(one => typeof one !== 'object' || one === null)
  const text = isList ? value.map(one => one ?? '').join(';') : textOf(value)
  const isNumbers = Array.isArray(value) && value.every(one => one === null || typeof one === 'number')
  // full-width signs are taken for the others where Chinese or Japanese is written
  const safe = !isNumbers && /^[=+\-@\t\r\n|＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A name for a file that no shell, header or file system takes for anything else. */
export const fileName = (parts: readonly string[]): string =>
  `${parts
    .join('-')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 100)}.csv`
