/** Shape of what Kivi tells of itself. */
import {
  boolean,
  described,
  integer,
  list,
  nullable,
  nullableInteger,
  nullableNumber,
  nullableString,
  nullableTime,
  object,
  oneOf,
  string,
  time,
} from '../http/shapes.ts'

const partition = object({
  topic: string,
  partition: integer,
  watermark: nullableTime,
  newest_event: nullableTime,
  position: described(integer, 'Next record to read.'),
  end: described(integer, 'Position after the log’s last record.'),
  end_from: described(
    oneOf(['log', 'worker']),
    'The log itself; or what the worker saw at `seen_at`, which is old where it stands still.',
  ),
  lag: described(integer, 'Records that are in the log and not yet read.'),
  idle_since: described(nullableTime, 'Read to its end and silent since.'),
  seen_at: described(time, 'When the worker last told.'),
  worker: string,
  ledger_position: described(nullableInteger, 'Everything before it is counted, and proven.'),
  ledger_written_at: nullableTime,
})

export const system = object({
  at: time,
  watermark: nullableTime,
  lag_seconds: described(nullableNumber, 'Clock less watermark.'),
  partitions: nullable(list(partition)),
  last_day: described(
    nullable(
      object({
        batches: integer,
        records: integer,
        accepted: integer,
        duplicate: integer,
        rejected: integer,
        too_late: integer,
        too_early: integer,
        slow_batch_ms: described(nullableNumber, '95 % of the batches of the slowest partition took no longer.'),
      }),
    ),
    'What became of the records of the last 24 hours.',
  ),
  dead_letters: described(
    nullable(
      object({
        reasons: list(object({ reason: string, letters: integer })),
        more: described(boolean, 'There may be more: only so many of the newest are looked at.'),
        newest: list(object({ id: string, reason: string, detail: string, at: time })),
      }),
    ),
    'What was set aside in the last 24 hours, as of at most a minute ago.',
  ),
  derived_tables: nullable(
    list(
      object({
        table: string,
        ready: boolean,
        built: described(nullableNumber, 'Share of the first build that is done.'),
        watermark: nullableTime,
        refreshed_at: nullableTime,
      }),
    ),
  ),
  recorded: described(
    nullable(list(object({ indicator: string, to: time, computed_at: time }))),
    'The newest recorded point of each indicator that has any.',
  ),
  retention_seconds: described(
    object({ ten_seconds: nullableNumber, quarter_hour: nullableNumber, day: nullableNumber, raw: nullableNumber }),
    'null: for ever.',
  ),
  versions: object({
    kivi: string,
    node: string,
    clickhouse: nullableString,
    schema: nullableInteger,
    catalog: string,
  }),
  unavailable: described(
    list(object({ what: string, reason: string })),
    'What could not be asked, and is null or less exact for it.',
  ),
})
