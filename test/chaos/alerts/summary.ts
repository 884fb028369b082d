/** What a run was like, for people. */
import type { AlertChaosResult } from './run.ts'

export function summaryOf({ faults, takeOvers, episodes, heard, doubts }: AlertChaosResult, seconds: number): string[] {
  const keys = new Set(heard.map(({ key }) => key)).size
  const repeats = heard.length - keys
  const refused = heard.filter(({ outcome }) => outcome === 'refused').length
  const lost = heard.filter(({ outcome }) => outcome === 'doubtful').length
  return [
    `faults in ${Math.round(seconds)} s:`,
    ...counted(faults),
    `${heard.length} requests about ${episodes} episodes to ${new Set(heard.map(({ receiver }) => receiver)).size} receivers, under ${keys} keys:`,
    ...counted(new Map([...Map.groupBy(heard, did)].map(([name, requests]) => [name, requests.length]))),
    `${repeats} requests came again, where ${doubts} times nobody knew what had become of a message; ${lost} answers were lost, ${refused} requests refused`,
    described(takeOvers),
  ]
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
