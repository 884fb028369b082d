/** Subscriptions: what recurs each month, how it moves, who renews. */
import { type Answer, type Calculation, growth, type Question, ratio, sum } from './answer.ts'
import { DAY } from './calendar.ts'
import { type Group, type Happened, type History, number, text } from './history.ts'

interface Subscription {
  readonly steps: readonly Happened[]
  times(action: string): number[]
  /** monthly money as of an instant; null: not live */
  mrrAt(t: number): number | null
}

function subscriptionsOf(history: History, by?: Group): Subscription[] {
  return [...Map.groupBy(history.of('subscription'), e => text(e, 'subscription_id')).values()]
    .map(steps => ({
      steps,
      times: (action: string) => steps.filter(step => text(step, 'action') === action).map(step => step.t),
      mrrAt(t: number): number | null {
        const before = steps.filter(step => step.t < t)
        if (!before.some(step => text(step, 'action') === 'started')) return null
        if (before.some(step => text(step, 'action') === 'cancelled')) return null
        return before.map(step => number(step, 'mrr')).findLast(mrr => !Number.isNaN(mrr)) ?? 0
      },
    }))
    .filter(({ steps }) =>
      Object.entries(by ?? {}).every(
        ([field, value]) => (steps.map(step => text(step, field)).find(found => found !== '') ?? '') === value,
      ),
    )
}

const mrrOf = (history: History, t: number, by?: Group): number =>
  sum(subscriptionsOf(history, by).map(subscription => subscription.mrrAt(t) ?? 0))

/** The end of the quarter before the one that holds the window's end. */
function quarterBefore(history: History, { to }: Question): number {
  const { calendar } = history
  const month = new Date(calendar.day(to - 1) * DAY).getUTCMonth()
  return calendar.month(to - 1, -(month % 3))
}

function mrr_growth(history: History, question: Question): Answer {
  const opening = mrrOf(history, quarterBefore(history, question), question.by)
  const closing = mrrOf(history, question.to, question.by)
  return { value: growth(closing, opening), parts: { closing, opening } }
}

interface Move {
  /** null: not live then */
  readonly before: number | null
  readonly after: number | null
}

const moves = (history: History, { from, to, by }: Question): Move[] =>
  subscriptionsOf(history, by).map(subscription => ({
    before: subscription.mrrAt(from),
    after: subscription.mrrAt(to),
  }))

const total =
  (part: (before: number | null, after: number | null) => number): Calculation =>
  (history, question) => ({
    value: sum(moves(history, question).map(({ before, after }) => part(before, after))),
  })

function retained(history: History, question: Question, most: (before: number, after: number) => number): Answer {
  const live = moves(history, question).filter(({ before }) => before !== null)
  return ratio(
    ['retained_mrr', sum(live.map(({ before, after }) => most(before!, after ?? 0)))],
    ['opening_mrr', sum(live.map(({ before }) => before!))],
  )
}

function renewal_rate(history: History, { from, to, by }: Question): Answer {
  let [due, renewed] = [0, 0]
  for (const subscription of subscriptionsOf(history, by))
    for (const t of subscription.times('due').filter(each => each >= from && each < to)) {
      due++
      if (subscription.times('renewed').some(at => at >= t - 30 * DAY && at < t + 14 * DAY)) renewed++
    }
  return ratio(['renewed', renewed], ['due', due])
}

function subscription_churn_rate(history: History, { from, to, by }: Question): Answer {
  const live = subscriptionsOf(history, by).filter(subscription => subscription.mrrAt(from) !== null)
  const cancelled = live.filter(subscription => subscription.times('cancelled').some(t => t >= from && t < to))
  return ratio(['cancelled', cancelled.length], ['live_at_start', live.length])
}

export const subscriptions = {
  mrr: (history, { to, by }) => ({ value: mrrOf(history, to, by) }),
  mrr_growth,
  mrr_new: total((before, after) => (before === null ? (after ?? 0) : 0)),
  mrr_expansion: total((before, after) => (before !== null && after !== null && after > before ? after - before : 0)),
  mrr_contraction: total((before, after) => (before !== null && after !== null && after < before ? after - before : 0)),
  mrr_churn: total((before, after) => (after === null && before !== null && before > 0 ? -before : 0)),
  net_revenue_retention: (history, question) => retained(history, question, (_, after) => after),
  gross_revenue_retention: (history, question) =>
    retained(history, question, (before, after) => Math.min(before, after)),
  renewal_rate,
  subscription_churn_rate,
} satisfies Record<string, Calculation>
