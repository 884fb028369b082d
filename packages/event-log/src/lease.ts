/** A moment by both clocks: the wall clock may jump, the monotonic one stands still while a machine sleeps. */
export interface Moment {
  readonly monotonic: number
  readonly wall: number
}

export const now = (): Moment => ({ monotonic: performance.now(), wall: Date.now() })

/** performance.now() at which `ms` after the moment are over by the clock that gets there first, seen from now. */
export function endOf(moment: Moment, ms: number): number {
  const present = now()
  return Math.min(moment.monotonic + ms, present.monotonic + moment.wall + ms - present.wall)
}
