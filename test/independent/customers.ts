/** Customers over time: repeat purchases, gaps between orders, lifetime value. */
import { type Answer, type Calculation, divide, monthsOf, type Question, quantile, ratio, sum } from './answer.ts'
import { DAY } from './calendar.ts'
import { type Group, type History, inGroup } from './history.ts'
import { costs, customersSince, netRevenue, type Order, ordersByPerson, ordersIn } from './orders.ts'
import { marginOf, orderCount } from './retail.ts'

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
const buyersOf = (history: History, { from, to, by }: Question): number =>
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

const newCustomers = (history: History, question: Question): number =>
  [...customersSince(history).values()].filter(t => isIn(t, question)).length

const acquisitionCost = (history: History, { from, to }: Question): number =>
  costs(history, from, to, ['ad_spend', 'acquisition'])

const cac: Calculation = (history, question) =>
  ratio(['acquisition_cost', acquisitionCost(history, question)], ['new_customers', newCustomers(history, question)])

interface Worth {
  readonly orderValue: number | null
  readonly ordersPerMonth: number | null
  readonly margin: number | null
  readonly cac: number | null
}

function worthOf(history: History, question: Question): Worth {
  const orders = ordersIn(history, question.from, question.to)
  const { revenue, cost } = marginOf(history, question)
  return {
    orderValue: divide(sum(orders.map(order => order.amount)), orders.length),
    ordersPerMonth: divide(orders.length, buyersOf(history, question) * monthsOf(history, question)),
    margin: divide(revenue - cost, revenue),
    cac: cac(history, question).value,
  }
}

const times = (...factors: readonly (number | null)[]): number | null =>
  factors.some(factor => factor === null) ? null : (factors as number[]).reduce((product, f) => product * f, 1)
const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)

const EXPECTED_MONTHS = 12

const ltv: Calculation = (history, question) => {
  const worth = worthOf(history, question)
  return {
    value: minus(times(worth.orderValue, worth.ordersPerMonth, EXPECTED_MONTHS), worth.cac),
    parts: {
      mean_order_value: worth.orderValue,
      orders_per_month: worth.ordersPerMonth,
      expected_months: EXPECTED_MONTHS,
      acquisition_cost_per_customer: worth.cac,
    },
  }
}

const ltv_margin: Calculation = (history, question) => {
  const worth = worthOf(history, question)
  return {
    value: minus(times(worth.orderValue, worth.ordersPerMonth, EXPECTED_MONTHS, worth.margin), worth.cac),
    parts: { gross_margin: worth.margin },
  }
}

/** Net revenue so far of all who ever became customers, for each of them. */
const ltv_historic: Calculation = (history, { to }) => {
  const customers = [...customersSince(history).values()].filter(t => t < to).length
  return ratio(['revenue', netRevenue(history, Number.NEGATIVE_INFINITY, to)], ['customers', customers])
}

const ltv_to_cac: Calculation = (history, question) => {
  const worth = worthOf(history, question)
  return ratio(
    ['gross_margin_value', times(worth.orderValue, worth.ordersPerMonth, EXPECTED_MONTHS, worth.margin)],
    ['cac', worth.cac],
  )
}

const cac_payback_months: Calculation = (history, question) => {
  const worth = worthOf(history, question)
  return { value: divide(worth.cac, times(worth.orderValue, worth.ordersPerMonth, worth.margin)) }
}

export const customers = {
  repeat_purchase_rate,
  repeat_purchase_rate_within_window,
  repeat_purchase_rate_all_buyers,
  repeat_purchase_rate_cohort_90d,
  purchase_frequency,
  purchase_interval,
  new_customers: (history, question) => ({ value: newCustomers(history, question) }),
  cac,
  ltv,
  ltv_margin,
  ltv_historic,
  ltv_to_cac,
  cac_payback_months,
} satisfies Record<string, Calculation>
