/** Advertisements, mailings and social media: what goes on without a visit. */
import { type DemoEvent, emitter, money } from './event.ts'
import { randomOf } from './random.ts'
import { BLOCK_MS } from './rhythm.ts'
import { CAMPAIGNS, PRODUCTS } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** An advertisement has no consequences later than this. */
export const LATEST_CLICK_MS = 20 * HOUR
const RENEWED_EVERY_DAYS = 28

export interface AdvertisingContext {
  readonly seed: number
  readonly block: number
  /** expected impressions of advertisements in the block, all campaigns together */
  readonly impressions: number
  readonly localHour: number
}

export function simulateAdvertising(
  { seed, block, impressions, localHour }: AdvertisingContext,
  into: DemoEvent[],
): void {
  const start = block * BLOCK_MS
  for (const [index, campaign] of CAMPAIGNS.entries()) {
    const random = randomOf(seed, block, index, 10)
    const emit = emitter(`${block.toString(36)}-ad${index}`, into)
    const shown = random.poisson(impressions * campaign.weight)
    const age = (start / DAY + index * 5) % RENEWED_EVERY_DAYS
    // about as many more click and stay: those are visits
    const clickRate = 0.5 * campaign.clickRate * 0.5 ** (age / campaign.halfLifeDays)
    const about = { campaign: campaign.name, channel: campaign.channel, target: 'ad' }
    for (let i = 0; i < shown; i++) {
      const at = start + random.next() * BLOCK_MS
      const ad = {
        ...about,
        ad_id: `${campaign.name}-${random.below(3)}`,
        anonymous_id: `b-${random.below(40_000).toString(36)}`,
      }
      emit('impression', at, ad)
      if (random.chance(clickRate)) emit('click', at + 500 + Math.min(random.exponential(3_000), HOUR), ad)
      if (random.chance(0.02))
        emit('engagement', at + 1_000, {
          ...ad,
          kind: 'dwell',
          surface: 'ad',
          dwell_seconds: money(random.around(6, 2)),
        })
      if (random.chance(0.004)) emit('engagement', at + 2_000, { ...ad, kind: 'like', surface: 'ad' })
    }
    if (shown > 0)
      emit('cost', start + BLOCK_MS - 1, {
        kind: 'ad_spend',
        campaign: campaign.name,
        channel: campaign.channel,
        amount: money((shown * campaign.costPerThousand) / 1000),
      })
  }
  simulateMailing(seed, block, start, localHour, impressions, into)
  simulateSocialMedia(seed, block, start, impressions, into)
}

/** The newsletter goes out in the morning. */
function simulateMailing(
  seed: number,
  block: number,
  start: number,
  hour: number,
  volume: number,
  into: DemoEvent[],
): void {
  if (hour < 9 || hour >= 10) return
  const random = randomOf(seed, block, 20)
  const emit = emitter(`${block.toString(36)}-mail`, into)
  const mailing = `newsletter-${new Date(start).toISOString().slice(0, 10)}`
  for (let i = random.poisson(volume * 0.6); i > 0; i--) {
    const at = start + random.next() * BLOCK_MS
    const mail = {
      target: 'email',
      ad_id: mailing,
      campaign: 'newsletter',
      channel: 'email',
      anonymous_id: `m-${random.below(9_000).toString(36)}`,
    }
    emit('impression', at, mail)
    if (random.chance(0.045)) emit('click', at + Math.min(random.exponential(2 * HOUR), LATEST_CLICK_MS), mail)
  }
}

function simulateSocialMedia(seed: number, block: number, start: number, volume: number, into: DemoEvent[]): void {
  const random = randomOf(seed, block, 30)
  const emit = emitter(`${block.toString(36)}-social`, into)
  const at = () => start + random.next() * BLOCK_MS
  const someone = () => ({
    anonymous_id: `f-${random.below(6_000).toString(36)}`,
    channel: 'social',
    surface: 'social',
  })
  for (let i = random.poisson(volume * 0.09); i > 0; i--)
    emit('engagement', at(), { ...someone(), kind: random.weighted(KINDS) })
  if (random.chance(0.03))
    emit('content', at(), { kind: random.chance(0.8) ? 'post' : 'article', action: 'published', channel: 'social' })
  if (random.chance(0.12))
    emit('mention', at(), {
      channel: 'social',
      sentiment: random.weighted(SENTIMENTS),
      topic: random.pick(PRODUCTS).category,
    })
}

const KINDS = [
  ['view', 50],
  ['like', 28],
  ['share', 7],
  ['comment', 8],
  ['follow', 5],
  ['repost', 2],
] as const

const SENTIMENTS = [
  [1, 52],
  [0, 33],
  [-1, 15],
] as const
