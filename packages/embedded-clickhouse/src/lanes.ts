/**
 * Which queue a statement waits in. Each lane has a width of its own, so that a slow recording never holds up an
 * insert or an answer, and a burst of answers never holds up an insert.
 */
export type Lane = 'write' | 'answer' | 'background'

export type LaneWidths = Readonly<Record<Lane, number>>

/** Two cores: two inserts, four answers and one long statement may be in the engine at a time. */
const DEFAULT_WIDTHS: LaneWidths = { write: 2, answer: 4, background: 1 }

export interface Lanes {
  /** Runs the task when its lane has room, in order of arrival; a task whose signal is aborted by then is dropped. */
  run<T>(lane: Lane, signal: AbortSignal, task: () => Promise<T>): Promise<T>
  /** tasks in the engine and waiting for it */
  pending(): number
  /** resolves when nothing is pending */
  idle(): Promise<void>
}

export class LaneFull extends Error {}

/** `depth` is how many may wait in a lane; beyond it a task is refused with LaneFull. */
export function createLanes(widths: LaneWidths = DEFAULT_WIDTHS, depth = 1000): Lanes {
  const lanes = {
    write: { running: 0, waiting: [] as Array<() => void> },
    answer: { running: 0, waiting: [] as Array<() => void> },
    background: { running: 0, waiting: [] as Array<() => void> },
  }
  let idlers: Array<() => void> = []
  const pending = (): number => Object.values(lanes).reduce((sum, lane) => sum + lane.running + lane.waiting.length, 0)

  const enter = async (name: Lane): Promise<void> => {
    const lane = lanes[name]
    if (lane.running < widths[name]) {
      lane.running++
      return
    }
    if (lane.waiting.length >= depth) throw new LaneFull(`${depth} statements wait already`)
    // who leaves hands its place over, so the count does not change here
    await new Promise<void>(resolve => lane.waiting.push(resolve))
  }
  const leave = (name: Lane): void => {
    const next = lanes[name].waiting.shift()
    if (next !== undefined) return next()
    lanes[name].running--
    if (pending() > 0) return
    for (const idler of idlers) idler()
    idlers = []
  }
  return {
    run: async (lane, signal, task) => {
      await enter(lane)
      try {
        signal.throwIfAborted()
        return await task()
      } finally {
        leave(lane)
      }
    },
    pending,
    idle: () => (pending() === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve))),
  }
}
