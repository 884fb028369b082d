/** What is measured of one rule with many groups. */
import { setTimeout as sleep } from 'node:timers/promises'
import { difference } from './evaluator.ts'
import type { Judged, Led, Totals } from './evaluator-process.ts'
import type { Place } from './place.ts'
import { rule, THRESHOLDS } from './shop.ts'

export interface Evaluated {
  readonly instants: number
  /** of each evaluation, or of all the catching up */
  readonly taken: readonly Totals[]
  /** statements about slices */
  readonly sliceStatements: number
  readonly statements: number
  readonly peak: number
}

const RULE = 'CtrLow'

const alertsOf = (rules: string, url: string, interval: string): string => `
alerts:${rules}
receivers:
  hook: { type: webhook, url: '${url}/hook' }

route: { receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: ${interval}, repeat_interval: 4h }
`

/** So many evaluations, one after the other. */
export async function evaluations(
  place: Place,
  kind: keyof typeof THRESHOLDS,
  count: number,
  { topic, interval = '5m' }: { readonly topic: string; readonly interval?: string },
): Promise<Evaluated> {
  const alerts = alertsOf(rule(RULE, THRESHOLDS[kind]), place.sink.url, interval)
  const evaluator = await place.evaluator(topic, alerts)
  try {
    let before: { readonly totals: Totals; readonly peak: number } = { ...(await evaluator.leads()), peak: 0 }
    place.counting.counts()
    const taken: Totals[] = []
    for (let n = 0; n < count; n++) {
      await place.watermark(place.instant(n))
      const judged = await evaluator.judged(RULE, place.instant(n))
      taken.push(difference(judged.totals, before.totals))
      before = judged
    }
    const counts = place.counting.counts()
    return { instants: count, taken, peak: before.peak, ...statementsOf(counts) }
  } finally {
    await evaluator.stop()
  }
}

/** All instants up to one, after a stop. */
export async function catchingUp(
  place: Place,
  kind: keyof typeof THRESHOLDS,
  count: number,
  topic: string,
): Promise<Evaluated & { readonly seconds: number }> {
  const alerts = alertsOf(rule(RULE, THRESHOLDS[kind]), place.sink.url, '5m')
  const first = await place.evaluator(topic, alerts)
  await first.judged(RULE, place.instant(0))
  await first.stop()
  await place.watermark(place.instant(count))
  const evaluator = await place.evaluator(topic, alerts)
  try {
    const { totals } = await evaluator.leads()
    const begun = performance.now()
    place.counting.counts()
    const judged = await evaluator.judged(RULE, place.instant(count))
    const seconds = (performance.now() - begun) / 1_000
    const counts = place.counting.counts()
    return {
      instants: count,
      taken: [difference(judged.totals, totals)],
      peak: judged.peak,
      seconds,
      ...statementsOf(counts),
    }
  } finally {
    await evaluator.stop()
  }
}

function statementsOf(counts: ReadonlyMap<string, number>) {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return { sliceStatements: counts.get('slices') ?? 0, statements: all }
}

/** Until nothing has come for a while. */
export async function delivered(place: Place, quietMs = 3_000): Promise<ReturnType<Place['sink']['taken']>> {
  const requests = [...place.sink.taken()]
  for (let quiet = 0; quiet < quietMs; quiet += 250) {
    await sleep(250)
    const more = place.sink.taken()
    if (more.length > 0) quiet = 0
    requests.push(...more)
  }
  return requests
}

/** How long a new leader takes until it has the state, ms; of a log that nobody contends for. */
export async function takeOver(place: Place, topic: string): Promise<Led> {
  const evaluator = await place.evaluator(topic, alertsOf(rule(RULE, THRESHOLDS.nothing), place.sink.url, '5m'))
  const led = await evaluator.leads()
  await evaluator.stop()
  return led
}

/** Rules without groups, each of one campaign. */
export async function manyRules(place: Place, rules: number, count: number, topic: string): Promise<Evaluated> {
  const text = Array.from({ length: rules }, (_, i) => rule(`${RULE}${i}`, THRESHOLDS.nothing, oneCampaign(i))).join('')
  const evaluator = await place.evaluator(topic, alertsOf(text, place.sink.url, '5m'))
  const all = async (instant: number): Promise<Judged> => {
    let last: Judged | undefined
    for (let i = 0; i < rules; i++) {
      const judged = await evaluator.judged(`${RULE}${i}`, instant)
      if (last === undefined || judged.totals.cpu > last.totals.cpu) last = judged
    }
    return last as Judged
  }
  try {
    let before = await all(place.instant(0))
    place.counting.counts()
    const taken: Totals[] = []
    for (let n = 1; n <= count; n++) {
      await place.watermark(place.instant(n))
      const judged = await all(place.instant(n))
      taken.push(difference(judged.totals, before.totals))
      before = judged
    }
    return { instants: count, taken, peak: before.peak, ...statementsOf(place.counting.counts()) }
  } finally {
    await evaluator.stop()
  }
}

const oneCampaign = (i: number): string => `    filter: { campaign: ['campaign ${i % 100}'] }\n`
