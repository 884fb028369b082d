/**
 * Group commit: while one write to the log is under way, the events of further requests gather and go together as
 * the next. A write costs a disk flush or a round trip however many events it holds.
 */
import type { LogProducer, NewRecord } from '@kivi/domain'
import { Problem } from './problem.ts'

export interface GroupCommit {
  /** resolves when the records are durable; refuses at once where too much waits already */
  append(records: readonly NewRecord[]): Promise<void>
  /** bytes that are not durable yet */
  readonly waitingBytes: number
  /** resolves when nothing waits any more */
  drained(): Promise<void>
}

interface Waiting {
  readonly records: readonly NewRecord[]
  readonly done: PromiseWithResolvers<void>
}

export function createGroupCommit(
  producer: Pick<LogProducer, 'send'>,
  topic: string,
  limits: { readonly maxWaitingBytes: number },
): GroupCommit {
  let waiting: Waiting[] = []
  let bytes = 0
  let writing: Promise<void> | null = null

  const writeAll = async () => {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const records = group.flatMap(part => part.records)
      try {
        await producer.send(topic, records)
        for (const part of group) part.done.resolve()
      } catch (error) {
        // each request hears of it and none is repeated here: the client repeats under the same event ids
        for (const part of group) part.done.reject(error)
      }
      bytes -= size(records)
    }
    writing = null
  }

  return {
    append(records) {
      if (bytes > 0 && bytes + size(records) > limits.maxWaitingBytes)
        return Promise.reject(new Problem('overloaded', 'Send these events again in a moment.', { retryAfter: 1 }))
      bytes += size(records)
      const done = Promise.withResolvers<void>()
      waiting.push({ records, done })
      writing ??= writeAll()
      return done.promise
    },
    get waitingBytes() {
      return bytes
    },
    drained: async () => {
      await writing
    },
  }
}

const size = (records: readonly NewRecord[]): number =>
  records.reduce((sum, record) => sum + (record.value === null ? 0 : Buffer.byteLength(record.value)), 0)
