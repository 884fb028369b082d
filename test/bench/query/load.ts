import { createRequire } from 'node:module'

/** What is used of autocannon, which has no types of its own. */
type Autocannon = (options: {
  url: string
  connections: number
  duration: number
  headers: Record<string, string>
}) => PromiseLike<unknown> & {
  on(event: 'response', listener: (client: unknown, status: number, bytes: number, time: number) => void): void
}
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon

export interface Latency {
  /** ms */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** the longest: while an answer is made anew, everyone waits, and few are asked meanwhile */
  readonly max: number
  readonly perSecond: number
}

export interface Row {
  readonly name: string
  readonly bytes: number
  /** the first answer, ms */
  readonly cold: number
  /** an answer made anew for a single asker after the data have changed, ms; median */
  readonly anew: number
  readonly clients: number
  readonly reference: Latency
  readonly still: Latency
  readonly changing: Latency
  /** statements that read slices while the data changed */
  readonly reads: number
}

/** Asks as quickly as the answers come, by so many clients at a time. */
export async function measure(url: string, clients: number, seconds: number): Promise<Latency> {
  const times: number[] = []
  const run = autocannon({ url, connections: clients, duration: seconds, headers: { accept: 'application/json' } })
  let failed = 0
  run.on('response', (_client, status, _bytes, time) => {
    times.push(time)
    if (status !== 200) failed++
  })
  await run
  if (failed > 0) throw new Error(`${failed} answers of ${url} were not 200`)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: times.at(-1) ?? Number.NaN,
    perSecond: times.length / seconds,
  }
}

export function printTable(rows: readonly Row[]): void {
  const latency = ({ p50, p95, p99, max, perSecond }: Latency) =>
    [p50, p95, p99, max]
      .map(ms => ms.toFixed(1))
      .join(' / ')
      .concat(`, ${Math.round(perSecond)}/s`)
  const heads = [
    'question',
    'clients',
    'unchanged: p50 / p95 / p99 / max ms',
    'changing each second',
    'bare route',
    'p95 ÷ bare',
    'statements',
    'first, ms',
    'made anew, ms',
    'bytes',
  ]
  console.log(`| ${heads.join(' | ')} |\n|${heads.map(() => '---').join('|')}|`)
  for (const row of rows) {
    const ratio = (row.still.p95 / row.reference.p95).toFixed(1)
    const moving = (row.changing.p95 / row.reference.p95).toFixed(1)
    const cells = [
      row.name,
      row.clients,
      latency(row.still),
      latency(row.changing),
      latency(row.reference),
      `${ratio}, changing ${moving}`,
      row.reads,
      row.cold.toFixed(0),
      row.anew.toFixed(0),
      row.bytes,
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
