/** What a run was like, for people. */
import type { AlertChaosResult } from './run.ts'

export function summaryOf({ faults, takeOvers, episodes, heard, log }: AlertChaosResult, seconds: number): string[] {
  const keys = new Set(heard.map(({ key }) => key)).size
  const repeats = heard.length - keys
  const refused = heard.filter(({ outcome }) => outcome === 'refused').length
  const lost = heard.filter(({ outcome }) => outcome === 'doubtful').length
  return [
    `faults in ${Math.round(seconds)} s:`,
    ...counted(faults),
    `${heard.length} requests about ${episodes} episodes to ${new Set(heard.map(({ receiver }) => receiver)).size} receivers, under ${keys} keys:`,
    ...counted(new Map([...Map.groupBy(heard, did)].map(([name, requests]) => [name, requests.length]))),
    `${lost} answers were lost, late or said nothing, ${refused} requests were refused; ${repeats} came again:`,
    ...counted(reasons(heard, log)),
    described(takeOvers),
  ]
}

/** Why messages were sent again, by what is on record between one copy and the next. */
function reasons(heard: AlertChaosResult['heard'], { facts, leaders }: AlertChaosResult['log']): Map<string, number> {
  const answers = Map.groupBy(facts, fact => ('key' in fact ? fact.key : ''))
  const found = new Map<string, number>()
  for (const [key, copies] of Map.groupBy(heard, one => one.key))
    for (const [i, next] of copies.slice(1).entries()) {
      const before = copies[i]!
      const on = (fact: string) =>
        answers.get(key)?.some(one => one.fact === fact && one.at >= before.at && one.at <= next.at)
      const left = leaders.some(({ since }) => since >= before.at && since <= next.at)
      const why = on('in_doubt')
        ? 'in doubt'
        : on('refused') || on('failed')
          ? 'refused, where a copy before was in doubt'
          : left
            ? 'its leader was gone before an answer was on record'
            : 'for no reason'
      found.set(why, (found.get(why) ?? 0) + 1)
    }
  return found
}

const did = (one: AlertChaosResult['heard'][number]): string => one.did

const counted = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `  ${String(count).padStart(4)}  ${name}`)

function described(takeOvers: readonly number[]): string {
  if (takeOvers.length === 0) return 'nobody had to take over'
  const sorted = [...takeOvers].sort((a, b) => a - b)
  const at = (share: number) =>
    ((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1000).toFixed(1)
  return `time to take over (${sorted.length} times, session time-out 3 s): median ${at(0.5)} s, 95 % within ${at(0.95)} s, longest ${at(1)} s`
}
