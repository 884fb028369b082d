import { expect, test } from 'vitest'
import { parseStatement, StatementRefusal } from './statement.ts'
import { identifier, quoteName, tokens } from './tokens.ts'

test('an INSERT with data gives table, columns, settings, format and where the rows begin', () => {
  const sql =
    "INSERT INTO kivi.`sli``ces` (measure, `a b`) SETTINGS insert_deduplication_token='x;FORMAT' FORMAT JSONEachRow\n{}"
  expect(parseStatement(sql)).toEqual({
    kind: 'insert',
    database: 'kivi',
    table: 'sli`ces',
    columns: ['measure', 'a b'],
    settings: "insert_deduplication_token='x;FORMAT'",
    format: 'JSONEachRow',
    dataAt: sql.length - 2,
  })
})

test('VALUES begins the rows, and columns may be left out', () => {
  const sql = 'insert into t values (1), (2)'
  expect(parseStatement(sql)).toMatchObject({ kind: 'insert', columns: undefined, format: 'Values', dataAt: 20 })
})

test.each([
  ['INSERT INTO t SELECT 1', 'insert-select'],
  ['INSERT INTO t (a) WITH 1 AS x SELECT x', 'insert-select'],
  ['INSERT INTO FUNCTION null() SELECT 1', 'insert-select'],
  ['/* c */ (SELECT 1) UNION ALL (SELECT 2)', 'read'],
  ['-- c\nWITH 1 AS x SELECT x', 'read'],
  ['SHOW TABLES', 'read'],
  ['ALTER TABLE t DELETE WHERE 1', 'other'],
])('%s is %s', (sql, kind) => {
  expect(parseStatement(sql).kind).toBe(kind)
})

test('the format of a statement is found outside of strings, comments and parentheses', () => {
  expect(parseStatement("SELECT 'FORMAT X', (SELECT 1) /* FORMAT Y */ FORMAT CSV;").format).toBe('CSV')
  expect(parseStatement("SELECT 'FORMAT X' AS format").format).toBeUndefined()
})

test('several statements in one request are refused', () => {
  expect(() => parseStatement('SELECT 1; DROP TABLE t')).toThrow(StatementRefusal)
  expect(parseStatement("SELECT ';' ; -- nothing").kind).toBe('read')
})

test('names are quoted so that they read back as they were', () => {
  const name = 'a`b\\c"d'
  expect(identifier([...tokens(quoteName(name))][0]!)).toBe(name)
})

test('an INSERT whose rows cannot be told from its text is refused', () => {
  expect(() => parseStatement('INSERT INTO t (* EXCEPT(a)) FORMAT CSV\n1\n\nDROP TABLE t')).toThrow(/not served/)
  expect(() => parseStatement('INSERT INTO FUNCTION null() VALUES (1)')).toThrow(/not served/)
})
