/**
 * `npm run chaos -- [rounds] [seed]`: the crash test of ingestion in full; `npm run chaos -- alerts [rounds] [seed]`:
 * that of alerts; `npm run chaos -- stall [seed] [fault]`: what is told when something stands still. Exits with 1 when
 * anything is wrong.
 */
import { alertChaosMain } from './alerts/main.ts'
import { runChaos } from './run.ts'
import { stallMain } from './stall/main.ts'

if (process.argv[2] === 'alerts')
  process.exit(await alertChaosMain(Number(process.argv[3] ?? 100), Number(process.argv[4] ?? Date.now() % 1_000_000)))
if (process.argv[2] === 'stall')
  process.exit(await stallMain(Number(process.argv[3] ?? Date.now() % 1_000_000), process.argv.slice(4).join(' ')))
const rounds = Number(process.argv[2] ?? 200)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
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
