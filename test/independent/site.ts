/** Site and social: pages, sessions, carts, searches, dwelling. */
import { engagements } from './advertising.ts'
import { type FunnelSteps, funnel } from './analyses.ts'
import { type Answer, activePersons, type Calculation, divide, persons, type Question, ratio, sum } from './answer.ts'
import { DAY, HOUR, SECOND } from './calendar.ts'
import { credit } from './credit.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'
import { ordersByPerson } from './orders.ts'
import { type Session, sessionsOf } from './sessions.ts'

const SOCIAL = ['like', 'share', 'repost', 'comment', 'follow', 'view', 'interact']

const pages = (history: History, { from, to, by }: Question): Happened[] =>
  history.of('page_view', from, to).filter(e => inGroup(e, by))

const sessionsIn = (history: History, { from, to }: Question): Session[] =>
  sessionsOf(history).filter(session => session.t >= from && session.t < to)

function pages_per_session(history: History, question: Question): Answer {
  return ratio(['page_views', pages(history, question).length], ['sessions', sessionsIn(history, question).length])
}

function sessions_per_user(history: History, question: Question): Answer {
  return ratio(
    ['sessions', sessionsIn(history, question).length],
    ['users', activePersons(history, question.from, question.to).size],
  )
}

function traffic_source_share(history: History, question: Question): Answer {
  const all = sessionsIn(history, question)
  const source = question.by?.['traffic_source']
  return { value: divide(all.filter(s => source === undefined || s.source === source).length, all.length) }
}

/** Sessions credited to the last one of the 30 days before, their own included, that did not come directly. */
function traffic_source_share_last(history: History, { from, to, by }: Question): Answer {
  const touches = sessionsOf(history).flatMap(({ events, source }) =>
    ['', 'direct'].includes(source) ? [] : [events.find(e => e.type === 'page_view')!],
  )
  const credited = credit(touches, sessionsOf(history), 30 * DAY, 'last').filter(
    ({ weight, touch }) => weight === 1 && touch.t >= from && touch.t < to,
  )
  return { value: divide(credited.filter(({ touch }) => inGroup(touch, by)).length, credited.length) }
}

const isCart = (e: Happened): boolean => e.type === 'cart' && text(e, 'action') === 'added'
const CHECKOUT: FunnelSteps = {
  steps: [isCart, e => e.type === 'checkout' && text(e, 'action') === 'started', e => e.type === 'purchase'],
  within: DAY,
}
const VISIT_TO_ORDER: FunnelSteps = {
  steps: [
    e => e.type === 'page_view',
    e => e.type === 'page_view' && text(e, 'product_id') !== '',
    isCart,
    e => e.type === 'purchase',
  ],
  within: 7 * DAY,
}

/** Persons who reached the last step ÷ persons who began. */
const throughFunnel =
  (steps: FunnelSteps): Calculation =>
  (history, question) => {
    const reached = funnel(history, question, steps)
    return ratio(['last', reached.at(-1)!], ['first', reached[0]!])
  }

/** Over 10 s, or with a conversion, or with two pages. */
function isEngaged({ events }: Session): boolean {
  return (
    events.at(-1)!.t - events[0]!.t > 10 * SECOND ||
    events.some(e => e.type === 'purchase') ||
    events.filter(e => e.type === 'page_view').length >= 2
  )
}

function bounce_rate(history: History, question: Question): Answer {
  const all = sessionsIn(history, question)
  return ratio(['bounced', all.filter(session => !isEngaged(session)).length], ['sessions', all.length])
}

function search_conversion(history: History, question: Question): Answer {
  const searched = sessionsIn(history, question).filter(({ events }) => events.some(e => e.type === 'search'))
  const bought = searched.filter(({ events }) => events.some(e => e.type === 'purchase'))
  return ratio(['search_sessions_with_purchase', bought.length], ['search_sessions', searched.length])
}

/** A cart is what a person put together on one local day; it is abandoned without an order within 24 h of its start. */
function cart_abandonment(history: History, { from, to }: Question): Answer {
  const orders = ordersByPerson(history)
  const added = history.of('cart').filter(e => text(e, 'action') === 'added' && e.who !== '')
  const carts = [...Map.groupBy(added, e => `${e.who} ${history.calendar.day(e.t)}`).values()]
    .map(events => events[0]!)
    .filter(cart => cart.t >= from && cart.t < to)
  const left = carts.filter(
    cart => !(orders.get(cart.who) ?? []).some(order => order.t >= cart.t && order.t < cart.t + 24 * HOUR),
  )
  return ratio(['abandoned', left.length], ['carts', carts.length])
}

/** Views of a product by a person on a day whose dwell adds up to more than 30 s, and whether it was bought in 7 d. */
function dwellViews(history: History, { from, to }: Question): { long: boolean; bought: boolean }[] {
  const dwells = history
    .of('engagement')
    .filter(
      e => text(e, 'kind') === 'dwell' && text(e, 'surface') !== 'ad' && text(e, 'product_id') !== '' && e.who !== '',
    )
  const views = Map.groupBy(dwells, e => `${e.who}\n${text(e, 'product_id')}\n${history.calendar.day(e.t)}`)
  return [...views.values()]
    .filter(([first]) => first!.t >= from && first!.t < to)
    .map(view => ({
      long: sum(view.map(e => number(e, 'dwell_seconds'))) > 30,
      bought: history
        .of('purchase', view[0]!.t, view[0]!.t + 7 * DAY)
        .some(e => e.who === view[0]!.who && text(e, 'product_id') === text(view[0]!, 'product_id')),
    }))
}

const dwellConversion =
  (long: boolean): Calculation =>
  (history, question) => {
    const views = dwellViews(history, question).filter(view => view.long === long)
    return ratio(['bought', views.filter(view => view.bought).length], ['views', views.length])
  }

const both = (history: History, question: Question): [number | null, number | null] => [
  dwellConversion(true)(history, question).value,
  dwellConversion(false)(history, question).value,
]

const dwell_conversion_difference: Calculation = (history, question) => {
  const [long, short] = both(history, question)
  return { value: long === null || short === null ? null : long - short }
}

const dwell_conversion_ratio: Calculation = (history, question) => ({ value: divide(...both(history, question)) })

const inWindow =
  ({ from, to, by }: Question) =>
  (e: Happened): boolean =>
    e.t >= from && e.t < to && inGroup(e, by)

const invalidIn = (history: History, question: Question): number => history.invalid.filter(inWindow(question)).length
const receivedIn = (history: History, question: Question): number =>
  history.events.filter(inWindow(question)).length + invalidIn(history, question)

export const site = {
  invalid_events: (history, question) => ({ value: invalidIn(history, question) }),
  events_received: (history, question) => ({ value: receivedIn(history, question) }),
  invalid_traffic_rate: (history, question) =>
    ratio(['invalid_events', invalidIn(history, question)], ['events_received', receivedIn(history, question)]),
  page_views: (history, question) => ({ value: pages(history, question).length }),
  visitors: (history, question) => ({ value: persons(pages(history, question)).size }),
  traffic: (history, question) => ({ value: pages(history, question).length }),
  sessions: (history, question) => ({ value: sessionsIn(history, question).length }),
  pages_per_session,
  sessions_per_user,
  traffic_source_share,
  traffic_source_share_last,
  checkout_funnel: throughFunnel(CHECKOUT),
  visit_to_order_funnel: throughFunnel(VISIT_TO_ORDER),
  bounce_rate,
  social_engagement: (history, question) => ({ value: engagements(history, question, 'social', SOCIAL).length }),
  posts_published: (history, { from, to, by }) => ({
    value: history.of('content', from, to).filter(e => text(e, 'action') === 'published' && inGroup(e, by)).length,
  }),
  cart_abandonment,
  search_conversion,
  dwell_conversion: dwellConversion(true),
  dwell_conversion_short: dwellConversion(false),
  dwell_conversion_difference,
  dwell_conversion_ratio,
} satisfies Record<string, Calculation>
