/** A lexical element of SQL; comments and white space are left out. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  readonly text: string
  readonly start: number
  readonly end: number
}

const patterns: ReadonlyArray<readonly [Token['kind'] | 'skip', RegExp]> = [
  ['skip', /[\s﻿]+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\//y],
  ['string', /'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['string', /\$(\w*)\$[\s\S]*?\$\1\$/y],
  ['quoted', /`(?:[^`\\]|\\[\s\S]|``)*`|"(?:[^"\\]|\\[\s\S]|"")*"/y],
  ['word', /[A-Za-z_]\w*/y],
  ['number', /\d\w*/y],
  ['symbol', /[\s\S]/y],
]

/** The tokens of a statement, one after the other, so that a reader may stop before data that is not SQL. */
export function* tokens(sql: string, from = 0): Generator<Token, undefined> {
  for (let at = from; at < sql.length; ) {
    const start = at
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = start
      const text = pattern.exec(sql)?.[0]
      if (text === undefined) continue
      at = start + text.length
      if (kind !== 'skip') yield { kind, text, start, end: at }
      break
    }
  }
}

/** The name that a word or quoted identifier stands for. */
export function identifier(token: Token): string {
  if (token.kind !== 'quoted') return token.text
  const quote = token.text[0]!
  return token.text.slice(1, -1).replace(/\\([\s\S])|(``|"")/g, (_, escaped, doubled) => (doubled ? quote : escaped))
}

/** `name` as a quoted identifier. */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``

/** `text` as a string literal. */
export const quoteText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
