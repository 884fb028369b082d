import type { DeriveReport } from '@kivi/clickhouse'
import { messageOf } from '@kivi/domain'
import { event, namedEvents, type Telemetry } from '@kivi/service-kit'

import type { Why } from './recording/plan.ts'

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** What the evaluator has to say: each is one log line and its metrics. */
export function evaluatorEvents(telemetry: Telemetry) {
  const emit = namedEvents(telemetry, {
    passed: event<{ seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_derive_pass_seconds',
          help: 'Time of a pass over all derived tables',
          value: f => f.seconds,
          buckets: SECONDS,
        },
      ],
    }),
    passFailed: event<{ work: string; error: unknown; pauseMs: number }>({
      level: 'warn',
      message: f => `cannot ${f.work} now (${messageOf(f.error)}); trying again in ${(f.pauseMs / 1000).toFixed(0)} s`,
      metrics: [
        { kind: 'counter', name: 'kivi_evaluator_failures_total', help: 'Passes that failed', labels: ['work'] },
      ],
    }),
    refreshed: event<{ table: string; seconds: number; keys: number; behind: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_derived_refresh_seconds',
          help: 'Time to bring a derived table up to date',
          labels: ['table'],
          value: f => f.seconds,
          buckets: SECONDS,
        },
        {
          kind: 'counter',
          name: 'kivi_derived_changed_keys_total',
          help: 'Rows (a key on a day) of a derived table that were computed again',
          labels: ['table'],
          value: f => f.keys,
        },
        {
          kind: 'gauge',
          name: 'kivi_derived_behind_events',
          help: 'Accepted events that a derived table does not hold yet',
          labels: ['table'],
          value: f => f.behind,
        },
      ],
    }),
    cost: event<{ table: string; ms: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_derived_key_milliseconds',
          help: 'Time per changed row when a derived table was last brought up to date',
          labels: ['table'],
          value: f => f.ms,
        },
      ],
    }),
    fresh: event<{ table: string; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_derived_lag_seconds',
          help: 'Event time by which a derived table is behind the watermark of the events',
          labels: ['table'],
          value: f => f.seconds,
        },
      ],
    }),
    building: event<{ table: string; share: number }>({
      level: 'info',
      message: f => `the table of ${f.table} is being built: ${Math.floor(f.share * 100)} %`,
    }),
    built: event<{ table: string; share: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_derived_built_ratio',
          help: 'Share of the raw events from which a derived table has been built; 1: it can be asked',
          labels: ['table'],
          value: f => f.share,
        },
      ],
    }),
    dropped: event<{ table: string }>({
      level: 'info',
      message: f => `${f.table} is of a definition that nobody uses any more, and was dropped`,
    }),
    recorded: event<{ indicator: string; why: Why; points: number; seconds: number }>({
      level: 'debug',
      message: f => `${f.indicator} was recorded (${f.why})`,
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_recording_seconds',
          help: 'Time to compute and write the points of one instant of an indicator',
          labels: ['indicator'],
          value: f => f.seconds,
          buckets: SECONDS,
        },
        {
          kind: 'counter',
          name: 'kivi_recorded_points_total',
          help: 'Points written: due, missed by an outage, ripe after a follow-up, or changed by late events',
          labels: ['why'],
          value: f => f.points,
        },
      ],
    }),
    recordingFailed: event<{ indicator: string; error: unknown; pauseMs: number }>({
      level: 'error',
      message: f =>
        `${f.indicator} could not be recorded (${messageOf(f.error)}); again in ${Math.round(f.pauseMs / 1000)} s`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_recording_failures_total',
          help: 'Recordings that failed',
          labels: ['indicator'],
        },
      ],
    }),
    recordingLag: event<{ indicator: string; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_recording_lag_seconds',
          help: 'Watermark less the end of the newest window that was recorded when the pass began',
          labels: ['indicator'],
          value: f => f.seconds,
        },
      ],
    }),
    recordingBacklog: event<{ jobs: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_recording_backlog',
          help: 'Instants that are still to be computed: missed, ripe or changed by late events',
          value: f => f.jobs,
        },
      ],
    }),
    noRawEvents: event<Record<never, never>>({
      level: 'warn',
      message:
        'KIVI_RETENTION_RAW is 0: no raw events are kept, and without them nothing can be derived. Indicators over ' +
        'entities, attributions and funnels have no values; those over events are not affected.',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_derived_impossible',
          help: '1 where raw events are not kept, so that nothing can be derived',
        },
      ],
    }),
  })
  return {
    ...emit,
    derived(report: DeriveReport, seconds: number): void {
      emit.passed({ seconds })
      for (const { label, ready, built, changedKeys, ms, behind, watermark } of report.tables) {
        emit.built({ table: label, share: built })
        // one that is built at once is not worth a line
        if (!ready && built < 1) emit.building({ table: label, share: built })
        if (!ready) continue
        emit.refreshed({ table: label, seconds: ms / 1000, keys: changedKeys, behind })
        if (changedKeys > 0) emit.cost({ table: label, ms: ms / changedKeys })
        if (report.watermark !== null && watermark !== null)
          emit.fresh({ table: label, seconds: Math.max(0, report.watermark - watermark) / 1000 })
      }
      for (const table of report.dropped) emit.dropped({ table })
    },
  }
}
