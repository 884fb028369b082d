/** Errors over HTTP as problem details (RFC 9457): each service has its own codes, all bodies are made here. */

/** What a code stands for: the same for each of its problems. */
export interface ProblemKind {
  readonly status: number
  readonly title: string
}

export interface ProblemDetails<Code extends string> extends ProblemKind {
  /** a URI of the kind */
  readonly type: string
  /** stable */
  readonly code: Code
  /** what is wrong with this request, and what to do */
  readonly detail: string
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'

/** @param typeOf the URI that a service has for a code */
export const problemDetails = <Code extends string>(
  kinds: Readonly<Record<Code, ProblemKind>>,
  typeOf: (code: Code) => string,
  code: Code,
  detail: string,
): ProblemDetails<Code> => {
  const { status, title } = kinds[code]
  return { type: typeOf(code), title, status, code, detail }
}

/** The URI of a kind that has no page of its own. */
export const problemUrn = (code: string): string => `urn:kivi:problem:${code}`
