import type { Evaluated } from './cases.ts'
import type { Totals } from './evaluator-process.ts'
import type { Place } from './place.ts'

/** Median and largest of each part of an evaluation, and what one costs. */
export function printEvaluated(name: string, { taken, instants, sliceStatements, statements, peak }: Evaluated): void {
  const parts: ReadonlyArray<readonly [string, (one: Totals) => number]> = [
    ['statements', one => one.rows],
    ['judging', one => one.evaluating - one.rows],
    ['step', one => one.stepping - one.appending],
    ['append', one => one.appending],
    ['CPU', one => one.cpu],
    ['records', one => one.records],
    ['kB', one => one.bytes / 1_000],
  ]
  console.log(
    `\n${name}: ${instants} instants, ${sliceStatements} statements about slices, ${statements} in all, peak ${Math.round(peak)} MB`,
  )
  for (const [part, of] of parts) {
    const sorted = taken.map(of).sort((a, b) => a - b)
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
    console.log(`  ${part.padEnd(12)} p50 ${at(0.5).padStart(10)}  max ${at(1).padStart(10)}`)
  }
}

/** What an evaluation takes beside the bare statement that it asks. */
export async function printBeside(place: Place, { taken }: Evaluated): Promise<void> {
  const bare = []
  for (let round = 0; round < Math.max(5, taken.length); round++) bare.push(await place.counting.again())
  const whole = median(taken.map(one => one.evaluating + one.stepping))
  const statement = median(bare.map(({ ms }) => ms))
  console.log(
    `  the bare statement, its answer of ${Math.round((bare[0]?.bytes ?? 0) / 1_000)} kB taken and not looked at: ${statement.toFixed(1)} ms; an evaluation ${whole.toFixed(1)} ms, ${(whole / statement).toFixed(2)} times`,
  )
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
