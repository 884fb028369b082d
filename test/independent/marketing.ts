/** Marketing: what campaigns touched, whom they brought, and how the brand stands. */

import { creditedOrders, netOf } from './advertising.ts'
import {
  type Answer,
  type Calculation,
  divide,
  growth,
  persons,
  previous,
  type Question,
  ratio,
  sum,
} from './answer.ts'
import { DAY } from './calendar.ts'
import { type Conversion, credit, type Model } from './credit.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'
import { costs, customersSince, netRevenue, ordersByPerson, ordersOf } from './orders.ts'
import { flowOver, levelAt, MARKET_SALES, MARKET_SIZE } from './references.ts'
import { sessionsOf } from './sessions.ts'

const ATTRIBUTION_WINDOW = 7 * DAY
const CONTACT_FOLLOW_UP = 30 * DAY

/** Clicks, and the first page of sessions that came from somewhere. */
function touchesOf(history: History): Happened[] {
  const arrivals = sessionsOf(history).flatMap(session => {
    const page = session.events.find(e => e.type === 'page_view')
    return page === undefined || ['', 'direct'].includes(session.source) ? [] : [page]
  })
  return [...history.of('click'), ...arrivals].filter(touch => touch.who !== '')
}

/** Persons touched in the window, and those credited with an order for a touch of it. */
const touchpointConversion =
  (model: Model): Calculation =>
  (history, { from, to, by }) => {
    const inWindow = (touch: Happened): boolean => touch.t >= from && touch.t < to && inGroup(touch, by)
    const touches = touchesOf(history)
    const credited = credit(touches, ordersOf(history), ATTRIBUTION_WINDOW, model)
      .filter(({ weight, touch }) => weight > 0 && inWindow(touch))
      .map(({ touch }) => touch)
    return ratio(
      ['converted_persons', persons(credited).size],
      ['touched_persons', persons(touches.filter(inWindow)).size],
    )
  }

/** Gross profit of credited orders against the money for the advertisements. */
function marketing_roi(history: History, question: Question): Answer {
  const profit = sum(creditedOrders(history, question).map(({ order }) => netOf(order) - order.cost))
  const spent = costs(history, question.from, question.to, ['ad_spend'], question.by)
  return { value: divide(profit - spent, spent), parts: { credited_gross_profit: profit, campaign_cost: spent } }
}

const contacts = (history: History, action: string): Happened[] =>
  history.of('campaign_contact').filter(e => text(e, 'action') === action && e.who !== '')

/** Of (person, campaign) pairs targeted in the window, those who did it within 30 days of that. */
const contactRate =
  (action: string): Calculation =>
  (history, { from, to, by }) => {
    const targeted = contacts(history, 'targeted').filter(e => e.t >= from && e.t < to && inGroup(e, by))
    const done = contacts(history, action)
    const answered = targeted.filter(e =>
      done.some(
        d =>
          d.who === e.who && text(d, 'campaign') === text(e, 'campaign') && d.t >= e.t && d.t < e.t + CONTACT_FOLLOW_UP,
      ),
    )
    return ratio(['answered', persons(answered).size], ['targeted', persons(targeted).size])
  }

/** Of persons who first participated in the window, those who bought within the attribution window. */
function campaign_sales_conversion(history: History, { from, to, by }: Question): Answer {
  const orders = ordersByPerson(history)
  const firsts = [...Map.groupBy(contacts(history, 'participated'), e => e.who).values()]
    .map(own => own[0]!)
    .filter(e => e.t >= from && e.t < to && inGroup(e, by))
  const bought = firsts.filter(e => (orders.get(e.who) ?? []).some(order => isWithin(ATTRIBUTION_WINDOW, e.t, order.t)))
  return ratio(['bought', bought.length], ['participants', firsts.length])
}

/** New customers whose first order is credited to a touch with a campaign, by time of the order. */
/** What carries a campaign to a person: clicks, and pages that were reached by one. */
const campaignTouches = (history: History): Happened[] =>
  history.of(['click', 'page_view']).filter(touch => text(touch, 'campaign') !== '' && touch.who !== '')

function acquired(history: History, { from, to }: Question): number {
  const firsts: Conversion[] = [...ordersByPerson(history).values()]
    .map(orders => orders[0]!)
    .filter(order => order.t >= from && order.t < to)
  return new Set(
    credit(campaignTouches(history), firsts, ATTRIBUTION_WINDOW, 'any').map(({ conversion }) => conversion.who),
  ).size
}

const customer_acquisition_growth: Calculation = (history, question) => ({
  value: growth(acquired(history, question), acquired(history, previous(history, question))),
})

function word_of_mouth(history: History, { from, to, by }: Question): Answer {
  const mentions = history.of('mention', from, to).filter(e => !Number.isNaN(number(e, 'sentiment')) && inGroup(e, by))
  const net = sum(mentions.map(e => Math.sign(number(e, 'sentiment'))))
  const share = divide(net, mentions.length)
  return { value: share === null ? null : 100 * share }
}

/** When each person became a lead: the first `lead` or `signup`. */
function leadsSince(history: History): Map<string, Happened> {
  const since = new Map<string, Happened>()
  for (const e of history.of(['lead', 'signup'])) if (e.who !== '' && !since.has(e.who)) since.set(e.who, e)
  return since
}

const leads: Calculation = (history, { from, to, by }) => ({
  value: [...leadsSince(history).values()].filter(e => e.t >= from && e.t < to && inGroup(e, by)).length,
})

/** Leads as of the end who have become customers by nothing yet. */
const open_leads: Calculation = (history, { to }) => {
  const since = customersSince(history)
  const open = [...leadsSince(history)].filter(([who, e]) => e.t < to && !((since.get(who) ?? to) < to))
  return { value: open.length }
}

/** Of persons who became marketing qualified in the window, those who were sales qualified within 90 days of it. */
const mql_to_sql_rate: Calculation = (history, { from, to, by }) => {
  const first = (stage: string): Map<string, Happened> => {
    const found = new Map<string, Happened>()
    for (const e of history.of('lead'))
      if (e.who !== '' && text(e, 'stage') === stage && !found.has(e.who)) found.set(e.who, e)
    return found
  }
  const sql = first('sql')
  const mql = [...first('mql').values()].filter(e => e.t >= from && e.t < to && inGroup(e, by))
  const reached = mql.filter(e => sql.has(e.who) && isWithin(90 * DAY, e.t, sql.get(e.who)!.t))
  return ratio(['sql', reached.length], ['mql', mql.length])
}

/** 0 ≤ gap < window */
const isWithin = (window: number, from: number, to: number): boolean => to >= from && to - from < window

/** The beginning of the 365 local days that end with the one of the window's last instant. */
const yearBefore = ({ calendar }: History, to: number): number => calendar.start(calendar.day(to - 1) - 364)

const customersOfYear = (history: History, { to }: Question): number =>
  persons(history.of('purchase', yearBefore(history, to), to)).size

function market_penetration(history: History, question: Question): Answer {
  return ratio(['customers', customersOfYear(history, question)], ['market_size', levelAt(MARKET_SIZE, question.to)])
}

const marketShare = (history: History, { from, to }: Question): number | null =>
  divide(netRevenue(history, from, to), flowOver(MARKET_SALES, from, to))

const market_share_change: Calculation = (history, question) => {
  const [now, before] = [marketShare(history, question), marketShare(history, previous(history, question))]
  return { value: now === null || before === null ? null : now - before }
}

/** Share of the program's money that came back, less what it cost. */
function program_roi(history: History, { from, to, by }: Question): Answer {
  const benefit = sum(
    history
      .of('benefit', from, to)
      .filter(e => inGroup(e, by))
      .map(e => number(e, 'amount')),
  )
  const cost = costs(history, from, to, ['program'], by)
  return { value: divide(benefit - cost, cost), parts: { benefits: benefit, program_costs: cost } }
}

export const marketing = {
  customers_365d: (history, question) => ({ value: customersOfYear(history, question) }),
  market_penetration,
  market_share: (history, question) => ({ value: marketShare(history, question) }),
  market_share_change,
  touchpoint_conversion: touchpointConversion('last'),
  touchpoint_conversion_first: touchpointConversion('first'),
  touchpoint_conversion_any: touchpointConversion('any'),
  marketing_roi,
  participation_rate: contactRate('participated'),
  campaign_response_rate: contactRate('responded'),
  campaign_sales_conversion,
  customer_acquisition_growth,
  word_of_mouth,
  leads,
  open_leads,
  mql_to_sql_rate,
  program_roi,
} satisfies Record<string, Calculation>
