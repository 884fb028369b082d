import { delay, type Started } from '@kivi/service-kit'
import { type ChildOptions, startChild } from './child-process.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** After this long the next end counts as the first again. */
const STABLE_MS = 60_000

/**
 * A child that is started again, with growing pauses, when it ends by itself: what it had open is taken up by its
 * successor. Rejects when the first start fails, since then something is wrong that a person must mend.
 */
export async function superviseChild(options: Omit<ChildOptions, 'onExit'>): Promise<Started<void>> {
  const { name, logger } = options
  const stopping = new AbortController()
  let pause = FIRST_PAUSE_MS
  let since = performance.now()
  let restart: Promise<void> = Promise.resolve()
  let current: Started<void>

  const revive = async (reason: string): Promise<void> => {
    if (performance.now() - since > STABLE_MS) pause = FIRST_PAUSE_MS
    let why = reason
    while (!stopping.signal.aborted) {
      logger.error({ component: name, reason: why, restartInMs: pause }, `${name} is gone and is started again`)
      await delay(pause, stopping.signal)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      if (stopping.signal.aborted) return
      try {
        current = await start()
        since = performance.now()
        return
      } catch (error) {
        why = (error as Error).message
      }
    }
  }
  const start = () =>
    startChild({
      ...options,
      onExit: reason => {
        restart = revive(reason)
      },
    })

  current = await start()
  return {
    value: undefined,
    async stop() {
      stopping.abort()
      await restart
      await current.stop()
    },
  }
}
