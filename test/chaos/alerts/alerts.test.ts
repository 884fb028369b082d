import { expect, it } from 'vitest'
import { runAlertChaos } from './run.ts'

/** The short form of `npm run chaos -- alerts`, which does 100 rounds. */
it('alerts are told under one key whoever of three evaluators is killed or stopped', { timeout: 300_000 }, async () => {
  const { wrong, takeOvers, episodes, heard } = await runAlertChaos({
    rounds: 2,
    seed: Date.now() % 1_000_000,
    sessionTimeoutMs: 3_000,
    report: line => console.log(line),
  })
  expect(wrong).toEqual([])
  expect(episodes).toBeGreaterThan(2)
  expect(heard.length).toBeGreaterThanOrEqual(episodes)
  for (const ms of takeOvers) expect(ms).toBeLessThan(30_000)
})
