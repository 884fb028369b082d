import { cpus, loadavg } from 'node:os'
import type { PollsMeasured } from './dashboards.ts'

export interface Phase {
  readonly name: string
  readonly result: PollsMeasured
  readonly seconds: number
  /** of the query service: share of one core */
  readonly cpu: number
  /** MB, every ten seconds */
  readonly memory: readonly number[]
  readonly statements: ReadonlyMap<string, number>
  readonly load: number
}

export const describeLoad = (): string => `load ${(loadavg()[0] as number).toFixed(1)} on ${cpus().length} cores`

const ms = (value: number | null): string => value?.toFixed(1) ?? 'none'

export function printPolls(phases: readonly Phase[], events: { sent: number; seconds: number }): void {
  const bare = new Map(phases.filter(({ name }) => name.startsWith('bare')).map(phase => [etagOf(phase), phase.result]))
  const heads = [
    'polls',
    'p50 / p95 / p99 / max ms',
    'p99 ÷ bare',
    '304',
    'failed',
    'skipped',
    'kB',
    'CPU',
    'statements/s',
    'load',
  ]
  console.log(`\n| | ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length + 1)}`)
  for (const phase of phases) {
    const { name, result, seconds, cpu, load } = phase
    const own = bare.get(etagOf(phase))
    const statements = [...phase.statements.values()].reduce((sum, count) => sum + count, 0)
    const cells = [
      name,
      `${result.polls} (${Math.round(result.polls / (seconds - 3))}/s)`,
      [result.p50, result.p95, result.p99, result.max].map(ms).join(' / '),
      own === undefined ? '' : (result.p99 / own.p99).toFixed(1),
      `${Math.round((100 * result.unchanged) / result.polls)} %`,
      result.failed,
      result.skipped,
      Math.round(result.bytes / 1000),
      name.startsWith('bare') ? '' : `${Math.round(100 * cpu)} %`,
      name.startsWith('bare') ? '' : (statements / seconds).toFixed(2),
      load.toFixed(1),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  for (const { name, result, seconds, statements, memory } of phases) {
    if (name.startsWith('bare')) continue
    const kinds = [...statements].sort(([, a], [, b]) => b - a)
    console.log(`\n${name}`)
    console.log(`  statements/s: ${kinds.map(([kind, count]) => `${kind} ${(count / seconds).toFixed(2)}`).join(', ')}`)
    console.log(`  memory, MB: ${memory.map(value => Math.round(value)).join(' ')}`)
    console.log(
      `  the measuring process: ${result.cpu.toFixed(1)} CPU s, its own delay p99 ${ms(result.ownDelayP99)} ms`,
    )
    if (result.streams !== null)
      console.log(
        `  streams: ${result.streams.events} events, ${result.streams.boards} boards, from first to last client ${ms(result.streams.spreadP50)} ms (median), ${ms(result.streams.spreadMax)} ms (most), ${result.streams.ended} ended`,
      )
  }
  printGoals(phases)
  console.log(
    `\n${events.sent} events in ${events.seconds.toFixed(0)} s: ${Math.round(events.sent / events.seconds)}/s`,
  )
}

/** What the board is to hold with a thousand dashboards, and whether it did. */
function printGoals(phases: readonly Phase[]): void {
  const polls = phases.filter(({ name }) => !name.startsWith('bare'))
  const [first] = polls
  if (first === undefined) return
  const statements = Math.max(
    ...polls.map(phase => [...phase.statements.values()].reduce((sum, count) => sum + count, 0) / phase.seconds),
  )
  const minute = first.memory[6] ?? first.memory.at(-1) ?? Number.NaN
  const [alone, beside] = polls.slice(-2).map(({ result }) => result.p99) as [number, number]
  const goals: Array<readonly [goal: string, held: boolean, measured: string]> = [
    ['p99 of a poll below 50 ms', first.result.p99 < 50, `${ms(first.result.p99)} ms`],
    ['at most two statements a second', statements <= 2, statements.toFixed(2)],
    [
      'memory after a minute and at the end',
      (first.memory.at(-1) as number) < 1.1 * minute,
      `${Math.round(minute)} and ${Math.round(first.memory.at(-1) as number)} MB`,
    ],
    ['p99 with streams that never read, and without', beside < 1.5 * alone, `${ms(beside)} and ${ms(alone)} ms`],
  ]
  console.log()
  for (const [goal, held, measured] of goals) console.log(`${held ? 'held    ' : 'NOT HELD'}  ${goal}: ${measured}`)
}

const etagOf = ({ name }: Phase): boolean => name.includes('ETag')
