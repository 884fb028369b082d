/** Sends reports, at most one a lane at a time: they leave only while this process is known to lead. */
import type { Delivery, DigestLane, DigestMessage, Receiver, ReceiverSettings } from '@kivi/domain'
import type { Receivers } from '../alerting/receivers.ts'
import { createFlights, type FlightsDeps, type Landing } from '../flights.ts'
import type { DigestEvents } from './events.ts'

export interface DigestOutboxDeps extends FlightsDeps {
  readonly receivers: Receivers
  readonly tell: Pick<DigestEvents, 'attempted' | 'notTaken'>
}

export interface DigestOutbox extends Landing {
  send(lane: DigestLane, settings: ReceiverSettings): void
}

export function createDigestOutbox({ receivers, tell, ...deps }: DigestOutboxDeps): DigestOutbox {
  const { mayStart, begin, requests: _requests, ...landing } = createFlights(deps)
  return {
    ...landing,
    send({ open }, settings) {
      if (open === null || landing.isUnderWay(open.message.lane) || !mayStart()) return
      const { lane, key, receiver: name } = open.message
      const receiver = receivers.for(settings)
      begin({
        ...{ lane, receiver: name, key },
        attempt: request => report(receiver, open.message, request),
        landed(delivery) {
          const told = { receiver: name, outcome: delivery.kind, answer: delivery.answer }
          tell.attempted(told)
          if (delivery.kind !== 'delivered') tell.notTaken(told)
        },
      })
    },
  }
}

async function report(
  receiver: Receiver | string,
  message: DigestMessage,
  request: Parameters<Receiver['send']>[1],
): Promise<Delivery> {
  if (typeof receiver === 'string') return { kind: 'refused', answer: receiver }
  if (receiver.report === undefined)
    return { kind: 'failed', answer: `a receiver of type ${receiver.kind} takes no reports` }
  return receiver.report(message, request)
}
