import { type Document, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'

/** A scenario file that knows where everything stands in it, and collects what is wrong with it. */
export class ScenarioSource {
  readonly file: string
  readonly document: Document
  readonly problems: string[] = []
  readonly #text: string
  readonly #lines = new LineCounter()

  constructor(file: string, text: string) {
    this.file = file
    this.#text = text
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
    for (const error of this.document.errors) {
      const { line, col } = this.#lines.linePos(error.pos[0])
      this.problems.push(`${file}:${line}:${col} ${error.message}`)
    }
  }

  get root(): Node | null {
    return this.problems.length > 0 ? null : (this.document.contents as Node | null)
  }

  line(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line
  }

  /** gives nothing, so that it can stand where something would have been read */
  report(node: Node | null | undefined, message: string): never[] {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0)
    this.problems.push(
      `${this.file}:${Math.max(1, line)}:${Math.max(1, col)} ${message.replace(/[.?]?$/, end => end || '.')}`,
    )
    return []
  }

  reportLine(line: number, message: string): void {
    this.problems.push(`${this.file}:${line}:1 ${message}`)
  }

  /** The lines of a text as they stand in the file, without blank ones and comments. */
  linesOf(scalar: Scalar): { readonly line: number; readonly text: string }[] {
    const [start = 0, end = 0] = scalar.range ?? []
    const block = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED'
    const first = this.#lines.linePos(start).line
    if (!block) return [{ line: first, text: String(scalar.value) }]
    return this.#text
      .slice(start, end)
      .split('\n')
      .map((text, index) => ({ line: first + index, text: text.trim() }))
      .slice(1)
      .filter(({ text }) => text !== '' && !text.startsWith('#'))
  }
}
