/** An evaluator and its receivers on a stage where the time is what the test says: a step every ten seconds. */
import {
  type Acknowledgement,
  type Alerting,
  type AlertRule,
  AlertState,
  type Answer,
  type Delivery,
  dueInstants,
  foldAlerts,
  type Inhibition,
  type Notification,
  type Observation,
  parseMatcher,
  type ReceiverSettings,
  type Route,
  type RuleEvaluation,
  readRecord,
  type Silence,
  sendable,
  stepAlerts,
  type TimeInterval,
  writeRecord,
} from '@kivi/domain'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
/** a Monday */
const DAY = Date.parse('2026-03-02T00:00:00Z')

/** `09:30`, `1 09:30` (a day later) */
export function at(text: string): number {
  const [, day = '0', hours, minutes, seconds = '0'] = /^(?:(\d+) )?(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? []
  return DAY + Number(day) * 24 * HOUR + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND
}

function clock(time: number): string {
  const day = Math.floor((time - DAY) / (24 * HOUR))
  const text = new Date(time).toISOString().slice(11, 19).replace(/:00$/, '')
  return day === 0 ? text : `${day} ${text}`
}

export const rule = (rest: Partial<AlertRule> = {}): AlertRule => ({
  ...{
    id: 'Low',
    formerly: [],
    indicator: 'ctr',
    windowMs: 15 * MINUTE,
    by: ['campaign'],
    filters: [],
    everyMs: MINUTE,
  },
  ...{ forMs: 0, keepFiringForMs: 0, noData: 'keep', minimumVolume: null, severity: 'page', labels: {} },
  ...{ annotations: {}, version: 'v1', condition: { kind: 'absent', sinceMs: 1 } },
  ...rest,
})

export const route = (receiver: string, rest: Partial<Route> = {}): Route => ({
  ...{
    id: receiver,
    matchers: [],
    receiver,
    groupBy: ['alertname'],
    groupWaitMs: 30 * SECOND,
    groupIntervalMs: 5 * MINUTE,
  },
  ...{ repeatIntervalMs: 4 * HOUR, activeIn: [], mutedIn: [], escalations: [], continue: false, routes: [] },
  ...rest,
})

export const matchers = (...texts: string[]) => texts.flatMap(text => parseMatcher(text) ?? [])

export const webhook = (name: string): ReceiverSettings => ({
  ...{ name, kind: 'webhook', url: 'https://example.com', secret: null, headers: {}, language: 'en' },
  ...{ sendResolved: true, timeoutMs: 10 * SECOND },
})

type Verdict = boolean | null | 'low volume'
/** what a rule finds at an instant, by group */
export type Finds = (instant: number) => Readonly<Record<string, Verdict>>

export interface StageSetting {
  readonly rules?: readonly AlertRule[]
  readonly route?: Route
  readonly receivers?: readonly ReceiverSettings[]
  readonly intervals?: readonly TimeInterval[]
  readonly inhibitions?: readonly Inhibition[]
}

export class Stage {
  /** `09:02 firing spring`, by the instant that decided it */
  readonly decided: string[] = []
  /** `09:02:30 chat: firing spring`, by the clock, as a receiver took it */
  readonly heard: string[] = []
  /** `1 09:10 chat: 2, refused`: by the clock, of how many alerts a receiver will not hear, and its last answer */
  readonly givenUp: string[] = []
  /** every attempt */
  readonly attempts: Notification[] = []
  /** what receivers answer; delivered, unless told otherwise */
  answers: (notification: Notification, now: number) => Delivery | null = () => ({ kind: 'delivered', answer: '200' })
  finds: Record<string, Finds> = {}
  /** rules of which the leader has not read everything that it missed */
  catchingUp: ReadonlySet<string> = new Set()
  silences: Silence[] | null = []
  acknowledgements: Acknowledgement[] = []
  state = new AlertState()
  alerting: Alerting
  now: number
  #pending: Answer[] = []
  #keys = 0

  constructor(begin: string, setting: StageSetting = {}) {
    this.now = at(begin)
    const names = new Set(
      [setting.route ?? route('chat')].flatMap(function all(one: Route): string[] {
        return [one.receiver, ...one.escalations.map(step => step.receiver), ...one.routes.flatMap(all)]
      }),
    )
    this.alerting = {
      rules: new Map((setting.rules ?? [rule()]).map(one => [one.id, one])),
      receivers: new Map((setting.receivers ?? [...names].map(webhook)).map(one => [one.name, one])),
      route: setting.route ?? route('chat'),
      intervals: new Map((setting.intervals ?? []).map(one => [one.name, one])),
      inhibitions: setting.inhibitions ?? [],
    }
    // rules are as old as the stage
    for (const id of this.alerting.rules.keys())
      this.state.progress.set(id, {
        ...{ kind: 'progress', rule: id, version: 'v1', instant: this.now - MINUTE, gap: null, goneSince: null },
      })
  }

  /** Until then, a step every ten seconds; `sleeping`: nobody is there, and then all at once. */
  play(until: string, { sleeping = false } = {}): this {
    const end = at(until)
    if (sleeping) {
      this.now = end
      this.#step()
    }
    for (; this.now <= end; this.now += 10 * SECOND) this.#step()
    return this
  }

  /** the state as another evaluator finds it in the log */
  restart(): void {
    const records = [
      ...[...this.state.instances.values(), ...this.state.lanes.values(), ...this.state.progress.values()],
      ...[...this.state.silences.values(), ...this.state.acknowledgements.values()],
    ]
    this.state = foldAlerts(records.map(record => writeRecord(record)))
  }

  silence(text: string, from: string, until: string): void {
    const silence: Silence = {
      ...{ id: `s${this.silences?.length}`, matchers: matchers(text), from: at(from), until: at(until) },
      ...{ author: 'ann', reason: 'known', setAt: at(from), ended: false },
    }
    this.silences = [...(this.silences ?? []), silence]
  }

  acknowledge(group: string): void {
    const instance = [...this.state.instances.values()].find(one => one.group[0] === group)
    if (instance === undefined) throw new Error(`nothing fires for ${group}`)
    this.acknowledgements.push({
      ...{ alert: instance.id, startsAt: instance.startsAt, author: 'ann', comment: '', setAt: this.now },
    })
  }

  #step(): void {
    const evaluations = [...this.alerting.rules.values()].map(one => this.#evaluate(one))
    const facts = this.silences === null ? null : { silences: this.silences, acknowledgements: this.acknowledgements }
    const changes = stepAlerts(this.state, {
      ...{ alerting: this.alerting, now: this.now, evaluations, silences: facts, answers: this.#pending },
      catchingUp: this.catchingUp,
      newKey: () => `key ${++this.#keys}`,
      wording: {
        ...{ rules: this.alerting.rules, currency: 'EUR', externalUrl: null, time: clock },
        about: () => ({ label: { en: 'CTR' }, unit: 'percent' }),
      },
    })
    this.#pending = []
    for (const change of changes) {
      if (change.value !== null)
        for (const fact of readRecord(change.value).facts)
          if (fact.fact === 'given_up')
            this.givenUp.push(`${clock(this.now)} ${fact.receiver}: ${fact.alerts}, ${fact.answer}`)
          else if (fact.fact === 'firing' || fact.fact === 'resolved' || fact.fact === 'gap')
            this.decided.push(
              fact.fact === 'gap'
                ? `gap ${clock(fact.from)} to ${clock(fact.to)}`
                : `${clock(fact.instant)} ${fact.fact} ${nameOf(fact.labels)}${fact.reason === 'condition' || fact.reason === null ? '' : ` (${fact.reason})`}`,
            )
      this.state.fold(change)
    }
    for (const { lane, open } of sendable(this.state, this.now, () => false)) {
      if (open === null) continue
      const { notification } = open
      this.attempts.push(notification)
      const delivery = this.answers(notification, this.now)
      if (delivery === null || delivery.kind === 'delivered') this.heard.push(this.#told(notification))
      const answer: Delivery = delivery ?? { kind: 'in_doubt', answer: 'no answer' }
      this.#pending.push({ lane, key: notification.key, delivery: answer, sentAt: this.now })
    }
  }

  #told({ receiver, reason, alerts }: Notification): string {
    const what = alerts.map(({ status, labels, startsAt, endsAt }) =>
      status === 'firing'
        ? `firing ${nameOf(labels)}`
        : `resolved ${nameOf(labels)} ${clock(startsAt)}–${clock(endsAt ?? 0)}`,
    )
    return `${clock(this.now)} ${receiver}: ${reason === 'repeat' ? 'still ' : ''}${what.join(', ')}`
  }

  #evaluate(one: AlertRule): RuleEvaluation {
    const limits = { catchUpMs: 24 * HOUR, most: 10_000 }
    const due = dueInstants(this.state.progress.get(one.id), one, this.now, limits)
    const finds = this.finds[one.id] ?? (() => ({}))
    return {
      rule: one,
      gap: due.gap,
      instants: due.instants.map(instant => ({
        instant,
        observations: Object.entries<Verdict>(finds(instant)).map(([group, verdict]) =>
          observation(one, group, verdict),
        ),
      })),
    }
  }
}

function observation({ by }: AlertRule, group: string, verdict: Verdict): Observation {
  const holds = verdict === 'low volume' ? null : verdict
  const seen = { value: holds === null ? null : 0.01, target: 0.02, n: 1, compared: {} }
  return {
    ...{ group: by.length === 0 ? [] : [group], fires: holds, stays: holds, seen },
    lowVolume: verdict === 'low volume',
  }
}

const nameOf = (labels: Readonly<Record<string, string>>): string => labels['campaign'] ?? labels['alertname'] ?? ''

/** spring holds from one time to another */
export const during = (from: string, until: string, group = 'spring', otherwise: Verdict = false): Finds => {
  const [begin, end] = [at(from), at(until)]
  return instant => ({ [group]: instant >= begin && instant < end ? true : otherwise })
}

/** several groups */
export const all =
  (...finds: readonly Finds[]): Finds =>
  instant =>
    Object.assign({}, ...finds.map(each => each(instant)))
