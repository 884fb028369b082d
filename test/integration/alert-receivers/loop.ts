/**
 * The evaluator's alerting as it runs (a real log, a real leader, real receivers) over data that are as far behind the
 * clock as the test says, by a clock that the test puts forward: a day of failures takes seconds.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog, MeasureSource, SilenceStore, StateLog } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { createReceiver } from '@kivi/receivers'
import { createLogger, createTelemetry, type Telemetry } from '@kivi/service-kit'
import { startAlerting } from '../../../services/evaluator/src/alerting/app.ts'
import { LogReader } from '../alerts/log.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Loop extends AsyncDisposable {
  readonly reader: LogReader
  readonly telemetry: Telemetry
  readonly states: () => Promise<StateLog>
  /** the clock of whoever leads, epoch ms */
  readonly now: () => number
  /** until every answer is in the log, and nothing waits to be told: only then what follows has its own time */
  quiet(): Promise<void>
  /** puts it forward */
  pass(ms: number): void
  /** the data have stood still for two minutes, or go on */
  stall(stands: boolean): void
}

export interface LoopOptions {
  readonly catalog: Catalog
  readonly env: Readonly<Record<string, string>>
  /** where its log lies, and stays; without, nowhere for long */
  readonly directory?: string
  /** how far its clock is ahead of that of others to begin with, ms; default 0 */
  readonly aheadMs?: number
  /** asked every minute by whoever leads */
  readonly pingUrl?: string
  /** what people said; without, nothing */
  readonly silences?: Pick<SilenceStore, 'silences' | 'acknowledgements'>
}

const nobodySaid: NonNullable<LoopOptions['silences']> = {
  silences: async () => [],
  acknowledgements: async () => [],
}

export async function openLoop({ catalog, env, silences = nobodySaid, ...options }: LoopOptions): Promise<Loop> {
  await using stack = new AsyncDisposableStack()
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'kivi-receivers-')))
  if (options.directory === undefined) stack.defer(() => rm(directory, { recursive: true, force: true }))
  let ahead = options.aheadMs ?? 0
  let since: number | null = null
  const now = () => Date.now() + ahead
  const topic = 'kivi.alerts'
  const log = embeddedEventLog({ path: join(directory, 'events.sqlite') })
  stack.defer(() => log.close())
  const states = () => log.states(topic)
  const read = await states()
  stack.defer(() => read.close())
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  const source: Pick<MeasureSource, 'progress'> = {
    progress: async () => {
      const at = now()
      const rest = { topic: 'events', position: 1, high: 1, idleSince: null, at, worker: 'w' }
      return [{ ...rest, partition: 0, watermark: since === null ? at : since }]
    },
  }
  const alerting = await startAlerting({
    ...{ topic, states, catalog: () => catalog, telemetry, now, silences },
    source: source as MeasureSource,
    system: { ledger: () => Promise.reject(new Error('no rule looks at dead letters')) },
    history: { position: async () => 0, write: async () => {} },
    receiver: settings =>
      createReceiver(settings, {
        ...{ env, timezone: 'UTC', now, tls: { rejectUnauthorized: false } },
        producer: () => Promise.reject(new Error('no topic here')),
      }),
    retention: { tenSeconds: 7 * DAY, quarterHour: Number.POSITIVE_INFINITY, day: Number.POSITIVE_INFINITY },
    watermark: { disorder: 1_000, idleAfter: 30_000 },
    ...{ catchUpMs: DAY, externalUrl: null, pingUrl: options.pingUrl ?? null },
  })
  stack.defer(() => alerting.stop())
  const reader = new LogReader(read)
  const owned = stack.move()
  return {
    ...{ telemetry, states, now },
    reader,
    async quiet() {
      await reader.toEnd()
      await reader.until(({ state }) =>
        [...state.lanes.values()].every(({ open, flushAt }) => open === null && flushAt === null),
      )
    },
    pass(ms) {
      ahead += ms
    },
    stall(stands) {
      since = stands ? now() : null
      // for longer than the rule allows; else to the next instant at which it is judged
      ahead += stands ? 2 * MINUTE : 10_000
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
