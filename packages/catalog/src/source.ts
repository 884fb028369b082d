import { type Document, isAlias, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { Problem, ProblemCode } from './problems.ts'

export type { Node } from 'yaml'

/** A parsed file that knows where everything stands in it. JSON is read by the same parser: it is YAML. */
export interface Source {
  readonly file: string
  readonly root: Node | null
  /** anchors resolved */
  resolve(node: unknown): Node | null
  /** reports something wrong at a node, or `offset` characters into its text */
  report(at: Node | number | null, code: ProblemCode, message: string, suggestion?: string): void
  /** where a scalar's text begins, so that offsets into it become offsets into the file */
  textStart(node: Node): number
}

export function readSource(file: string, text: string, problems: Problem[]): Source {
  const lines = new LineCounter()
  const document: Document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
  })
  const report: Source['report'] = (at, code, message, suggestion) => {
    const offset = at === null ? 0 : typeof at === 'number' ? at : (at.range?.[0] ?? 0)
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    problems.push({
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      code,
      message,
      ...(suggestion ? { suggestion } : {}),
    })
  }
  for (const error of document.errors) {
    if (error.code === 'DUPLICATE_KEY')
      report(error.pos[0], 'duplicate_key', 'this key is given twice in one mapping; remove one of them.')
    else report(error.pos[0], 'syntax', `${error.message.replace(/\.?$/, '.')}`)
  }
  const usable = document.errors.every(error => error.code === 'DUPLICATE_KEY')
  const resolve = (node: unknown): Node | null => {
    if (isAlias(node)) return (node.resolve(document) as Node | undefined) ?? null
    return (node as Node | null | undefined) ?? null
  }
  return {
    file,
    root: usable ? resolve(document.contents) : null,
    resolve,
    report,
    textStart(node) {
      const start = node.range?.[0] ?? 0
      const value = isScalar(node) ? String(node.value) : ''
      if (text.startsWith(value, start)) return start
      if (text.startsWith(value, start + 1)) return start + 1
      // block scalars and escapes: the first line of the text, else the scalar itself
      const first = text.indexOf(value.split('\n', 1)[0]!, start)
      return first >= 0 && first < (node.range?.[1] ?? start) ? first : start
    },
  }
}
