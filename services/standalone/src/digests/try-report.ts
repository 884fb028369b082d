import { randomUUID } from 'node:crypto'
import type { Delivery, DigestAnswer, DigestMessage, Receiver } from '@kivi/domain'

export interface TryReportOptions {
  readonly report: DigestAnswer
  readonly receiver: Receiver
  readonly language: 'en' | 'zh'
  readonly externalUrl: string | null
  /** epoch ms */
  readonly now: number
  readonly signal: AbortSignal
}

/** Sends a report that says that it is for trying, past the log: nobody counts it as sent. */
export async function tryReport(options: TryReportOptions): Promise<Delivery> {
  const { report, receiver, language, externalUrl, now, signal } = options
  if (receiver.report === undefined)
    return { kind: 'failed', answer: `a receiver of type ${receiver.kind} takes no reports` }
  const message: DigestMessage = {
    ...{ receiver: receiver.name, language, lane: `${receiver.name}/test/${now}`, sequence: 1, key: randomUUID() },
    ...{ test: true, digest: report, missed: [], late: false, externalUrl, at: now },
  }
  return receiver.report(message, { signal, mayStart: () => !signal.aborted })
}
