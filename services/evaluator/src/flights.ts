/** Requests that are under way, at most one a lane, and their answers until these are in the log. */
import type { Answer, Delivery } from '@kivi/domain'

export interface FlightsDeps {
  /** may a request be sent now? */
  readonly leads: () => boolean
  readonly now: () => number
  /** an answer has come */
  readonly answered: () => void
}

interface Flight {
  readonly lane: string
  readonly receiver: string
  /** of the message: an answer to another one means nothing any more */
  readonly key: string
  /** sends it, unless `mayStart` says no when its first byte is about to leave */
  readonly attempt: (request: { readonly signal: AbortSignal; readonly mayStart: () => boolean }) => Promise<Delivery>
  readonly landed: (delivery: Delivery, seconds: number) => void
}

export interface Landing {
  /** sent and not answered, or the answer is not in the log yet */
  isUnderWay(lane: string): boolean
  /** what came back since it was settled last */
  answers(): readonly Answer[]
  /** these are in the log */
  settled(answers: readonly Answer[]): void
  /** begins nothing more; resolves when all is answered, or after so long */
  drain(ms: number): Promise<void>
  /** nothing is waited for any more */
  abort(): void
}

export interface Flights extends Landing {
  mayStart(): boolean
  begin(flight: Flight): void
  /** of each receiver, how many are under way */
  requests(): Map<string, number>
}

export function createFlights({ leads, now, answered }: FlightsDeps): Flights {
  const underWay = new Map<string, string>()
  const flights = new Set<Promise<void>>()
  const stopping = new AbortController()
  let answers: Answer[] = []
  let closed = false
  const mayStart = (): boolean => !closed && leads()

  async function fly({ attempt }: Flight): Promise<Delivery> {
    try {
      return await attempt({ signal: stopping.signal, mayStart })
    } catch (error) {
      // a receiver never throws for what the other side does: nobody knows how far this one came
      return { kind: 'in_doubt', answer: (error as Error).message }
    }
  }

  return {
    mayStart,
    isUnderWay: lane => underWay.has(lane),
    begin(flight) {
      const { lane, receiver, key, landed } = flight
      underWay.set(lane, receiver)
      const sentAt = now()
      const begun = performance.now()
      const flown = fly(flight).then(delivery => {
        answers.push({ lane, key, delivery, sentAt })
        landed(delivery, (performance.now() - begun) / 1000)
        flights.delete(flown)
        answered()
      })
      flights.add(flown)
    },
    requests() {
      const counts = new Map<string, number>()
      for (const receiver of underWay.values()) counts.set(receiver, (counts.get(receiver) ?? 0) + 1)
      return counts
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
