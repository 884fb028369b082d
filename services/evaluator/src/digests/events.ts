import { type Delivery, type DigestOutcome, messageOf } from '@kivi/domain'
import { event, namedEvents, type Telemetry } from '@kivi/service-kit'

/** What happens to reports: each is one log line and its metrics. */
export const digestEvents = (telemetry: Telemetry) =>
  namedEvents(telemetry, {
    made: event<{ digest: string; period: string; complete: boolean; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_digest_make_seconds',
          help: 'Time to make a report',
          labels: ['digest'],
          value: f => f.seconds,
          buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        },
      ],
    }),
    notMade: event<{ digest: string; period: string; error: unknown; pauseMs: number }>({
      level: 'warn',
      message: f =>
        `the report ${f.digest} of ${f.period} cannot be made (${messageOf(f.error)}); again in ${Math.round(f.pauseMs / 1000)} s`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_digest_failures_total',
          help: 'Times that a report that was due could not be made',
          labels: ['digest'],
        },
      ],
    }),
    decided: event<{ digest: string; receiver: string; period: string; outcome: DigestOutcome; answer: string }>({
      level: 'info',
      message: f => DECIDED[f.outcome](f),
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_digests_total',
          help: 'Reports by what became of them: waiting = begun, sent, skipped and given_up = never sent',
          labels: ['digest', 'receiver', 'outcome'],
        },
      ],
    }),
    attempted: event<{ receiver: string; outcome: Delivery['kind']; answer: string }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_digest_attempts_total',
          help: 'Attempts to send a report, by receiver and outcome',
          labels: ['receiver', 'outcome'],
        },
      ],
    }),
    notTaken: event<{ receiver: string; outcome: Delivery['kind']; answer: string }>({
      level: 'warn',
      message: f => `${f.receiver} did not take a report (${f.outcome}): ${f.answer}`,
    }),
  })

export type DigestEvents = ReturnType<typeof digestEvents>

type Told = { readonly digest: string; readonly receiver: string; readonly period: string; readonly answer: string }

const DECIDED: Readonly<Record<DigestOutcome, (fields: Told) => string>> = {
  waiting: f => `the report ${f.digest} of ${f.period} goes to ${f.receiver}`,
  sent: f => `the report ${f.digest} of ${f.period} is with ${f.receiver}: ${f.answer}`,
  skipped: f => `no report ${f.digest} of ${f.period} is sent to ${f.receiver}: a later one is due`,
  given_up: f =>
    `the report ${f.digest} of ${f.period} was not taken by ${f.receiver}, and a later one is due: ${f.answer}`,
}
