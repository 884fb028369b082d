/** What receivers may do to a request, and what the sender may conclude from it. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** `taken`: it has it and says so; `refused`: it certainly has not; `doubtful`: the sender cannot know */
type Outcome = 'taken' | 'refused' | 'doubtful'

export interface Deed {
  readonly did: string
  readonly outcome: Outcome
  /** what the answer asks for by Retry-After */
  readonly retryAfterMs?: number
  /** nothing is sent on this lane for so long afterwards */
  readonly pauseMs: number
  act(response: ServerResponse): void | Promise<void>
}

/** so long senders wait for an answer */
export const TIMEOUT_S = 2
const RETRY_AFTER_S = 4
const FOR_GOOD_MS = 5 * 60_000
const LONG_MS = 15_000

const deed = (did: string, outcome: Outcome, act: Deed['act'], more: Partial<Deed> = {}): Deed => ({
  ...{ did, outcome, act, pauseMs: outcome === 'doubtful' ? 10_000 : 1_000 },
  ...more,
})

const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Deed['act'] =>
  response =>
    void response.writeHead(status, headers).end(body)

const json = (body: unknown): Deed['act'] => answer(200, JSON.stringify(body), { 'content-type': 'application/json' })

const OF_ALL: readonly Deed[] = [
  deed('500', 'doubtful', answer(500)),
  deed('503', 'refused', answer(503)),
  deed('429 with Retry-After', 'refused', answer(429, '', { 'retry-after': String(RETRY_AFTER_S) }), {
    retryAfterMs: RETRY_AFTER_S * 1_000,
    pauseMs: RETRY_AFTER_S * 1_000,
  }),
  deed('never answers', 'doubtful', () => {}),
  deed('takes it and hangs up', 'doubtful', response => void response.destroy()),
  deed('answers after the time-out', 'doubtful', async response => {
    await sleep(TIMEOUT_S * 1_000 + 500)
    if (!response.destroyed) response.writeHead(200).end()
  }),
  deed('400', 'refused', answer(400, 'no'), { pauseMs: FOR_GOOD_MS }),
]

/** What else goes wrong under a 200, by the kind of receiver. */
const OF_KIND: Readonly<Record<string, { readonly well: Deed['act']; readonly ill: readonly Deed[] }>> = {
  webhook: { well: answer(200), ill: [] },
  dingtalk: {
    well: json({ errcode: 0, errmsg: 'ok' }),
    ill: [
      deed('200, but errcode -1 (busy)', 'doubtful', json({ errcode: -1, errmsg: '系统繁忙' })),
      deed('200, but errcode 310000', 'refused', json({ errcode: 310000, errmsg: 'sign not match' }), {
        pauseMs: FOR_GOOD_MS,
      }),
      deed('200, but errcode 130101 (too fast)', 'refused', json({ errcode: 130101, errmsg: 'send too fast' }), {
        retryAfterMs: 600_000,
        pauseMs: 600_000,
      }),
    ],
  },
  feishu: {
    well: json({ code: 0, msg: 'success' }),
    ill: [
      deed('200, but code 1000 (their error)', 'doubtful', json({ code: 1000, msg: 'internal error' })),
      deed('200, but code 11232 (too fast)', 'refused', json({ code: 11232, msg: 'frequency limited' }), {
        retryAfterMs: 60_000,
        pauseMs: 60_000,
      }),
      deed('200, but code 19024', 'refused', json({ code: 19024, msg: 'Key Words Not Found' }), {
        pauseMs: FOR_GOOD_MS,
      }),
    ],
  },
  wecom: {
    well: json({ errcode: 0, errmsg: 'ok' }),
    ill: [
      deed('200, but errcode -1 (busy)', 'doubtful', json({ errcode: -1, errmsg: 'system busy' })),
      deed('200, but errcode 45009 (too fast)', 'refused', json({ errcode: 45009, errmsg: 'api freq out of limit' }), {
        retryAfterMs: 60_000,
        pauseMs: 60_000,
      }),
      deed('200, but errcode 93000', 'refused', json({ errcode: 93000, errmsg: 'invalid webhook url' }), {
        pauseMs: FOR_GOOD_MS,
      }),
    ],
  },
  teams: {
    well: answer(202),
    ill: [
      deed('200, but HTTP error 429', 'refused', answer(200, 'Microsoft Teams endpoint returned HTTP error 429')),
      deed('200, but HTTP error 502', 'doubtful', answer(200, 'Microsoft Teams endpoint returned HTTP error 502')),
      deed('200, but an error', 'refused', json({ error: { code: 'BadRequest', message: 'no such card' } }), {
        pauseMs: FOR_GOOD_MS,
      }),
    ],
  },
}

/** @param badly it goes wrong; @param leftMs pauses that last longer are not asked for any more */
export function chooseDeed(kind: string, badly: boolean, leftMs: number, random: () => number): Deed {
  const { well, ill } = OF_KIND[kind]!
  // where a kind has its own ways to fail they are half of all
  const own = random() < 0.5 && ill.length > 0
  // of those that silence a lane for minutes there are few: nothing could be seen of it meanwhile
  const longest = random() < 0.05 ? leftMs : Math.min(leftMs, LONG_MS)
  const possible = (own ? ill : OF_ALL).filter(({ pauseMs }) => pauseMs < longest)
  if (!badly || possible.length === 0) return deed(kind === 'teams' ? '202' : '200', 'taken', well)
  return possible[Math.floor(random() * possible.length)]!
}
