/** What goes on behind the shop: costs, stock, leads, opportunities, campaigns, surveys of the brand and of the staff. */
import { type DemoEvent, type Emit, emitter, money } from './event.ts'
import { type Random, randomOf } from './random.ts'
import { BLOCK_MS } from './rhythm.ts'
import { AGENTS, PRODUCTS, type Product } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** nothing here has consequences later than this */
const LATEST_MS = 8 * DAY
const BLOCKS_PER_HOUR = HOUR / BLOCK_MS

export interface BackOfficeContext {
  readonly seed: number
  readonly block: number
  /** the block in which the storefront opened */
  readonly opened: number
  readonly localHour: number
}

export function simulateBackOffice({ seed, block, opened, localHour }: BackOfficeContext, into: DemoEvent[]): void {
  const random = randomOf(seed, block, 50)
  const emit = emitter(`${block.toString(36)}-office`, into)
  const start = block * BLOCK_MS
  const at = () => start + random.next() * BLOCK_MS
  const hour = Math.floor(localHour)
  const firstOfHour = block % BLOCKS_PER_HOUR === 0
  if (block === opened) openShop(start, emit)
  if (firstOfHour) payHour(start + BLOCK_MS - 1, random, emit)
  if (firstOfHour && hour === 8) runProgram(start + BLOCK_MS - 1, random, emit)
  if (hour >= 9 && hour < 18) work(block, at, random, emit)
  if (hour === 10) contactAudience(at, random, emit)
  askAround(at, random, emit)
  if (random.chance(0.01)) {
    const product = random.pick(PRODUCTS)
    const quantity = 1 + random.below(3)
    emit('inventory', at(), {
      ...stockOf(product, quantity),
      action: 'lost',
      reason: random.pick(['damaged', 'stolen', 'clerical']),
    })
  }
}

/** The first count of all that is there, and the product that counts as new. */
function openShop(at: number, emit: Emit): void {
  for (const product of PRODUCTS) emit('inventory', at, { ...stockOf(product, 20 * product.weight), action: 'counted' })
  emit('product_launch', at, { product_id: 'decaf', category: 'coffee' })
}

const stockOf = ({ id, category, price, cost }: Product, quantity: number) => ({
  product_id: id,
  category,
  quantity,
  value: money(price * cost * quantity),
})

/** What is sold leaves the stock, and comes in again on the next day. */
export function moveStock(product: Product, quantity: number, sold: number, emit: Emit): void {
  const stock = stockOf(product, quantity)
  emit('inventory', sold, { ...stock, action: 'sold' })
  emit('inventory', sold + DAY, { ...stock, action: 'received' })
}

function payHour(at: number, random: Random, emit: Emit): void {
  emit('cost', at, { kind: 'operating', subkind: 'labour', amount: money(random.around(52, 1.1)) })
  emit('cost', at, { kind: 'operating', subkind: 'technology', amount: money(random.around(9, 1.2)) })
  emit('cost', at, { kind: 'acquisition', amount: money(random.around(6, 1.3)) })
}

function runProgram(at: number, random: Random, emit: Emit): void {
  const program = 'listening'
  emit('cost', at, { kind: 'program', subkind: 'labour', program, amount: 60 })
  emit('benefit', at, { kind: 'revenue', program, amount: money(random.around(75, 1.2)) })
  emit('benefit', at, { kind: 'saving', program, amount: money(random.around(18, 1.3)) })
}

const later = (random: Random, mean: number): number => Math.min(random.exponential(mean), LATEST_MS / 2)

/** The sales team in its hours. */
function work(block: number, at: () => number, random: Random, emit: Emit): void {
  const agent = random.pick(AGENTS)
  if (random.chance(0.3)) emit('outreach', at(), { kind: random.chance(0.4) ? 'call' : 'email', agent })
  if (random.chance(0.2)) {
    const lead = { anonymous_id: `l-${block.toString(36)}` }
    let time = at()
    emit('lead', time, { ...lead, stage: 'lead' })
    for (const [stage, share] of [
      ['mql', 0.5],
      ['sql', 0.35],
    ] as const) {
      if (!random.chance(share)) break
      time += later(random, DAY)
      emit('lead', time, { ...lead, stage })
    }
  }
  if (!random.chance(0.08)) return
  const opportunity = { opportunity_id: `op-${block.toString(36)}`, agent, amount: money(random.around(420, 1.8)) }
  const created = at()
  emit('opportunity', created, { ...opportunity, action: 'created' })
  if (random.chance(0.85))
    emit('opportunity', created + later(random, 2 * DAY), {
      ...opportunity,
      action: random.chance(0.55) ? 'won' : 'lost',
    })
}

/** Every morning the tasting campaign asks some of those who get the newsletter. */
function contactAudience(at: () => number, random: Random, emit: Emit): void {
  for (let i = 0; i < 12; i++) {
    const contact = { anonymous_id: `m-${random.below(9_000).toString(36)}`, campaign: 'tasting' }
    const targeted = at()
    emit('campaign_contact', targeted, { ...contact, action: 'targeted' })
    if (random.chance(0.22))
      emit('campaign_contact', targeted + later(random, 5 * HOUR), { ...contact, action: 'responded' })
    if (random.chance(0.07))
      emit('campaign_contact', targeted + later(random, DAY), { ...contact, action: 'participated' })
  }
}

const QUESTIONS = ['overall', 'expectation', 'ideal'] as const

function askAround(at: () => number, random: Random, emit: Emit): void {
  const someone = () => ({ anonymous_id: `f-${random.below(6_000).toString(36)}` })
  const ask = (share: number, survey: string, score: () => number, fields: object = {}) => {
    if (random.chance(share)) emit('survey', at(), { ...someone(), survey, score: score(), ...fields })
  }
  ask(0.1, 'csi', () => 6 + random.below(5), { topic: random.pick(QUESTIONS) })
  ask(0.06, 'awareness', () => (random.chance(0.34) ? 1 : 0))
  ask(0.05, 'loyalty', () => 3 + random.below(3))
  ask(0.01, 'employee', () => 5 + random.below(5))
}
