/** People who come to a shop and buy, over HTTP, as long as its collector takes what they do. */
import { setTimeout as sleep } from 'node:timers/promises'
import { partitionOf } from '@kivi/event-log'

type Event = Readonly<Record<string, unknown>>

const EVERY_MS = 250
const PARTITIONS = 4
const CAMPAIGNS = ['spring', 'autumn']
/** A storefront waits no longer for its collector. */
const ANSWER_WITHIN_MS = 1_000

/** One visitor for each partition, so that every partition has events several times a second. */
const VISITORS = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let i = 0; ; i++) {
    const name = `visitor-${i}`
    if (partitionOf(new TextEncoder().encode(name), PARTITIONS) === partition) return name
  }
})

/** what `visitor` is the key of */
export const visitorOf = (partition: number): string => VISITORS[partition]!

export class Storefront {
  /** nobody buys while this is false */
  sells = true
  /** what was not taken is kept and sent again, as SDKs do; else it is lost */
  keeps = false
  readonly #url: string
  readonly #lateMs: number
  #kept: Event[] = []
  #number = 0
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  /**
   * @param url of the collector
   * @param lateMs so long ago is what it tells of
   */
  constructor(url: string, lateMs: number) {
    this.#url = url
    this.#lateMs = lateMs
  }

  /** Begins with what happened in the time before; resolves when that is taken. */
  async open(pastMs: number): Promise<void> {
    const now = Date.now()
    const past: Event[] = []
    for (let time = now - pastMs; time < now; time += EVERY_MS) past.push(...this.#happens(time))
    this.#kept = past
    while (!(await this.#send([]))) await sleep(100)
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const begun = Date.now()
      await this.#send(this.#happens(begun))
      await sleep(Math.max(0, EVERY_MS - (Date.now() - begun)))
    }
  }

  async #send(events: readonly Event[]): Promise<boolean> {
    const body = JSON.stringify([...this.#kept, ...events])
    try {
      const answer = await fetch(`${this.#url}/v1/events`, {
        ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      await answer.body?.cancel()
      if (answer.ok) {
        this.#kept = []
        return true
      }
    } catch {
      // the collector is away: that is what is tried here
    }
    if (this.keeps) this.#kept.push(...events)
    return false
  }

  #happens(time: number): Event[] {
    const number = this.#number++
    const did = (event_type: string, user_id: string, i: number, more: object = {}): Event => ({
      ...{ event_id: `${process.pid}-${number}-${event_type}-${i}`, event_type, user_id },
      ...{ event_time: new Date(time - this.#lateMs).toISOString(), campaign: CAMPAIGNS[i % 2], ...more },
    })
    const visitor = VISITORS[number % PARTITIONS]!
    return [
      ...VISITORS.map((name, i) => did('impression', name, i)),
      did('click', visitor, number),
      ...(this.sells ? [did('purchase', visitor, number, { amount: 10 })] : []),
    ]
  }
}
