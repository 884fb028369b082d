/** The stories that can be told: each one writes its events into a scene. */
import type { Scene } from './scene.ts'

const CAMPAIGNS = ['spring', 'brand', undefined]
const TOPICS = ['price', 'delivery', undefined]
const PRODUCTS = ['p0', 'p1', 'p2']

const price = (scene: Scene): number => (scene.number(99) + 1) * (scene.chance(50) ? 1 : 0.37)

/** a session of its own, or one that was left open, whoever's it was and however long ago */
const tab = (scene: Scene): string => scene.one(`s${scene.id}`, 'tab', 'other tab')

function visit(scene: Scene): void {
  const who = scene.who()
  const session = scene.chance(40) ? { session_id: tab(scene) } : {}
  const traffic_source = scene.one('direct', 'search', 'social', 'referral', undefined)
  for (const page of scene.upTo(1, 4)) {
    scene.add('page_view', {
      ...who,
      ...session,
      url: `/${page}`,
      traffic_source,
      product_id: scene.one(undefined, ...PRODUCTS),
      campaign: scene.one(...CAMPAIGNS),
    })
    scene.pause()
  }
  if (scene.chance(30)) scene.add('login', { ...who, ...session })
}

function advertisement(scene: Scene): void {
  const who = scene.who()
  const target = scene.one('ad', 'ad', 'cta', undefined)
  const dims = { campaign: scene.one(...CAMPAIGNS), channel: scene.one('web', 'app'), ad_id: scene.one('x', 'y') }
  scene.add('impression', { ...who, ...dims, target })
  scene.soon()
  if (scene.chance(40))
    scene.add('engagement', { ...who, ...dims, kind: 'dwell', surface: 'ad', dwell_seconds: scene.number(99) * 30 })
  scene.soon()
  if (scene.chance(30))
    scene.add('engagement', {
      ...who,
      ...dims,
      kind: scene.one('like', 'share', 'view'),
      surface: scene.one('ad', 'social'),
    })
  scene.soon()
  if (scene.chance(70)) scene.add('click', { ...who, ...dims, target })
  scene.wait()
  if (scene.chance(60)) purchase(scene, who)
}

function mail(scene: Scene): void {
  const who = scene.who()
  const dims = { campaign: scene.one(...CAMPAIGNS), ad_id: scene.one('m1', 'm2'), target: 'email' }
  scene.add('impression', { ...who, ...dims })
  scene.wait()
  if (scene.chance(50)) scene.add('click', { ...who, ...dims })
}

/** A line or several of one order at one instant. */
function purchase(scene: Scene, who: Record<string, string>, product?: string): string | undefined {
  const order_id = scene.chance(85) ? `o${scene.id}-${scene.events.length}` : undefined
  const dims = {
    campaign: scene.one(...CAMPAIGNS),
    region: scene.one('north', 'south'),
    segment: scene.one('new', 'old', undefined),
  }
  const count = order_id === undefined ? 1 : 1 + scene.number(3)
  for (let line = 0; line < count; line++)
    scene.add('purchase', {
      ...who,
      ...dims,
      order_id,
      amount: price(scene),
      quantity: 1,
      product_id: product ?? scene.one(...PRODUCTS),
      cost_of_goods: scene.chance(70) ? price(scene) / 2 : undefined,
    })
  return order_id
}

function order(scene: Scene): void {
  const who = scene.who()
  for (const _ of scene.upTo(1, 2)) {
    const order_id = purchase(scene, who)
    scene.wait()
    for (const _ of scene.upTo(0, order_id === undefined ? 0 : 2)) {
      const kind = scene.one('return', 'cancellation', 'goodwill', 'return')
      scene.add('refund', { ...who, order_id, kind, amount: price(scene) / 4, region: 'north' })
      scene.wait()
    }
  }
}

function ticket(scene: Scene): void {
  const who = scene.who()
  const common = {
    ...who,
    ticket_id: `t${scene.id}`,
    topic: scene.one(...TOPICS),
    kind: scene.one('request', 'complaint'),
    agent: scene.one('ann', 'bob'),
  }
  scene.add('ticket', { ...common, action: 'opened' })
  scene.wait()
  for (const _ of scene.upTo(0, 2)) {
    scene.add('ticket', { ...common, action: 'responded', ...(scene.chance(30) ? { automatic: true } : {}) })
    scene.wait()
  }
  for (const _ of scene.upTo(0, 2)) {
    scene.add('ticket', { ...common, action: 'resolved' })
    scene.wait()
    if (!scene.chance(50)) continue
    scene.add('ticket', { ...common, action: 'reopened' })
    scene.wait()
  }
}

const SCALES = {
  csat: [1, 5],
  nps: [0, 10],
  csi: [1, 10],
  rating: [1, 5],
  awareness: [0, 1],
  loyalty: [1, 5],
  employee: [1, 10],
} as const

function survey(scene: Scene): void {
  const who = scene.who()
  for (const _ of scene.upTo(1, 4)) {
    const name = scene.one('nps', 'csat', 'csi', 'rating', 'awareness', 'loyalty', 'employee') as keyof typeof SCALES
    const [least, most] = SCALES[name]
    const score = least + scene.number(most - least + 1)
    scene.add('survey', {
      ...who,
      survey: name,
      score,
      topic: scene.one(...TOPICS, 'overall'),
      segment: scene.one('new', 'old'),
    })
    scene.wait()
  }
}

function mention(scene: Scene): void {
  const who = scene.chance(50) ? scene.who() : {}
  scene.add('mention', { ...who, sentiment: scene.one(-1, 0, 1), topic: scene.one(...TOPICS) })
}

function subscription(scene: Scene): void {
  const common = { ...scene.who(), subscription_id: `sub${scene.id}`, segment: scene.one('new', 'old') }
  const step = (action: string, mrr?: number): void => scene.add('subscription', { ...common, action, mrr })
  step('started', scene.number(10) * 10)
  for (const _ of scene.upTo(0, 3)) {
    scene.wait()
    const early = scene.chance(30)
    const renews = scene.chance(70)
    if (scene.chance(40)) step('changed', scene.number(10) * 10)
    else {
      if (early) step('renewed', scene.number(10) * 10)
      scene.wait()
      step('due')
      scene.wait()
      if (renews && !early) step('renewed', scene.number(10) * 10)
    }
  }
  scene.wait()
  if (scene.chance(30)) step('cancelled')
}

function opportunity(scene: Scene): void {
  const common = { ...scene.who(), opportunity_id: `op${scene.id}`, agent: scene.one('lee', 'kim') }
  if (scene.chance(90)) scene.add('opportunity', { ...common, action: 'created', amount: price(scene) })
  for (const _ of scene.upTo(0, 2)) {
    scene.wait()
    scene.add('opportunity', { ...common, action: scene.one('won', 'lost'), amount: price(scene) })
  }
}

function lead(scene: Scene): void {
  const who = scene.who()
  if (scene.chance(40)) scene.add('signup', { ...who, acquisition_channel: scene.one('web', 'app') })
  for (const stage of ['lead', 'mql', 'sql'].slice(scene.number(3))) {
    scene.wait()
    scene.add('lead', { ...who, stage })
  }
  scene.wait()
  if (scene.chance(30)) purchase(scene, who)
}

function campaign(scene: Scene): void {
  const common = { ...scene.who(), campaign: scene.one('spring', 'brand') }
  for (const _ of scene.upTo(1, 2)) {
    if (scene.chance(80)) scene.add('campaign_contact', { ...common, action: 'targeted' })
    scene.wait()
    if (scene.chance(40)) scene.add('campaign_contact', { ...common, action: 'responded' })
    scene.soon()
    if (scene.chance(50)) scene.add('campaign_contact', { ...common, action: 'participated' })
    scene.wait()
  }
  const { campaign: _, ...who } = common
  if (scene.chance(50)) purchase(scene, who)
}

function feature(scene: Scene): void {
  const who = scene.who()
  for (const _ of scene.upTo(1, 3)) {
    scene.add('feature_use', { ...who, feature: scene.one('wishlist', 'reorder', 'share') })
    scene.wait()
  }
}

function dwelling(scene: Scene): void {
  const who = scene.who()
  const product = scene.one(...PRODUCTS)
  for (const _ of scene.upTo(1, 3)) {
    const dwell_seconds = scene.one(5, 15, 15, 30, 30.5, 45)
    scene.add('engagement', { ...who, kind: 'dwell', surface: 'product', product_id: product, dwell_seconds })
    scene.wait()
  }
  if (scene.chance(60)) purchase(scene, who, product)
}

function checkout(scene: Scene): void {
  const who = scene.who()
  if (scene.chance(50)) {
    scene.add('page_view', { ...who, url: '/', traffic_source: 'search' })
    scene.soon()
    scene.add('page_view', { ...who, url: '/p', product_id: scene.one(...PRODUCTS) })
    scene.pause()
  }
  scene.add('cart', { ...who, action: 'added', amount: price(scene) })
  scene.wait()
  if (scene.chance(30)) scene.add('cart', { ...who, action: 'removed' })
  scene.soon()
  if (scene.chance(70)) scene.add('checkout', { ...who, action: 'started' })
  scene.wait()
  if (scene.chance(50)) purchase(scene, who)
}

function searching(scene: Scene): void {
  const who = { ...scene.who(), ...(scene.chance(50) ? { session_id: tab(scene) } : {}) }
  scene.add('search', { ...who, query: 'tea', results: scene.number(5) })
  scene.pause()
  if (scene.chance(50)) purchase(scene, who)
}

function stock(scene: Scene): void {
  const product_id = scene.one(...PRODUCTS)
  for (const _ of scene.upTo(1, 5)) {
    const action = scene.one('received', 'sold', 'counted', 'lost', 'counted')
    const quantity = 1 + scene.number(20)
    const reason = action === 'lost' ? scene.one('damaged', 'stolen') : undefined
    scene.add('inventory', { product_id, action, quantity, value: quantity * 10, reason })
    scene.wait()
  }
}

function meeting(scene: Scene): void {
  scene.add('outreach', { ...scene.who(), kind: scene.one('call', 'email'), agent: scene.one('lee', 'kim') })
  scene.wait()
  scene.add('content', { kind: scene.one('post', 'article'), action: 'published' })
  scene.wait()
  scene.add('product_launch', { product_id: scene.one(...PRODUCTS) })
}

function money(scene: Scene): void {
  const common = { campaign: scene.one(...CAMPAIGNS), program: scene.one('listening', 'care') }
  for (const _ of scene.upTo(1, 3)) {
    const kind = scene.one('ad_spend', 'acquisition', 'shipping', 'operating', 'program')
    scene.add('cost', { ...common, kind, amount: price(scene), subkind: scene.one('labour', 'technology') })
    scene.wait()
  }
  scene.add('benefit', { ...common, kind: scene.one('revenue', 'saving'), amount: price(scene) })
}

export const tellers = {
  visit,
  advertisement,
  mail,
  order,
  ticket,
  survey,
  mention,
  subscription,
  opportunity,
  lead,
  campaign,
  feature,
  dwelling,
  checkout,
  searching,
  stock,
  money,
  meeting,
} satisfies Record<string, (scene: Scene) => void>
