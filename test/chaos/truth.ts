import type { LogProducer, NewRecord } from '@kivi/domain'

/** A small seeded generator (mulberry32), so that a failing run can be repeated by its seed. */
export function randomFrom(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const CAMPAIGNS = ['spring', 'summer', 'autumn', 'winter']

/** What was produced, counted while producing: what the store must hold in the end. */
export interface Truth {
  /** distinct events by `type/campaign` */
  readonly events: Map<string, number>
  /** sum of purchase amounts in units of 10⁻⁴, by campaign */
  readonly amounts: Map<string, bigint>
  distinct: number
  /** records sent, duplicates and broken ones included */
  records: number
  duplicates: number
  rejected: number
}

/**
 * A storefront that never stops: impressions, clicks and purchases of four campaigns, 2 % of them sent twice, some
 * messages broken. Event ids are its own; times are now, so that nothing is too late or too early.
 */
export class Storefront {
  readonly truth: Truth = {
    events: new Map(),
    amounts: new Map(),
    distinct: 0,
    records: 0,
    duplicates: 0,
    rejected: 0,
  }
  readonly #random: () => number
  readonly #producer: LogProducer
  readonly #topic: string
  #again: NewRecord[] = []
  #stopped = false
  #running: Promise<void> | null = null

  constructor(producer: LogProducer, topic: string, seed: number) {
    this.#producer = producer
    this.#topic = topic
    this.#random = randomFrom(seed)
  }

  start(perSecond: number): void {
    const every = 50
    this.#running = (async () => {
      while (!this.#stopped) {
        const begun = performance.now()
        await this.#send(Math.round((perSecond * every) / 1000))
        const rest = every - (performance.now() - begun)
        if (rest > 0) await new Promise(resolve => setTimeout(resolve, rest))
      }
    })()
  }

  /** resolves when everything that was counted is in the log */
  async stop(): Promise<Truth> {
    this.#stopped = true
    await this.#running
    return this.truth
  }

  async #send(count: number): Promise<void> {
    const records: NewRecord[] = []
    const random = this.#random
    for (let i = 0; i < count; i++) {
      if (random() < 0.002) {
        records.push({ key: `broken${i}`, value: Buffer.from('{"event_id": "x", ') })
        this.truth.rejected++
        continue
      }
      const record = this.#event()
      records.push(record)
      if (random() < 0.02) this.#again.push(record)
    }
    // a producer that got no answer sends again, a little later and among others
    if (this.#again.length > 20) {
      records.push(...this.#again)
      this.truth.duplicates += this.#again.length
      this.#again = []
    }
    this.truth.records += records.length
    await this.#producer.send(this.#topic, records)
  }

  #event(): NewRecord {
    const { truth } = this
    const random = this.#random
    const campaign = CAMPAIGNS[Math.floor(random() * CAMPAIGNS.length)]!
    const kind = random()
    const type = kind < 0.7 ? 'impression' : kind < 0.93 ? 'click' : 'purchase'
    const id = `e${truth.distinct++}`
    const user = `u${Math.floor(random() * 5000)}`
    const cents = 100 + Math.floor(random() * 20_000)
    const key = `${type}/${campaign}`
    truth.events.set(key, (truth.events.get(key) ?? 0) + 1)
    if (type === 'purchase') truth.amounts.set(campaign, (truth.amounts.get(campaign) ?? 0n) + BigInt(cents) * 100n)
    const event = {
      event_id: id,
      event_type: type,
      event_time: Date.now(),
      source: 'chaos',
      user_id: user,
      campaign,
      ...(type === 'purchase' ? { amount: cents / 100, order_id: id } : { target: 'ad' }),
    }
    return { key: user, value: Buffer.from(JSON.stringify(event)) }
  }
}
