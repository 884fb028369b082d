/**
 * What was last answered to a question, as long as the data that it was made from stand. Dashboards ask each second,
 * and derived tables change every ten: between two changes a question costs one statement.
 */
export interface AnswerCache<T> {
  /** the answer under this key; `make` runs once, however many ask meanwhile. A failure is not kept */
  get(key: string, make: () => Promise<T>): Promise<T>
}

export interface AnswerCacheOptions<T> {
  /** most bytes of answers and their keys together */
  readonly maxBytes: number
  readonly size: (answer: T) => number
}

export function createAnswerCache<T>({ maxBytes, size }: AnswerCacheOptions<T>): AnswerCache<T> {
  // a Map keeps the order of insertion: the first is the one that was used longest ago
  const kept = new Map<string, { readonly answer: T; readonly bytes: number }>()
  const running = new Map<string, Promise<T>>()
  let bytes = 0

  const forget = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }
  const keep = (key: string, answer: T): void => {
    forget(key)
    const own = size(answer) + 2 * key.length
    kept.set(key, { answer, bytes: own })
    bytes += own
    for (const oldest of kept.keys()) {
      if (bytes <= maxBytes) break
      forget(oldest)
    }
  }
  const start = (key: string, make: () => Promise<T>): Promise<T> => {
    const finish = async (): Promise<T> => {
      try {
        const answer = await make()
        keep(key, answer)
        return answer
      } finally {
        running.delete(key)
      }
    }
    const promise = finish()
    running.set(key, promise)
    return promise
  }

  return {
    get(key, make) {
      const found = kept.get(key)
      if (found === undefined) return running.get(key) ?? start(key, make)
      kept.delete(key)
      kept.set(key, found)
      return Promise.resolve(found.answer)
    },
  }
}
