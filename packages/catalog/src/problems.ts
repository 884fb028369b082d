/** What can be wrong with a catalog. Codes are stable; docs/catalog.md lists them, and a test holds both together. */
export const PROBLEM_CODES = {
  unreadable: 'The directory or a file of it cannot be read, or is not UTF-8.',
  syntax: 'The text is not valid YAML, or not valid JSON in an .avsc file.',
  duplicate_key: 'A key is given twice in one mapping.',
  unknown_key: 'The key means nothing at this place.',
  missing_key: 'A required key is absent.',
  planned: 'The key or kind is planned, and not understood by this version.',
  wrong_type: 'The value is of another kind than expected (a list for a text, …).',
  wrong_value: 'The value is not one of those allowed.',
  wrong_unit: 'The unit does not exist or does not fit what is measured.',
  bad_id: 'An id or name has characters that ids cannot have.',
  duplicate_id: 'Two definitions have one id.',
  unknown_name: 'The name refers to nothing in the catalog.',
  bad_date: 'The date is not one, or until is not after from.',
  ambiguous_window: 'A target does not say to which window or period it applies, or says it twice.',
  overlapping_targets: 'Two targets hold at one time for the same segment.',
  overlapping_values: 'Two values of a reference hold at one time for the same segment.',
  cycle: 'Indicators refer to each other in a circle.',
  bad_expression: 'The expression is not in the dialect: syntax, a function or an operator it does not have.',
  type_error: 'The types in an expression do not fit.',
  bad_schema: 'The Avro schema is invalid, or does not follow the conventions of event types.',
} as const

export type ProblemCode = keyof typeof PROBLEM_CODES

/** One thing that is wrong, where it is, and what to do. Lines and columns begin at 1. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: ProblemCode
  readonly message: string
  /** what would probably be right */
  readonly suggestion?: string
}

/** `file:line:col code message`, with the suggestion where there is one. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, code, message, suggestion } = problem
  return `${file}:${line}:${column} ${code} ${message}${suggestion ? ` ${suggestion}` : ''}`
}

/** By file, then by place in it: the order in which a person mends them. What is found twice is told once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const told = new Map(problems.map(problem => [formatProblem(problem), problem]))
  return [...told.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  )
}
