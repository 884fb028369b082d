/** Who was active when: daily, weekly, monthly, again, no longer. */
import {
  type Answer,
  activePersons,
  type Calculation,
  divide,
  mean,
  persons,
  previous,
  type Question,
  ratio,
  within,
} from './answer.ts'
import { DAY } from './calendar.ts'
import { type History, inGroup, text } from './history.ts'
import { customersSince } from './orders.ts'

/** Active on the local days that end with the one of the window's last instant. */
function activeOverDays(history: History, { to }: Question, days: number): Set<string> {
  const { calendar } = history
  const last = calendar.day(to - 1)
  return activePersons(history, calendar.start(last - days + 1), Math.min(to, calendar.start(last + 1)))
}

/** Mean of the daily active persons over whole local days. */
function meanDaily(history: History, from: number, to: number): number | null {
  const { calendar } = history
  const daily: number[] = []
  for (let day = calendar.day(from); calendar.start(day + 1) <= to; day++)
    if (calendar.start(day) >= from)
      daily.push(activePersons(history, calendar.start(day), calendar.start(day + 1)).size)
  return mean(daily)
}

const meanDailyOf30 = (history: History, { to }: Question): number | null =>
  meanDaily(history, history.calendar.start(history.calendar.day(to - 1) - 29), to)

function stickiness(history: History, question: Question): Answer {
  return { value: divide(meanDailyOf30(history, question), activeOverDays(history, question, 30).size) }
}

function login_frequency(history: History, { from, to }: Question): Answer {
  return ratio(
    ['logins', history.of('login', from, to).length],
    ['active_persons', activePersons(history, from, to).size],
  )
}

/** When each person is first known: the signup where there is one, else the first activity. */
function firstSeen(history: History): Map<string, number> {
  const first = new Map<string, number>()
  for (const e of history.of('signup')) if (e.who !== '' && !first.has(e.who)) first.set(e.who, e.t)
  const signedUp = new Set(first.keys())
  for (const e of history.events)
    if (e.who !== '' && history.isActive(e) && !signedUp.has(e.who) && !first.has(e.who)) first.set(e.who, e.t)
  return first
}

export interface Cohort {
  readonly persons: number
  readonly retained: number
}

/** New persons of each local day whose day n is over, and how many were active on it (or on it or later). */
export function retentionByDay(
  history: History,
  { from, to }: Question,
  n: number,
  rule: 'on' | 'on_or_after' = 'on',
): Map<string, Cohort> {
  const { calendar } = history
  const cohorts = new Map<string, Cohort>()
  for (const [who, t] of firstSeen(history)) {
    if (t < from || t >= to) continue
    const day = calendar.day(t) + n
    if (calendar.start(day + 1) > history.known) continue
    const [start, end] = [calendar.start(day), calendar.start(day + 1)]
    const back = history.activeOf(who).some(e => e.t >= start && (rule === 'on_or_after' || e.t < end))
    const { persons: size, retained } = cohorts.get(calendar.date(t)) ?? { persons: 0, retained: 0 }
    cohorts.set(calendar.date(t), { persons: size + 1, retained: retained + (back ? 1 : 0) })
  }
  return cohorts
}

const retention =
  (n: number): Calculation =>
  (history, question) => {
    const cohorts = [...retentionByDay(history, question, n).values()]
    const retained = cohorts.reduce((total, cohort) => total + cohort.retained, 0)
    return ratio(['retained', retained], ['cohort_users', cohorts.reduce((total, cohort) => total + cohort.persons, 0)])
  }

/** Persons active in the window and in the one before it. */
function again(history: History, question: Question): { before: Set<string>; now: Set<string> } {
  const before = previous(history, question)
  return {
    before: activePersons(history, before.from, before.to),
    now: activePersons(history, question.from, question.to),
  }
}

function period_retention(history: History, question: Question): Answer {
  const { before, now } = again(history, question)
  return ratio(['retained', within(before, now)], ['active_before', before.size])
}

function churn_rate(history: History, question: Question): Answer {
  const { before, now } = again(history, question)
  return ratio(['churned', before.size - within(before, now)], ['active_before', before.size])
}

/** The same over persons who were customers before the window began. */
function customer_retention_rate(history: History, question: Question): Answer {
  const since = customersSince(history)
  const { before, now } = again(history, question)
  const customers = new Set([...before].filter(who => (since.get(who) ?? Number.POSITIVE_INFINITY) < question.from))
  return ratio(['retained', within(customers, now)], ['active_before', customers.size])
}

function returning_user_activity(history: History, { from, to }: Question): Answer {
  const known = activePersons(history, from - 90 * DAY, from)
  return ratio(['active', within(known, activePersons(history, from, to))], ['known_before', known.size])
}

/** Of those who were active two periods ago and not in the last one, who came back in this one. */
function win_back_rate(history: History, question: Question): Answer {
  const last = { ...question, ...previous(history, question) }
  const { before, now } = again(history, last)
  const churned = new Set([...before].filter(who => !now.has(who)))
  const back = within(churned, activePersons(history, question.from, question.to))
  return ratio(['won_back', back], ['churned', churned.size])
}

function feature_usage_rate(history: History, { from, to, by }: Question): Answer {
  const uses = featureUses(history, { from, to, ...(by && { by }) })
  return ratio(['feature_uses', uses.length], ['active_persons', activePersons(history, from, to).size])
}

function feature_adoption(history: History, { from, to, by }: Question): Answer {
  const uses = featureUses(history, { from, to, ...(by && { by }) })
  return ratio(['feature_users', persons(uses).size], ['active_persons', activePersons(history, from, to).size])
}

/** By which the product keeps its promise, as the shipped catalog names them. */
const KEY_FEATURES = ['wishlist', 'reorder', 'brew-guide']

const featureUses = (history: History, { from, to, by }: Question) =>
  history.of('feature_use', from, to).filter(e => KEY_FEATURES.includes(text(e, 'feature')) && inGroup(e, by))

export const activity = {
  dau: (history, question) => ({ value: activeOverDays(history, question, 1).size }),
  wau: (history, question) => ({ value: activeOverDays(history, question, 7).size }),
  mau: (history, question) => ({ value: activeOverDays(history, question, 30).size }),
  dau_mean: (history, { from, to }) => ({ value: meanDaily(history, from, to) }),
  dau_mean_30d: (history, question) => ({ value: meanDailyOf30(history, question) }),
  stickiness,
  login_frequency,
  new_user_retention_d1: retention(1),
  new_user_retention_d7: retention(7),
  new_user_retention_d30: retention(30),
  period_retention_7d: period_retention,
  period_retention_30d: period_retention,
  churn_rate,
  customer_retention_rate,
  customer_churn_rate: (history, question) => {
    const { value } = customer_retention_rate(history, question)
    return { value: value === null ? null : 1 - value }
  },
  returning_user_activity,
  win_back_rate,
  feature_usage_rate,
  feature_adoption,
} satisfies Record<string, Calculation>
