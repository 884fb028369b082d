import { KEY_PROBLEMS, type ProblemDetails, problemDetails } from '@kivi/service-kit'

/**
 * Every error that the API answers, as RFC 9457 problem details. `code` is stable; docs/api.md lists this table and
 * a test holds the two together.
 */
export const PROBLEMS = {
  invalid_parameter: { status: 400, title: 'A parameter has a value that is not understood' },
  unknown_parameter: { status: 400, title: 'The route has no such parameter' },
  repeated_parameter: { status: 400, title: 'A parameter is given more than once' },
  conflicting_window: { status: 400, title: 'Two ways of naming the window are used together' },
  bound_too_fine: { status: 400, title: 'A bound of the window is finer than what is stored for its age' },
  too_many_points: { status: 400, title: 'The series would have too many points' },
  unknown_dimension: { status: 400, title: 'The indicator cannot be asked by this dimension' },
  question_too_large: { status: 400, title: 'The question needs more than the limits allow' },
  invalid_request: { status: 400, title: 'The request is not understood' },
  key_missing: KEY_PROBLEMS.key_missing,
  key_unknown: KEY_PROBLEMS.key_unknown,
  key_lacks_role: KEY_PROBLEMS.key_lacks_role,
  out_of_scope: { status: 403, title: 'The key is limited to a part, and this is beyond it' },
  unknown_indicator: { status: 404, title: 'The catalog has no such indicator' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, title: 'The address does not answer this method' },
  not_acceptable: { status: 406, title: 'The address cannot answer in the wanted format' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  not_firing: { status: 409, title: 'The alert does not fire, so that there is nothing to take care of' },
  would_rewrite_the_past: { status: 409, title: 'The change would alter how the past was judged' },
  body_too_large: { status: 413, title: 'The body is larger than one may be' },
  media_type_unknown: { status: 415, title: 'The address does not read bodies of this type' },
  forbidden_host: { status: 421, title: 'This service does not answer for that host name' },
  too_many_requests: { status: 429, title: 'More requests came than the limit allows' },
  too_many_streams: { status: 429, title: 'More streams are open with the key than the limit allows' },
  headers_too_large: { status: 431, title: 'The address or the headers are too long' },
  internal: { status: 500, title: 'Kivi failed at something that it did not expect' },
  streams_full: { status: 503, title: 'No further stream can be opened now' },
  log_unavailable: { status: 503, title: 'The log of the alerts does not answer now' },
  store_unavailable: { status: 503, title: 'ClickHouse does not answer now' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export interface ProblemBody extends ProblemDetails<ProblemCode> {
  readonly instance: string
  /** the parameter that is meant, where one is */
  readonly parameter?: string
  /** what could be given instead */
  readonly allowed?: readonly string[]
}

export interface ProblemHints {
  readonly parameter?: string
  readonly allowed?: readonly string[]
}

/** Thrown by whatever finds a request wrong; `detail` says what to do. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly hints: ProblemHints
  constructor(code: ProblemCode, detail: string, hints: ProblemHints = {}, options?: ErrorOptions) {
    super(detail, options)
    this.name = 'ProblemError'
    this.code = code
    this.hints = hints
  }
}

export function problemBody(code: ProblemCode, detail: string, path: string, hints: ProblemHints = {}): ProblemBody {
  return { ...problemDetails(PROBLEMS, one => `/docs#${one}`, code, detail), instance: path, ...hints }
}
