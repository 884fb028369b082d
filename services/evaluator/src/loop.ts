import { messageOf } from '@kivi/domain'
import { delay } from '@kivi/service-kit'
import type { Pass } from './pipeline.ts'

export interface LoopOptions {
  readonly pass: Pass
  /** from the beginning of a pass to that of the next, ms */
  readonly intervalMs: number
  readonly failed: (error: unknown, pauseMs: number) => void
}

export interface Loop {
  /** the last pass went well; null: none has ended yet */
  readonly well: boolean | null
  /** what was wrong with the last one */
  readonly problem: string | null
  /**
   * Ends the pass between two statements. One that takes its time is left to itself: whatever it does may be done
   * again.
   */
  stop(): Promise<void>
}

const LONGEST_PAUSE_MS = 30_000
const STOP_WITHIN_MS = 2_000

/** Passes, one at a time, until stopped. A failed one is told and tried again, after pauses that grow. */
export function startLoop({ pass, intervalMs, failed }: LoopOptions): Loop {
  const stopping = new AbortController()
  let well: boolean | null = null
  let problem: string | null = null
  let failures = 0

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const begun = performance.now()
      let pause: number
      try {
        const more = await pass(stopping.signal)
        well = true
        problem = null
        failures = 0
        pause = more ? 0 : intervalMs - (performance.now() - begun)
      } catch (error) {
        if (stopping.signal.aborted) return
        well = false
        problem = messageOf(error)
        pause = Math.min(LONGEST_PAUSE_MS, Math.max(intervalMs, 1_000) * 2 ** failures++)
        failed(error, pause)
      }
      if (pause > 0) await delay(pause, stopping.signal)
    }
  }
  const ended = run()
  return {
    get well() {
      return well
    },
    get problem() {
      return problem
    },
    async stop() {
      stopping.abort()
      const deadline = Promise.withResolvers<void>()
      const timer = setTimeout(deadline.resolve, STOP_WITHIN_MS)
      await Promise.race([ended, deadline.promise])
      clearTimeout(timer)
    },
  }
}
