/**
 * Dead letters back into the topic of events, each once. Progress is kept for each partition of the dead-letter
 * topic and each reason, in one transaction with the letters that were sent: so a repetition sends only what came
 * since, and letters of a reason that was left out are sent when it is asked for.
 */
import { createHash } from 'node:crypto'
import type { ImportMemory } from '@kivi/clickhouse'
import type { DeadLetter } from '@kivi/decoding'
import type { EventLog, LogProducer, NewRecord } from '@kivi/domain'
import { openTransfer, type Transfer } from '../transfer/transfer.ts'
import { type FiledLetter, readLetters } from './letters.ts'

export interface ReplayOptions {
  readonly log: EventLog
  readonly producer: LogProducer
  readonly memory: ImportMemory
  /** where dead letters are, and where events go */
  readonly topics: { readonly dead: string; readonly events: string }
  /** only letters of these reasons; empty: of all */
  readonly reasons: readonly string[]
  readonly signal: AbortSignal
}

export interface ReplayReport {
  /** letters that this run sent, by reason */
  readonly sent: Readonly<Record<string, number>>
  /** letters that an earlier run had sent */
  readonly before: number
  /** ids of letters that were on their way when a replay was killed, so long ago that nobody knows what became of them */
  readonly inDoubt: readonly string[]
}

/** Letters of one transaction. */
const CHUNK_LETTERS = 1_000
const CHUNK_BYTES = 4 << 20

interface Lane {
  readonly transfer: Transfer
  readonly partition: number
  readonly reason: string
  /** letters below it were sent, by an earlier run or this one */
  readonly from: number
  readonly doubtUntil: number
  waiting: NewRecord[]
  bytes: number
}

export async function replayDeadLetters(options: ReplayOptions): Promise<ReplayReport> {
  const { log, producer, memory, topics, reasons, signal } = options
  const sent: Record<string, number> = {}
  const inDoubt: string[] = []
  let before = 0
  const lanes = new Map<string, Lane>()
  const highs = await log.bounds(topics.dead)

  const openLane = async (partition: number, reason: string): Promise<Lane> => {
    const high = highs.get(partition)?.high ?? 0
    const name = replayName(topics.dead, partition, reason)
    const group = `kivi-replay-${createHash('sha256').update(`${topics.events} ${name}`).digest('hex').slice(0, 32)}`
    const transfer = await openTransfer({ producer, memory, topic: topics.events, name, group, total: high })
    const { standing } = transfer
    // a position behind the end: the topic was deleted and made anew, and these letters are others
    const known = standing.kind === 'new' || standing.position > high ? 0 : standing.position
    const doubtUntil = standing.kind === 'in_doubt' ? standing.sending : known
    if (known < high) await transfer.begin(doubtUntil)
    return { transfer, partition, reason, from: known, doubtUntil, waiting: [], bytes: 0 }
  }

  const flush = async (lane: Lane, position: number): Promise<void> => {
    const records = lane.waiting
    lane.waiting = []
    lane.bytes = 0
    await lane.transfer.send(records, position, '{}')
    if (records.length > 0) sent[lane.reason] = (sent[lane.reason] ?? 0) + records.length
  }

  const take = async ({ letter, partition, offset, again }: FiledLetter): Promise<void> => {
    if (reasons.length > 0 && !reasons.includes(letter.reason)) return
    const key = `${partition}/${letter.reason}`
    const lane = lanes.get(key) ?? (await openLane(partition, letter.reason))
    lanes.set(key, lane)
    // letters that came after the bounds were asked for are left to the next run
    if (again || offset >= (highs.get(partition)?.high ?? 0)) return
    if (offset < lane.from) {
      before++
      return
    }
    if (offset < lane.doubtUntil) {
      inDoubt.push(letter.id)
      return
    }
    lane.waiting.push(letter.original)
    lane.bytes += sizeOf(letter)
    if (lane.waiting.length >= CHUNK_LETTERS || lane.bytes >= CHUNK_BYTES) await flush(lane, offset + 1)
  }

  try {
    await readLetters(log, topics.dead, signal, take)
    for (const lane of lanes.values()) {
      const high = highs.get(lane.partition)?.high ?? 0
      if (lane.from < high) await flush(lane, high)
    }
  } finally {
    for (const lane of lanes.values()) await lane.transfer[Symbol.asyncDispose]()
  }
  return { sent, before, inDoubt }
}

/** Under which the memory keeps how far the letters of a partition and reason were replayed. */
export const replayName = (dead: string, partition: number, reason: string): string =>
  `replay ${dead}/${partition}/${reason}`

const sizeOf = ({ original }: DeadLetter): number => (original.value === null ? 0 : Buffer.byteLength(original.value))
