/** A leadership over a log in memory, and receivers that say what the test wants them to say. */
import {
  type AlertRecord,
  type AlertRule,
  AlertState,
  type Catalog,
  type Delivery,
  type Leadership,
  type Notification,
  type Receiver,
  type ReceiverSettings,
  type Route,
  readRecord,
  type SendOptions,
  type StateChange,
} from '@kivi/domain'
import { createLogger, createTelemetry } from '@kivi/service-kit'
import { alertingEvents } from '../events.ts'
import type { Found } from '../reading.ts'
import { createReceivers } from '../receivers.ts'
import { startTerm, type Term, type TermDeps } from '../term.ts'

export const MINUTE = 60_000

/** Fires at once where the data are five minutes behind. */
export const STALLED: AlertRule = {
  ...{ id: 'PipelineStalled', formerly: [], indicator: null, windowMs: 0, by: [], filters: [], everyMs: 10_000 },
  ...{ forMs: 0, keepFiringForMs: 0, noData: 'keep', minimumVolume: null, severity: 'page', labels: {} },
  ...{ annotations: { summary: { en: '{{behind}} behind' } }, version: 'v1' },
  condition: { kind: 'stalled', behindMs: 5 * MINUTE },
}
/** By region; what is observed the test says. */
export const SILENT: AlertRule = {
  ...STALLED,
  ...{ id: 'CampaignSilent', indicator: 'clicks', by: ['region'], everyMs: MINUTE, severity: 'ticket' },
  ...{ annotations: { summary: { en: '{{region}} is silent' } } },
  condition: { kind: 'absent', sinceMs: 60 * MINUTE },
}

export const hook = (name: string): ReceiverSettings => ({
  ...{ name, kind: 'webhook', language: 'en', sendResolved: true, timeoutMs: 10_000 },
  ...{ url: 'https://example.com', secret: null, headers: {} },
})
export const alertmanager = (name: string): ReceiverSettings => ({
  ...{ name, kind: 'alertmanager', language: 'en', sendResolved: true, timeoutMs: 10_000 },
  ...{ urls: ['http://am:9093'], username: null, password: null },
})

const route = (receiver: string, routes: readonly Route[] = []): Route => ({
  ...{ id: receiver, matchers: [], receiver, groupBy: ['alertname'], groupWaitMs: 0, groupIntervalMs: 10_000 },
  ...{ repeatIntervalMs: 240 * MINUTE, activeIn: [], mutedIn: [], escalations: [], continue: true, routes },
})

export function catalogWith(rules: readonly AlertRule[], receivers: readonly ReceiverSettings[]): Catalog {
  const alerting = {
    rules: new Map(rules.map(rule => [rule.id, rule])),
    receivers: new Map(receivers.map(settings => [settings.name, settings])),
    // each receiver is told everything
    route: route(
      receivers[0]?.name ?? '',
      receivers.map(({ name }) => route(name)),
    ),
    ...{ intervals: new Map(), inhibitions: [] },
  }
  // all that a term looks at
  return { alerting, timezone: 'UTC', currency: 'EUR', indicators: new Map(), hash: 'h' } as unknown as Catalog
}

export const nothingFound = (changes: Partial<Found> = {}): Found => ({
  ...{ evaluations: [], catchingUp: new Set<string>(), silences: null, watermark: null, records: new Map() },
  ...{ problem: null, ...changes },
})

/** What SILENT finds at an instant: it holds in each of these regions. */
export const silentIn = (regions: readonly string[], instant: number): Found['evaluations'][number] => ({
  rule: SILENT,
  gap: null,
  instants: [
    {
      instant,
      observations: regions.map(region => ({
        ...{ group: [region], fires: true, stays: true, lowVolume: false },
        seen: { value: 0, target: null, n: 0, compared: {} },
      })),
    },
  ],
})

interface Sent {
  readonly receiver: string
  readonly notification: Notification
  /** records that were in the log when it was sent */
  readonly logged: number
  answer(delivery: Delivery): void
}

export interface TermWorld {
  readonly term: Term
  readonly state: AlertState
  /** what was appended, in order */
  readonly log: StateChange[]
  readonly sent: Sent[]
  readonly synced: string[]
  readonly told: Record<'failed' | 'readingFailed', unknown[]>
  steps(): number
  /** whether requests may be sent */
  lead(leads: boolean): void
  /** what the next append comes to; default `appended` */
  next(outcome: Promise<'appended' | 'ended'>): void
}

export interface TermWorldOptions {
  readonly catalog: Catalog
  readonly reader?: TermDeps['reader']
  readonly state?: AlertState
  readonly now?: () => number
  /** answers each message at once; without, the test answers */
  readonly answer?: Delivery
}

export function startWorld({
  catalog,
  reader = async () => nothingFound(),
  state = new AlertState(),
  now = Date.now,
  answer,
}: TermWorldOptions): TermWorld {
  const log: StateChange[] = []
  const sent: Sent[] = []
  const synced: string[] = []
  const told: TermWorld['told'] = { failed: [], readingFailed: [] }
  const outcomes: Array<Promise<'appended' | 'ended'>> = []
  let [leads, over, steps, keys] = [true, false, 0, 0]
  const leadership: Leadership = {
    epoch: 1,
    leads: () => leads && !over,
    leaseUntil: () => Number.POSITIVE_INFINITY,
    async append(changes) {
      const outcome = over ? 'ended' : await (outcomes.shift() ?? 'appended')
      if (outcome === 'ended') over = true
      else log.push(...changes)
      return outcome
    },
  }
  const receiverOf = ({ name, kind }: ReceiverSettings): Receiver => ({
    ...{ name, kind },
    send(notification, { mayStart }: SendOptions) {
      if (!mayStart()) return Promise.resolve({ kind: 'refused', answer: 'it may not be sent' })
      const { promise, resolve } = Promise.withResolvers<Delivery>()
      sent.push({ receiver: name, notification, logged: log.length, answer: resolve })
      if (answer !== undefined) resolve(answer)
      return promise
    },
    async sync() {
      synced.push(name)
      return { kind: 'delivered', answer: '' }
    },
  })
  const telemetry = createTelemetry(createLogger({ service: 'evaluator', level: 'silent' }), { defaults: false })
  const tell = alertingEvents(telemetry)
  const term = startTerm(leadership, state, {
    ...{ catalog: () => catalog, reader, digests: null, externalUrl: null, now },
    receivers: createReceivers({ create: receiverOf, unusable: tell.receiverUnusable }),
    newKey: () => `key-${++keys}`,
    tell: { ...tell, readingFailed: ({ error }) => told.readingFailed.push(error) },
    stepped: () => {
      steps++
    },
    failed: error => told.failed.push(error),
  })
  return {
    ...{ term, state, log, sent, synced, told },
    steps: () => steps,
    lead(may) {
      leads = may
    },
    next: outcome => outcomes.push(outcome),
  }
}

/** Records of a kind in the log, in order. */
export function recordsOf<K extends AlertRecord['kind']>(
  log: readonly StateChange[],
  kind: K,
): Array<Extract<AlertRecord, { kind: K }>> {
  return log.flatMap(({ value }) => {
    const record = value === null ? null : readRecord(value).record
    return record?.kind === kind ? [record as Extract<AlertRecord, { kind: K }>] : []
  })
}
