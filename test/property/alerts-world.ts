/**
 * Evaluators, a log and receivers that fail in every way, around the real pipeline. One rule with a few groups that
 * share a lane; who leads, what is lost and what comes late is up to a generator of random numbers.
 */
import {
  AlertDraft,
  type Alerting,
  type AlertRule,
  AlertState,
  type Answer,
  type Delivery,
  dueInstants,
  foldAlerts,
  type Notification,
  type ReceiverSettings,
  type Route,
  type RuleEvaluation,
  readRecord,
  type StateChange,
  sendable,
  stepAlerts,
  takeOver,
} from '@kivi/domain'

export interface Protections {
  /** the log refuses what a deposed leader appends */
  readonly fence: boolean
  /** whether it leads is asked in the tick in which a request is sent */
  readonly lease: boolean
  /** a new leader resends nothing before requests of the old one have timed out */
  readonly drain: boolean
  /** what it finds open may have been taken */
  readonly takenOverInDoubt: boolean
  /** a message without an answer is sent again as it is */
  readonly frozenInDoubt: boolean
  /** a message is in the log before it is sent */
  readonly intentFirst: boolean
  /** progress is appended with the changes that it caused */
  readonly progressTogether: boolean
  /** every missed instant is evaluated */
  readonly catchUp: boolean
  /** the answer is appended before the next message of the lane */
  readonly outcomeLogged: boolean
}

export const ALL_PROTECTIONS: Protections = {
  ...{ fence: true, lease: true, drain: true, takenOverInDoubt: true, frozenInDoubt: true },
  ...{ intentFirst: true, progressTogether: true, catchUp: true, outcomeLogged: true },
}

export interface WorldOptions {
  readonly protections: Protections
  readonly random: (below: number) => number
  readonly faults: number
  /** by group: whether the condition holds at each instant; null: no data */
  readonly series: ReadonlyArray<ReadonlyArray<boolean | null>>
  readonly forInstants: number
  readonly keepInstants: number
}

const EVERY = 10_000
const START = 1_000_000_000_000
const TIMEOUT = 10_000

const receiver = (name: string): ReceiverSettings => ({
  ...{ name, kind: 'webhook', url: 'http://x', secret: null, headers: {}, language: 'en' },
  ...{ sendResolved: true, timeoutMs: TIMEOUT },
})

const route = (receiver: string, rest: Partial<Route> = {}): Route => ({
  ...{ id: receiver, matchers: [], receiver, groupBy: ['alertname'], groupWaitMs: 5_000, groupIntervalMs: 10_000 },
  ...{ repeatIntervalMs: 1e12, activeIn: [], mutedIn: [], escalations: [], continue: true, routes: [] },
  ...rest,
})

interface Evaluator {
  /** 0: it is down, or waits */
  epoch: number
  state: AlertState
  /** lanes with a request under way */
  underWay: Map<string, Request>
  answers: Answer[]
}

interface Request {
  readonly from: number
  readonly epoch: number
  readonly sentAt: number
  readonly notification: Notification
  /** the sender still waits for an answer */
  waits: boolean
}

/** What a receiver took. */
interface Taken {
  readonly receiver: string
  readonly key: string
  readonly epoch: number
  readonly alerts: ReadonlyArray<{ readonly what: string; readonly repeat: boolean }>
}

export class World {
  readonly trace: string[] = []
  readonly #options: WorldOptions
  readonly #rule: AlertRule
  readonly #alerting: Alerting
  readonly #evaluators: Evaluator[]
  readonly #log: StateChange[] = []
  readonly #network: Request[] = []
  readonly #taken: Taken[] = []
  /** by key: how often an answer to it could not be had */
  readonly #excuses = new Map<string, number>()
  readonly #decided = new Set<string>()
  #now = START
  #instants = 0
  #faults: number
  #epoch = 0
  #leader = -1
  #keys = 0
  #late: string | null = null

  constructor(options: WorldOptions) {
    this.#options = options
    this.#faults = options.faults
    this.#rule = {
      ...{ id: 'Low', formerly: [], indicator: 'ctr', windowMs: EVERY, by: ['campaign'], filters: [], everyMs: EVERY },
      ...{ forMs: options.forInstants * EVERY, keepFiringForMs: options.keepInstants * EVERY, noData: 'keep' },
      ...{ minimumVolume: null, severity: 'page', labels: {}, annotations: {}, version: 'v1' },
      condition: { kind: 'absent', sinceMs: 1 },
    }
    this.#alerting = {
      rules: new Map([[this.#rule.id, this.#rule]]),
      receivers: new Map([receiver('a'), receiver('b')].map(one => [one.name, one])),
      route: route('a', { routes: [route('a'), route('b')] }),
      intervals: new Map(),
      inhibitions: [],
    }
    this.#evaluators = [0, 1, 2].map(() => ({ epoch: 0, state: new AlertState(), underWay: new Map(), answers: [] }))
  }

  get #length(): number {
    return this.#options.series[0]?.length ?? 0
  }

  #fault(): boolean {
    if (this.#faults === 0 || this.#options.random(4) !== 0) return false
    this.#faults--
    return true
  }

  act(): void {
    const { random } = this.#options
    switch (random(9)) {
      case 0:
      case 1:
        return this.#pass(1_000 * (1 + random(12)))
      case 2:
        return this.#lead(random(3))
      case 3:
      case 4:
      case 5:
        return this.#step(random(3))
      case 6: {
        // it was stopped right before it sent
        const index = random(3)
        const evaluator = this.#evaluators[index] as Evaluator
        return evaluator.epoch === 0 ? undefined : this.#send(evaluator, index)
      }
      default:
        return this.#arrive()
    }
  }

  /** Everything heals: somebody leads, time passes, all is answered. */
  settle(): void {
    this.#faults = 0
    if (this.#leader < 0 || this.#evaluators[this.#leader]?.epoch !== this.#epoch) this.#lead(0, true)
    for (let i = 0; i < 120; i++) {
      this.#pass(20_000)
      this.#step(this.#leader)
      while (this.#network.length > 0) this.#arrive()
      this.#step(this.#leader)
    }
  }

  /** What must never be, and at rest what must have been. */
  violation(atRest: boolean): string | null {
    if (this.#late !== null) return this.#late
    const keys = new Map<string, Set<string>>()
    const times = new Map<string, number>()
    for (const { receiver, key, alerts } of this.#taken) {
      times.set(key, (times.get(key) ?? 0) + 1)
      for (const { what, repeat } of alerts) {
        if (repeat) continue
        const place = `${receiver} ${what}`
        const known = keys.get(place) ?? new Set()
        keys.set(place, known.add(key))
        if (known.size > 1) return `${place} was told under ${known.size} keys`
      }
    }
    for (const [key, count] of times)
      if (count > 1 + (this.#excuses.get(key) ?? 0)) return `${key} was taken ${count} times without need`
    return atRest ? this.#atRest(keys) : null
  }

  #atRest(told: ReadonlyMap<string, unknown>): string | null {
    const expected = new Set(this.#options.series.flatMap((series, group) => this.#transitions(series, group)))
    for (const what of expected) {
      if (!this.#decided.has(what)) return `${what} was never decided`
      for (const name of ['a', 'b'])
        if (![what, ...this.#endsOf(what, expected)].some(one => told.has(`${name} ${one}`)))
          return `${name} never heard of ${what}`
    }
    for (const what of this.#decided) if (!expected.has(what)) return `${what} was decided, and nobody else would`
    for (const place of told.keys()) if (!expected.has(place.slice(2))) return `${place} was told, and never was`
    return null
  }

  /** A firing is told with its end, too, where it was over before it could be told. */
  #endsOf(what: string, expected: ReadonlySet<string>): string[] {
    if (!what.startsWith('firing ')) return []
    const begin = `${what.replace('firing', 'resolved')} `
    return [...expected].filter(one => one.startsWith(begin))
  }

  /** An evaluator that never stops, in the plainest words. */
  #transitions(series: ReadonlyArray<boolean | null>, group: number): string[] {
    const { forInstants, keepInstants } = this.#options
    const found: string[] = []
    let [held, gone, fired] = [-1, -1, -1]
    series.forEach((holds, i) => {
      if (holds === null) return
      if (holds) {
        gone = -1
        if (held < 0) held = i
        if (fired < 0 && i - held >= forInstants) {
          fired = i
          found.push(`firing ${group} ${i}`)
        }
        return
      }
      if (fired < 0) {
        held = -1
        return
      }
      if (gone < 0) gone = i
      if (i - gone >= keepInstants) {
        found.push(`resolved ${group} ${fired} ${i}`)
        held = -1
        gone = -1
        fired = -1
      }
    })
    return found
  }

  #pass(ms: number): void {
    this.#now += ms
    this.#instants = Math.min(this.#length, Math.floor((this.#now - START) / EVERY))
    // a request is taken before its time-out or never
    for (const request of this.#network.filter(each => this.#now - each.sentAt >= TIMEOUT)) this.#lose(request)
  }

  #lead(index: number, surely = false): void {
    // somebody else leads only when the leader is gone, or seems to be
    if (!surely && this.#leader >= 0 && this.#evaluators[this.#leader]?.epoch === this.#epoch && !this.#fault()) return
    const next = this.#evaluators[index] as Evaluator
    if (next.epoch !== 0 && next.epoch === this.#epoch) {
      this.#end(next, 'is killed')
      return
    }
    // of what the one before had under way nobody writes the answers down any more
    for (const evaluator of this.#evaluators) this.#forget(evaluator)
    this.#leader = index
    this.#epoch++
    next.epoch = this.#epoch
    next.state = foldAlerts(this.#log)
    const { drain, takenOverInDoubt } = this.#options.protections
    const draft = new AlertDraft(next.state)
    takeOver(draft, this.#now)
    for (const lane of draft.lanes()) {
      if (lane.open === null) continue
      if (!drain) draft.put({ ...lane, notBefore: null })
      if (!takenOverInDoubt) draft.put({ ...lane, open: null, notBefore: null, flushAt: this.#now, nextAt: null })
    }
    this.#append(next, draft.changes(), false)
    this.trace.push(`${index} leads (${this.#epoch})`)
  }

  #end(evaluator: Evaluator, why: string): void {
    this.trace.push(`${this.#evaluators.indexOf(evaluator)} ${why}`)
    this.#forget(evaluator)
    evaluator.epoch = 0
  }

  /** Whatever it had under way has nobody to answer to. */
  #forget(evaluator: Evaluator): void {
    for (const request of evaluator.underWay.values()) {
      request.waits = false
      this.#excuse(request)
    }
    // answers that it had and did not write down
    for (const { key } of evaluator.answers) this.#excuses.set(key, (this.#excuses.get(key) ?? 0) + 1)
    evaluator.underWay = new Map()
    evaluator.answers = []
  }

  #excuse({ notification: { key } }: Request): void {
    this.#excuses.set(key, (this.#excuses.get(key) ?? 0) + 1)
  }

  #step(index: number): void {
    const evaluator = this.#evaluators[index]
    if (evaluator === undefined || evaluator.epoch === 0) return
    const { protections } = this.#options
    const due = dueInstants(evaluator.state.progress.get('Low'), this.#rule, START + this.#instants * EVERY, {
      catchUpMs: 1e12,
      most: 1 + this.#options.random(3),
    })
    const from = START + EVERY
    const all = due.instants.length === 0 ? [] : due.instants.filter(instant => instant >= from)
    const first = evaluator.state.progress.get('Low') === undefined && all.length > 0
    // the rule is as old as the world: its first instant is the first one
    const instants = first ? Array.from({ length: this.#instants }, (_, i) => from + i * EVERY) : all
    const taken = protections.catchUp ? instants : instants.slice(-1)
    const evaluation: RuleEvaluation = {
      rule: this.#rule,
      gap: null,
      instants: taken.map(instant => ({ instant, observations: this.#observe(instant) })),
    }
    const answers = evaluator.answers
    const changes = stepAlerts(evaluator.state, {
      ...{ alerting: this.#alerting, now: this.#now, answers, silences: null },
      evaluations: [evaluation],
      catchingUp: new Set(due.more ? ['Low'] : []),
      newKey: () => `key ${++this.#keys}`,
      wording: {
        ...{ rules: this.#alerting.rules, currency: 'EUR', externalUrl: null, time: String },
        about: () => ({ label: { en: 'x' }, unit: 'percent' }),
      },
    })
    const kept = protections.progressTogether
      ? changes
      : changes.filter(({ key }) => !key.startsWith('progress/') || this.#options.random(3) > 0)
    if (!protections.intentFirst) for (const change of changes) this.#sendUnwritten(evaluator, index, change)
    if (protections.outcomeLogged) evaluator.answers = []
    if (!this.#append(evaluator, kept, true)) {
      // answers that were in what was not appended are lost to all
      for (const { key } of answers) this.#excuses.set(key, (this.#excuses.get(key) ?? 0) + 1)
      return
    }
    evaluator.answers = []
    if (this.#options.random(3) > 0 || this.#faults === 0) this.#send(evaluator, index)
  }

  #observe(instant: number) {
    const i = Math.round((instant - START) / EVERY) - 1
    return this.#options.series.map((series, group) => {
      const holds = series[i] ?? null
      const seen = { value: null, target: null, n: 0, compared: {} }
      return { group: [String(group)], fires: holds, stays: holds, lowVolume: false, seen }
    })
  }

  /** False: its leadership is over. */
  #append(evaluator: Evaluator, changes: readonly StateChange[], mayFail: boolean): boolean {
    const isStale = evaluator.epoch !== this.#epoch
    if (isStale && this.#options.protections.fence) {
      this.#end(evaluator, 'is fenced')
      return false
    }
    const fails = mayFail && changes.length > 0 && this.#fault()
    const isLost = fails && this.#options.random(2) === 0
    if (!isLost) {
      this.#log.push(...changes)
      for (const change of changes) {
        if (!isStale) this.#note(change)
        evaluator.state.fold(change)
      }
    }
    if (!fails) return true
    this.#end(evaluator, `loses the answer to an append${isLost ? ', and the append' : ''}`)
    return false
  }

  #note({ key, value }: StateChange): void {
    if (!key.startsWith('instance/') || value === null) return
    for (const { kind, group, startsAt, instant } of transitionsOf(value))
      this.#decided.add(whatOf(kind, group, startsAt, instant))
  }

  #send(evaluator: Evaluator, index: number): void {
    const isUnderWay = (name: string) =>
      evaluator.underWay.has(name) || evaluator.answers.some(({ lane }) => lane === name)
    for (const { lane, open } of sendable(evaluator.state, this.#now, isUnderWay)) {
      if (open === null) continue
      if (this.#options.protections.lease && evaluator.epoch !== this.#epoch) continue
      this.#request(evaluator, index, lane, open.notification)
    }
  }

  #sendUnwritten(evaluator: Evaluator, index: number, { key, value }: StateChange): void {
    if (!key.startsWith('lane/') || value === null) return
    const { lane, open } = JSON.parse(value) as { lane: string; open: { notification: Notification } | null }
    if (open !== null && !evaluator.underWay.has(lane) && open.notification.at === this.#now)
      this.#request(evaluator, index, lane, open.notification)
  }

  #request(evaluator: Evaluator, index: number, lane: string, notification: Notification): void {
    const request = { from: index, epoch: evaluator.epoch, sentAt: this.#now, notification, waits: true }
    evaluator.underWay.set(lane, request)
    this.#network.push(request)
    this.trace.push(`${index} sends ${notification.key}: ${whats(notification).join(', ')}`)
  }

  /** Something happens to a request on its way. */
  #arrive(): void {
    if (this.#network.length === 0) return
    const request = this.#network[this.#options.random(this.#network.length)] as Request
    if (!this.#fault()) {
      this.#take(request)
      return this.#answer(request, { kind: 'delivered', answer: '200' })
    }
    switch (this.#options.random(4)) {
      case 0:
        this.#drop(request)
        return this.#answer(request, { kind: 'refused', answer: '503' })
      case 1:
        this.#take(request)
        return this.#lose(request)
      case 2:
        // no answer in time, and the receiver still has it: it may take it until the time-out is over
        this.#lose(request, false)
        return
      default:
        return this.#lose(request)
    }
  }

  #take(request: Request): void {
    this.#drop(request)
    const { notification, epoch } = request
    const lane = notification.lane
    if (this.#taken.some(taken => taken.receiver === notification.receiver && taken.epoch > epoch))
      this.#late = `${lane}: a request of leader ${epoch} was taken after one of a later leader`
    this.trace.push(`${notification.receiver} takes ${notification.key} of ${epoch}`)
    const repeat = notification.reason === 'repeat'
    const alerts = whats(notification).map(what => ({ what, repeat }))
    this.#taken.push({ receiver: notification.receiver, key: notification.key, epoch, alerts })
  }

  #drop(request: Request): void {
    this.#network.splice(this.#network.indexOf(request), 1)
  }

  /** The answer does not come. */
  #lose(request: Request, gone = true): void {
    if (gone && this.#network.includes(request)) this.#drop(request)
    if (!request.waits) return
    this.#excuse(request)
    const { frozenInDoubt } = this.#options.protections
    this.#answer(request, { kind: frozenInDoubt ? 'in_doubt' : 'refused', answer: 'no answer' })
  }

  #answer(request: Request, delivery: Delivery): void {
    if (!request.waits) return
    request.waits = false
    const evaluator = this.#evaluators[request.from] as Evaluator
    const { lane, key } = request.notification
    evaluator.underWay.delete(lane)
    if (!this.#options.protections.outcomeLogged && this.#options.random(2) === 0) return
    evaluator.answers.push({ lane, key, delivery, sentAt: request.sentAt })
  }
}

const whatOf = (kind: string, group: string, startsAt: number, instant: number): string => {
  const at = (time: number) => Math.round((time - START) / EVERY) - 1
  return kind === 'firing' ? `firing ${group} ${at(startsAt)}` : `resolved ${group} ${at(startsAt)} ${at(instant)}`
}

function transitionsOf(value: string) {
  const { record } = readRecord(value)
  if (record.kind !== 'instance') return []
  return record.transitions.map(transition => ({ ...transition, group: record.group[0] ?? '' }))
}

/** An episode that is told when it is over tells of its beginning too. */
function whats({ alerts }: Notification): string[] {
  return alerts.map(({ status, labels, startsAt, endsAt }) =>
    whatOf(status, labels['campaign'] ?? '', startsAt, endsAt ?? startsAt),
  )
}
