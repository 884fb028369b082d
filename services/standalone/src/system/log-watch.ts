/** What only the event log knows, for the page of the system: where it ends, and what was set aside. */
import { type DeadLetterSummary, type EventLog, isKiviError, type LogWatch } from '@kivi/domain'
import { type FiledLetter, readLetters } from '../dead-letters/letters.ts'

export interface LogWatchOptions {
  readonly log: EventLog
  readonly topics: { readonly events: string; readonly dead: string }
  /** most letters of each partition that are looked at: those that came last; default 10 000 */
  readonly mostLetters?: number
  readonly now?: () => number
}

/** A reading of dead letters joins the log as a consumer: not oftener than this. */
const LETTERS_MAX_AGE_MS = 60_000
const READ_WITHIN_MS = 20_000
const SHOWN = 20

export function createLogWatch(options: LogWatchOptions): LogWatch {
  const { log, topics, mostLetters = 10_000, now = Date.now } = options
  let latest: { readonly at: number; readonly letters: Promise<Read> } | null = null
  return {
    async ends() {
      if (!(await isThere(log, topics.events))) return new Map()
      const bounds = await log.bounds(topics.events)
      return new Map([...bounds].map(([partition, { high }]) => [partition, high]))
    },

    async deadLetters(since) {
      if (latest === null || now() - latest.at >= LETTERS_MAX_AGE_MS) {
        const reading = { at: now(), letters: readNewest(log, topics.dead, mostLetters) }
        latest = reading
        // a failure is not kept
        reading.letters.catch(() => {
          if (latest === reading) latest = null
        })
      }
      return summaryOf(await latest.letters, since)
    },
  }
}

interface Read {
  readonly letters: readonly FiledLetter[]
  /** when the oldest was filed that was looked at, where older ones were passed over; else null */
  readonly cutAt: number | null
}

/** Who only answers may be there before whoever makes the topic. */
async function isThere(log: EventLog, topic: string): Promise<boolean> {
  try {
    return (await log.partitions(topic)).length > 0
  } catch (error) {
    if (isKiviError(error, 'log_misconfigured')) return false
    throw error
  }
}

async function readNewest(log: EventLog, topic: string, most: number): Promise<Read> {
  if (!(await isThere(log, topic))) return { letters: [], cutAt: null }
  const letters: FiledLetter[] = []
  const bounds = await readLetters(
    log,
    topic,
    AbortSignal.timeout(READ_WITHIN_MS),
    filed => {
      if (!filed.again) letters.push(filed)
    },
    { most },
  )
  const isCut = [...bounds.values()].some(({ low, high }) => high - low > most)
  return { letters, cutAt: isCut ? letters.reduce((least, { filedAt }) => Math.min(least, filedAt), Infinity) : null }
}

function summaryOf({ letters, cutAt }: Read, since: number): DeadLetterSummary {
  const recent = letters.filter(({ filedAt }) => filedAt >= since)
  const counts = new Map<string, number>()
  for (const { letter } of recent) counts.set(letter.reason, (counts.get(letter.reason) ?? 0) + 1)
  return {
    reasons: [...counts].map(([reason, count]) => ({ reason, letters: count })).sort((a, b) => b.letters - a.letters),
    isCut: cutAt !== null && cutAt >= since,
    newest: recent
      .toSorted((a, b) => b.filedAt - a.filedAt)
      .slice(0, SHOWN)
      .map(({ letter: { id, reason, detail }, filedAt }) => ({ id, reason, detail, filedAt })),
  }
}
