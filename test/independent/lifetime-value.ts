/** What a customer costs and is worth. */
import { activity } from './activity.ts'
import { type Calculation, divide, monthsOf, type Question, quantile, ratio, sum } from './answer.ts'
import { buyersOf } from './customers.ts'
import { type Happened, type History, number } from './history.ts'
import { costs, customersSince, netRevenue, ordersIn } from './orders.ts'
import { marginOf } from './retail.ts'

const isIn = (t: number, { from, to }: Question): boolean => t >= from && t < to

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

/** One over the monthly share of customers who leave, five years at most. */
const customer_months_by_churn: Calculation = (history, question) => {
  const churn = activity.customer_churn_rate(history, question).value
  if (churn === null) return { value: null }
  return { value: churn > 0 ? Math.min(60, monthsOf(history, question) / churn) : 60 }
}

const ltv_by_churn: Calculation = (history, question) => {
  const worth = worthOf(history, question)
  const months = customer_months_by_churn(history, question).value
  return { value: minus(times(worth.orderValue, worth.ordersPerMonth, months), worth.cac) }
}

/** What the window's new customers have brought until now, each of them. */
const ltv_cohort: Calculation = (history, question) => {
  const since = customersSince(history)
  const cohort = new Set([...since].filter(([, t]) => isIn(t, question)).map(([who]) => who))
  const money = history.of(['purchase', 'refund']).filter(e => cohort.has(e.who))
  return ratio(['cohort_revenue', worth(money)], ['new_customers', cohort.size])
}

const worth = (events: readonly Happened[]): number =>
  sum(events.map(e => (e.type === 'refund' ? -1 : 1) * number(e, 'amount')))

/** What each customer of a segment brought in the window; who belongs to it is settled as the window begins. */
function broughtBy(history: History, { from, to }: Question, belongs: (worth: number) => boolean): number[] {
  const since = customersSince(history)
  const money = Map.groupBy(history.of(['purchase', 'refund']), e => e.who)
  return [...since]
    .filter(([, t]) => t < from)
    .map(([who]) => money.get(who) ?? [])
    .filter(events => belongs(worth(events.filter(e => e.t < from))))
    .map(events => worth(events.filter(e => e.t >= from && e.t < to)))
}

const SEGMENTS = {
  high: (value: number) => value >= 2000,
  mid: (value: number) => value >= 1000 && value < 2000,
  low: (value: number) => value < 1000,
}

const segmentMean =
  (segment: keyof typeof SEGMENTS): Calculation =>
  (history, question) => {
    const brought = broughtBy(history, question, SEGMENTS[segment])
    return { value: divide(sum(brought), brought.length) }
  }

const segmentMedian =
  (segment: keyof typeof SEGMENTS): Calculation =>
  (history, question) => ({ value: quantile(broughtBy(history, question, SEGMENTS[segment]), 0.5) })

export const lifetimeValue = {
  new_customers: (history, question) => ({ value: newCustomers(history, question) }),
  cac,
  ltv,
  ltv_margin,
  ltv_historic,
  ltv_to_cac,
  ltv_by_churn,
  ltv_cohort,
  customer_months_by_churn,
  cac_payback_months,
  orders_per_month: (history, question) => ({ value: worthOf(history, question).ordersPerMonth }),
  gross_margin_value: (history, question) => {
    const { orderValue, ordersPerMonth, margin } = worthOf(history, question)
    return { value: times(orderValue, ordersPerMonth, EXPECTED_MONTHS, margin) }
  },
  net_revenue_to_date: (history, { to }) => ({ value: netRevenue(history, Number.NEGATIVE_INFINITY, to) }),
  ltv_high: segmentMean('high'),
  ltv_high_median: segmentMedian('high'),
  ltv_mid: segmentMean('mid'),
  ltv_mid_median: segmentMedian('mid'),
  ltv_low: segmentMean('low'),
  ltv_low_median: segmentMedian('low'),
} satisfies Record<string, Calculation>
