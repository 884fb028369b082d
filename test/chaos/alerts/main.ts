/** `npm run chaos -- alerts [rounds] [seed]`. Exits with 1 when a promise was broken. */
import { runAlertChaos } from './run.ts'
import { summaryOf } from './summary.ts'

export async function alertChaosMain(rounds: number, seed: number): Promise<number> {
  console.log(`chaos of alerts: ${rounds} rounds, seed ${seed}, three evaluators, real Kafka, receivers that fail`)
  const begun = performance.now()
  const result = await runAlertChaos({
    ...{ rounds, seed, sessionTimeoutMs: 3_000 },
    report: line => console.log(line),
  })
  console.log(`\n${summaryOf(result, (performance.now() - begun) / 1000).join('\n')}`)
  if (result.wrong.length > 0) {
    console.log(`WRONG (the evaluators' logs are in ${result.directory}):\n  ${result.wrong.join('\n  ')}`)
    return 1
  }
  console.log('every firing and every end was told, under one key, and never again after its answer was on record')
  return 0
}
