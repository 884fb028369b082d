/** A topic: the webhook's payload under the lane as key, so that a lane's messages stay in order. */
import { type Delivery, isKiviError, type LogProducer, type Receiver, type SendOptions } from '@kivi/domain'
import { payloadText } from '../payload.ts'
import { reportPayload } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

/** Kafka's own limit is 1 MiB */
const LIMIT_BYTES = 900_000

export function kafka({ settings, dependencies }: KindArguments<'kafka'>): Receiver {
  let producer: Promise<LogProducer> | undefined
  return {
    name: settings.name,
    kind: settings.kind,
    send: (notification, options) => write(notification, payloadText(notification, LIMIT_BYTES), options),
    report: (message, options) => write(message, reportPayload(message, LIMIT_BYTES), options),
  }

  async function write(
    { lane, key, sequence }: { readonly lane: string; readonly key: string; readonly sequence: number },
    value: string,
    { signal, mayStart }: SendOptions,
  ): Promise<Delivery> {
    let open: LogProducer
    try {
      producer ??= dependencies.producer()
      open = await producer
    } catch (error) {
      producer = undefined
      return { kind: 'refused', answer: (error as Error).message }
    }
    const late = timeout(settings.timeoutMs, signal)
    try {
      if (signal.aborted || !mayStart()) return { kind: 'refused', answer: 'not begun, as another leads by now' }
      const sent = open.send(settings.topic, [
        {
          key: lane,
          value,
          headers: [
            ['idempotency-key', key],
            ['kivi-sequence', String(sequence)],
          ],
        },
      ])
      const answered = await Promise.race([sent.then(() => true), late.promise])
      sent.catch(() => {})
      return answered
        ? { kind: 'delivered', answer: `written to ${settings.topic}` }
        : { kind: 'in_doubt', answer: `no answer within ${settings.timeoutMs / 1000} s` }
    } catch (error) {
      // no such topic, no right to it, or too long: a person has to change something
      const final = isKiviError(error, 'log_misconfigured')
      return { kind: final ? 'failed' : 'in_doubt', answer: (error as Error).message }
    } finally {
      late.clear()
    }
  }
}

/** Resolves with false after so long, or when it is given up. */
function timeout(ms: number, signal: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<false>()
  const end = () => resolve(false)
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end, { once: true })
  return {
    promise,
    clear: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    },
  }
}
