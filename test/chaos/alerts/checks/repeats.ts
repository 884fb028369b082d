/** Nothing comes again without a reason, nor before its time. */
import { CLOCK_MS, type Promised } from './evidence.ts'

/** Once an answer is on record the message is not sent again. */
export const notAfterAnAnswer: Promised = ({ heard, log: { facts } }) => {
  const recorded = new Map<string, number>()
  for (const fact of facts) if (fact.fact === 'delivered' && fact.key !== null) recorded.set(fact.key, fact.at)
  return heard.flatMap(({ key, at }) =>
    at > (recorded.get(key) ?? Number.POSITIVE_INFINITY) + CLOCK_MS
      ? [`${key} came again after its answer was on record`]
      : [],
  )
}

const NO_ANSWERS: ReadonlySet<string> = new Set(['in_doubt', 'refused', 'failed'])

/** Repeated at most as often as no answer was on record: it was in doubt, or its leader was gone. */
export const asOftenAsInDoubt: Promised = ({ heard, log: { facts, leaders } }) =>
  [...Map.groupBy(heard, ({ key }) => key)].flatMap(([key, requests]) => {
    const [first, last] = [requests[0]!.at, requests.at(-1)!.at]
    const doubts = facts.filter(fact => 'key' in fact && fact.key === key && NO_ANSWERS.has(fact.fact))
    const changes = leaders.filter(({ since }) => since >= first - CLOCK_MS && since <= last)
    const most = 1 + doubts.length + changes.length
    return requests.length > most ? [`${key} came ${requests.length} times, where at most ${most} have a reason`] : []
  })

/** While a copy may still be on its way none follows it: that is 10 s, less what a request may take to arrive. */
const LEAST_DOUBT_MS = 8_000

/** What is in doubt is not sent again at once, and `Retry-After` is followed, by the next leader too. */
export const notTooSoon: Promised = ({ heard }) =>
  [...Map.groupBy(heard, ({ lane }) => lane)].flatMap(([lane, requests]) =>
    requests.slice(1).flatMap((next, i) => {
      const before = requests[i]!
      const waited = next.at - before.at
      if (before.retryAfterMs !== undefined && waited < before.retryAfterMs - CLOCK_MS)
        return [`${lane}: ${next.key} came ${waited} ms after an answer that asked for ${before.retryAfterMs} ms`]
      if (before.outcome === 'doubtful' && waited < LEAST_DOUBT_MS)
        return [`${lane}: ${next.key} came ${waited} ms after a doubt`]
      return []
    }),
  )
