/**
 * Rows into the log, each once, however often the sender dies. Rows and progress are one transaction of the log;
 * the store is told before and after each, because the log forgets its progress (Kafka after
 * offsets.retention.minutes, 7 days by default) and a repetition on another day must change nothing either.
 */
import type { ImportMemory } from '@kivi/clickhouse'
import type { LogProducer, NewRecord } from '@kivi/domain'
import { type Standing, standingOf } from './standing.ts'

export interface TransferOptions {
  readonly producer: LogProducer
  readonly memory: ImportMemory
  readonly topic: string
  /** names the transfer: the same rows, the same name */
  readonly name: string
  /** the group of the log that holds the progress */
  readonly group: string
  /** rows in all */
  readonly total: number
}

export interface Transfer extends AsyncDisposable {
  readonly standing: Standing
  /** goes on from here; `begin` comes before the first `send` */
  begin(position: number): Promise<void>
  /** the records of the rows up to `position`; resolves when they and the progress are durable */
  send(records: readonly NewRecord[], position: number, metadata: string): Promise<void>
}

/** Becomes the one that sends: older senders of the same name are shut out by the log. */
export async function openTransfer(options: TransferOptions): Promise<Transfer> {
  const { producer, memory, topic, name, group, total } = options
  const logged = await producer.progress(topic, group)
  const remembered = await memory.recall(topic, name)
  const standing = standingOf(logged?.position ?? null, remembered, total)
  let step = remembered?.step ?? 0
  let certain = standing.kind === 'new' ? 0 : standing.position
  let told: { readonly position: number; readonly sending: number } | null = remembered
  const remember = async (position: number, sending: number): Promise<void> => {
    told = null
    await memory.remember(topic, name, { position, sending, total, step: ++step })
    told = { position, sending }
  }
  // it ended between its last transaction and telling the store, or an older Kivi wrote it
  if (standing.kind === 'finished' && (remembered === null || remembered.position < standing.position))
    await remember(standing.position, standing.position)
  return {
    standing,
    async begin(position) {
      certain = position
      // from here on a log without progress is one that forgot it, and not one that never had any
      if (logged?.position !== position) await producer.sendWithProgress(topic, [], { group, position, metadata: '{}' })
      await remember(position, position)
    },
    async send(records, position, metadata) {
      await remember(certain, position)
      await producer.sendWithProgress(topic, records, { group, position, metadata })
      certain = position
      if (position >= total) await remember(position, position)
    },
    async [Symbol.asyncDispose]() {
      // stopped between two transactions: nothing is in doubt. A store that does not answer changes no more than
      // that a person may be asked, should the log forget as well
      if (told?.sending === certain && told.position < certain) await remember(certain, certain).catch(() => undefined)
    },
  }
}
