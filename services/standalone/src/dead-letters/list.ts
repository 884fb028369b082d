import type { ImportMemory } from '@kivi/clickhouse'
import type { EventLog } from '@kivi/domain'
import { type FiledLetter, readLetters } from './letters.ts'
import { replayName } from './replay.ts'

export interface ListOptions {
  readonly log: EventLog
  readonly memory: ImportMemory
  readonly topics: { readonly dead: string; readonly events: string }
  /** only letters of these reasons; empty: of all */
  readonly reasons: readonly string[]
  /** most letters that are listed; all are counted */
  readonly limit: number
  readonly signal: AbortSignal
}

interface ListedLetter {
  readonly id: string
  readonly reason: string
  readonly stage: string
  readonly detail: string
  /** when it was set aside, RFC 3339 */
  readonly at: string
  readonly replayed: boolean
}

export interface LetterList {
  readonly total: number
  /** most frequent first */
  readonly reasons: ReadonlyArray<{ readonly reason: string; readonly letters: number; readonly replayed: number }>
  /** newest first */
  readonly letters: readonly ListedLetter[]
}

export async function listDeadLetters(options: ListOptions): Promise<LetterList> {
  const { log, memory, topics, reasons, limit, signal } = options
  const counts = new Map<string, { letters: number; replayed: number }>()
  const positions = new Map<string, Promise<number>>()
  let newest: (FiledLetter & { replayed: boolean })[] = []

  const replayedTo = ({ partition, letter: { reason } }: FiledLetter): Promise<number> => {
    const name = replayName(topics.dead, partition, reason)
    const known = positions.get(name) ?? memory.recall(topics.events, name).then(found => found?.position ?? 0)
    positions.set(name, known)
    return known
  }

  await readLetters(log, topics.dead, signal, async filed => {
    const { reason } = filed.letter
    if (filed.again || (reasons.length > 0 && !reasons.includes(reason))) return
    const replayed = filed.offset < (await replayedTo(filed))
    const count = counts.get(reason) ?? { letters: 0, replayed: 0 }
    counts.set(reason, count)
    count.letters++
    if (replayed) count.replayed++
    newest.push({ ...filed, replayed })
    // sorted now and then, so that a topic of any length is listed in little memory
    if (newest.length >= 2 * limit + 100) newest = newest.sort(newestFirst).slice(0, limit)
  })
  return {
    total: [...counts.values()].reduce((sum, { letters }) => sum + letters, 0),
    reasons: [...counts].map(([reason, count]) => ({ reason, ...count })).sort((a, b) => b.letters - a.letters),
    letters: newest
      .sort(newestFirst)
      .slice(0, limit)
      .map(({ letter: { id, reason, stage, detail }, filedAt, replayed }) => ({
        id,
        reason,
        stage,
        detail,
        at: new Date(Math.max(0, filedAt)).toISOString(),
        replayed,
      })),
  }
}

const newestFirst = (a: FiledLetter, b: FiledLetter): number =>
  b.filedAt - a.filedAt || b.letter.offset - a.letter.offset || a.partition - b.partition
