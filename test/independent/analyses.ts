/** What is more than one number: funnels, value segments, why people left, cohorts. */
import { activePersons, type Question, quantile, sum } from './answer.ts'
import { DAY } from './calendar.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'

export interface FunnelSteps {
  readonly steps: ReadonlyArray<(happened: Happened) => boolean>
  /** from the first step to the last one, ms; the bound itself is too late */
  readonly within: number
}

/** Persons who came as far as each step, by the start of the window that came furthest. */
export function funnel(history: History, { from, to, by }: Question, { steps, within }: FunnelSteps): number[] {
  const furthest = new Map<string, number>()
  for (const [who, events] of Map.groupBy(history.events, e => e.who)) {
    if (who === '') continue
    for (const start of events.filter(e => steps[0]!(e) && e.t >= from && e.t < to && inGroup(e, by))) {
      let [reached, at] = [0, start.t]
      while (reached + 1 < steps.length) {
        const next = events.find(e => e.t > at && e.t - start.t < within && steps[reached + 1]!(e))
        if (next === undefined) break
        reached++
        at = next.t
      }
      furthest.set(who, Math.max(reached, furthest.get(who) ?? 0))
    }
  }
  return steps.map((_, step) => [...furthest.values()].filter(reached => reached >= step).length)
}

const spent = (events: readonly Happened[]): number =>
  sum(events.map(e => (e.type === 'refund' ? -1 : 1) * number(e, 'amount')))

export interface SegmentWorth {
  readonly persons: number
  readonly mean: number | null
  readonly median: number | null
}

/** Segments by what each customer was worth when the window began, with what each brought in the window. */
export function valueSegments(
  history: History,
  { from, to }: Question,
  rule: { limits: ReadonlyArray<readonly [string, number]> } | { shares: ReadonlyArray<readonly [string, number]> },
): Map<string, SegmentWorth> {
  const money = [...Map.groupBy(history.of(['purchase', 'refund']), e => e.who)].filter(([who]) => who !== '')
  const worths = money
    .map(([who, events]) => ({
      who,
      before: spent(events.filter(e => e.t < from)),
      known: events.some(e => e.t < from),
      during: spent(events.filter(e => e.t >= from && e.t < to)),
    }))
    .filter(({ known }) => known)
    .sort((a, b) => b.before - a.before)
  const names = worths.map(({ before }, rank) => {
    if ('limits' in rule) return (rule.limits.find(([, least]) => before >= least) ?? rule.limits.at(-1)!)[0]
    let upTo = 0
    for (const [name, share] of rule.shares) {
      upTo += share
      if (rank < Math.round(upTo * worths.length)) return name
    }
    return rule.shares.at(-1)![0]
  })
  const groups = Map.groupBy(worths, worth => names[worths.indexOf(worth)]!)
  return new Map(
    [...groups].map(([name, members]) => {
      const values = members.map(({ during }) => during)
      return [
        name,
        { persons: values.length, mean: sum(values) / values.length, median: quantile(values, 0.5) },
      ] as const
    }),
  )
}

/** The last topic of each person before the window, of those active in the window before: how many left, how many stayed. */
export function churnTopics(
  history: History,
  preceding: { from: number; to: number },
  { from, to }: Question,
): Map<string, { churned: number; stayed: number }> {
  const now = activePersons(history, from, to)
  const said = history.of(['ticket', 'survey', 'mention'], from - 90 * DAY, from).filter(e => text(e, 'topic') !== '')
  const topics = new Map<string, { churned: number; stayed: number }>()
  for (const who of activePersons(history, preceding.from, preceding.to)) {
    const last = said.findLast(e => e.who === who)
    if (last === undefined) continue
    const counts = topics.get(text(last, 'topic')) ?? { churned: 0, stayed: 0 }
    counts[now.has(who) ? 'stayed' : 'churned']++
    topics.set(text(last, 'topic'), counts)
  }
  return topics
}

/** Of persons whose first purchase lies in the first month, how many bought in it and in each month after it. */
export function monthlyCohort(history: History, month: number, months: number): number[] {
  const { calendar } = history
  const purchases = history.of('purchase').filter(e => e.who !== '')
  const first = new Map<string, number>()
  for (const e of purchases) if (!first.has(e.who)) first.set(e.who, e.t)
  const starts = Array.from({ length: months + 1 }, (_, k) => calendar.month(month, k))
  const isIn = (t: number, k: number): boolean => t >= starts[k]! && t < starts[k + 1]!
  return Array.from({ length: months }, (_, k) => {
    const buyers = purchases.filter(e => isIn(e.t, k) && isIn(first.get(e.who)!, 0))
    return new Set(buyers.map(e => e.who)).size
  })
}
