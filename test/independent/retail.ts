/** Retail: money of purchases and refunds, margins, returns, and visitors who buy. */
import {
  type Answer,
  type Calculation,
  daysOf,
  divide,
  growth,
  persons,
  previous,
  type Question,
  ratio,
  sum,
  within,
} from './answer.ts'
import { DAY } from './calendar.ts'
import { type Happened, type History, inGroup, number, orderId } from './history.ts'
import { amountOf, costOfGoods, costs, netRevenue, ordersIn, ordersOf } from './orders.ts'
import { levelAt, TOTAL_ASSETS } from './references.ts'
import { sessionsOf } from './sessions.ts'

const RETURNS_WITHIN = 30 * DAY

export const lines = (history: History, { from, to, by }: Question): Happened[] =>
  history.of('purchase', from, to).filter(e => inGroup(e, by))

const amount = (found: readonly Happened[]): number => sum(found.map(e => number(e, 'amount')))

/** Distinct orders of which a line lies in the window. */
export const orderCount = (history: History, question: Question): number =>
  new Set(lines(history, question).map(orderId)).size

const net = (history: History, { from, to, by }: Question): number => netRevenue(history, from, to, by)

function net_revenue(history: History, question: Question): Answer {
  const refunds = history.of('refund', question.from, question.to).filter(e => inGroup(e, question.by))
  return {
    value: net(history, question),
    parts: { purchases: amount(lines(history, question)), refunds: amount(refunds) },
  }
}

const profit = (history: History, question: Question): number =>
  net(history, question) - costOfGoods(history, question.from, question.to, question.by)

const operatingProfit = (history: History, question: Question): number =>
  profit(history, question) - costs(history, question.from, question.to, [], question.by)

function average_transaction_value(history: History, question: Question): Answer {
  return ratio(['amount', amount(lines(history, question))], ['orders', orderCount(history, question)])
}

function visitor_conversion_rate(history: History, question: Question): Answer {
  const visitors = persons(history.of('page_view', question.from, question.to))
  const buyers = persons(history.of('purchase', question.from, question.to))
  return ratio(['visitors_who_bought', within(visitors, buyers)], ['visitors', visitors.size])
}

function orders_per_session(history: History, question: Question): Answer {
  return ratio(
    ['purchases', orderCount(history, question)],
    ['sessions', sessionsOf(history).filter(s => s.t >= question.from && s.t < question.to).length],
  )
}

/** Over lines that carry a cost, of orders of which nothing came back. */
export function marginOf(history: History, question: Question): { revenue: number; cost: number; all: number } {
  const returned = new Set(
    ordersOf(history)
      .filter(order => order.returns.length > 0)
      .map(order => order.id),
  )
  const kept = lines(history, question).filter(line => !returned.has(orderId(line)))
  const withCost = kept.filter(line => !Number.isNaN(number(line, 'cost_of_goods')))
  return {
    revenue: amount(withCost),
    cost: sum(withCost.map(line => number(line, 'cost_of_goods'))),
    all: amount(kept),
  }
}

function gross_margin(history: History, question: Question): Answer {
  const { revenue, cost, all } = marginOf(history, question)
  return {
    value: divide(revenue - cost, revenue),
    parts: { revenue_with_cost: revenue, cost_of_goods: cost, coverage: divide(revenue, all) },
  }
}

function sales_growth(history: History, question: Question): Answer {
  const before = { ...previous(history, question), ...(question.by ? { by: question.by } : {}) }
  return { value: growth(net(history, question), net(history, before)) }
}

/** The same window of the year before, by the calendar. */
function sales_growth_yoy(history: History, question: Question): Answer {
  const { calendar } = history
  const back = (t: number): number => {
    const start = calendar.month(t, -12)
    const inMonth = calendar.day(t) - calendar.day(calendar.month(t))
    return calendar.start(calendar.day(start) + inMonth)
  }
  const before = { ...question, from: back(question.from), to: back(question.to) }
  return { value: growth(net(history, question), net(history, before)) }
}

function return_rate(history: History, question: Question): Answer {
  const orders = ordersIn(history, question.from, question.to, question.by)
  const returned = orders.filter(order =>
    order.returns.some(back => back.t >= order.t && back.t < order.t + RETURNS_WITHIN),
  )
  return ratio(['returned_orders', returned.length], ['orders', orders.length])
}

function return_rate_by_value(history: History, question: Question): Answer {
  const orders = ordersIn(history, question.from, question.to, question.by)
  const returned = orders.flatMap(order =>
    order.returns.filter(back => back.t >= order.t && back.t < order.t + RETURNS_WITHIN),
  )
  return ratio(['returned_value', amount(returned)], ['order_value', amountOf(orders)])
}

/** Mean over the calendar months that lie wholly in the window. */
function shipping_cost(history: History, { from, to }: Question): Answer {
  const { calendar } = history
  const months: number[] = []
  for (let i = calendar.month(from) === from ? 0 : 1; calendar.month(from, i + 1) <= to; i++)
    months.push(costs(history, calendar.month(from, i), calendar.month(from, i + 1), ['shipping']))
  return { value: divide(sum(months), months.length) }
}

function shipping_cost_per_order(history: History, question: Question): Answer {
  return ratio(
    ['shipping_costs', costs(history, question.from, question.to, ['shipping'], question.by)],
    ['purchases', orderCount(history, question)],
  )
}

/** A year's operating profit at the window's pace, by the mean of opening and closing assets. */
function return_on_assets(history: History, question: Question): Answer {
  const opening = levelAt(TOTAL_ASSETS, question.from)
  const closing = levelAt(TOTAL_ASSETS, question.to)
  const held = opening === null || closing === null ? null : (opening + closing) / 2
  const rate = divide(operatingProfit(history, question), held)
  return { value: rate === null ? null : (rate * 365) / daysOf(history, question) }
}

function operating_efficiency(history: History, question: Question): Answer {
  return ratio(
    ['revenue', amount(lines(history, question))],
    ['operating_costs', costs(history, question.from, question.to, ['operating'], question.by)],
  )
}

export const retail = {
  purchases: (history, question) => ({ value: orderCount(history, question) }),
  customers: (history, question) => ({ value: persons(lines(history, question)).size }),
  transaction_amount: (history, question) => ({ value: amount(lines(history, question)) }),
  net_revenue,
  profit: (history, question) => ({ value: profit(history, question) }),
  operating_profit: (history, question) => ({ value: operatingProfit(history, question) }),
  average_transaction_value,
  visitor_conversion_rate,
  orders_per_session,
  gross_margin,
  sales_growth,
  sales_growth_yoy,
  return_rate,
  return_rate_by_value,
  shipping_cost,
  shipping_cost_per_order,
  operating_efficiency,
  return_on_assets,
  gross_margin_coverage: (history, question) => {
    const { revenue, all } = marginOf(history, question)
    return { value: divide(revenue, all) }
  },
} satisfies Record<string, Calculation>
