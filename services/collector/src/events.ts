import { event, namedEvents, type Telemetry } from '@kivi/service-kit'

/** What can happen here: a log line and a metric each. */
export const collectorEvents = (telemetry: Telemetry) =>
  namedEvents(telemetry, {
    eventsTaken: event<{ accepted: number; seconds: number }>({
      level: 'debug',
      message: ({ accepted }) => `${accepted} events are in the log`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_collector_events_accepted_total',
          help: 'Events that were taken and are in the log',
          value: ({ accepted }) => accepted,
        },
        {
          kind: 'histogram',
          name: 'kivi_collector_request_seconds',
          help: 'Time from the end of a request’s body until its events are in the log',
          value: ({ seconds }) => seconds,
          buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        },
      ],
    }),
    eventsFlagged: event<{ traffic: string; events: number }>({
      level: 'debug',
      message: ({ traffic, events }) => `${events} events are flagged as ${traffic}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_collector_events_flagged_total',
          help: 'Events that were taken and flagged as invalid traffic, by what it is',
          labels: ['traffic'],
          value: ({ events }) => events,
        },
      ],
    }),
    eventRejected: event<{ code: string; detail: string }>({
      level: 'debug',
      message: ({ detail }) => `an event was refused: ${detail}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_collector_events_rejected_total',
          help: 'Events that were refused, by the code of the reason',
          labels: ['code'],
        },
      ],
    }),
    requestRefused: event<{ code: string; detail: string }>({
      level: 'warn',
      message: ({ detail }) => `a request was refused: ${detail}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_collector_requests_refused_total',
          help: 'Requests that were refused as a whole, by problem code',
          labels: ['code'],
        },
      ],
    }),
  })
