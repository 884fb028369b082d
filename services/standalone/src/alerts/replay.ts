/**
 * What rules would have done in a stretch of the past: the evaluation and the stages of a running Kivi, instant by
 * instant, with one receiver that takes everything at once. A rule is read a day at a time, with one question each.
 */
import {
  type AlertFact,
  type AlertRule,
  AlertState,
  type Catalog,
  ceilTo,
  dueInstants,
  floorTo,
  type ReceiverSettings,
  type Route,
  type RuleEvaluation,
  readRecord,
  stepAlerts,
} from '@kivi/domain'

export interface Episode {
  readonly rule: string
  readonly labels: Readonly<Record<string, string>>
  /** the instant at which it fired */
  readonly from: number
  /** null: it fires still */
  readonly to: number | null
  readonly value: number | null
  /** why it ended */
  readonly reason: string | null
  /** false: another alert said why, and nobody was told */
  readonly told: boolean
}

interface ReplayOptions {
  readonly catalog: Catalog
  readonly rules: readonly AlertRule[]
  /** the first instant that is judged is the first one at or after it, epoch ms */
  readonly from: number
  /** what a rule finds at instants, of which there are at most those of a day */
  readonly observe: (rule: AlertRule, instants: readonly number[]) => Promise<RuleEvaluation['instants']>
  readonly signal: AbortSignal
}

interface Replay {
  /**
   * Judges all instants up to this one.
   * @param leastEveryMs rules that are judged more often are judged at multiples of this only
   */
  passTo(until: number, leastEveryMs?: number): Promise<void>
  /** in the order in which they fired */
  episodes(): Episode[]
  /** how many instants were judged, of all rules */
  instants(): number
}

const DAY = 86_400_000
/** All rules are brought to one instant so often, as one of them may silence another one. */
const TOGETHER_MS = 15 * 60_000
const RECEIVER = 'people'

const EVERYBODY: Route = {
  ...{ id: 'default', matchers: [], receiver: RECEIVER, groupBy: ['...'], continue: false, routes: [] },
  ...{ groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: Number.MAX_SAFE_INTEGER },
  ...{ activeIn: [], mutedIn: [], escalations: [] },
}
const PEOPLE: ReceiverSettings = {
  ...{ kind: 'kafka', name: RECEIVER, topic: '', language: 'en', sendResolved: true, timeoutMs: 0 },
}

type Found = RuleEvaluation['instants']

export function createReplay({ catalog, rules, from, observe, signal }: ReplayOptions): Replay {
  const byId = new Map(rules.map(rule => [rule.id, rule]))
  const alerting = {
    ...{ ...catalog.alerting, rules: byId, route: EVERYBODY },
    receivers: new Map([[RECEIVER, PEOPLE]]),
  }
  const wording = {
    ...{ rules: byId, currency: catalog.currency, externalUrl: null, time: String },
    about: () => ({ label: { en: '' }, unit: 'number' }),
  }
  const state = new AlertState()
  for (const { id, version } of rules)
    state.progress.set(id, { kind: 'progress', rule: id, version, instant: from - 1, gap: null, goneSince: null })
  const known = new Map<string, { -readonly [K in keyof Episode]: Episode[K] }>()
  let instants = 0

  const note = (fact: AlertFact): void => {
    if ((fact.fact !== 'firing' && fact.fact !== 'resolved') || fact.rule === null) return
    const { rule, labels, startsAt, value } = fact
    const key = `${fact.alert} ${startsAt}`
    if (fact.fact === 'firing')
      known.set(key, { rule, labels, from: startsAt, to: null, value, reason: null, told: false })
    else Object.assign(known.get(key) ?? {}, { to: fact.instant, reason: fact.reason })
  }

  /** What one step decided is delivered with the next. */
  function step(evaluations: readonly RuleEvaluation[], now: number): void {
    const answers = [...state.lanes.values()].flatMap(({ lane, open }) => {
      for (const { id, startsAt, status } of open?.notification.alerts ?? [])
        if (status === 'firing') Object.assign(known.get(`${id} ${startsAt}`) ?? {}, { told: true })
      const delivery = { kind: 'delivered', answer: '' } as const
      return open === null ? [] : [{ lane, key: open.notification.key, delivery, sentAt: now }]
    })
    let keys = 0
    const changes = stepAlerts(state, {
      ...{ alerting, wording, now, evaluations, answers, silences: null, catchingUp: new Set<string>() },
      newKey: () => `${now} ${keys++}`,
    })
    for (const change of changes) {
      if (change.value !== null) for (const fact of readRecord(change.value).facts) note(fact)
      state.fold(change)
    }
  }

  async function pass(after: number, until: number, leastEveryMs: number): Promise<void> {
    const found = new Map<AlertRule, Found>()
    for (const rule of rules) {
      signal.throwIfAborted()
      const stepped = { ...rule, everyMs: Math.max(rule.everyMs, leastEveryMs) }
      const limits = { catchUpMs: Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER }
      const due = dueInstants(state.progress.get(rule.id), stepped, until, limits)
      if (due.instants.length === 0) continue
      instants += due.instants.length
      found.set(stepped, await observe(stepped, due.instants))
    }
    const ends = rules.length === 1 ? [until] : stepsOf(after, until)
    let last = after
    for (const end of ends) {
      const evaluations = [...found].flatMap(([rule, all]) => {
        const own = all.filter(({ instant }) => instant > last && instant <= end)
        return own.length === 0 ? [] : [{ rule, gap: null, instants: own }]
      })
      step(evaluations, end)
      last = end
    }
  }

  let passed = from - 1
  return {
    async passTo(until, leastEveryMs = 0) {
      while (passed < until) {
        const end = Math.min(until, floorTo(passed, DAY) + DAY)
        await pass(passed, end, leastEveryMs)
        passed = end
      }
      // what was decided last is told too
      step([], until)
    },
    episodes: () =>
      [...known]
        .sort(([a, one], [b, other]) => one.from - other.from || (a < b ? -1 : 1))
        .map(([, episode]) => episode),
    instants: () => instants,
  }
}

function stepsOf(after: number, until: number): number[] {
  const ends: number[] = []
  for (let end = ceilTo(after + 1, TOGETHER_MS); end < until; end += TOGETHER_MS) ends.push(end)
  return [...ends, until]
}
