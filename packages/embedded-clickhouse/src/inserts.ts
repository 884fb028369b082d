import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Engine, EngineResult, StatementContext } from './engine.ts'
import type { InsertOfData } from './statement.ts'
import { identifier, quoteName, quoteText, tokens } from './tokens.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly default_type: string
  readonly default_expression: string
}

export interface Inserts {
  /** puts the rows of a request into a file of its own; the caller inserts, then discards it */
  receive(rows: Readable): Promise<ReceivedRows>
  insert(statement: InsertOfData, rows: ReceivedRows, context: StatementContext): Promise<EngineResult>
  /** called after a statement that may have changed a table */
  forgetTables(): void
}

interface ReceivedRows {
  readonly path: string
  readonly bytes: number
  discard(): Promise<void>
}

/**
 * Rows reach the engine through a file that the engine reads with the statement's own format and columns, so any
 * format works, binary ones too, and a body of any size passes without being held in memory. The engine squashes
 * what it reads into blocks as large as those of a real server's HTTP interface, hence one block for one token.
 * (Inline rows are no way: the engine ends them at a blank line, cuts binary ones, and executes what follows.)
 */
export async function createInserts(engine: Engine, directory: string): Promise<Inserts> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const structures = new Map<string, Promise<readonly Column[]>>()

  const describe = async (table: string, context: StatementContext): Promise<readonly Column[]> => {
    const scope = { database: context.database, settings: new Map<string, string>() }
    const { bytes } = await engine.run(`DESCRIBE TABLE ${table}`, 'JSONEachRow', scope)
    const lines = bytes.toString().split('\n')
    return lines.filter(line => line !== '').map(line => JSON.parse(line) as Column)
  }
  const columnsOf = (table: string, context: StatementContext): Promise<readonly Column[]> => {
    const key = JSON.stringify([context.database, table])
    const known = structures.get(key)
    if (known !== undefined) return known
    const asked = describe(table, context)
    structures.set(key, asked)
    asked.catch(() => structures.delete(key))
    return asked
  }

  return {
    receive: async rows => {
      const path = join(directory, randomUUID())
      const discard = (): Promise<void> => rm(path, { force: true })
      try {
        const file = createWriteStream(path)
        await pipeline(rows, file)
        return { path, bytes: file.bytesWritten, discard }
      } catch (error) {
        await discard()
        throw error
      }
    },
    insert: async (statement, rows, context) => {
      const parts = statement.database === undefined ? [statement.table] : [statement.database, statement.table]
      const table = parts.map(quoteName).join('.')
      const all = await columnsOf(table, context)
      const columns = selectColumns(all, statement.columns)
      const names = columns.map(column => quoteName(column.name)).join(', ')
      const source = [rows.path, statement.format, structure(columns)].map(quoteText).join(', ')
      const settings = statement.settings === '' ? '' : ` SETTINGS ${statement.settings}`
      const sql = `INSERT INTO ${table} (${names})${settings} SELECT * FROM file(${source})`
      return await engine.run(sql, 'Null', context)
    },
    forgetTables: () => structures.clear(),
  }
}

/** Columns in the order of the rows; one that the table lacks is left for the engine to refuse in its own words. */
function selectColumns(all: readonly Column[], names: readonly string[] | undefined): readonly Column[] {
  if (names === undefined) return all.filter(column => ['', 'DEFAULT'].includes(column.default_type))
  const byName = new Map(all.map(column => [column.name, column]))
  const missing = (name: string): Column => ({ name, type: 'String', default_type: '', default_expression: '' })
  return names.map(name => byName.get(name) ?? missing(name))
}

/** What the file holds. Defaults go along, for rows of text formats that leave a field out. */
function structure(columns: readonly Column[]): string {
  return columns
    .map(column => {
      const given = column.default_type === 'DEFAULT' && isSelfContained(column, columns)
      return `${quoteName(column.name)} ${column.type}${given ? ` DEFAULT ${column.default_expression}` : ''}`
    })
    .join(', ')
}

/** Whether a default can be computed from the columns of the file alone. */
function isSelfContained(column: Column, columns: readonly Column[]): boolean {
  const all = [...tokens(column.default_expression)]
  const names = all.filter(
    (token, index) =>
      token.kind === 'quoted' ||
      (token.kind === 'word' &&
        !/^(null|true|false|and|or|not|in|is)$/i.test(token.text) &&
        all[index + 1]?.text !== '('),
  )
  return names.every(token => columns.some(each => each.name === identifier(token)))
}
