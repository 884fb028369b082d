/** Alertmanagers are not notified: every minute each is told all that fires, and what ended lately. */
import { type Alerting, type AlertState, alertsToSync, type Delivery, type Wording } from '@kivi/domain'
import type { Receivers } from './receivers.ts'

const EVERY_MS = 60_000
/** A transition is told at once, but not more often than that. */
const SOONEST_MS = 5_000

export interface SynchronisedDeps {
  readonly receivers: Receivers
  readonly leads: () => boolean
  readonly told: (fields: { receiver: string; outcome: Delivery['kind']; seconds: number }) => void
}

export interface Synchronised {
  /** @param changed something has fired or ended since the last call */
  tick(state: AlertState, told: { alerting: Alerting; wording: Wording; now: number }, changed: boolean): void
  /** receivers that fail, and since when */
  readonly failing: ReadonlyMap<string, number>
  abort(): void
}

export function createSynchronised({ receivers, leads, told }: SynchronisedDeps): Synchronised {
  const stopping = new AbortController()
  const failing = new Map<string, number>()
  const last = new Map<string, number>()
  const waiting = new Set<string>()
  const busy = new Set<string>()
  const mayStart = (): boolean => !stopping.signal.aborted && leads()

  return {
    failing,
    tick(state, { alerting, wording, now }, changed) {
      for (const settings of alerting.receivers.values()) {
        if (settings.kind !== 'alertmanager') continue
        const { name } = settings
        if (changed) waiting.add(name)
        const since = now - (last.get(name) ?? Number.NEGATIVE_INFINITY)
        // the clock may have been put back
        const due = since < 0 || since >= (waiting.has(name) ? SOONEST_MS : EVERY_MS)
        if (!due || busy.has(name) || !mayStart()) continue
        last.set(name, now)
        waiting.delete(name)
        const alerts = alertsToSync(state, name, { alerting, wording, now })
        const receiver = receivers.for(settings)
        busy.add(name)
        const begun = performance.now()
        const request: Promise<Delivery> =
          typeof receiver === 'string' || receiver.sync === undefined
            ? Promise.resolve({ kind: 'refused', answer: String(receiver) })
            : receiver.sync(alerts, { signal: stopping.signal, mayStart })
        void request.then(
          ({ kind }) => settle(name, kind, now, begun),
          () => settle(name, 'in_doubt', now, begun),
        )
      }
    },
    abort: () => stopping.abort(),
  }

  function settle(receiver: string, outcome: Delivery['kind'], at: number, begun: number): void {
    busy.delete(receiver)
    if (outcome === 'delivered') failing.delete(receiver)
    else if (!failing.has(receiver)) failing.set(receiver, at)
    told({ receiver, outcome, seconds: (performance.now() - begun) / 1000 })
  }
}
