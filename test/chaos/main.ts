/**
 * `npm run chaos -- [rounds] [seed]`: the crash test of ingestion in full. Of alerts: `alerts [rounds] [seed]` kills and
 * stops whoever leads, `replicas [seconds]` lets two catalogs lead in turn, `stops [stops] [seed]` compares an evaluator
 * that is killed with one that is not, `stall [seed] [fault]` lets something stand still. Exits with 1 when anything is
 * wrong.
 */
import { runChaos } from './run.ts'

const anySeed = Date.now() % 1_000_000
const [what = '', first, ...rest] = process.argv.slice(2)
// what one of them needs, the others do not
switch (what) {
  case 'alerts': {
    const { alertChaosMain } = await import('./alerts/main.ts')
    process.exit(await alertChaosMain(Number(first ?? 100), Number(rest[0] ?? anySeed)))
    break
  }
  case 'replicas': {
    const { replicasMain } = await import('./alerts/replicas/main.ts')
    process.exit(await replicasMain(Number(first ?? 60)))
    break
  }
  case 'stops': {
    const { stopsMain } = await import('./alerts/stops/main.ts')
    process.exit(await stopsMain(Number(first ?? 20), Number(rest[0] ?? anySeed)))
    break
  }
  case 'stall': {
    const { stallMain } = await import('./stall/main.ts')
    process.exit(await stallMain(Number(first ?? anySeed), rest.join(' ')))
  }
}
const rounds = Number(what || 200)
const seed = Number(first ?? anySeed)
console.log(`chaos: ${rounds} rounds, seed ${seed}, two workers, real Kafka, embedded ClickHouse`)
const begun = performance.now()
const { wrong, truth, faults, replays, directory } = await runChaos({
  rounds,
  seed,
  rate: 1500,
  sessionTimeoutMs: 2500,
  tokenKills: true,
  report: line => console.log(line),
})
console.log(`\nfaults in ${Math.round((performance.now() - begun) / 1000)} s:`)
for (const [name, count] of [...faults].sort()) console.log(`  ${String(count).padStart(4)}  ${name}`)
console.log(
  `produced ${truth.records} records: ${truth.distinct} distinct events, ${truth.duplicates} duplicates, ${truth.rejected} broken; ${replays} batches replayed`,
)
if (wrong.length > 0) {
  console.log(`WRONG (workers' logs in ${directory}):\n  ${wrong.join('\n  ')}`)
  process.exit(1)
}
console.log('every count equals the number of distinct events produced; no gap and no overlap in the ledger')
process.exit(0)
