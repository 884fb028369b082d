/** The evaluator of a measurement, in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Judged, Led, Totals } from './evaluator-process.ts'
import { filesOf } from './shop.ts'

export interface EvaluatorOptions {
  readonly directory: string
  /** of ClickHouse */
  readonly url: string
  readonly database: string
  /** null: the embedded log */
  readonly broker: string | null
  readonly topic: string
  /** the text of alerts.yaml */
  readonly alerts: string
  /** directory for a CPU profile; null: none */
  readonly profile: string | null
}

export class MeasuredEvaluator {
  readonly #child: ChildProcess
  readonly #judged: Judged[] = []
  #led: Led | null = null
  #wake: () => void = () => {}
  #gone = false

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (told: Judged | Led | { kind: 'ready' }) => {
      if (told.kind === 'judged') this.#judged.push(told)
      if (told.kind === 'leads') this.#led = told
      this.#wake()
    })
    child.once('exit', () => {
      this.#gone = true
      this.#wake()
    })
  }

  static async start(options: EvaluatorOptions): Promise<MeasuredEvaluator> {
    const catalog = join(options.directory, `catalog-${options.topic}`)
    const files = { ...filesOf(options.alerts), ...(await eventTypes()) }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(catalog, name)), { recursive: true })
      await writeFile(join(catalog, name), text)
    }
    const child = fork(join(import.meta.dirname, 'evaluator-process.ts'), {
      env: {
        ...process.env,
        ...(options.broker === null ? {} : { KIVI_KAFKA_BROKERS: options.broker }),
        ...{ BENCH_LOG: join(options.directory, `${options.topic}.sqlite`), KIVI_TOPIC_ALERTS: options.topic },
        ...{ KIVI_CATALOG: catalog, KIVI_CLICKHOUSE_URL: options.url, KIVI_CLICKHOUSE_DATABASE: options.database },
        // nothing but alerts
        ...{ KIVI_RETENTION_RAW: '0', KIVI_DERIVE_INTERVAL: '1h' },
      },
      execArgv: options.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`],
    })
    return new MeasuredEvaluator(child)
  }

  /** Until it leads. */
  async leads(): Promise<Led> {
    while (this.#led === null) await this.#next()
    return this.#led
  }

  /** Until the rule has been judged up to the instant; what it has taken by then. */
  async judged(rule: string, instant: number): Promise<Judged> {
    for (;;) {
      const found = this.#judged.findLast(told => told.rule === rule && told.instant >= instant)
      if (found !== undefined) return found
      await this.#next()
    }
  }

  /** Orderly. */
  async stop(): Promise<void> {
    if (this.#gone) return
    const gone = once(this.#child, 'exit')
    this.#child.send('stop')
    await gone
  }

  async #next(): Promise<void> {
    if (this.#gone) throw new Error('the evaluator ended')
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    await promise
  }
}

export const difference = (after: Totals, before: Totals): Totals =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Totals]]),
  ) as unknown as Totals

async function eventTypes(): Promise<Record<string, string>> {
  const { readdir, readFile } = await import('node:fs/promises')
  const directory = new URL('../../../catalog/events/', import.meta.url)
  const files: Record<string, string> = {}
  for (const name of await readdir(directory))
    files[`events/${name}`] = await readFile(new URL(name, directory), 'utf8')
  return files
}
