import type { ProblemCode } from './generated/operations.ts'

/** What goes wrong before Kivi itself could answer. */
export type ClientProblemCode = 'unreachable' | 'timed_out' | 'not_kivi'

/** Codes of the API's problems and of the client's own; a newer Kivi may have more. */
export type KiviProblemCode = ProblemCode | ClientProblemCode | (string & {})

/** A problem as the API tells it (RFC 9457). */
export interface ProblemFields {
  readonly code: KiviProblemCode
  readonly title: string
  /** says what to do */
  readonly detail: string
  /** of the answer; 0: there was none */
  readonly status: number
  /** the parameter that is meant, where one is */
  readonly parameter?: string
  /** what could be given instead */
  readonly allowed?: readonly string[]
  /** after how many seconds to ask again, where Kivi says so */
  readonly retryAfterSeconds?: number
}

/** Whatever goes wrong with a request, but the caller's own abort. `message` is the title and what to do. */
export class KiviProblem extends Error {
  readonly code: KiviProblemCode
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly parameter: string | null
  readonly allowed: readonly string[]
  readonly retryAfterSeconds: number | null

  constructor(fields: ProblemFields, options?: ErrorOptions) {
    super(`${fields.title}: ${fields.detail}`, options)
    this.name = 'KiviProblem'
    this.code = fields.code
    this.title = fields.title
    this.detail = fields.detail
    this.status = fields.status
    this.parameter = fields.parameter ?? null
    this.allowed = fields.allowed ?? []
    this.retryAfterSeconds = fields.retryAfterSeconds ?? null
  }

  /** Asking the same again later may be answered. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 502
  }
}

const MOST_SHOWN = 200

/** The problem that an answer other than a success tells. */
export async function problemOf(response: Response): Promise<KiviProblem> {
  const text = await response.text().catch(() => '')
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  const common = { status: response.status, ...(Number.isFinite(after) ? { retryAfterSeconds: after } : {}) }
  const told = (response.headers.get('content-type') ?? '').includes('json') ? parse(text) : null
  if (told !== null && typeof told['code'] === 'string' && typeof told['detail'] === 'string')
    return new KiviProblem({ ...(told as unknown as ProblemFields), ...common })
  return new KiviProblem({
    code: 'not_kivi',
    title: `HTTP ${response.status}`,
    detail: `${response.url} answered what Kivi does not: ${text.slice(0, MOST_SHOWN) || 'nothing'}`,
    ...common,
  })
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
