/** What the shop does over the whole run, and the transitions that an evaluator that never stops finds in it. */
import { SECOND } from '../../integration/alerts/shop.ts'

export const SLICE = 10 * SECOND
export const WINDOW = 60 * SECOND
export const FOR = 30 * SECOND
export const KEEP = 20 * SECOND
const CAMPAIGNS = ['spring', 'summer', 'autumn', 'winter']

/** Nobody clicks on a campaign in [from, to). */
interface Outage {
  readonly campaign: string
  readonly from: number
  readonly to: number
}

export interface Schedule {
  readonly begin: number
  readonly end: number
  readonly campaigns: readonly string[]
  readonly outages: readonly Outage[]
}

/** Outages of one to three minutes, some too short to fire, with as much between them; the last minutes have none. */
export function plan(begin: number, length: number, random: () => number): Schedule {
  const end = begin + Math.floor(length / SLICE) * SLICE
  const some = (least: number, most: number) => Math.floor((least + random() * (most - least)) / SLICE) * SLICE
  const outages = CAMPAIGNS.flatMap(campaign => {
    const own: Outage[] = []
    for (let at = begin + 2 * WINDOW + some(0, 2 * WINDOW); ; ) {
      const to = at + some(WINDOW, 3 * WINDOW)
      if (to > end - 5 * WINDOW) return own
      own.push({ campaign, from: at, to })
      at = to + some(WINDOW, 3 * WINDOW)
    }
  })
  return { begin, end, campaigns: CAMPAIGNS, outages }
}

export interface Episode {
  readonly campaign: string
  readonly startsAt: number
  readonly endsAt: number
}

/** By counting slices: of six in a window, more than three without clicks put it below half of what is usual. */
export function episodes({ begin, end, campaigns, outages }: Schedule): Episode[] {
  return campaigns.flatMap(campaign => {
    const own = outages.filter(outage => outage.campaign === campaign)
    const isOut = (slice: number) => own.some(({ from, to }) => slice >= from && slice < to)
    const found: Episode[] = []
    let pendingSince: number | null = null
    let firedAt: number | null = null
    let goodSince: number | null = null
    for (let instant = begin + WINDOW; instant <= end; instant += SLICE) {
      let out = 0
      for (let slice = instant - WINDOW; slice < instant; slice += SLICE) if (isOut(slice)) out++
      const holds = out > 3
      if (firedAt === null) {
        pendingSince = holds ? (pendingSince ?? instant) : null
        if (pendingSince !== null && instant - pendingSince >= FOR) firedAt = instant
        continue
      }
      goodSince = holds ? null : (goodSince ?? instant)
      if (goodSince === null || instant - goodSince < KEEP) continue
      found.push({ campaign, startsAt: firedAt, endsAt: instant })
      pendingSince = firedAt = goodSince = null
    }
    return found
  })
}
