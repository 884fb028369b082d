import { type DeadLetter, parseDeadLetter } from '@kivi/decoding'
import type { EventLog } from '@kivi/domain'
import { type Bounds, readTopic } from './read-topic.ts'

/** A dead letter and where it lies in the topic of dead letters. */
export interface FiledLetter {
  readonly letter: DeadLetter
  readonly partition: number
  readonly offset: number
  /** when it was set aside, epoch ms */
  readonly filedAt: number
  /** another writing of a letter that came before: after a crash of the worker there may be two */
  readonly again: boolean
}

/** All dead letters that the topic holds; records that are none are passed over. */
export function readLetters(
  log: EventLog,
  topic: string,
  signal: AbortSignal,
  onLetter: (filed: FiledLetter) => Promise<void> | void,
  options: { readonly most?: number } = {},
): Promise<Bounds> {
  const seen = new Map<string, Set<number>>()
  return readTopic(
    log,
    topic,
    signal,
    record => {
      const letter = parseDeadLetter(record)
      if (letter === null) return
      const source = `${letter.topic}/${letter.partition}`
      const offsets = seen.get(source) ?? new Set<number>()
      seen.set(source, offsets)
      const again = offsets.has(letter.offset)
      offsets.add(letter.offset)
      const { partition, offset, stamp } = record
      return onLetter({ letter, partition, offset, filedAt: stamp, again })
    },
    options,
  )
}
