/** `npm run chaos -- stall [seed] [words of a fault's name]`. Exits with 1 when anybody was told what means nothing. */
import { startKafka } from '../../../infra/local/kafka.ts'
import { randomFrom } from '../truth.ts'
import { FAULTS } from './faults.ts'
import { type Cell, FAILOVERS, type Failover, runCell, runControl, runKafka, settled, type When } from './run.ts'
import { openWorld } from './world.ts'

const WHENS: readonly When[] = ['before it is told', 'while it fires']
/** Longer than from one ping to the next and the lease together. */
const KAFKA_OUTAGE_MS = 100_000

/** @param only faults whose name contains it; empty: all */
export async function stallMain(seed: number, only: string): Promise<number> {
  console.log(`stall matrix, seed ${seed}: three evaluators, two workers, a collector, real Kafka and ClickHouse`)
  const random = randomFrom(seed)
  const draw = (): [Failover, When] => [FAILOVERS[Math.floor(random() * 3)]!, WHENS[Math.floor(random() * 2)]!]
  const draws = FAULTS.map(fault => [fault, ...draw()] as const)
  const control = draw()
  const cells: Cell[] = []
  await using stack = new AsyncDisposableStack()
  const kafka = await startKafka()
  stack.defer(() => kafka.stop())
  const world = stack.use(
    await openWorld({
      ...{ brokers: kafka.brokers, clickhouse: null, name: `stall${seed}` },
      ...{ lateMs: 0, workers: 2, evaluators: 3 },
    }),
  )
  if (!(await settled(world))) throw new Error(`the shop does not come to rest:\n${world.services.output()}`)
  const done = (cell: Cell): void => {
    cells.push(cell)
    console.log(`${cell.fault}, leader ${cell.failover}: ${cell.wrong.length === 0 ? 'well' : cell.wrong.join('; ')}`)
    if (cell.wrong.length > 0) console.log(cell.heard.map(one => `    ${Object.values(one).join(' ')}`).join('\n'))
  }
  for (const [fault, failover, when] of draws)
    if (fault.name.includes(only)) done(await runCell(world, fault, failover, when))
  if ('nobody buys'.includes(only)) done(await runControl(world, ...control))
  if ('Kafka'.includes(only)) {
    const cell = await runKafka(world, kafka, KAFKA_OUTAGE_MS)
    done(cell)
    console.log(
      `  without Kafka for ${KAFKA_OUTAGE_MS / 1000} s: last ping after ${seconds(cell.lastPingMs)}, next one ${seconds(cell.firstPingMs)} after its return began`,
    )
  }
  console.log(`\n${table(cells)}`)
  const wrong = cells.filter(cell => cell.wrong.length > 0)
  if (wrong.length > 0) console.log(`\n${world.services.output()}`)
  return wrong.length > 0 ? 1 : 0
}

/** As it stands in docs/alerts.md. */
function table(cells: readonly Cell[]): string {
  return [
    '| what stands still | the leader is | told of | told after | over after | next led after |',
    '|---|---|---|--:|--:|--:|',
    ...cells.map(({ fault, failover, heard, toldMs, overMs, takeOverMs }) => {
      // a copy of a message that came again is known by its key
      const fired = Map.groupBy(
        heard.filter(({ status }) => status === 'firing'),
        ({ alertname }) => alertname,
      )
      const names = [...fired].map(([name, own]) => {
        const count = new Set(own.map(({ key }) => key)).size
        return count === 1 ? name : `${count} × ${name}`
      })
      return `| ${fault} | ${failover} | ${names.join(', ') || 'nothing'} | ${seconds(toldMs)} | ${seconds(overMs)} | ${seconds(takeOverMs)} |`
    }),
  ].join('\n')
}

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`)
