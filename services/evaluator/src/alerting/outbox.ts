/**
 * Sends what the log says is to be sent, each lane by itself, and keeps the answers until they are in the log. A
 * request leaves only in a tick in which this process is known to lead.
 */
import type { Alerting, Delivery, LaneRecord } from '@kivi/domain'
import { createFlights, type FlightsDeps, type Landing } from '../flights.ts'
import type { Receivers } from './receivers.ts'

/** One receiver is asked so many things at a time; further lanes wait for an answer. */
const MOST_AT_ONCE = 8

export interface OutboxDeps extends FlightsDeps {
  readonly receivers: Receivers
  readonly told: (fields: { receiver: string; outcome: Delivery['kind']; seconds: number }) => void
}

export interface Outbox extends Landing {
  send(lanes: readonly LaneRecord[], alerting: Alerting): void
}

export function createOutbox({ receivers, told, ...deps }: OutboxDeps): Outbox {
  const { mayStart, begin, requests, ...landing } = createFlights(deps)
  return {
    ...landing,
    send(lanes, alerting) {
      const busy = requests()
      for (const { lane, receiver: name, open } of lanes) {
        const settings = alerting.receivers.get(name)
        const count = busy.get(name) ?? 0
        // of a receiver that is gone from the catalog it is given up in time
        if (open === null || settings === undefined || count >= MOST_AT_ONCE || !mayStart()) continue
        busy.set(name, count + 1)
        const receiver = receivers.for(settings)
        begin({
          ...{ lane, receiver: name, key: open.notification.key },
          attempt: async request =>
            typeof receiver === 'string'
              ? { kind: 'refused', answer: receiver }
              : receiver.send(open.notification, request),
          landed: (delivery, seconds) => told({ receiver: name, outcome: delivery.kind, seconds }),
        })
      }
    },
  }
}
