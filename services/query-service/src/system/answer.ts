import {
  type Catalog,
  type LogWatch,
  messageOf,
  overallWatermark,
  type PartitionProgress,
  type Retention,
  type SystemSource,
} from '@kivi/domain'
import { formatTime } from '../questions/times.ts'

export interface SystemDeps {
  readonly catalog: () => Catalog
  readonly progress: () => Promise<readonly PartitionProgress[]>
  readonly system: SystemSource
  /** null: this process does not read the event log */
  readonly log: LogWatch | null
  readonly retention: Retention
  readonly rawRetentionMs: number
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** of Kivi and of Node */
  readonly versions: { readonly kivi: string; readonly node: string }
  readonly now: () => number
}

const DAY = 86_400_000
/** A source that has not answered by then is told as one that does not. */
const WITHIN_MS = 4_000
const NO_LOG = 'This process does not read the event log: kivi dead-letters list does, and so does kivi start.'

const timeOf = (ms: number | null): string | null => (ms === null || ms < 0 ? null : formatTime(ms))

/** Everything that can be known now. What cannot is null, and `unavailable` says why. */
export async function answerSystem(deps: SystemDeps) {
  const { now, system, log } = deps
  const at = now()
  const unavailable: Array<{ what: string; reason: string }> = []
  const ask = async <T>(what: string, question: () => Promise<T>): Promise<T | null> => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`no answer within ${WITHIN_MS / 1000} s`)), WITHIN_MS)
    try {
      return await Promise.race([question(), late.promise])
    } catch (error) {
      unavailable.push({ what, reason: messageOf(error) })
      return null
    } finally {
      clearTimeout(timer)
    }
  }
  const ofLog = <T>(what: string, question: (log: LogWatch) => Promise<T>): Promise<T | null> =>
    ask(what, () => (log === null ? Promise.reject(new Error(NO_LOG)) : question(log)))

  const [progress, ledger, derived, recorded, versions, ends, letters] = await Promise.all([
    ask('partitions', deps.progress),
    ask('ledger', () => system.ledger(at - DAY)),
    ask('derived_tables', () => system.derivedTables()),
    ask('recorded', () => system.recorded()),
    ask('clickhouse', () => system.versions()),
    ofLog('log', watch => watch.ends()),
    ofLog('dead_letters', watch => watch.deadLetters(at - DAY)),
  ])
  const settings = { disorder: deps.disorderMs, idleAfter: deps.idleAfterMs }
  const watermark = progress === null || progress.length === 0 ? null : overallWatermark(progress, at, settings)
  const { retention, rawRetentionMs } = deps
  const seconds = (ms: number): number | null => (ms === Number.POSITIVE_INFINITY ? null : ms / 1000)
  return {
    at: formatTime(at),
    watermark: timeOf(watermark),
    lag_seconds: watermark === null || watermark < 0 ? null : (at - watermark) / 1000,
    partitions: progress?.map(row => partitionOf(row, { disorderMs: deps.disorderMs, ends, ledger })) ?? null,
    last_day:
      ledger === null
        ? null
        : {
            batches: ledger.batches,
            records: ledger.records,
            accepted: ledger.accepted,
            duplicate: ledger.duplicate,
            rejected: ledger.rejected,
            too_late: ledger.tooLate,
            too_early: ledger.tooEarly,
            slow_batch_ms: ledger.slowMs,
          },
    dead_letters:
      letters === null
        ? null
        : {
            reasons: letters.reasons,
            more: letters.isCut,
            newest: letters.newest.map(({ id, reason, detail, filedAt }) => ({
              id,
              reason,
              detail,
              at: formatTime(filedAt),
            })),
          },
    derived_tables:
      derived?.map(({ table, isBuilt, built, watermark, refreshedAt }) => ({
        table,
        ready: isBuilt,
        built,
        watermark: timeOf(watermark),
        refreshed_at: timeOf(refreshedAt),
      })) ?? null,
    recorded:
      recorded?.map(({ indicator, to, computedAt }) => ({
        indicator,
        to: formatTime(to),
        computed_at: formatTime(computedAt),
      })) ?? null,
    retention_seconds: {
      ten_seconds: seconds(retention.tenSeconds),
      quarter_hour: seconds(retention.quarterHour),
      day: seconds(retention.day),
      raw: seconds(rawRetentionMs),
    },
    versions: {
      ...deps.versions,
      clickhouse: versions?.clickhouse ?? null,
      schema: versions?.schema ?? null,
      catalog: deps.catalog().hash,
    },
    unavailable,
  }
}

export type SystemAnswer = Awaited<ReturnType<typeof answerSystem>>

function partitionOf(
  row: PartitionProgress,
  known: {
    readonly disorderMs: number
    readonly ends: ReadonlyMap<number, number> | null
    readonly ledger: Awaited<ReturnType<SystemSource['ledger']>> | null
  },
) {
  const { topic, partition } = row
  const ledger = known.ledger?.ends.find(end => end.topic === topic && end.partition === partition)
  // the log itself knows best; else what the worker saw when it last looked
  const end = known.ends?.get(partition) ?? row.high
  return {
    topic,
    partition,
    watermark: timeOf(row.watermark),
    newest_event: row.watermark < 0 ? null : formatTime(row.watermark + known.disorderMs),
    position: row.position,
    end,
    end_from: known.ends?.has(partition) === true ? ('log' as const) : ('worker' as const),
    lag: Math.max(0, end - row.position),
    idle_since: timeOf(row.idleSince),
    seen_at: formatTime(row.at),
    worker: row.worker,
    ledger_position: ledger?.position ?? null,
    ledger_written_at: ledger === undefined ? null : formatTime(ledger.writtenAt),
  }
}
