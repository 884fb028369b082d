/**
 * The last answer to each question, with the state of the data that it was made from. Equal questions that come
 * while one is being answered wait for it, so a thousand dashboards cost one statement per change. While the data
 * change all the time, whoever asks again gets the answer of a moment ago at once and the new one is made meanwhile:
 * nobody waits for ClickHouse each second.
 */
export interface AnswerCache<T> {
  /**
   * The answer of this state, or one that was of the current state at most `staleMs` ago. `make` runs at most once
   * per question and state at a time; a failure is not kept.
   */
  get(question: string, state: string, make: () => Promise<T>): Promise<T>
  /**
   * The answer that `get` would give whatever the state is now, as it was begun so little time ago that no other one
   * would be; null: none is. It spares whoever asks a look at how far the data are.
   */
  resting(question: string): T | null
}

export type Lookup = 'hit' | 'resting' | 'stale' | 'joined' | 'miss'

export interface AnswerCacheOptions<T> {
  /** most bytes of kept answers together */
  readonly maxBytes: number
  /** an answer is made anew after this long even if no change was seen: retention deletes without telling */
  readonly maxAgeMs: number
  /** so long after an answer was begun no other one is, though the data have changed: they do all the time */
  readonly restMs: number
  /** how long an answer may be given on after it was known to be of the current state; 0: never */
  readonly staleMs: number
  readonly size: (answer: T) => number
  readonly now: () => number
  readonly onLookup?: (result: Lookup) => void
}

interface Entry<T> {
  readonly state: string
  readonly answer: T
  readonly bytes: number
  readonly madeAt: number
  /** when its state was last seen to be the current one */
  currentAt: number
}

interface Running<T> {
  readonly state: string
  readonly promise: Promise<T>
}

export function createAnswerCache<T>(options: AnswerCacheOptions<T>): AnswerCache<T> {
  // a Map keeps the order of insertion: the first is the one used longest ago
  const kept = new Map<string, Entry<T>>()
  const running = new Map<string, Running<T>>()
  let bytes = 0
  // a clock that was set back makes everything old
  const since = (time: number): number => {
    const age = options.now() - time
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }

  const forget = (question: string): void => {
    const entry = kept.get(question)
    if (entry === undefined) return
    bytes -= entry.bytes
    kept.delete(question)
  }

  const keep = (question: string, state: string, answer: T, begun: number): void => {
    // an answer that took longer than the next one is not put over it
    if ((kept.get(question)?.madeAt ?? begun) > begun) return
    forget(question)
    const entryBytes = options.size(answer) + 2 * (question.length + state.length)
    kept.set(question, { state, answer, bytes: entryBytes, madeAt: begun, currentAt: begun })
    bytes += entryBytes
    for (const oldest of kept.keys()) {
      if (bytes <= options.maxBytes) break
      forget(oldest)
    }
  }

  /** It was used: others are forgotten before it. */
  const touch = (question: string, entry: Entry<T>): void => {
    kept.delete(question)
    kept.set(question, entry)
  }

  const start = (question: string, state: string, make: () => Promise<T>): Promise<T> => {
    const begun = options.now()
    const finish = async (): Promise<T> => {
      try {
        const answer = await make()
        keep(question, state, answer, begun)
        return answer
      } finally {
        if (running.get(question)?.state === state) running.delete(question)
      }
    }
    const promise = finish()
    running.set(question, { state, promise })
    return promise
  }

  return {
    async get(question, state, make) {
      const entry = kept.get(question)
      const young = entry !== undefined && since(entry.madeAt) < options.maxAgeMs
      if (young && entry.state === state) {
        entry.currentAt = options.now()
        touch(question, entry)
        options.onLookup?.('hit')
        return entry.answer
      }
      const under = running.get(question)
      if (young && since(entry.currentAt) < options.staleMs) {
        options.onLookup?.('stale')
        // its failure meets the first one who asks when this answer is too old to be given on
        if (under === undefined && since(entry.madeAt) >= options.restMs)
          start(question, state, make).catch(() => undefined)
        return entry.answer
      }
      if (under?.state === state) {
        options.onLookup?.('joined')
        return under.promise
      }
      options.onLookup?.('miss')
      return start(question, state, make)
    },

    resting(question) {
      const entry = kept.get(question)
      if (entry === undefined || since(entry.madeAt) >= Math.min(options.restMs, options.staleMs, options.maxAgeMs))
        return null
      touch(question, entry)
      options.onLookup?.('resting')
      return entry.answer
    },
  }
}
