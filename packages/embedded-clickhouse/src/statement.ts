import { identifier, type Token, tokens } from './tokens.ts'

/** An INSERT whose rows follow the statement: `INSERT INTO t (a, b) SETTINGS … FORMAT RowBinary`, or VALUES. */
export interface InsertOfData {
  readonly kind: 'insert'
  readonly database: string | undefined
  readonly table: string
  /** in the statement's order; undefined where it names none */
  readonly columns: readonly string[] | undefined
  /** the text of the SETTINGS clause without that word, else '' */
  readonly settings: string
  readonly format: string
  /** where in the text the rows begin */
  readonly dataAt: number
}

/** Any other statement: `reads` are those that change nothing. */
export interface PlainStatement {
  readonly kind: 'read' | 'insert-select' | 'other'
  /** the format that the statement names, if it does */
  readonly format: string | undefined
}

/** A statement that is refused before it reaches the engine, with ClickHouse's code for the reason. */
export class StatementRefusal extends Error {
  readonly code: number
  readonly codeName: string
  constructor(code: number, codeName: string, message: string) {
    super(message)
    this.code = code
    this.codeName = codeName
  }
}

const READS = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS', 'VALUES', 'FROM'])

const upper = (token: Token | undefined): string => (token?.kind === 'word' ? token.text.toUpperCase() : '')
const is = (token: Token | undefined, symbol: string): boolean => token?.kind === 'symbol' && token.text === symbol

/**
 * What kind of statement this is. Only the beginning of an INSERT with data is read: what follows is not SQL.
 * Throws StatementRefusal for several statements in one request, and for an INSERT whose rows cannot be told from
 * its text: the engine ends inline rows at a blank line and executes the rest (reproduced), so it never sees any.
 */
export function parseStatement(sql: string): InsertOfData | PlainStatement {
  const stream = tokens(sql)
  const first = stream.next().value
  if (upper(first) === 'INSERT') {
    const insert = parseInsert(sql)
    if (insert !== undefined) return insert
  }
  let format: string | undefined
  let previous: Token | undefined
  let ended = false
  let depth = 0
  let opening = first
  let selects = false
  for (const token of tokens(sql)) {
    if (ended) throw new StatementRefusal(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed')
    if (is(token, ';')) ended = true
    if (is(token, '(')) depth++
    if (is(token, ')')) depth--
    if (opening !== undefined && is(opening, '(') && !is(token, '(')) opening = token
    if (depth === 0 && upper(previous) === 'FORMAT' && token.kind === 'word') format = token.text
    if (upper(token) === 'SELECT') selects = true
    previous = token
  }
  const word = upper(opening)
  if (word === 'INSERT' && !selects) {
    const message = 'This form of INSERT is not served by the embedded engine: name the table and its columns'
    throw new StatementRefusal(48, 'NOT_IMPLEMENTED', message)
  }
  return { kind: READS.has(word) ? 'read' : word === 'INSERT' ? 'insert-select' : 'other', format }
}

/** undefined where the INSERT takes its rows from a SELECT or a table function. */
function parseInsert(sql: string): InsertOfData | undefined {
  const stream = tokens(sql)
  const next = (): Token | undefined => stream.next().value
  next()
  let token = next()
  if (upper(token) === 'INTO') token = next()
  if (upper(token) === 'TABLE') token = next()
  if (token === undefined || upper(token) === 'FUNCTION') return undefined
  const path = [identifier(token)]
  token = next()
  while (is(token, '.')) {
    const part = next()
    if (part === undefined) return undefined
    path.push(identifier(part))
    token = next()
  }
  let columns: string[] | undefined
  if (is(token, '(')) {
    columns = []
    for (token = next(); token !== undefined && !is(token, ')'); token = next()) {
      if (is(token, ',')) continue
      // (SELECT …), (* EXCEPT …): the engine's own business
      if (token.kind === 'symbol' || (columns.length === 0 && upper(token) === 'SELECT')) return undefined
      const name = identifier(token)
      const last = columns.pop()
      if (last?.endsWith('.')) columns.push(last + name)
      else columns.push(...(last === undefined ? [] : [last]), name)
    }
    token = next()
  }
  let settings = ''
  if (upper(token) === 'SETTINGS') {
    const from = token!.end
    let to = from
    for (token = next(); token !== undefined; token = next()) {
      if (['FORMAT', 'VALUES', 'SELECT', 'WITH'].includes(upper(token))) break
      to = token.end
    }
    settings = sql.slice(from, to).trim()
  }
  const into = { kind: 'insert' as const, database: path.at(-2), table: path.at(-1)!, columns, settings }
  if (upper(token) === 'VALUES') return { ...into, format: 'Values', dataAt: token!.end }
  if (upper(token) !== 'FORMAT') return undefined
  const format = next()
  if (format === undefined) return undefined
  // One line end after the format's name belongs to the statement, everything behind it to the rows.
  const gap = /^[ \t]*;?[ \t]*(\r?\n)?/.exec(sql.slice(format.end))![0]
  return { ...into, format: format.text, dataAt: format.end + gap.length }
}
