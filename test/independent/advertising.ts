/** Advertising: impressions, clicks, and orders credited to them. */
import { type Answer, type Calculation, divide, persons, type Question, ratio, sum } from './answer.ts'
import { DAY } from './calendar.ts'
import { credit } from './credit.ts'
import { type Group, type Happened, type History, inGroup, number, text } from './history.ts'
import { costs, type Order, ordersOf } from './orders.ts'

const ATTRIBUTION_WINDOW = 7 * DAY
const INTERACTIONS = ['like', 'share', 'repost', 'comment', 'follow', 'interact']

/** Events of a type and target in the window and the group. */
const shown = (history: History, type: string, target: string, { from, to, by }: Question): Happened[] =>
  history.of(type, from, to).filter(e => text(e, 'target') === target && inGroup(e, by))

const clicksPerImpression =
  (target: string, clicks: string, impressions: string): Calculation =>
  (history, question) =>
    ratio(
      [clicks, shown(history, 'click', target, question).length],
      [impressions, shown(history, 'impression', target, question).length],
    )

/** Orders with the ad click of the window that each is credited to, by time and group of the click. */
export function creditedOrders(history: History, { from, to, by }: Question): { order: Order; click: Happened }[] {
  const clicks = history.of('click').filter(e => text(e, 'target') === 'ad')
  return credit(clicks, ordersOf(history), ATTRIBUTION_WINDOW, 'last')
    .filter(({ weight, touch }) => weight === 1 && touch.t >= from && touch.t < to && inGroup(touch, by))
    .map(({ conversion, touch }) => ({ order: conversion, click: touch }))
}

const adSpend = (history: History, { from, to, by }: Question): number => costs(history, from, to, ['ad_spend'], by)

function ad_conversion_rate(history: History, question: Question): Answer {
  const converted = new Set(creditedOrders(history, question).map(({ click }) => click.event.event_id))
  return ratio(['converted_clicks', converted.size], ['ad_clicks', shown(history, 'click', 'ad', question).length])
}

function roas(history: History, question: Question): Answer {
  const revenue = sum(creditedOrders(history, question).map(({ order }) => order.amount))
  return ratio(['attributed_revenue', revenue], ['ad_spend', adSpend(history, question)])
}

/** What is left of an order after all its refunds. */
export const netOf = (order: Order): number => order.amount - sum(order.refunds.map(refund => number(refund, 'amount')))

function roas_net(history: History, question: Question): Answer {
  const net = creditedOrders(history, question).map(({ order }) => netOf(order))
  return ratio(['attributed_net_revenue', sum(net)], ['ad_spend', adSpend(history, question)])
}

function cpa(history: History, question: Question): Answer {
  return ratio(
    ['ad_spend', adSpend(history, question)],
    ['attributed_orders', creditedOrders(history, question).length],
  )
}

function ad_dwell(history: History, question: Question): Answer {
  const dwells = engagements(history, question, 'ad', ['dwell']).map(e => Math.min(number(e, 'dwell_seconds'), 1800))
  return { value: divide(sum(dwells), dwells.length), parts: { sum: sum(dwells), count: dwells.length } }
}

export function engagements(history: History, question: Question, surface: string, kinds: readonly string[]) {
  return history
    .of('engagement', question.from, question.to)
    .filter(e => text(e, 'surface') === surface && kinds.includes(text(e, 'kind')) && inGroup(e, question.by as Group))
}

function ad_interactions(history: History, question: Question): Answer {
  const interactions = engagements(history, question, 'ad', INTERACTIONS)
  const audience = persons(shown(history, 'impression', 'ad', question))
  return ratio(['ad_interaction_events', interactions.length], ['ad_audience', audience.size])
}

function ad_interactions_per_person(history: History, question: Question): Answer {
  const interactions = engagements(history, question, 'ad', INTERACTIONS)
  return ratio(['ad_interaction_events', interactions.length], ['ad_interactors', persons(interactions).size])
}

function email_click_through(history: History, question: Question): Answer {
  return ratio(
    ['email_clickers', persons(shown(history, 'click', 'email', question)).size],
    ['email_recipients', persons(shown(history, 'impression', 'email', question)).size],
  )
}

export const advertising = {
  ad_spend: (history, question) => ({ value: adSpend(history, question) }),
  ctr: clicksPerImpression('ad', 'ad_clicks', 'ad_impressions'),
  cta_conversion: clicksPerImpression('cta', 'cta_clicks', 'cta_impressions'),
  email_clicks_per_delivery: clicksPerImpression('email', 'email_clicks', 'email_deliveries'),
  ad_conversion_rate,
  roas,
  roas_net,
  cpa,
  ad_dwell,
  ad_interactions,
  ad_interactions_per_person,
  email_click_through,
} satisfies Record<string, Calculation>
