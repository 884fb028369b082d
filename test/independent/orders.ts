/** Orders: purchase lines and refunds of one order id. */

import { sum, sumOf } from './answer.ts'
import { type Group, type Happened, type History, inGroup, number, orderId, text } from './history.ts'

export interface Order {
  readonly id: string
  /** of its first line */
  readonly t: number
  readonly who: string
  readonly amount: number
  readonly cost: number
  /** by time */
  readonly lines: readonly Happened[]
  readonly refunds: readonly Happened[]
  readonly returns: readonly Happened[]
}

const cached = new WeakMap<History, Order[]>()

export function ordersOf(history: History): readonly Order[] {
  const known = cached.get(history)
  if (known !== undefined) return known
  const refunds = Map.groupBy(history.of('refund'), orderId)
  const orders = [...Map.groupBy(history.of('purchase'), orderId)].map(([id, lines]) => ({
    id,
    t: lines[0]!.t,
    who: lines.find(line => line.who !== '')?.who ?? '',
    amount: sumOf(lines, 'amount'),
    cost: sumOf(lines, 'cost_of_goods'),
    lines,
    refunds: refunds.get(id) ?? [],
    returns: (refunds.get(id) ?? []).filter(isReturn),
  }))
  cached.set(history, orders)
  return orders
}

/** Money back for goods that came back; who does not say why is taken to mean that. */
const isReturn = (refund: Happened): boolean => ['return', ''].includes(text(refund, 'kind'))

/** Orders whose first line lies in the window and the group. */
export const ordersIn = (history: History, from: number, to: number, by?: Group): Order[] =>
  ordersOf(history).filter(o => o.t >= from && o.t < to && inGroup(o.lines[0]!, by))

export const amountOf = (orders: readonly Order[]): number => sum(orders.map(order => order.amount))

/** A person's orders by time. */
export function ordersByPerson(history: History): Map<string, Order[]> {
  const own = ordersOf(history).filter(order => order.who !== '')
  return Map.groupBy(
    own.toSorted((a, b) => a.t - b.t),
    order => order.who,
  )
}

/** When each customer became one: the first purchase or subscription. */
export function customersSince(history: History): Map<string, number> {
  const since = new Map<string, number>()
  const beginnings = history.events.filter(e => e.type === 'purchase' || isSubscription(e))
  for (const e of beginnings) if (e.who !== '' && !since.has(e.who)) since.set(e.who, e.t)
  return since
}

const isSubscription = (e: Happened): boolean => e.type === 'subscription' && text(e, 'action') === 'started'

/** Net revenue of [from, to): lines less refunds, each at its own time. */
export const netRevenue = (history: History, from: number, to: number, by?: Group): number =>
  sumOf(inThe(history.of('purchase', from, to), by), 'amount') -
  sumOf(inThe(history.of('refund', from, to), by), 'amount')

export const costOfGoods = (history: History, from: number, to: number, by?: Group): number =>
  sumOf(inThe(history.of('purchase', from, to), by), 'cost_of_goods')

const inThe = (events: readonly Happened[], by: Group | undefined): Happened[] => events.filter(e => inGroup(e, by))

/** Costs of some kinds in [from, to); all kinds where none is named. */
export function costs(history: History, from: number, to: number, kinds: readonly string[] = [], by?: Group): number {
  const found = history.of('cost', from, to).filter(e => kinds.length === 0 || kinds.includes(text(e, 'kind')))
  return sum(inThe(found, by).map(e => number(e, 'amount')))
}
