import { type AlertFact, type Delivery, messageOf } from '@kivi/domain'
import { event, namedEvents, type Telemetry } from '@kivi/service-kit'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What happens to alerts: each is one log line and its metrics. */
export function alertingEvents(telemetry: Telemetry) {
  const emit = namedEvents(telemetry, {
    standsBy: event<{ topic: string }>({
      level: 'info',
      message: f => `stands by for the alerts of ${f.topic}`,
    }),
    leading: event<{ leading: 0 | 1 }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_alert_leader',
          help: '1 where this process judges the alerts; of all evaluators one does',
          value: f => f.leading,
        },
      ],
    }),
    tookOver: event<{ epoch: number; alerts: number }>({
      level: 'info',
      message: f => `leads: judges the alerts from here on (${f.alerts} are known)`,
    }),
    leadsNoMore: event<{ reason: string }>({ level: 'info', message: f => `leads no more: ${f.reason}` }),
    logFailed: event<{ error: unknown; pauseMs: number }>({
      level: 'warn',
      message: f =>
        `alerts cannot be judged, as their log does not answer (${messageOf(f.error)}); again in ${Math.round(f.pauseMs / 1000)} s`,
      metrics: [
        { kind: 'counter', name: 'kivi_alert_log_failures_total', help: 'Times that the log of the alerts failed' },
      ],
    }),
    logWarning: event<{ warning: string }>({ level: 'warn', message: f => f.warning }),
    termFailed: event<{ error: unknown }>({
      level: 'error',
      message: f => `judging alerts failed by a mistake of Kivi and begins anew: ${messageOf(f.error)}`,
    }),
    readingFailed: event<{ error: unknown }>({
      level: 'error',
      message: f => `what alerts are judged by could not be read: ${messageOf(f.error)}`,
    }),
    clickhouse: event<{ problem: string | null }>({
      level: 'warn',
      message: f =>
        f.problem === null
          ? 'ClickHouse answers again: alerts about indicators are judged from where they were'
          : `ClickHouse cannot be asked, and alerts about indicators stay as they are: ${f.problem}`,
    }),
    alertsEvaluated: event<{ alert: string; instants: number; groups: number; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_alert_evaluation_seconds',
          help: 'Time to read and judge the due instants of an alert rule',
          labels: ['alert'],
          value: f => f.seconds,
          buckets: SECONDS,
        },
        {
          kind: 'counter',
          name: 'kivi_alert_evaluations_total',
          help: 'Instants at which an alert rule was judged',
          labels: ['alert'],
          value: f => f.instants,
        },
        {
          kind: 'gauge',
          name: 'kivi_alert_groups',
          help: 'Groups that an alert rule found when it was judged last',
          labels: ['alert'],
          value: f => f.groups,
        },
      ],
    }),
    alertFailed: event<{ alert: string; error: unknown; pauseMs: number }>({
      level: 'error',
      message: f => `${f.alert} cannot be judged (${messageOf(f.error)}); again in ${Math.round(f.pauseMs / 1000)} s`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_evaluation_failures_total',
          help: 'Times that an alert rule could not be judged',
          labels: ['alert'],
        },
      ],
    }),
    stepped: event<{ seconds: number; changes: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'histogram',
          name: 'kivi_alert_step_seconds',
          help: 'Time of a step of the alerts: from what was found out to its being in the log',
          value: f => f.seconds,
          buckets: SECONDS,
        },
        {
          kind: 'counter',
          name: 'kivi_alert_log_records_total',
          help: 'Records written into the log of the alerts',
          value: f => f.changes,
        },
      ],
    }),
    counted: event<{ state: string; alerts: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_alerts',
          help: 'Alerts by their state, as whoever leads knows them',
          labels: ['state'],
          value: f => f.alerts,
        },
      ],
    }),
    turned: event<{ alert: string; fact: string; labels: AlertFact['labels'] }>({
      level: 'info',
      message: f => `${f.alert} ${f.fact === 'firing' ? 'fires' : 'is over'} ${shown(f.labels)}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_transitions_total',
          help: 'Alerts that began to fire, or ended',
          labels: ['alert', 'fact'],
        },
      ],
    }),
    gap: event<{ alert: string; from: number; to: number }>({
      level: 'warn',
      message: f =>
        `${f.alert} was not judged from ${new Date(f.from).toISOString()} to ${new Date(f.to).toISOString()}: nobody led for longer than missed instants are caught up with`,
    }),
    givenUp: event<{ receiver: string; answer: string; alerts: number }>({
      level: 'error',
      message: f =>
        `${f.receiver} took nothing for a day: what it was to hear of ${f.alerts} alerts is dropped. ${f.answer}`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_messages_given_up_total',
          help: 'Messages, sent or yet to be, that were dropped because a receiver took nothing for a day',
          labels: ['receiver'],
        },
      ],
    }),
    attempted: event<{ receiver: string; outcome: Delivery['kind']; seconds: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_messages_total',
          help: 'Attempts to tell a receiver, by what came of them: delivered, refused, in_doubt, failed',
          labels: ['receiver', 'outcome'],
        },
        {
          kind: 'histogram',
          name: 'kivi_alert_message_seconds',
          help: 'Time until a receiver answered',
          labels: ['receiver'],
          value: f => f.seconds,
          buckets: SECONDS,
        },
      ],
    }),
    refusal: event<{ receiver: string; outcome: string; answer: string }>({
      level: 'warn',
      message: f => `${f.receiver} did not take a message (${f.outcome}): ${f.answer}`,
    }),
    receiverUnusable: event<{ receiver: string; reason: string }>({
      level: 'error',
      message: f => `nobody can be told through ${f.receiver}: ${f.reason}`,
    }),
    historyFailed: event<{ error: unknown; pauseMs: number }>({
      level: 'warn',
      message: f =>
        `the history of the alerts cannot be copied now (${messageOf(f.error)}); again in ${Math.round(f.pauseMs / 1000)} s`,
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_history_failures_total',
          help: "Times that the copy of the alerts' history failed",
        },
      ],
    }),
    pinged: event<{ outcome: 'answered' | 'failed'; reason: string }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'counter',
          name: 'kivi_alert_pings_total',
          help: "Pings to the dead man's switch outside, by whether it answered",
          labels: ['outcome'],
        },
      ],
    }),
    pingFailed: event<{ reason: string }>({
      level: 'warn',
      message: f => `the dead man's switch of KIVI_ALERTS_PING_URL did not answer: ${f.reason}`,
    }),
  })
  return {
    ...emit,
    ping(fields: { outcome: 'answered' | 'failed'; reason: string }): void {
      emit.pinged(fields)
      if (fields.outcome === 'failed') emit.pingFailed(fields)
    },
    /** what the log says of itself */
    happened(fact: AlertFact): void {
      switch (fact.fact) {
        case 'firing':
        case 'resolved':
          return emit.turned({ alert: fact.rule ?? '', fact: fact.fact, labels: fact.labels })
        case 'gap':
          return emit.gap({ alert: fact.rule ?? '', from: fact.from, to: fact.to })
        case 'given_up':
          return emit.givenUp({ receiver: fact.receiver, answer: fact.answer, alerts: fact.alerts })
        case 'refused':
        case 'in_doubt':
        case 'failed':
          return emit.refusal({ receiver: fact.receiver, outcome: fact.fact, answer: fact.answer })
      }
    },
  }
}

export type AlertingEvents = ReturnType<typeof alertingEvents>

const shown = (labels: AlertFact['labels']): string =>
  Object.entries(labels)
    .filter(([name]) => name !== 'alertname')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')
