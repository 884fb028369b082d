/** What an answer over HTTP means for the message: section by section the same for all receivers. */
import type { Delivery } from '@kivi/domain'
import type { PostResult } from './post.ts'

/** What the body of a 2xx says. `retryAfterMs` only with `refused`. */
export type BodyVerdict = { readonly kind: Delivery['kind']; readonly retryAfterMs?: number }

export interface Judging {
  /** for receivers whose body may say no under a 2xx; without it a 2xx is enough */
  readonly body?: (body: string) => BodyVerdict
  /** takes secrets out of what people see */
  readonly redact: (text: string) => string
  /** epoch ms, for a Retry-After that is a date */
  readonly now: number
}

const TOO_MANY_REQUESTS = 429
const UNAVAILABLE = 503
const REQUEST_TIMEOUT = 408
const MOST_ANSWER_CHARACTERS = 300

export function judge(result: PostResult, judging: Judging): Delivery {
  if (result.kind === 'not_sent') return { kind: 'refused', answer: judging.redact(result.why) }
  if (result.kind === 'no_answer') return { kind: 'in_doubt', answer: judging.redact(result.why) }
  const { status, headers, body, whole } = result
  const said = judging.redact(`${status} ${body.slice(0, 2_000)}`.replace(/\s+/g, ' ').trim())
  const answer = said.length > MOST_ANSWER_CHARACTERS ? `${said.slice(0, MOST_ANSWER_CHARACTERS)}…` : said
  if (status >= 200 && status < 300) {
    if (judging.body === undefined) return { kind: 'delivered', answer }
    // whether it was taken stood in the part that is missing
    if (!whole) return { kind: 'in_doubt', answer: `${answer} (the answer was cut off)` }
    return { ...judging.body(body), answer }
  }
  if (status === TOO_MANY_REQUESTS || status === UNAVAILABLE) {
    const retryAfterMs = retryAfter(headers['retry-after'], judging.now)
    return { kind: 'refused', ...(retryAfterMs === null ? {} : { retryAfterMs }), answer }
  }
  // 408: the server gave up waiting for a request that was written as a whole, so who knows what it read
  if (status >= 500 || status === REQUEST_TIMEOUT) return { kind: 'in_doubt', answer }
  if (status >= 300 && status < 400)
    return { kind: 'failed', answer: `${answer} (redirects are not followed: give the final address)` }
  return { kind: 'failed', answer }
}

/** Seconds or a date; null where there is neither. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
