/** `npm run chaos -- alerts [rounds] [seed]`. Exits with 1 when a promise was broken. */
import { runAlertChaos } from './run.ts'

export async function alertChaosMain(rounds: number, seed: number): Promise<number> {
  console.log(`chaos of alerts: ${rounds} rounds, seed ${seed}, three evaluators, real Kafka, a receiver that fails`)
  const begun = performance.now()
  const { wrong, faults, takeOvers, episodes, heard, directory } = await runAlertChaos({
    rounds,
    seed,
    sessionTimeoutMs: 3_000,
    report: line => console.log(line),
  })
  console.log(`\nfaults in ${Math.round((performance.now() - begun) / 1000)} s:`)
  for (const [name, count] of [...faults].sort()) console.log(`  ${String(count).padStart(4)}  ${name}`)
  const deeds = Map.groupBy(heard, ({ did }) => did)
  console.log(
    `${heard.length} requests about ${episodes} episodes, under ${new Set(heard.map(({ key }) => key)).size} keys:`,
  )
  for (const [did, requests] of [...deeds].sort()) console.log(`  ${String(requests.length).padStart(4)}  ${did}`)
  console.log(described(takeOvers))
  if (wrong.length > 0) {
    console.log(`WRONG (the evaluators' logs are in ${directory}):\n  ${wrong.join('\n  ')}`)
    return 1
  }
  console.log('every firing and every end was told, under one key, and never again after its answer was on record')
  return 0
}

function described(takeOvers: readonly number[]): string {
  if (takeOvers.length === 0) return 'nobody had to take over'
  const sorted = [...takeOvers].sort((a, b) => a - b)
  const at = (share: number) =>
    ((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1000).toFixed(1)
  return `time to take over (session time-out 3 s): median ${at(0.5)} s, 95 % within ${at(0.95)} s, longest ${at(1)} s`
}
