/** Cuts work into statements that each stay below a second and below some memory. */

/** Days [from, to) as days since 1970, to be written by one statement, or by `pieces` of it. */
export interface Part {
  readonly from: number
  readonly to: number
  /** events that are read */
  readonly events: number
  readonly pieces: number
}

export interface DayLoad {
  /** days since 1970 */
  readonly day: number
  readonly events: number
}

/**
 * Adjoining days together, as long as they hold at most `events`; a day that holds more is divided by its keys.
 *
 * @param days ascending; days between them that hold nothing of interest may be left out, and are then not read
 */
export function planParts(days: readonly DayLoad[], events: number): Part[] {
  const parts: Part[] = []
  for (const { day, events: load } of days) {
    const open = parts.at(-1)
    if (open !== undefined && open.to === day && open.events + load <= events)
      parts[parts.length - 1] = { ...open, to: day + 1, events: open.events + load }
    else parts.push({ from: day, to: day + 1, events: load, pieces: Math.max(1, Math.ceil(load / events)) })
  }
  return parts
}
