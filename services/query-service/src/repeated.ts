/**
 * A reading that is repeated once it has grown old, however many ask. Whoever asks while it is repeated gets the one
 * before, as long as that is not too old either: nobody waits for a store that answers slowly, or all would at once.
 */
export interface RepeatedOptions {
  /** so old a reading may be before another one begins, ms */
  readonly maxAgeMs: number
  /** so old it may be given on while the next one is under way, ms */
  readonly graceMs: number
  readonly now: () => number
}

interface Reading<T> {
  readonly at: number
  readonly result: Promise<T>
}

/** @returns the reading; it rejects where the newest one failed, and the next question reads again */
export function repeated<T>(read: () => Promise<T>, { maxAgeMs, graceMs, now }: RepeatedOptions): () => Promise<T> {
  let latest: Reading<T> | null = null
  // the one before, for those who ask while the latest is under way
  let before: Reading<T> | null = null
  let underWay = false
  // a clock that was set back makes everything old
  const isYoung = (reading: Reading<T>, at: number, age: number): boolean => at >= reading.at && at - reading.at < age

  const begin = (at: number): Reading<T> => {
    const reading: Reading<T> = { at, result: read() }
    if (!underWay) before = latest
    latest = reading
    underWay = true
    reading.result.then(
      () => {
        if (latest === reading) underWay = false
      },
      () => {
        // a failure is not kept: the next question asks again, and meets it if it lasts
        if (latest !== reading) return
        latest = null
        before = null
        underWay = false
      },
    )
    return reading
  }
  return () => {
    const at = now()
    const reading = latest !== null && isYoung(latest, at, maxAgeMs) ? latest : null
    // one at a time while the one before may still be given on
    if (underWay && before !== null && isYoung(before, at, graceMs)) return before.result
    const newest = reading ?? begin(at)
    return underWay && before !== null && isYoung(before, at, graceMs) ? before.result : newest.result
  }
}
