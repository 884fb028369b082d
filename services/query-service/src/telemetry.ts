import { event, namedEvents, type Telemetry } from '@kivi/service-kit'
import type { Lookup } from './cache.ts'

const LATENCY = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What happens in the query service: each with its log line and its metric. */
export const createQueryEvents = (telemetry: Telemetry) =>
  namedEvents(telemetry, {
    request_answered: event<{ route: string; method: string; status: number; seconds: number }>({
      level: null,
      message: 'A request was answered',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_query_request_seconds',
          help: 'Time to answer a request, by route and status',
          labels: ['route', 'method', 'status'],
          buckets: LATENCY,
          value: ({ seconds }) => seconds,
        },
      ],
    }),
    answer_looked_up: event<{ result: Lookup }>({
      level: null,
      message: 'An answer was looked up',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_query_answers_total',
          help: 'Answers: hit = kept from before, resting = made a moment ago, so that no change is looked for, stale = of a moment ago while the next is made, joined = waited for an equal question, miss = made anew',
          labels: ['result'],
        },
      ],
    }),
    change_refused: event<{ route: string; method: string; status: number; code: string; key: string; id: string }>({
      level: 'warn',
      message: 'A change was refused',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_query_changes_refused_total',
          help: 'Changes that were refused: without a key, without the role, beyond the limit of the key, of the past',
          labels: ['code'],
        },
      ],
    }),
    slices_read: event<{ seconds: number; questions: number }>({
      level: null,
      message: 'Slices were read from ClickHouse',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_query_read_seconds',
          help: 'Time of a statement that reads slices',
          buckets: LATENCY,
          value: ({ seconds }) => seconds,
        },
      ],
    }),
    watermark_seen: event<{ lag: number }>({
      level: null,
      message: 'The watermark was read',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_query_watermark_lag_seconds',
          help: 'Clock less watermark when the partitions were last read',
          value: ({ lag }) => lag,
        },
      ],
    }),
    streams_counted: event<{ clients: number }>({
      level: null,
      message: 'A stream was opened, or has ended',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_stream_clients',
          help: 'Streams that are open',
          value: ({ clients }) => clients,
        },
      ],
    }),
    stream_closed: event<{ reason: string }>({
      level: 'debug',
      message: ({ reason }) => `A stream ended: ${reason}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_stream_closed_total',
          help: 'Streams that ended: gone = by the client, renewed = after an hour, too_slow, key_revoked, stopping',
          labels: ['reason'],
        },
      ],
    }),
    stream_refused: event<{ limit: string }>({
      level: 'warn',
      message: ({ limit }) => `A stream was refused by the limit of ${limit}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_stream_refused_total',
          help: 'Streams refused, by limit: streams in all, of one key, different boards',
          labels: ['limit'],
        },
      ],
    }),
    stream_sent: event<{ event: string }>({
      level: null,
      message: 'An event was sent to a stream',
      metrics: [
        { kind: 'counter', name: 'kivi_stream_events_total', help: 'Events sent to streams', labels: ['event'] },
      ],
    }),
    stream_dropped: event({
      level: null,
      message: 'A board was not sent, because a newer one came before the stream could take it',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_stream_dropped_total',
          help: 'Boards that slow streams were not sent, since a newer one came before they could take it',
        },
      ],
    }),
    request_failed: event<{ route: string; err: unknown }>({
      level: 'error',
      message: ({ route }) => `A request to ${route} failed at something that nobody expected`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_query_failures_total',
          help: 'Requests that failed unexpectedly',
          labels: ['route'],
        },
      ],
    }),
    alert_log_failed: event<{ err: unknown }>({
      level: 'warn',
      message: 'The log of the alerts could not be read; trying again',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_query_alert_log_failures_total',
          help: 'Readings of the log of the alerts that failed',
        },
      ],
    }),
    listening: event<{ url: string }>({
      level: 'info',
      message: ({ url }) => `The board is at ${url}`,
    }),
  })

export type QueryEvents = ReturnType<typeof createQueryEvents>
