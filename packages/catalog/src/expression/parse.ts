import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { ExpressionError } from './syntax.ts'

/** Bounds on what a person would write; they keep the compiled text small. */
const LIMITS = { maxAstNodes: 400, maxDepth: 40, maxListElements: 200 }
const LONGEST = 4_000

/** The syntax tree of an expression by CEL's grammar; which names and functions there are is for the checkers to say. */
export function parse(source: string): ASTNode {
  if (source.length > LONGEST)
    throw new ExpressionError(0, 'bad_expression', `the expression is longer than ${LONGEST} characters.`)
  try {
    return new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS }).parse(source).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const start = error.range?.start ?? error.node?.pos ?? 0
    const rest = source.slice(start)
    const advice = /^=(?!=)/.test(rest)
      ? 'Equality is written ==.'
      : /^(and|or|not)\b/i.test(rest)
        ? 'Write &&, || and !.'
        : undefined
    throw new ExpressionError(start, 'bad_expression', `${lowered(error.summary)}.`, advice)
  }
}

/** what a person wrote there, for messages */
export function shown(node: ASTNode): string {
  const text = node.input.slice(node.start, node.end)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')
