/** The promises about delivery, held against what came and what the log says. */
import type { AlertFact } from '@kivi/domain'
import type { LogReader } from '../../integration/alerts/log.ts'
import { type Heard, RECEIVERS } from './receiver.ts'
import type { Episode } from './schedule.ts'

const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

export function findWrong(expected: readonly Episode[], heard: readonly Heard[], log: LogReader): string[] {
  return [
    ...instants(expected, log.facts),
    ...RECEIVERS.flatMap(name => {
      const own = heard.filter(({ receiver }) => receiver === name)
      return [...everythingTold(expected, own), ...underOneKey(own)].map(line => `${name}: ${line}`)
    }),
    ...notAfterAnAnswer(heard, log.facts),
    ...asOftenAsInDoubt(heard, log),
    ...nobodyDeposed(heard, log),
    ...inOrder(heard),
  ]
}

/** Transitions and their instants are those of an evaluator that never stopped. */
function instants(expected: readonly Episode[], facts: readonly AlertFact[]): string[] {
  const decided = facts.flatMap(fact =>
    fact.fact === 'firing' || fact.fact === 'resolved'
      ? [`${fact.labels['campaign']} ${fact.fact} ${iso(fact.instant)}`]
      : [],
  )
  const should = expected.flatMap(({ campaign, startsAt, endsAt }) => [
    `${campaign} firing ${iso(startsAt)}`,
    `${campaign} resolved ${iso(endsAt)}`,
  ])
  const gaps = facts.filter(({ fact }) => fact === 'gap').length
  return [
    ...should.filter(line => !decided.includes(line)).map(line => `never decided: ${line}`),
    ...decided
      .filter((line, i) => !should.includes(line) || decided.indexOf(line) !== i)
      .map(line => `wrongly decided: ${line}`),
    ...(gaps > 0 ? [`${gaps} gaps`] : []),
  ]
}

const taken = ({ outcome }: Heard): boolean => outcome !== 'refused'

/** Each firing and each resolved reaches the receiver; an episode that was over by then is told as one. */
function everythingTold(expected: readonly Episode[], heard: readonly Heard[]): string[] {
  const told = new Set(
    heard
      .filter(taken)
      .flatMap(({ alerts }) =>
        alerts.flatMap(({ status, labels, startsAt, endsAt }) =>
          status === 'firing' ? [`${labels['campaign']} ${startsAt}`] : [`${labels['campaign']} ${startsAt} ${endsAt}`],
        ),
      ),
  )
  return expected.flatMap(({ campaign, startsAt, endsAt }) => {
    const whole = `${campaign} ${iso(startsAt)} ${iso(endsAt)}`
    return told.has(whole) ? [] : [`nobody heard the end of ${whole}`]
  })
}

/** A transition is told under another key only where all requests under the one before were certainly not taken. */
function underOneKey(heard: readonly Heard[]): string[] {
  const keys = new Map<string, Map<string, Heard[]>>()
  for (const one of heard)
    for (const { status, labels, startsAt, endsAt } of one.alerts) {
      const what = `${status} ${labels['campaign']} ${status === 'firing' ? startsAt : endsAt}`
      const own = keys.get(what) ?? new Map<string, Heard[]>()
      keys.set(what, own)
      own.set(one.key, [...(own.get(one.key) ?? []), one])
    }
  return [...keys].flatMap(([what, own]) => {
    const earlier = [...own.values()].sort((a, b) => a[0]!.sequence - b[0]!.sequence).slice(0, -1)
    return earlier.some(requests => requests.some(taken)) ? [`${what} was told under ${own.size} keys`] : []
  })
}

/** Once an answer is on record the message is not sent again. */
function notAfterAnAnswer(heard: readonly Heard[], facts: readonly AlertFact[]): string[] {
  const recorded = new Map<string, number>()
  for (const fact of facts) if (fact.fact === 'delivered') recorded.set(fact.key, fact.at)
  return heard.flatMap(({ key, at }) =>
    at > (recorded.get(key) ?? Number.POSITIVE_INFINITY) + CLOCK_MS
      ? [`${key} came again after its answer was on record`]
      : [],
  )
}

/** the stamp of a step, and a request that was on its way */
const CLOCK_MS = 50

/** Repeated at most as often as no answer was on record: it was in doubt, or its leader was gone. */
function asOftenAsInDoubt(heard: readonly Heard[], { facts, leaders }: LogReader): string[] {
  const byKey = Map.groupBy(heard, ({ key }) => key)
  return [...byKey].flatMap(([key, requests]) => {
    const [first, last] = [requests[0]!.at, requests.at(-1)!.at]
    const doubts = facts.filter(
      fact => 'key' in fact && fact.key === key && (fact.fact === 'in_doubt' || fact.fact === 'refused'),
    )
    const changes = leaders.filter(({ since }) => since >= first - CLOCK_MS && since <= last)
    const most = 1 + doubts.length + changes.length
    return requests.length > most ? [`${key} came ${requests.length} times, where at most ${most} have a reason`] : []
  })
}

/** No request of a deposed leader after the first of the new one. */
function nobodyDeposed(heard: readonly Heard[], { leaders }: LogReader): string[] {
  const wrong: string[] = []
  for (const [i, { name, since }] of leaders.entries()) {
    const sender = name.split('/').at(-1)
    const until = leaders[i + 1]?.since ?? Number.POSITIVE_INFINITY
    const first = heard.find(one => one.sender === sender && one.at >= since && one.at < until)
    if (first === undefined) continue
    for (const other of heard)
      if (other.sender !== sender && other.at > first.at && other.at < until)
        wrong.push(`${other.sender} sent ${other.key} after ${sender} led and sent`)
  }
  return wrong
}

/** Of the first copies of messages, none comes before one with a smaller number. */
function inOrder(heard: readonly Heard[]): string[] {
  const firsts = [...Map.groupBy(heard, ({ key }) => key).values()].map(([first]) => first!)
  const lanes = Map.groupBy(firsts, ({ groupKey }) => groupKey)
  return [...lanes].flatMap(([lane, own]) =>
    own.flatMap((one, i) =>
      i > 0 && one.sequence <= own[i - 1]!.sequence ? [`${lane}: ${one.sequence} came out of order`] : [],
    ),
  )
}
