/**
 * The dialect's own syntax tree, after types are checked and every short form is written out (`!=` is not ==,
 * `in` over texts is `is`), so that the three backends have few cases and cannot disagree about sugar.
 */
export type NumberNode =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'field'; readonly name: string }
  | { readonly op: '+' | '-' | '*' | '/' | 'min' | 'max'; readonly left: NumberNode; readonly right: NumberNode }
  | { readonly op: 'negate'; readonly of: NumberNode }
  | {
      readonly op: 'if'
      readonly condition: ConditionNode
      readonly whenTrue: NumberNode
      readonly whenFalse: NumberNode
    }

export type ConditionNode =
  | { readonly op: 'boolean'; readonly value: boolean }
  /** a boolean field */
  | { readonly op: 'flag'; readonly name: string }
  | { readonly op: '<' | '<=' | '>' | '>=' | '=='; readonly left: NumberNode; readonly right: NumberNode }
  /** a text field that has one of the values; never null, as a missing text is '' */
  | { readonly op: 'is'; readonly name: string; readonly values: readonly string[] }
  | { readonly op: 'has'; readonly name: string; readonly text: boolean }
  | { readonly op: 'and' | 'or'; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly op: 'not'; readonly of: ConditionNode }

export type Checked =
  | { readonly type: 'number'; readonly node: NumberNode }
  | { readonly type: 'boolean'; readonly node: ConditionNode }

/** What a name in an expression stands for. */
export type Meaning =
  | { readonly type: 'number' | 'boolean' }
  | { readonly type: 'string'; readonly values?: readonly string[] }

/** Resolves names; an Error's message and suggestion say why there is no such name. */
export interface Scope {
  resolve(name: string): Meaning | { readonly error: string; readonly suggestion?: string | undefined }
  /** what names are, for messages: `field`, `measure or indicator` */
  readonly noun: string
}

/** Something wrong at characters [start, end) of the expression. */
export class ExpressionError extends Error {
  readonly start: number
  readonly code: 'bad_expression' | 'type_error' | 'unknown_name' | 'wrong_value'
  readonly suggestion: string | undefined
  constructor(start: number, code: ExpressionError['code'], message: string, suggestion?: string) {
    super(message)
    this.name = 'ExpressionError'
    this.start = start
    this.code = code
    this.suggestion = suggestion
  }
}

/** names of all fields that a tree reads, sorted */
export function fieldsOf(checked: Checked): string[] {
  const names = new Set<string>()
  const visit = (node: NumberNode | ConditionNode): void => {
    if ('name' in node) names.add(node.name)
    if ('left' in node) {
      visit(node.left)
      visit(node.right)
    }
    if ('of' in node) visit(node.of)
    if (node.op === 'if') {
      visit(node.condition)
      visit(node.whenTrue)
      visit(node.whenFalse)
    }
  }
  visit(checked.node)
  return [...names].sort()
}
