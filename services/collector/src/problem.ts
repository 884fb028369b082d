/** Errors of the HTTP interface as problem details (RFC 9457). */
export const PROBLEMS = {
  body_empty: { status: 400, title: 'The request has no body.' },
  body_invalid: { status: 400, title: 'The body is neither a JSON object, nor an array of them, nor NDJSON.' },
  too_many_events: { status: 413, title: 'The request has more events than one may have.' },
  body_too_large: { status: 413, title: 'The body is larger than one may be.' },
  media_type_unknown: { status: 415, title: 'The collector does not read bodies of this type or encoding.' },
  demo_only: { status: 409, title: 'This Kivi runs the demo and takes no other events.' },
  overloaded: { status: 503, title: 'More events are waiting for the log than the collector may hold.' },
  log_unreachable: { status: 503, title: 'The event log does not take events at the moment.' },
  unexpected: { status: 500, title: 'The collector failed; its log says why.' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export class Problem extends Error {
  readonly code: ProblemCode
  /** seconds */
  readonly retryAfter: number | null
  constructor(code: ProblemCode, detail: string, options: ErrorOptions & { retryAfter?: number } = {}) {
    super(detail, options)
    this.name = 'Problem'
    this.code = code
    this.retryAfter = options.retryAfter ?? null
  }
}

/** The body of `application/problem+json`. */
export function problemBody(problem: Problem) {
  const { status, title } = PROBLEMS[problem.code]
  return { type: `urn:kivi:problem:${problem.code}`, status, code: problem.code, title, detail: problem.message }
}
