import {
  type CutBatch,
  decidePosition,
  decodeMark,
  encodeMark,
  isQuiet,
  mayCut,
  newProtocol,
  type Plan,
  type ProtocolAction,
  type ProtocolEvent,
  type ProtocolState,
  step,
} from '@kivi/domain'

/**
 * One partition of a log, two workers, a consumer group and a ClickHouse with bounded deduplication windows, all
 * simulated, with every fault that the method has to survive: crashes, rebalances, lost answers, requests that
 * arrive late or never, tokens forgotten, offsets expired, a ClickHouse killed between logging a token and
 * publishing its part. The machine under test is the product's own.
 */

const TABLES = ['events', 'slices', 'ledger'] as const
const LEDGER = 2

/** What may be taken away, to show that the test would notice. */
export interface Protections {
  /** the group refuses commits of an older generation */
  fence: boolean
  /** ClickHouse drops a block whose token it knows */
  tokens: boolean
  /** blocks can be found again: before a resend, and after an OK that may be a dropped duplicate */
  proofs: boolean
  verify: boolean
  /** a worker whose session is over sends nothing more */
  lease: boolean
  /** the plan comes back with the committed offset */
  plans: boolean
  /** the ledger is read for position */
  ledger: boolean
  /** the duplicate set is rebuilt from the ledger */
  rebuild: boolean
}
export const ALL_PROTECTIONS: Protections = {
  fence: true,
  tokens: true,
  proofs: true,
  verify: true,
  lease: true,
  plans: true,
  ledger: true,
  rebuild: true,
}

type Message =
  | { kind: 'commit'; worker: number; session: number; generation: number; offset: number; metadata: string }
  | { kind: 'insert'; worker: number; session: number; table: number; token: string; block: Block }

interface Block {
  from: number
  to: number
  /** offsets counted (events, slices) or accepted (ledger) */
  accepted: readonly number[]
  stamp: number
}

interface Worker {
  session: number
  generation: number
  state: ProtocolState
  lineage: string
  position: number
  replay: Plan | null
  seen: Set<number>
  batch: CutBatch | null
  accepted: readonly number[]
  waiting: Message | null
}

export class World {
  readonly trace: string[] = []
  private committed: { offset: number; metadata: string } | null = null
  private generation = 0
  private owner = -1
  private sessions = 0
  private readonly parts: Block[][] = [[], [], []]
  private windows: string[][] = [[], [], []]
  private inFlight: Message[] = []
  private readonly workers: Worker[] = [idle(), idle()]
  private faults: number

  private readonly ids: readonly number[]
  private readonly protections: Protections
  private readonly window: number
  private readonly random: (below: number) => number

  constructor(options: {
    ids: readonly number[]
    protections: Protections
    window: number
    faults: number
    random: (below: number) => number
  }) {
    this.ids = options.ids
    this.protections = options.protections
    this.window = options.window
    this.faults = options.faults
    this.random = options.random
  }

  /** One random thing happens. */
  act(): void {
    const moves: (() => void)[] = []
    for (const [w, worker] of this.workers.entries()) {
      if (this.owner === w && worker.generation !== this.generation) moves.push(() => this.join(w))
      if (this.owner !== w && worker.generation !== this.generation && worker.state.phase !== 'new')
        moves.push(() => this.leave(w))
      if (mayCut(worker.state) && this.records(worker) > 0)
        moves.push(
          () => this.cut(w),
          () => this.cut(w),
        )
      if (worker.state.phase === 'filling' && !isQuiet(worker.state)) moves.push(() => this.feed(w, { type: 'idle' }))
    }
    for (const message of this.inFlight)
      moves.push(
        () => this.deliver(message),
        () => this.deliver(message),
      )
    if (this.faults > 0) {
      moves.push(() => this.rebalance())
      for (const [w, worker] of this.workers.entries())
        if (worker.state.phase !== 'new') moves.push(() => this.crash(w))
      for (const message of this.inFlight) moves.push(() => this.spoil(message))
      if (!this.inFlight.some(m => m.kind === 'insert')) moves.push(() => this.forgetTokens())
      if (this.inFlight.length === 0 && this.generation > 0) moves.push(() => this.expireOffsets())
    }
    if (moves.length === 0) this.rebalance()
    else moves[this.random(moves.length)]!()
  }

  /** No more faults: late requests arrive or die, then one worker goes on alone until all is read and closed. */
  settle(): void {
    for (const message of [...this.inFlight]) {
      if (this.random(2) === 0) this.drop(message)
      else this.arrive(message, false)
    }
    this.faults = 0
    for (let w = 0; w < 2; w++) this.workers[w] = idle()
    this.inFlight = []
    this.rebalance()
    for (let i = 0; i < 2000; i++) {
      const worker = this.workers[this.owner]!
      if (isQuiet(worker.state) && worker.position === this.ids.length) return
      this.act()
    }
    throw new Error(`the worker does not come to rest: ${JSON.stringify(this.workers[this.owner]!.state)}`)
  }

  /** What is wrong now: something counted twice; `atRest`: or not at all. */
  violation(atRest: boolean): string | null {
    const due = (table: number, offset: number) =>
      table === LEDGER ? 1 : this.ids.indexOf(this.ids[offset]!) === offset ? 1 : 0
    for (const [table, blocks] of this.parts.entries())
      for (let offset = 0; offset < this.ids.length; offset++) {
        const count = blocks.filter(b =>
          table === LEDGER ? b.from <= offset && offset < b.to : b.accepted.includes(offset),
        ).length
        if (count > due(table, offset)) return `${TABLES[table]} has record ${offset} ${count} times`
        if (atRest && count < due(table, offset)) return `${TABLES[table]} lacks record ${offset}`
      }
    return null
  }

  private feed(w: number, event: ProtocolEvent): void {
    const worker = this.workers[w]!
    const { state, actions } = step(worker.state, event)
    worker.state = state
    for (const action of actions) this.carryOut(w, action)
  }

  private carryOut(w: number, action: ProtocolAction): void {
    const worker = this.workers[w]!
    const sender = { worker: w, session: worker.session }
    switch (action.type) {
      case 'read-position':
        return this.readPosition(w)
      case 'deliver': {
        worker.position = action.from
        worker.lineage = action.lineage
        worker.replay = action.replay
        const known = this.protections.rebuild ? this.parts[LEDGER]! : []
        worker.seen = new Set(known.filter(b => b.to <= action.from).flatMap(b => b.accepted.map(o => this.ids[o]!)))
        return
      }
      case 'commit': {
        if (this.protections.lease && worker.generation !== this.generation) return this.feed(w, { type: 'lost' })
        const metadata = encodeMark(action.mark)
        return this.send({ kind: 'commit', ...sender, generation: worker.generation, offset: action.offset, metadata })
      }
      case 'insert': {
        if (this.protections.lease && worker.generation !== this.generation) return this.feed(w, { type: 'lost' })
        const { from, to } = worker.batch!
        const token = `${worker.lineage}/${from}-${to}/${action.insert}/${action.attempt}`
        const block = { from, to, accepted: worker.accepted, stamp: to - 1 }
        return this.send({ kind: 'insert', ...sender, table: action.insert, token, block })
      }
      case 'prove': {
        const { from, to } = worker.batch!
        const there = this.parts[action.insert]!.some(b => b.from === from && b.to === to)
        const asked =
          worker.state.phase === 'proving' && worker.state.sent ? this.protections.verify : this.protections.proofs
        const blind = worker.state.phase === 'proving' && worker.state.sent
        return this.feed(w, { type: 'proof', present: asked ? there : blind })
      }
      case 'write-dead-letters':
        return this.feed(w, { type: 'dead-letters-written' })
      case 'written':
        worker.position = action.to
        worker.batch = null
        return
      case 'rejoin':
        this.trace.push(`${w} leaves and rejoins`)
        return this.rebalance()
      case 'stop':
        throw new Error(`worker ${w} stops: ${action.reason}`)
    }
  }

  private readPosition(w: number): void {
    const mark = this.committed && this.protections.plans ? decodeMark(this.committed.metadata) : null
    const from = this.committed?.offset ?? 0
    const rows = this.protections.ledger ? this.parts[LEDGER]! : []
    let to = from
    for (;;) {
      const row = rows.find(b => b.from === to)
      if (!row) break
      to = row.to
    }
    const proven = this.protections.proofs
      ? this.parts
          .slice(0, LEDGER)
          .flat()
          .find(b => b.from === to && !rows.includes(b))
      : undefined
    const decision = decidePosition({
      committed: this.committed ? { offset: from, mark } : null,
      storedLineage: rows.length > 0 ? 'L' : null,
      ledger:
        rows.length > 0 ? { to, lastOffset: to - 1, lastStamp: to - 1, highStamp: 0, watermark: 0, digest: '' } : null,
      stampAtLedgerEnd: to - 1,
      provenTo: proven && !rows.some(b => b.from === to) ? proven.to : null,
      low: 0,
      high: this.ids.length,
      // a hash of the stored one: the same again where the commits were lost within the first batch
      newLineage: 'L',
    })
    this.trace.push(`${w} reads its position: ${JSON.stringify(decision)}`)
    this.feed(w, { type: 'position', decision })
  }

  private records(worker: Worker): number {
    return (worker.replay?.to ?? this.ids.length) - worker.position
  }

  private cut(w: number): void {
    const worker = this.workers[w]!
    const from = worker.position
    const to = worker.replay?.to ?? from + 1 + this.random(Math.min(3, this.ids.length - from))
    const accepted: number[] = []
    for (let offset = from; offset < to; offset++) {
      if (worker.seen.has(this.ids[offset]!)) continue
      worker.seen.add(this.ids[offset]!)
      accepted.push(offset)
    }
    worker.accepted = accepted
    worker.replay = null
    worker.batch = {
      from,
      to,
      records: to - from,
      digest: accepted.join(','),
      catalog: 'c',
      unknownSchemas: [],
      hasDeadLetters: false,
      inserts: TABLES.length,
    }
    this.trace.push(`${w} cuts ${from}-${to} accepting ${accepted}`)
    this.feed(w, { type: 'cut', batch: worker.batch })
  }

  private join(w: number): void {
    this.workers[w] = { ...idle(), session: ++this.sessions, generation: this.generation }
    this.trace.push(`${w} joins generation ${this.generation}`)
    this.feed(w, { type: 'joined' })
  }

  private leave(w: number): void {
    this.feed(w, { type: 'lost' })
    this.workers[w] = { ...idle(), generation: this.generation }
  }

  private rebalance(): void {
    this.generation++
    this.owner = this.random(2)
    this.faults--
    this.trace.push(`generation ${this.generation} belongs to ${this.owner}`)
  }

  private crash(w: number): void {
    this.faults--
    this.trace.push(`${w} crashes`)
    this.workers[w] = idle()
    // the group notices at the session time-out; the other one, or the same one restarted, gets the partition
    if (this.owner === w) this.rebalance()
  }

  private send(message: Message): void {
    this.workers[message.worker]!.waiting = message
    this.inFlight.push(message)
  }

  private deliver(message: Message): void {
    this.arrive(message, true)
  }

  private arrive(message: Message, answered: boolean): void {
    this.take(message)
    let refused = false
    if (message.kind === 'commit') {
      refused = this.protections.fence && message.generation !== this.generation
      if (!refused) this.committed = { offset: message.offset, metadata: message.metadata }
      this.trace.push(
        `commit ${message.offset} ${message.metadata} of ${message.worker} ${refused ? 'refused' : 'done'}`,
      )
    } else this.apply(message)
    if (!answered) return
    this.answer(message, message.kind === 'commit' ? (refused ? 'refused' : 'committed') : 'ok')
  }

  private apply(message: Extract<Message, { kind: 'insert' }>): void {
    const known = this.protections.tokens && this.windows[message.table]!.includes(message.token)
    this.trace.push(`${TABLES[message.table]} ${message.token} ${known ? 'dropped by its token' : 'applied'}`)
    if (known) return
    this.log(message)
    this.parts[message.table]!.push(message.block)
  }

  private log(message: Extract<Message, { kind: 'insert' }>): void {
    this.windows[message.table] = [message.token, ...this.windows[message.table]!].slice(0, this.window)
  }

  private answer(message: Message, answer: 'ok' | 'committed' | 'refused' | 'doubtful' | 'ambiguous'): void {
    const worker = this.workers[message.worker]!
    if (worker.session !== message.session || worker.waiting !== message) return
    worker.waiting = null
    if (worker.state.phase === 'over') return
    if (message.kind === 'commit')
      this.feed(message.worker, { type: 'commit-answer', answer: answer as 'committed' | 'refused' | 'ambiguous' })
    else this.feed(message.worker, { type: 'insert-answer', answer: answer as 'ok' | 'doubtful' })
  }

  private take(message: Message): void {
    this.inFlight = this.inFlight.filter(m => m !== message)
  }

  private drop(message: Message): void {
    this.take(message)
  }

  /** The answer is lost, or the request, or it is still under way when its sender gives up, or the server dies. */
  private spoil(message: Message): void {
    this.faults--
    const noAnswer = message.kind === 'commit' ? 'ambiguous' : 'doubtful'
    const kind = this.random(message.kind === 'insert' ? 4 : 3)
    this.trace.push(
      `${message.kind} of ${message.worker}: ${['answer lost', 'request lost', 'late', 'server killed'][kind]}`,
    )
    if (kind === 0) this.arrive(message, false)
    else if (kind === 1) this.drop(message)
    else if (kind === 3 && message.kind === 'insert') {
      this.take(message)
      // killed after the token was logged, before the part was published
      if (!this.windows[message.table]!.includes(message.token)) this.log(message)
    }
    this.answer(message, noAnswer)
  }

  private forgetTokens(): void {
    this.faults--
    this.trace.push('every token falls out of the windows')
    this.windows = [[], [], []]
  }

  private expireOffsets(): void {
    this.faults--
    this.trace.push('all workers were stopped for long: offsets and tokens expire')
    this.committed = null
    this.windows = [[], [], []]
    for (let w = 0; w < 2; w++) this.workers[w] = idle()
    this.rebalance()
  }
}

const idle = (): Worker => ({
  session: 0,
  generation: 0,
  state: newProtocol,
  lineage: 'L',
  position: 0,
  replay: null,
  seen: new Set(),
  batch: null,
  accepted: [],
  waiting: null,
})
