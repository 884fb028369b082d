import type { Seen } from '../types/records.ts'

/** What a rule found at an instant for one group. */
export interface Observation {
  readonly group: readonly string[]
  /** does the condition hold? null: it cannot be said */
  readonly fires: boolean | null
  /** does it go on, where it fires already: differs by the recovery threshold */
  readonly stays: boolean | null
  /** nothing is concluded because the value rests on too little */
  readonly lowVolume: boolean
  readonly seen: Seen
}

export const NOTHING_SEEN: Seen = { value: null, target: null, n: 0, compared: {} }

/** A group of which nothing is known at an instant. */
export const absentGroup = (group: readonly string[]): Observation => ({
  ...{ group, fires: null, stays: null, lowVolume: false, seen: NOTHING_SEEN },
})
