/**
 * Answers by question and state of the data. Equal questions that come while one is being answered wait for it, so
 * a thousand dashboards cost one statement per change; nothing else is read from ClickHouse while nothing changes.
 */
export interface AnswerCache<T> {
  /** `make` runs at most once per key at a time; a failure is not kept */
  get(key: string, make: () => Promise<T>): Promise<T>
}

export interface AnswerCacheOptions<T> {
  /** most bytes of kept answers together */
  readonly maxBytes: number
  /** an answer is made anew after this long even if no change was seen: retention deletes without telling */
  readonly maxAgeMs: number
  readonly size: (answer: T) => number
  readonly now: () => number
  readonly onLookup?: (result: 'hit' | 'joined' | 'miss') => void
}

export function createAnswerCache<T>(options: AnswerCacheOptions<T>): AnswerCache<T> {
  // a Map keeps the order of insertion: the first is the one used longest ago
  const kept = new Map<string, { answer: T; bytes: number; at: number }>()
  const running = new Map<string, Promise<T>>()
  let bytes = 0

  const forget = (key: string): void => {
    const entry = kept.get(key)
    if (entry === undefined) return
    bytes -= entry.bytes
    kept.delete(key)
  }

  return {
    async get(key, make) {
      const entry = kept.get(key)
      if (entry !== undefined && options.now() - entry.at < options.maxAgeMs) {
        kept.delete(key)
        kept.set(key, entry)
        options.onLookup?.('hit')
        return entry.answer
      }
      const joined = running.get(key)
      if (joined !== undefined) {
        options.onLookup?.('joined')
        return joined
      }
      options.onLookup?.('miss')
      const promise = make()
      running.set(key, promise)
      try {
        const answer = await promise
        forget(key)
        const entryBytes = options.size(answer) + 2 * key.length
        kept.set(key, { answer, bytes: entryBytes, at: options.now() })
        bytes += entryBytes
        for (const oldest of kept.keys()) {
          if (bytes <= options.maxBytes) break
          forget(oldest)
        }
        return answer
      } finally {
        running.delete(key)
      }
    },
  }
}
