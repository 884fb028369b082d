import { describe, expect, it } from 'vitest'
import { runChaos } from './run.ts'

/** The short form of `npm run chaos`, which does 200 rounds and kills ClickHouse at the write of a token too. */
describe('two workers and a ClickHouse that are killed and stopped', () => {
  it('count each distinct event once', { timeout: 300_000 }, async () => {
    const { wrong, truth, faults } = await runChaos({
      rounds: 8,
      seed: Date.now() % 1_000_000,
      rate: 800,
      sessionTimeoutMs: 2000,
      tokenKills: false,
      report: line => console.log(line),
    })
    expect(wrong).toEqual([])
    expect([...faults.values()].reduce((sum, count) => sum + count, 0)).toBe(8)
    expect(truth.distinct).toBeGreaterThan(1000)
    expect(truth.duplicates).toBeGreaterThan(0)
  })
})
