import { randomInt } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClickHouse } from '@kivi/clickhouse'
import type { EventLog } from '@kivi/domain'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../../support/index.ts'
import { KIVI, kivi, kiviPrints, type Running, start } from './command.ts'

type Environment = Readonly<Record<string, string>>

/** A Kivi that runs for a test, in processes of its own, with what the test knows of it. */
export interface Installation extends AsyncDisposable {
  /** of every command that belongs to it */
  readonly env: Environment
  readonly topic: string
  readonly log: EventLog
  /** what its processes have said so far */
  output(): string
  /** JSON of a GET; throws with the answer's text where it is no success */
  get<T>(path: string): Promise<T>
  /** rows of a SELECT on its ClickHouse */
  rows<T>(sql: string): Promise<T[]>
}

/** Everything in one place: the embedded log and the embedded engine, as `kivi start` makes them. */
export async function startEmbedded(settings: Environment = {}): Promise<Installation> {
  await using stack = new AsyncDisposableStack()
  const directory = await temporary(stack)
  const env = { KIVI_DATA_DIR: directory, KIVI_HTTP_PORT: '0', KIVI_DEMO: 'off', ...settings }
  const process = stack.use(start(KIVI, ['start'], { env }))
  const [, url] = await process.says(/The board: +(\S+)/)
  const log = embeddedEventLog({ path: join(directory, 'log', 'events.sqlite') })
  stack.defer(() => log.close())
  return installation(stack, [process], env, log, url!, await engineOf(directory), 'kivi')
}

/** Kafka and ClickHouse of the test run, two ingest workers and a query service beside them. */
export async function startDistributed(settings: Environment = {}): Promise<Installation> {
  await using stack = new AsyncDisposableStack()
  const name = uniqueName('acceptance')
  const engine = await clickhouseUrl()
  const brokers = await kafkaBrokers()
  const env = {
    KIVI_DATA_DIR: await temporary(stack),
    KIVI_HTTP_PORT: '0',
    KIVI_KAFKA_BROKERS: brokers.join(','),
    KIVI_CLICKHOUSE_URL: engine,
    KIVI_CLICKHOUSE_DATABASE: name,
    KIVI_TOPIC_EVENTS: name,
    KIVI_TOPIC_DEAD: `${name}.dead`,
    KIVI_GROUP_ID: name,
    ...settings,
  }
  await kiviPrints(['migrate'], { env })
  const workers = [0, 1].map(() => stack.use(start(KIVI, ['start', 'ingest-worker'], { env })))
  const query = stack.use(start(KIVI, ['start', 'query-service'], { env }))
  const [, url] = await query.says(/serving at (http[^"\s]+)/)
  await Promise.all(workers.map(worker => worker.says(/joined the group/)))
  const log = kafkaEventLog({ brokers })
  stack.defer(() => log.close())
  return installation(stack, [...workers, query], env, log, url!, engine, name)
}

async function temporary(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-acceptance-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function engineOf(directory: string): Promise<string> {
  return (JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8')) as { clickhouse: string }).clickhouse
}

function installation(
  started: AsyncDisposableStack,
  processes: readonly Running[],
  env: Environment,
  log: EventLog,
  url: string,
  engine: string,
  database: string,
): Installation {
  const clickhouse = createClickHouse({ url: engine, database })
  started.defer(() => clickhouse.close())
  const stack = started.move()
  return {
    env,
    topic: env['KIVI_TOPIC_EVENTS'] ?? 'kivi.events',
    log,
    output: () => processes.map(process => process.output()).join(''),
    rows: sql => clickhouse.rows(sql),
    async get<T>(path: string) {
      const response = await fetch(new URL(path, url))
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export interface Report {
  readonly rows: number
  readonly events: number
  readonly sent: number
  readonly refused: number
  readonly state: 'begun' | 'resumed' | 'repeated'
}

/** `kivi import … --json`: a report per file. */
export async function importFiles(
  { env }: Installation,
  files: readonly string[],
  mapping?: string,
): Promise<Report[]> {
  const text = await kiviPrints(importCommand(files, mapping), { env })
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Report)
}

const importCommand = (files: readonly string[], mapping: string | undefined): string[] => [
  'import',
  ...files,
  ...(mapping === undefined ? [] : ['--mapping', mapping]),
  '--json',
]

/**
 * Imports a file while the command is killed: each time when at least a chosen share of the file's events has come
 * into the log, or where it ended before that. The last command runs to its end, and its report is the answer.
 * @param shares where to kill, ascending, 0 to 1
 */
export async function importKilled(
  kiviHere: Installation,
  file: string,
  mapping: string,
  events: number,
  shares: readonly number[],
): Promise<{ readonly report: Report; readonly killedAt: readonly number[] }> {
  const { env, log, topic } = kiviHere
  const before = await written(log, topic)
  const killedAt: number[] = []
  for (const share of shares) {
    await using command = start(KIVI, importCommand([file], mapping), { env })
    const ended = command.ended.then(() => true as const)
    while ((await written(log, topic)) - before < share * events && !(await Promise.race([ended, sleep(10, false)])));
    // anywhere within the transaction that follows
    await sleep(randomInt(40))
    command.kill('SIGKILL')
    const { signal } = await command.ended
    if (signal === 'SIGKILL') killedAt.push((await written(log, topic)) - before)
  }
  const [report] = await importFiles(kiviHere, [file], mapping)
  return { report: report!, killedAt }
}

/** Positions in the log, those of transaction markers included. */
async function written(log: EventLog, topic: string): Promise<number> {
  const bounds = await log.bounds(topic).catch(() => new Map())
  return [...bounds.values()].reduce((sum, { low, high }) => sum + high - low, 0)
}

export interface Totals {
  readonly records: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly too_late: number
  readonly too_early: number
}

/** `kivi reconcile --json`, which exits with 0 only where it finds nothing. */
export async function reconciled({ env }: Installation): Promise<Totals> {
  const { code, stdout, stderr } = await kivi(['reconcile', '--json'], { env })
  if (code !== 0) throw new Error(`kivi reconcile ended with ${code}:\n${stdout}${stderr}`)
  return (JSON.parse(stdout) as { totals: Totals }).totals
}
