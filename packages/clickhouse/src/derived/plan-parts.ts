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
 * Days together, as long as they hold at most `events`; a day that holds more is divided by its keys. Between two days
 * that are wanted may lie others, which are then read along: a statement costs as much as some thousand events, and
 * what comes late lies scattered over days.
 *
 * @param days all that hold any of the events, ascending
 */
export function planParts(
  days: readonly DayLoad[],
  events: number,
  isWanted: (day: number) => boolean = () => true,
): Part[] {
  const parts: Part[] = []
  let between = 0
  for (const { day, events: load } of days) {
    const open = parts.at(-1)
    if (!isWanted(day)) {
      between += load
      continue
    }
    if (open !== undefined && open.events + between + load <= events)
      parts[parts.length - 1] = { ...open, to: day + 1, events: open.events + between + load }
    else parts.push({ from: day, to: day + 1, events: load, pieces: Math.max(1, Math.ceil(load / events)) })
    between = 0
  }
  return parts
}
