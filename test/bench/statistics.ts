/**
 * What each statistical method does where there is nothing to find: how often it "finds" something (its error rate),
 * how often its intervals hold the truth, beside what a plainer method does with the same numbers.
 */
import {
  actionEffect,
  clusteredRatio,
  correlateDays,
  correlateSegments,
  npsInterval,
  riskRatio,
  theilSen,
  wilson,
  Z95,
} from '@kivi/domain'

const seed = Number(process.argv[2] ?? 20260101)

/** xorshift64*, so that a seed gives the same figures everywhere. */
let state = BigInt(seed) | 1n
function uniform(): number {
  state ^= (state << 13n) & 0xffffffffffffffffn
  state ^= state >> 7n
  state ^= (state << 17n) & 0xffffffffffffffffn
  return Number(state >> 11n) / 2 ** 53
}
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

/** A series in which each value keeps `memory` of the one before. */
function series(length: number, memory: number): number[] {
  const scale = Math.sqrt(1 - memory * memory)
  let value = normal()
  return Array.from({ length }, () => (value = memory * value + scale * normal()))
}
const chance = (probability: number): boolean => uniform() < probability
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8)

function rate(runs: number, one: () => boolean): number {
  let hits = 0
  for (let run = 0; run < runs; run++) if (one()) hits++
  return hits / runs
}
function line(what: string, found: number, wanted: string, plain: string): void {
  console.log(`  ${what.padEnd(58)}${percent(found)}   ${wanted.padEnd(12)}${plain}`)
}

console.log(`No effect, seed ${seed}. Error rates at the 5 % level; coverage of intervals of 95 %.\n`)

console.log('Trend: Theil–Sen with Mann–Kendall over complete weeks')
for (const [weeks, memory] of [
  [8, 0],
  [12, 0],
  [26, 0],
  [52, 0],
  [26, 0.3],
] as const) {
  const slope = () => theilSen(series(weeks, memory))?.significant ?? false
  // the eye's rule: the last week is above the first
  const firstAndLast = rate(4000, () => {
    const values = series(weeks, memory)
    return Math.abs((values.at(-1) ?? 0) - (values[0] ?? 0)) > 0.5
  })
  line(
    `${weeks} weeks${memory > 0 ? `, each keeps ${memory} of the one before` : ''}`,
    rate(4000, slope),
    memory > 0 ? 'above 5 %' : '<= 5 %',
    `last less first by half a deviation: ${percent(firstAndLast)}`,
  )
}

console.log('\nEffect of an action: segmented regression on weeks')
for (const [before, after, memory, drift] of [
  [8, 4, 0, 0],
  [12, 6, 0, 0.2],
  [26, 12, 0, 0.2],
  [26, 12, 0.3, 0.2],
] as const) {
  const run = (): [number[], number[]] => {
    const values = series(before + after + 1, memory).map((value, week) => value + drift * week)
    return [values.slice(0, before), values.slice(before + 1)]
  }
  const found = rate(3000, () => {
    const [left, right] = run()
    return (actionEffect({ before: left, after: right }).p ?? 1) < 0.05
  })
  const plain = rate(3000, () => {
    const [left, right] = run()
    return Math.abs(welch(left, right)) > Z95
  })
  line(
    `${before} weeks before, ${after} after, drift ${drift}${memory > 0 ? `, memory ${memory}` : ''}`,
    found,
    memory > 0 ? 'above 5 %' : '5 %',
    `means before and after alone: ${percent(plain)}`,
  )
}
{
  const shocked = (withControl: boolean) =>
    rate(3000, () => {
      // a season that both segments share begins with the action
      const season = (week: number) => (week > 12 ? 3 : 0)
      const values = series(19, 0).map((value, week) => value + season(week))
      const control = series(19, 0).map((value, week) => value + season(week))
      const cut = (all: number[]) => ({ before: all.slice(0, 12), after: all.slice(13) })
      return (actionEffect(cut(values), withControl ? cut(control) : null).p ?? 1) < 0.05
    })
  line(
    '12 before, 6 after, a season shared with the control',
    shocked(true),
    '5 %',
    `without control: ${percent(shocked(false))}`,
  )
}

console.log('\nCorrelation: two unrelated series, best of 29 lags')
for (const [days, memory] of [
  [90, 0],
  [180, 0],
  [90, 0.7],
  [365, 0.9],
] as const) {
  const pairs = Array.from({ length: 300 }, () => [series(days, memory), series(days, memory)] as const)
  const found = pairs.filter(([x, y]) => (correlateDays(x, y, 14).best?.p ?? 1) < 0.05).length / pairs.length
  const plain =
    pairs.filter(([x, y]) => {
      const best = Math.max(...correlateDays(x, y, 14).lags.map(lag => Math.abs(lag.r)))
      return best > Z95 / Math.sqrt(days)
    }).length / pairs.length
  line(
    `${days} days, each keeps ${memory} of the one before`,
    found,
    '<= 5 %',
    `largest |r| of 29 against one: ${percent(plain)}`,
  )
}
line(
  '20 segments, Spearman',
  rate(4000, () => (correlateSegments(series(20, 0), series(20, 0))?.p ?? 1) < 0.05),
  '5 %',
  '',
)

console.log('\nIntervals: how often they hold the true value')
for (const [n, p] of [
  [20, 0.1],
  [200, 0.02],
  [1000, 0.5],
] as const) {
  const drawn = () => Array.from({ length: n }, () => chance(p)).filter(Boolean).length
  const holds = (interval: readonly [number, number] | null, truth: number) =>
    interval !== null && interval[0] <= truth && truth <= interval[1]
  const found = rate(4000, () => holds(wilson(drawn(), n), p))
  const plain = rate(4000, () => {
    const share = drawn() / n
    const half = Z95 * Math.sqrt((share * (1 - share)) / n)
    return share - half <= p && p <= share + half
  })
  line(`share of ${n} persons, truth ${p}: Wilson`, found, '95 %', `share ± 1.96 deviations: ${percent(plain)}`)
}
/** How often intervals of the click-through of so many persons hold it, by person and by Wilson over impressions. */
function clickThrough(
  users: number,
  tastes: { readonly keen: number; readonly much: number; readonly little: number },
) {
  const truth = tastes.keen * tastes.much + (1 - tastes.keen) * tastes.little
  const draw = () => {
    const sums = { clusters: users, sx: 0, sy: 0, sxx: 0, syy: 0, sxy: 0 }
    for (let user = 0; user < users; user++) {
      // some persons see far more and click far more often than others
      const impressions = 1 + Math.floor(-20 * Math.log(1 - uniform()))
      const taste = chance(tastes.keen) ? tastes.much : tastes.little
      let clicks = 0
      for (let shown = 0; shown < impressions; shown++) if (chance(taste)) clicks++
      sums.sx += clicks
      sums.sy += impressions
      sums.sxx += clicks * clicks
      sums.syy += impressions * impressions
      sums.sxy += clicks * impressions
    }
    return sums
  }
  const runs = Array.from({ length: users > 100 ? 600 : 3000 }, draw)
  const holds = (interval: readonly [number, number] | null) =>
    interval !== null && interval[0] <= truth && truth <= interval[1]
  const shareOf = (made: (sums: ReturnType<typeof draw>) => readonly [number, number] | null) =>
    runs.filter(sums => holds(made(sums))).length / runs.length
  return { byPerson: shareOf(clusteredRatio), wilson: shareOf(sums => wilson(sums.sx, sums.sy)) }
}
for (const [what, tastes] of [
  ['a tenth clicks 16 times as often', { keen: 0.1, much: 0.32, little: 0.02 }],
  ['one half clicks 4 times as often', { keen: 0.5, much: 0.08, little: 0.02 }],
] as const)
  for (const users of [400, 100, 40, 10]) {
    const found = clickThrough(users, tastes)
    const plain = `Wilson over impressions: ${percent(found.wilson)}`
    line(`click-through of ${users} persons, ${what}`, found.byPerson, '95 %', plain)
  }
{
  const limit = 0.8
  const under = rate(4000, () => {
    const clicks = Array.from({ length: 1000 }, () => chance(0.02)).filter(Boolean).length
    return (wilson(clicks, 1000)?.[1] ?? 1) < limit * 0.02
  })
  const plain = rate(4000, () => Array.from({ length: 1000 }, () => chance(0.02)).filter(Boolean).length < limit * 20)
  line('exactly on target, 1,000 impressions: "below 0.8 × target"', under, 'few', `value alone: ${percent(plain)}`)
}
for (const n of [15, 100]) {
  const found = rate(4000, () => {
    let [promoters, detractors] = [0, 0]
    for (let answer = 0; answer < n; answer++) {
      const drawn = uniform()
      if (drawn < 0.7) promoters++
      else if (drawn > 0.9) detractors++
    }
    const interval = npsInterval(promoters, detractors, n)
    return interval !== null && interval[0] <= 60 && 60 <= interval[1]
  })
  line(`net promoter score of ${n} answers, truth 60`, found, '95 %', '')
}
line(
  'risk ratio of 200 and 300 persons, truth 1',
  rate(4000, () => {
    const drawn = (n: number) => Array.from({ length: n }, () => chance(0.2)).filter(Boolean).length
    const result = riskRatio(drawn(200), 200, drawn(300), 300)
    return result !== null && result.interval[0] <= 1 && 1 <= result.interval[1]
  }),
  '95 %',
  '',
)

function welch(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1)
  return (mean(b) - mean(a)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length)
}
