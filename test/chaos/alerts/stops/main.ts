/** `npm run chaos -- stops [stops] [seed]`. Exits with 1 when a gap was not as no gap. */
import { withClickHouse } from '../clickhouse.ts'
import { runStops } from './run.ts'
import { HOUR } from './timeline.ts'

export async function stopsMain(stops: number, seed: number): Promise<number> {
  console.log(`an evaluator that is killed ${stops + 4} times and one that never is, seed ${seed}`)
  return withClickHouse(async clickhouse => {
    const { always, stopped, kills, beyond } = await runStops({
      ...{ seed, stops, catchUpMs: 24 * HOUR, clickhouse, report: line => console.log(line) },
    })
    const wrong = [
      ...always.filter(line => !stopped.includes(line)).map(line => `missing: ${line}`),
      ...stopped.filter(line => !always.includes(line)).map(line => `only with stops: ${line}`),
      ...(stopped.length === always.length ? [] : [`${stopped.length} lines of history instead of ${always.length}`]),
      ...(beyond.gaps.join() === beyond.expectedGaps.join() ? [] : [`gaps: ${beyond.gaps.join(', ')}`]),
      ...beyond.before
        .filter(({ startsAt }, i) => beyond.after[i]?.phase !== 'firing' || beyond.after[i].startsAt !== startsAt)
        .map(({ rule }) => `${rule} did not fire on over the gap`),
      ...beyond.expectedAnew.filter(line => !beyond.pendingAnew.includes(line)).map(line => `never: ${line}`),
    ]
    const phases = new Set(kills.flatMap(kill => kill.phases))
    console.log(
      `${kills.length} kills, of ${[...phases].sort().join(', ')}; then one for 25 h: ${beyond.gaps.length} gaps`,
    )
    console.log(`${always.length} lines of history that never stopped, ${stopped.length} with stops`)
    console.log(wrong.length === 0 ? 'a gap equals no gap' : `WRONG\n  ${wrong.join('\n  ')}`)
    return wrong.length === 0 ? 0 : 1
  })
}
