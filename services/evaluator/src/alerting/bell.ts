/** Whoever waits is woken when something has happened, also when it happened just before. */
export interface Bell {
  ring(): void
  /** until it rings, or so many ms are over */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | null = null
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(ms) {
      if (!rung && ms > 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, ms)
        await promise
        clearTimeout(timer)
        wake = null
      }
      rung = false
    },
  }
}
