/**
 * Sends what the log says is to be sent, each lane by itself, and keeps the answers until they are in the log. A
 * request leaves only in a tick in which this process is known to lead.
 */
import type { Alerting, Answer, Delivery, LaneRecord, Receiver } from '@kivi/domain'
import type { Receivers } from './receivers.ts'

/** One receiver is asked so many things at a time; further lanes wait for an answer. */
const MOST_AT_ONCE = 8

export interface OutboxDeps {
  readonly receivers: Receivers
  /** may a request be sent now? */
  readonly leads: () => boolean
  readonly now: () => number
  /** an answer has come */
  readonly answered: () => void
  readonly told: (fields: { receiver: string; outcome: Delivery['kind']; seconds: number }) => void
}

export interface Outbox {
  /** sent and not answered, or the answer is not in the log yet */
  isUnderWay(lane: string): boolean
  send(lanes: readonly LaneRecord[], alerting: Alerting): void
  /** what came back since it was settled last */
  answers(): readonly Answer[]
  /** these are in the log */
  settled(answers: readonly Answer[]): void
  /** begins nothing more; resolves when all is answered, or after so long */
  drain(ms: number): Promise<void>
  /** nothing is waited for any more */
  abort(): void
}

export function createOutbox({ receivers, leads, now, answered, told }: OutboxDeps): Outbox {
  const underWay = new Map<string, string>()
  const flights = new Set<Promise<void>>()
  const stopping = new AbortController()
  let answers: Answer[] = []
  let closed = false
  const mayStart = (): boolean => !closed && leads()

  async function attempt(receiver: Receiver | string, { open }: LaneRecord): Promise<Delivery> {
    if (open === null) throw new Error('a lane without an open message was to be sent')
    if (typeof receiver === 'string') return { kind: 'refused', answer: receiver }
    try {
      return await receiver.send(open.notification, { signal: stopping.signal, mayStart })
    } catch (error) {
      // a receiver never throws for what the other side does: nobody knows how far this one came
      return { kind: 'in_doubt', answer: (error as Error).message }
    }
  }

  function begin(receiver: Receiver | string, lane: LaneRecord): void {
    underWay.set(lane.lane, lane.receiver)
    const sentAt = now()
    const begun = performance.now()
    const flight = attempt(receiver, lane).then(delivery => {
      const key = lane.open?.notification.key ?? ''
      answers.push({ lane: lane.lane, key, delivery, sentAt })
      told({ receiver: lane.receiver, outcome: delivery.kind, seconds: (performance.now() - begun) / 1000 })
      flights.delete(flight)
      answered()
    })
    flights.add(flight)
  }

  return {
    isUnderWay: lane => underWay.has(lane),
    send(lanes, alerting) {
      const busy = new Map<string, number>()
      for (const receiver of underWay.values()) busy.set(receiver, (busy.get(receiver) ?? 0) + 1)
      for (const lane of lanes) {
        const settings = alerting.receivers.get(lane.receiver)
        const requests = busy.get(lane.receiver) ?? 0
        // of a receiver that is gone from the catalog it is given up in time
        if (settings === undefined || requests >= MOST_AT_ONCE || !mayStart()) continue
        busy.set(lane.receiver, requests + 1)
        begin(receivers.for(settings), lane)
      }
    },
    answers: () => [...answers],
    settled(taken) {
      const done = new Set(taken)
      answers = answers.filter(answer => !done.has(answer))
      for (const { lane } of taken) underWay.delete(lane)
    },
    async drain(ms) {
      closed = true
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, ms)
      await Promise.race([Promise.all(flights), late.promise])
      clearTimeout(timer)
    },
    abort() {
      closed = true
      stopping.abort()
    },
  }
}
