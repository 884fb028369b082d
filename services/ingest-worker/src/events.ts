import { messageOf, type OutcomeCounts } from '@kivi/domain'
import { event, namedEvents, type Telemetry } from '@kivi/service-kit'
import type { ReadyBatch } from './intake.ts'

/** What the ingest worker has to say: each is one log line and its metrics. */
export function workerEvents(telemetry: Telemetry) {
  const emit = namedEvents(telemetry, {
    joined: event<{ epoch: number; partitions: readonly number[] }>({
      level: 'info',
      message: f => `joined the group, partitions ${f.partitions.length > 0 ? f.partitions.join(', ') : 'none'}`,
      metrics: [
        { kind: 'counter', name: 'kivi_ingest_joins_total', help: 'Joins of the consumer group' },
        {
          kind: 'gauge',
          name: 'kivi_ingest_partitions',
          help: 'Partitions that this worker owns',
          value: f => f.partitions.length,
        },
      ],
    }),
    started: event<{ partition: number; position: number; lineage: string; replayTo: number | null }>({
      level: 'info',
      message: f =>
        `partition ${f.partition} goes on at position ${f.position}` +
        (f.replayTo === null ? '' : `, replaying the batch up to ${f.replayTo}`),
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_ingest_replays_total',
          help: 'Batches that were begun by an earlier session and finished by this one',
          value: f => (f.replayTo === null ? 0 : 1),
        },
      ],
    }),
    lineageRestarted: event<{ partition: number; reason: string }>({
      level: 'error',
      message: f => `partition ${f.partition} is counted from its beginning under a new lineage: ${f.reason}`,
      metrics: [{ kind: 'counter', name: 'kivi_ingest_lineage_restarts_total', help: 'Topics that were made anew' }],
    }),
    batch: event<{
      partition: number
      from: number
      to: number
      records: number
      ms: number
      rejected: number
      duplicate: number
    }>({
      level: 'debug',
      message: f => `partition ${f.partition}: ${f.from} to ${f.to} written`,
      metrics: [
        { kind: 'counter', name: 'kivi_ingest_batches_total', help: 'Batches written' },
        {
          kind: 'histogram',
          name: 'kivi_ingest_batch_seconds',
          help: 'From the cut of a batch to its ledger row',
          value: f => f.ms / 1000,
          buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        },
      ],
    }),
    records: event<{ outcome: string; count: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_ingest_records_total',
          help: 'Records of the event log by outcome',
          labels: ['outcome'],
          value: f => f.count,
        },
      ],
    }),
    watermark: event<{ partition: number; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_ingest_watermark_seconds',
          help: 'Event-time watermark of a partition, seconds since 1970; through a silence it follows the clock',
          labels: ['partition'],
          value: f => f.seconds,
        },
      ],
    }),
    retrying: event<{ what: string; error: unknown; attempt: number; pauseMs: number }>({
      level: 'warn',
      message: f => `cannot ${f.what} now (${messageOf(f.error)}); trying again in ${(f.pauseMs / 1000).toFixed(1)} s`,
      metrics: [
        { kind: 'counter', name: 'kivi_ingest_retries_total', help: 'Failures that were waited out', labels: ['what'] },
      ],
    }),
    progressFailed: event<{ error: unknown }>({
      level: 'debug',
      message: f => `the progress could not be told: ${messageOf(f.error)}`,
    }),
    stopped: event<{ partition: number; code: string; reason: string }>({
      level: 'error',
      message: f => `partition ${f.partition} stops: ${f.reason}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_ingest_stops_total',
          help: 'Partitions that stopped because going on would be wrong',
          labels: ['code'],
        },
      ],
    }),
  })
  return {
    ...emit,
    written({ partition, batch, ms }: { partition: number; batch: ReadyBatch; ms: number }): void {
      const { from, to, records, rejected, duplicate } = batch.ledger
      emit.batch({ partition, from, to, records, ms, rejected, duplicate })
      for (const [outcome, count] of Object.entries(outcomes(batch))) if (count > 0) emit.records({ outcome, count })
    },
  }
}

const outcomes = ({ ledger }: ReadyBatch): OutcomeCounts => ({
  accepted: ledger.accepted,
  duplicate: ledger.duplicate,
  rejected: ledger.rejected,
  too_late: ledger.tooLate,
  too_early: ledger.tooEarly,
})
