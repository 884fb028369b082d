import { Readable } from 'node:stream'
import { KiviError } from '@kivi/domain'
import { type CsvError, parse } from 'csv-parse'
import { type Row, type RowSource, RUN, unreadable } from './row.ts'

interface Line {
  readonly number: number
  readonly cells: readonly string[] | null
  readonly problem: string | null
}

/** RFC 4180 with a header line; quoted cells may hold line ends. A row that is broken does not hold up the others. */
export async function readCsv(
  bytes: AsyncIterable<Buffer>,
  options: { name: string; delimiter: string },
): Promise<RowSource> {
  const lines = parseLines(bytes, options.delimiter)
  const first = await lines.next()
  const columns = first.done ? null : first.value.cells
  if (columns === null || columns === undefined)
    throw new KiviError('import_refused', `${options.name} has no header line with the names of the columns.`)
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new KiviError(
      'import_refused',
      `${options.name} has two columns called "${repeated}": rename one in its header line.`,
    )
  return { columns, recordName: null, rows: runs(lines, columns) }
}

async function* runs(lines: AsyncGenerator<Line>, columns: readonly string[]): AsyncGenerator<readonly Row[]> {
  const index = new Map(columns.map((name, at) => [name, at]))
  let run: Row[] = []
  for await (const line of lines) {
    run.push(toRow(line, columns, index))
    if (run.length < RUN) continue
    yield run
    run = []
  }
  if (run.length > 0) yield run
}

function toRow({ number, cells, problem }: Line, columns: readonly string[], index: ReadonlyMap<string, number>): Row {
  if (cells === null) return unreadable(number, problem ?? 'the row cannot be read')
  if (cells.length !== columns.length)
    return unreadable(number, `the row has ${cells.length} cells, the header ${columns.length}`)
  return { line: number, object: null, problem: null, value: name => cells[index.get(name) ?? -1] }
}

async function* parseLines(bytes: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Line> {
  const broken: Line[] = []
  let lastLine = 0
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    // the line of the file goes along as the first cell
    on_record: (cells, context) => [String(context.lines), ...cells],
    on_skip: (error: CsvError | undefined) => {
      broken.push({ number: Number(error?.['lines'] ?? lastLine + 1), cells: null, problem: reason(error) })
      return undefined
    },
  })
  const source = Readable.from(bytes, { objectMode: false })
  source.on('error', error => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const [line, ...cells] of parser as AsyncIterable<[string, ...string[]]>) {
      while (broken.length > 0) yield broken.shift() as Line
      lastLine = Number(line)
      yield { number: lastLine, cells, problem: null }
    }
  } catch (error) {
    // A quote that is never closed ends the file: what came before it stands.
    if ((error as CsvError).code === undefined || !String((error as CsvError).code).startsWith('CSV_')) throw error
    broken.push({ number: lastLine + 1, cells: null, problem: reason(error as CsvError) })
  } finally {
    source.destroy()
  }
  yield* broken
}

function reason(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote that begins here is never closed; nothing after it could be read'
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands in the middle of a cell; write it twice inside a quoted cell'
    default:
      return error?.message ?? 'the row cannot be read'
  }
}
