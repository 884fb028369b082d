/** A year of a shop with 200,000 people: what they do day by day, the same each time. */
const DAY = 86_400_000
const SECOND = 1000
const MINUTE = 60_000

export const YEAR = { from: Date.UTC(2026, 0), to: Date.UTC(2027, 0) }

type Fields = Readonly<Record<string, string | number | boolean>>

/** xorshift32: quick, and the same for the same seed */
function createRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const CAMPAIGNS = Array.from({ length: 20 }, (_, i) => `campaign${i}`)
const REGIONS = ['north', 'south', 'east', 'west']
const SOURCES = ['direct', 'search', 'social', 'referral', 'email', 'ad']
const TOPICS = ['price', 'delivery', 'quality', 'login', 'invoice']
const FEATURES = ['export', 'share', 'filter', 'compare']

/** Events of each local day as lines of JSON by time; about `events` in the whole year. */
export function* tellYear(events: number, people: number): Generator<string[]> {
  const random = createRandom(42)
  const days = (YEAR.to - YEAR.from) / DAY
  // what follows a visit comes days later, and lies in its own day's list
  const later = new Map<number, { t: number; line: string }[]>()
  let id = 0

  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  // some come often, most seldom
  const anyone = (): string => `user${Math.floor(people * random() ** 2)}`
  const add = (t: number, type: string, fields: Fields): void => {
    if (t >= YEAR.to) return
    const day = Math.floor((t - YEAR.from) / DAY)
    const line = JSON.stringify({
      event_id: `e${id++}`,
      event_type: type,
      event_time: Math.floor(t),
      source: 'bench',
      ...fields,
    })
    const list = later.get(day)
    if (list === undefined) later.set(day, [{ t, line }])
    else list.push({ t, line })
  }

  function visit(start: number): void {
    const user = anyone()
    // one in four comes without logging in, and is known by the link of another visit
    const who: Fields = random() < 0.25 ? { anonymous_id: `a-${user}` } : { user_id: user, anonymous_id: `a-${user}` }
    const session: Fields = { ...who, session_id: `s${id}`, region: pick(REGIONS) }
    const campaign = pick(CAMPAIGNS)
    let t = start
    const ad = random() < 0.5
    if (ad) {
      add(t - 2 * SECOND, 'impression', { ...who, target: 'ad', campaign, channel: 'web', ad_id: `${campaign}-1` })
      if (random() < 0.15)
        add(t - SECOND, 'click', { ...who, target: 'ad', campaign, channel: 'web', ad_id: `${campaign}-1` })
    }
    const product = `p${Math.floor(random() * 500)}`
    const pages = 1 + Math.floor(random() * 6)
    for (let page = 0; page < pages; page++) {
      add(t, 'page_view', { ...session, url: `/${pick(TOPICS)}`, traffic_source: ad ? 'ad' : pick(SOURCES) })
      t += 5 * SECOND + random() * 3 * MINUTE
    }
    if (random() < 0.4)
      add(t, 'engagement', {
        ...session,
        kind: 'dwell',
        surface: 'product',
        product_id: product,
        dwell_seconds: Math.round(random() * 90),
      })
    if (random() < 0.3) add(t + 100, 'search', { ...session, query: 'tea', results: 3 })
    if (random() < 0.25) add(t + 200, 'feature_use', { ...session, feature: pick(FEATURES) })
    if (random() < 0.3) add(t + 300, 'login', who)
    if (random() < 0.2) add(t + SECOND, 'cart', { ...session, action: 'added', amount: 20 })
    if (random() < 0.15) add(t + 2 * SECOND, 'checkout', { ...session, action: 'started' })
    if (random() < 0.12) order(t + MINUTE, session, product, campaign)
    if (random() < 0.03) ticket(t + MINUTE, who)
    if (random() < 0.05) survey(t + 5 * MINUTE, who)
  }

  function order(t: number, session: Fields, product: string, campaign: string): void {
    const order_id = `o${id}`
    const lines = 1 + Math.floor(random() * 2)
    for (let line = 0; line < lines; line++) {
      const amount = Math.round(500 + random() * 10_000) / 100
      add(t, 'purchase', {
        ...session,
        order_id,
        amount,
        quantity: 1,
        product_id: product,
        campaign,
        cost_of_goods: Math.round(amount * 60) / 100,
      })
    }
    if (random() < 0.08) add(t + random() * 40 * DAY, 'refund', { ...session, order_id, amount: 5, kind: 'return' })
  }

  function ticket(t: number, who: Fields): void {
    const common: Fields = {
      ...who,
      ticket_id: `t${id}`,
      topic: pick(TOPICS),
      kind: random() < 0.3 ? 'complaint' : 'request',
    }
    add(t, 'ticket', { ...common, action: 'opened' })
    add(t + random() * 300 * MINUTE, 'ticket', { ...common, action: 'responded' })
    add(t + 301 * MINUTE + random() * DAY, 'ticket', { ...common, action: 'resolved' })
    if (random() < 0.1) add(t + 4 * DAY, 'ticket', { ...common, action: 'reopened' })
  }

  function survey(t: number, who: Fields): void {
    if (random() < 0.5) add(t, 'survey', { ...who, survey: 'nps', score: Math.floor(random() * 11) })
    else add(t, 'survey', { ...who, survey: 'csat', score: 1 + Math.floor(random() * 5), topic: pick(TOPICS) })
  }

  /** what a company does itself, or hears of */
  function office(start: number): void {
    for (const campaign of CAMPAIGNS) add(start + 1, 'cost', { kind: 'ad_spend', amount: 400, campaign })
    for (const kind of ['acquisition', 'shipping', 'operating', 'program'])
      add(start + 2, 'cost', { kind, amount: 500, program: 'care' })
    add(start + 3, 'benefit', { program: 'care', kind: 'saving', amount: 600 })
    for (let product = 0; product < 20; product++)
      add(start + 4, 'inventory', {
        product_id: `p${product}`,
        action: random() < 0.05 ? 'counted' : 'received',
        quantity: 10,
        value: 300,
      })
    for (let i = 0; i < people / 2000; i++) {
      const user_id = anyone()
      const t = start + random() * DAY
      if (random() < 0.3) add(t, 'signup', { user_id })
      if (random() < 0.3) add(t, 'lead', { user_id, stage: pick(['lead', 'mql', 'sql']) })
      add(t, 'campaign_contact', { user_id, campaign: pick(CAMPAIGNS), action: 'targeted' })
      if (random() < 0.2)
        add(t + DAY, 'campaign_contact', { user_id, campaign: pick(CAMPAIGNS), action: 'participated' })
      if (random() < 0.3) add(t, 'mention', { user_id, sentiment: Math.floor(random() * 3) - 1, topic: pick(TOPICS) })
      if (random() < 0.2) subscription(t, user_id)
      if (random() < 0.1) opportunity(t, user_id)
    }
  }

  function subscription(t: number, user_id: string): void {
    const common: Fields = { user_id, subscription_id: `sub${id}` }
    add(t, 'subscription', { ...common, action: 'started', mrr: 10 + Math.floor(random() * 90) })
    for (let month = 1; month < 12; month++) {
      add(t + month * 30 * DAY, 'subscription', { ...common, action: 'due' })
      if (random() < 0.1) return add(t + month * 30 * DAY + DAY, 'subscription', { ...common, action: 'cancelled' })
      add(t + month * 30 * DAY + 2 * DAY, 'subscription', {
        ...common,
        action: 'renewed',
        mrr: 10 + Math.floor(random() * 90),
      })
    }
  }

  function opportunity(t: number, user_id: string): void {
    const common: Fields = { user_id, opportunity_id: `op${id}`, agent: pick(['lee', 'kim']), amount: 1000 }
    add(t, 'opportunity', { ...common, action: 'created' })
    add(t + random() * 90 * DAY, 'opportunity', { ...common, action: random() < 0.4 ? 'won' : 'lost' })
  }

  /** about how many events a visit is, with what follows it */
  const PER_VISIT = 6.5
  const visits = Math.round(events / days / PER_VISIT)
  for (let day = 0; day < days; day++) {
    const start = YEAR.from + day * DAY
    office(start)
    for (let i = 0; i < visits; i++) visit(start + 10 * SECOND + random() * (DAY - 20 * SECOND))
    const told = later.get(day) ?? []
    later.delete(day)
    yield told.sort((a, b) => a.t - b.t).map(({ line }) => line)
  }
}
