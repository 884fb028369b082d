/** How long who asked may keep an answer, by whether it can still change. */

const LONGEST_S = 3_600

/**
 * Seconds for which an answer about the past may be kept unasked: a tenth of the time since its window ended, an hour at
 * most (after RFC 9111, 4.2.2). What changes the past, late events above all, comes the sooner after it the likelier.
 *
 * @param settled end of the window, epoch ms, where it was asked for by its end and nothing but what is late can change
 * what was answered; null: the next answer may be another one
 */
export function maxAgeOf(settled: number | null, now: number): number {
  if (settled === null) return 0
  return Math.min(LONGEST_S, Math.max(0, Math.floor((now - settled) / 10_000)))
}

/** The header. Answers to keys are of who asked only; while one is asked for anew, the old one may be shown. */
export function cacheControl(maxAge: number, keyed: boolean): string {
  const whose = keyed ? 'private' : 'public'
  return maxAge === 0 ? `${whose}, no-cache` : `${whose}, max-age=${maxAge}, stale-while-revalidate=${maxAge}`
}
