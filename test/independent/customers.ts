/** Customers over time: repeat purchases, gaps between orders, lifetime value. */
import { type Answer, type Calculation, type Question, quantile, ratio } from './answer.ts'
import { DAY } from './calendar.ts'
import { type Group, type History, inGroup } from './history.ts'
import { type Order, ordersByPerson } from './orders.ts'
import { orderCount } from './retail.ts'

const isIn = (t: number, { from, to }: Question): boolean => t >= from && t < to

/** Buyers of whom `qualifies` holds, and of those the ones of whom `repeats` does. */
function repeatRate(
  history: History,
  qualifies: (orders: readonly Order[]) => boolean,
  repeats: (orders: readonly Order[]) => boolean,
): Answer {
  const buyers = [...ordersByPerson(history).values()].filter(qualifies)
  return ratio(['repeat_buyers', buyers.filter(repeats).length], ['buyers', buyers.length])
}

const before = (orders: readonly Order[], to: number): number => orders.filter(order => order.t < to).length

const repeat_purchase_rate: Calculation = (history, question) =>
  repeatRate(
    history,
    orders => orders.some(order => isIn(order.t, question)),
    orders => before(orders, question.to) >= 2,
  )

const repeat_purchase_rate_within_window: Calculation = (history, question) =>
  repeatRate(
    history,
    orders => orders.some(order => isIn(order.t, question)),
    orders => orders.filter(order => isIn(order.t, question)).length >= 2,
  )

const repeat_purchase_rate_all_buyers: Calculation = (history, question) =>
  repeatRate(
    history,
    orders => before(orders, question.to) >= 1,
    orders => before(orders, question.to) >= 2,
  )

/** Of those whose first order lies in the window: a second one within 90 days of it. */
const repeat_purchase_rate_cohort_90d: Calculation = (history, question) =>
  repeatRate(
    history,
    orders => isIn(orders[0]!.t, question),
    orders => orders.length > 1 && orders[1]!.t - orders[0]!.t < 90 * DAY,
  )

/** Distinct persons with an order of the window. */
export const buyersOf = (history: History, { from, to, by }: Question): number =>
  new Set(
    history
      .of('purchase', from, to)
      .filter(e => e.who !== '' && inGroup(e, by as Group))
      .map(e => e.who),
  ).size

const purchase_frequency: Calculation = (history, question) =>
  ratio(['orders', orderCount(history, question)], ['buyers', buyersOf(history, question)])

/** Days between one person's successive orders, of gaps that end in the window. */
const purchase_interval: Calculation = (history, question) => {
  const gaps = [...ordersByPerson(history).values()].flatMap(orders =>
    orders.slice(1).flatMap((order, i) => (isIn(order.t, question) ? [(order.t - orders[i]!.t) / DAY] : [])),
  )
  return { value: quantile(gaps, 0.5) }
}

export const customers = {
  repeat_purchase_rate,
  repeat_purchase_rate_within_window,
  repeat_purchase_rate_all_buyers,
  repeat_purchase_rate_cohort_90d,
  purchase_frequency,
  purchase_interval,
} satisfies Record<string, Calculation>
