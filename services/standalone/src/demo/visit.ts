/** One visit of the storefront, with all that follows from it: orders, refunds, tickets, surveys. */
import { moveStock } from './back-office.ts'
import { customerCare } from './care.ts'
import { type DemoEvent, emitter, money } from './event.ts'
import type { Visitor } from './people.ts'
import { type Random, randomOf } from './random.ts'
import { BUYING_OF_SEGMENT, CAMPAIGNS, PRODUCT_WEIGHTS, type Product, QUERIES, SOURCES } from './world.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** Share of visits with at least two pages that put something into the cart. */
const CART = 0.24
const CHECKOUT = 0.58
const PAYS = 0.78

export interface VisitContext {
  readonly seed: number
  readonly block: number
  readonly visit: number
  readonly at: number
  readonly visitor: Visitor
}

/** Adds the visit's events, up to LONGEST_CONSEQUENCE_MS after its beginning. */
export function simulateVisit(context: VisitContext, into: DemoEvent[]): void {
  const { seed, block, visit, at, visitor } = context
  const random = randomOf(seed, block, visit, 4)
  const cause = `${block.toString(36)}-${visit.toString(36)}`
  const emit = emitter(cause, into)
  const source = random.weighted(SOURCES)
  const campaign =
    source === 'ad' ? random.weighted(CAMPAIGNS.map(item => [item, item.weight * item.clickRate] as const)) : null
  const who = {
    ...(visitor.user_id === undefined ? {} : { user_id: visitor.user_id }),
    anonymous_id: visitor.anonymous_id,
    session_id: `s-${cause}`,
    channel: visitor.channel,
    region: visitor.region,
    segment: visitor.segment,
    ...(campaign === null ? {} : { campaign: campaign.name }),
  }
  const anonymous = { ...who, user_id: undefined }
  // who comes by an advertisement has clicked it
  const landed = campaign === null ? at : at + 1_500
  if (campaign !== null) {
    const ad = {
      ...(visitor.signsUp ? anonymous : who),
      channel: campaign.channel,
      target: 'ad',
      ad_id: `${campaign.name}-0`,
    }
    emit('impression', at, ad)
    emit('click', at + 700, ad)
  }
  let time = landed
  const step = (mean: number) => {
    time += Math.max(900, random.exponential(mean))
    return time
  }

  if (visitor.signsUp) emit('signup', step(20_000), { ...who, acquisition_channel: source })
  else if (visitor.user_id !== undefined && random.chance(0.4)) emit('login', step(4_000), who)
  const person = visitor.signsUp || visitor.user_id !== undefined ? who : anonymous

  const pages = 1 + Math.floor(random.exponential(visitor.user_id === undefined ? 1.6 : 3.2))
  const seen: Product[] = []
  emit('page_view', landed, {
    ...person,
    url: '/',
    traffic_source: source,
    ...(source === 'direct' ? {} : { referrer: source }),
  })
  if (random.chance(0.2))
    emit('search', step(15_000), { ...person, query: random.pick(QUERIES), results: random.below(24) })
  for (let page = 1; page < Math.min(pages, 14); page++) {
    const product = random.weighted(PRODUCT_WEIGHTS)
    seen.push(product)
    const about = { ...person, product_id: product.id, category: product.category }
    emit('page_view', step(40_000), { ...about, url: `/p/${product.id}`, traffic_source: source })
    if (random.chance(0.25))
      emit('engagement', step(20_000), { ...about, kind: 'dwell', surface: 'product', dwell_seconds: dwell(random) })
    if (random.chance(0.1)) emit('impression', time, { ...about, target: 'cta', ad_id: 'newsletter' })
    if (random.chance(0.012)) emit('click', step(3_000), { ...about, target: 'cta', ad_id: 'newsletter' })
  }
  if (visitor.user_id !== undefined && random.chance(0.12))
    emit('feature_use', step(8_000), { ...person, feature: random.pick(['wishlist', 'reorder', 'brew-guide']) })

  const eager = (BUYING_OF_SEGMENT[visitor.segment] ?? 1) * (campaign?.buying ?? 1)
  const product = seen.at(-1)
  const order = product !== undefined && random.chance(CART * Math.min(2.2, eager)) ? buy(random, product) : null
  if (order !== null)
    emit('cart', step(15_000), {
      ...person,
      action: 'added',
      amount: order.amount,
      product_id: order.lines[0]!.product.id,
    })
  if (order !== null && random.chance(CHECKOUT)) {
    emit('checkout', step(40_000), { ...person, action: 'started', amount: order.amount })
    if (random.chance(PAYS)) {
      emit('checkout', step(60_000), { ...person, action: 'completed', amount: order.amount })
      placeOrder({ ...person, order_id: `o-${cause}` }, order, step(1_500), random, emit)
    }
  }
  if (visitor.user_id !== undefined) customerCare(person, cause, time, random, emit)
}

interface Order {
  readonly lines: ReadonlyArray<{ readonly product: Product; readonly quantity: number; readonly amount: number }>
  readonly amount: number
}

function buy(random: Random, first: Product): Order {
  const products = [first]
  while (products.length < 4 && random.chance(0.34)) products.push(random.weighted(PRODUCT_WEIGHTS))
  const lines = products.map(product => {
    const quantity = product.category === 'equipment' ? 1 : 1 + Math.min(5, Math.floor(random.exponential(0.7)))
    return { product, quantity, amount: money(product.price * quantity * (random.chance(0.15) ? 0.9 : 1)) }
  })
  return { lines, amount: money(lines.reduce((sum, line) => sum + line.amount, 0)) }
}

function placeOrder(
  buyer: Readonly<Record<string, unknown>> & { readonly order_id: string },
  order: Order,
  paid: number,
  random: Random,
  emit: ReturnType<typeof emitter>,
): void {
  for (const { product, quantity, amount } of order.lines) {
    const about = { ...buyer, product_id: product.id, category: product.category }
    emit('purchase', paid, {
      ...about,
      amount,
      quantity,
      cost_of_goods: money(product.price * product.cost * quantity),
    })
    moveStock(product, quantity, paid, emit)
    if (random.chance(product.returned))
      emit('refund', paid + DAY + random.next() * 7 * DAY, {
        ...about,
        amount,
        kind: 'return',
        reason: random.pick(['damaged', 'taste', 'size', 'late']),
      })
  }
  if (random.chance(0.012))
    emit('refund', paid + random.next() * 3_600_000, {
      ...buyer,
      amount: money(order.amount * 0.2),
      kind: 'goodwill',
      reason: 'late',
    })
  emit('cost', paid + MINUTE, {
    kind: 'shipping',
    amount: money(3.2 + random.next() * 2.6),
    region: buyer['region'],
    channel: buyer['channel'],
  })
  const later = (days: number) => paid + (0.5 + random.next()) * days * DAY
  if (random.chance(0.14)) emit('survey', later(2), { ...buyer, survey: 'nps', score: npsScore(random) })
  if (random.chance(0.11)) emit('survey', later(3), { ...buyer, survey: 'rating', score: random.weighted(RATINGS) })
}

const RATINGS = [
  [5, 48],
  [4, 30],
  [3, 12],
  [2, 6],
  [1, 4],
] as const

const npsScore = (random: Random): number =>
  random.weighted([
    [9 + random.below(2), 56],
    [7 + random.below(2), 28],
    [random.below(7), 16],
  ])

const dwell = (random: Random): number => Math.round(Math.min(600, random.around(28, 2.3)) * 10) / 10
