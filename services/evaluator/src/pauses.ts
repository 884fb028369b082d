const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 600_000

/** What fails rests for ever longer, by its name. */
export function createPauses(now: () => number) {
  const failing = new Map<string, { pause: number; until: number }>()
  return {
    rests(id: string): boolean {
      const { pause = 0, until = 0 } = failing.get(id) ?? {}
      const left = until - now()
      // the clock may have been put back
      return left > 0 && left <= pause
    },
    well: (id: string): void => void failing.delete(id),
    /** gives how long it rests, ms */
    failed(id: string): number {
      const pause = Math.min(LONGEST_PAUSE_MS, 2 * (failing.get(id)?.pause ?? FIRST_PAUSE_MS / 2))
      failing.set(id, { pause, until: now() + pause })
      return pause
    },
  }
}
