/** Requests with reports, at most one a lane: they leave only while this process is known to lead. */
import type { Delivery, DigestDelivery, DigestLane, ReceiverSettings } from '@kivi/domain'
import type { Receivers } from '../alerting/receivers.ts'
import type { DigestEvents } from './events.ts'

export interface FlightDeps {
  readonly receivers: Receivers
  /** may a request be sent now? */
  readonly leads: () => boolean
  readonly now: () => number
  /** an answer has come */
  readonly answered: () => void
  readonly tell: Pick<DigestEvents, 'attempted' | 'notTaken'>
}

export interface Flights {
  /** sent and not answered, or the answer is not in the log yet */
  isUnderWay(lane: string): boolean
  send(lane: DigestLane, settings: ReceiverSettings): void
  /** what came back since it was settled last */
  answers(): readonly DigestDelivery[]
  /** these are in the log */
  settled(answers: readonly DigestDelivery[]): void
  /** begins nothing more; resolves when all is answered, or after so long */
  drain(ms: number): Promise<void>
  /** nothing is waited for any more */
  abort(): void
}

export function createFlights({ receivers, leads, now, answered, tell }: FlightDeps): Flights {
  const underWay = new Set<string>()
  const flights = new Set<Promise<void>>()
  const stopping = new AbortController()
  let answers: DigestDelivery[] = []
  let closed = false
  const mayStart = (): boolean => !closed && leads()

  async function attempt({ open }: DigestLane, settings: ReceiverSettings): Promise<Delivery> {
    const receiver = receivers.for(settings)
    if (typeof receiver === 'string') return { kind: 'refused', answer: receiver }
    if (open === null) throw new Error('a lane without an open report was to be sent')
    if (receiver.report === undefined)
      return { kind: 'failed', answer: `a receiver of type ${receiver.kind} takes no reports` }
    try {
      return await receiver.report(open.message, { signal: stopping.signal, mayStart })
    } catch (error) {
      // a receiver never throws for what the other side does: nobody knows how far this one came
      return { kind: 'in_doubt', answer: (error as Error).message }
    }
  }

  return {
    isUnderWay: lane => underWay.has(lane),
    send(lane, settings) {
      const { open } = lane
      if (open === null || underWay.has(open.message.lane) || !mayStart()) return
      const { lane: name, key, receiver } = open.message
      underWay.add(name)
      const sentAt = now()
      const flight = attempt(lane, settings).then(delivery => {
        answers.push({ lane: name, key, delivery, sentAt })
        const told = { receiver, outcome: delivery.kind, answer: delivery.answer }
        tell.attempted(told)
        if (delivery.kind !== 'delivered') tell.notTaken(told)
        flights.delete(flight)
        answered()
      })
      flights.add(flight)
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
