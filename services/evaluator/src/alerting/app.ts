/**
 * Alerts: this process contends for leading with all other evaluators, and while it leads it judges every rule and
 * tells people. A log that fails ends that, and it contends again.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  type AlertHistoryStore,
  AlertState,
  type Candidate,
  type Catalog,
  type DigestSource,
  DigestState,
  type LeaderRecord,
  type Leadership,
  type Receiver,
  type ReceiverSettings,
  type StateLog,
  writeRecord,
} from '@kivi/domain'
import { type Check, delay, type Started, type Telemetry } from '@kivi/service-kit'
import { createDigestDesk } from '../digests/desk.ts'
import { digestEvents } from '../digests/events.ts'
import { type Loop, startLoop } from '../loop.ts'
import { alertingEvents } from './events.ts'
import { createHistoryCopy } from './history.ts'
import { createPing } from './ping.ts'
import { createReader, type ReadingDeps } from './reading.ts'
import { createReceivers } from './receivers.ts'
import { startTerm, type Term } from './term.ts'

export interface AlertingOptions extends Omit<ReadingDeps, 'tell'> {
  readonly topic: string
  /** opens the log of the alerts; asked again where that fails */
  readonly states: () => Promise<StateLog>
  readonly catalog: () => Catalog
  readonly history: Pick<AlertHistoryStore, 'write' | 'position'>
  readonly receiver: (settings: ReceiverSettings) => Receiver
  /** makes reports; absent: none are sent from here */
  readonly digests?: DigestSource
  readonly externalUrl: string | null
  /** address of a dead man's switch outside; null: none */
  readonly pingUrl: string | null
  readonly telemetry: Telemetry
  /** ms without a sign of life after which another evaluator leads */
  readonly sessionTimeoutMs?: number
}

/** Short: until another leads nobody is told anything. */
const SESSION_TIMEOUT_MS = 15_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
const HISTORY_EVERY_MS = 1_000
/** A leader whose last step is so long ago does not do its work. */
const STUCK_AFTER_MS = 30_000
const COUNT_EVERY_MS = 5_000

/** The value tells whether alerts are judged, here or by another evaluator. */
export async function startAlerting(options: AlertingOptions): Promise<Started<Check>> {
  const { catalog, now, telemetry, topic } = options
  const tell = alertingEvents(telemetry)
  const tellDigest = digestEvents(telemetry)
  const reader = createReader({ ...options, tell })
  tell.leading({ leading: 0 })
  const receivers = createReceivers({ create: options.receiver, unusable: tell.receiverUnusable })
  const ping = createPing({ url: options.pingUrl, told: tell.ping })
  const stopping = new AbortController()
  /** what is wrong with the log; null: this process leads, or stands by */
  let problem: string | null = 'the log of the alerts is being opened'
  let steppedAt: number | null = null

  /** One candidacy, until the log fails or all is stopped. */
  async function contend(states: StateLog): Promise<void> {
    const gone = Promise.withResolvers<void>()
    stopping.signal.addEventListener('abort', () => gone.resolve(), { once: true })
    let term: Term | null = null
    let copy: Loop | null = null
    const end = (reason: string): void => {
      if (term === null) return
      term.end()
      void copy?.stop()
      ;[term, copy, steppedAt] = [null, null, null]
      tell.leading({ leading: 0 })
      tell.leadsNoMore({ reason })
    }
    const candidate: Candidate = await states.contend({
      sessionTimeoutMs: options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
      takeOver: () => leaderRecord(catalog(), now()),
      handler: {
        leading(leadership: Leadership, values) {
          const state = new AlertState()
          const lanes = new DigestState()
          for (const [key, value] of values) {
            state.fold({ key, value })
            lanes.fold({ key, value })
          }
          const reporting = { catalog, receivers, now, tell: tellDigest, externalUrl: options.externalUrl }
          const digests =
            options.digests === undefined
              ? null
              : createDigestDesk(leadership, lanes, { ...reporting, source: options.digests })
          tell.leading({ leading: 1 })
          tell.tookOver({ epoch: leadership.epoch, alerts: state.instances.size })
          steppedAt = now()
          let countedAt = Number.NEGATIVE_INFINITY
          term = startTerm(leadership, state, {
            ...{ catalog, reader, receivers, digests, now, tell, newKey: randomUUID, externalUrl: options.externalUrl },
            stepped(at) {
              steppedAt = at
              ping.tick(at, leadership.leads())
              if (Math.abs(at - countedAt) < COUNT_EVERY_MS) return
              countedAt = at
              for (const [name, alerts] of countsOf(state)) tell.counted({ state: name, alerts })
            },
            failed(error) {
              tell.termFailed({ error })
              gone.reject(error)
            },
          })
          copy = startLoop({
            pass: createHistoryCopy({ log: states, history: options.history }),
            intervalMs: HISTORY_EVERY_MS,
            failed: (error, pauseMs) => tell.historyFailed({ error, pauseMs }),
          })
        },
        leaving: async () => term?.leave(),
        ended: (_, reason) => end(reason),
        failed: error => gone.reject(error),
      },
    })
    if (term === null) tell.standsBy({ topic })
    problem = null
    try {
      await gone.promise
    } finally {
      await candidate.stop()
      end('this process stops')
    }
  }

  async function run(): Promise<void> {
    let pause = FIRST_PAUSE_MS
    while (!stopping.signal.aborted) {
      const begun = performance.now()
      try {
        const states = await options.states()
        try {
          for (const warning of states.warnings) tell.logWarning({ warning })
          await contend(states)
        } finally {
          await states.close()
        }
      } catch (error) {
        if (stopping.signal.aborted) return
        problem = (error as Error).message
        if (performance.now() - begun > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS
        tell.logFailed({ error, pauseMs: pause })
        await delay(pause, stopping.signal)
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
      }
    }
  }

  const running = run()
  const check: Check = {
    name: 'alerts',
    run: async () => {
      if (problem !== null) return problem
      const idle = steppedAt === null ? 0 : now() - steppedAt
      return idle > STUCK_AFTER_MS ? `this process leads and has judged nothing for ${Math.round(idle / 1000)} s` : null
    },
  }
  return {
    value: check,
    async stop() {
      stopping.abort()
      await running
      ping.stop()
    },
  }
}

function leaderRecord(catalog: Catalog, since: number): { key: string; value: string } {
  const name = `${hostname()}/${process.pid}`
  const record: LeaderRecord = { kind: 'leader', name, since, catalog: catalog.hash }
  const { key, value } = writeRecord(record, [{ fact: 'leader', at: since, alert: null, rule: null, labels: {}, name }])
  return { key, value: value ?? '' }
}

function countsOf(state: AlertState): Map<string, number> {
  const counts = new Map([
    ['pending', 0],
    ['firing', 0],
  ])
  for (const { phase } of state.instances.values()) {
    const name = phase === 'keeping' ? 'firing' : phase
    if (name !== 'inactive') counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}
