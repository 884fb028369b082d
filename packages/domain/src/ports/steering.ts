/** What people set while Kivi runs: facts that are only ever added. Of several about the same, the latest counts. */
import type { ReferenceValue, Target } from '../definitions/index.ts'

/** Who said it and when; `at` is epoch ms. */
interface Said {
  readonly setBy: string
  readonly setAt: number
}

/** Targets of an indicator as they were set together. */
export interface TargetsSet extends Said {
  readonly indicator: string
  /** from the latest to the earliest; their own set_by and set_at are those of the setting */
  readonly targets: readonly Target[]
}

export interface NorthStarSet extends Said {
  readonly indicators: readonly string[]
  /** epoch ms from which they lead */
  readonly from: number
  readonly reason: string
}

/** Something that was done, or is planned, to move an indicator. */
export interface Action extends Said {
  readonly id: string
  readonly label: string
  readonly description: string
  /** the indicators that it is meant to move */
  readonly indicators: readonly string[]
  /** the part of the indicator that it is meant to move; empty: all of it */
  readonly by: Readonly<Record<string, string>>
  readonly status: 'planned' | 'done' | 'cancelled'
  /** epoch ms: planned or done at */
  readonly at: number
  /** epoch ms: when it ended, null: it lasts */
  readonly until: number | null
  readonly owner: string
}

export interface PostedReference extends Said {
  readonly reference: string
  readonly value: ReferenceValue
}

/** Durable when a write resolves; it can be read at once. */
export interface SteeringStore {
  /** changes whenever targets, North Star or references may have changed; null: nobody can say without reading them */
  mark(): Promise<string | null>
  setTargets(set: TargetsSet): Promise<void>
  /** of all indicators or of one, oldest first */
  targets(indicator?: string): Promise<readonly TargetsSet[]>
  setNorthStar(set: NorthStarSet): Promise<void>
  /** oldest first */
  northStars(): Promise<readonly NorthStarSet[]>
  /** an action with the id of an earlier one takes its place */
  putAction(action: Action): Promise<void>
  /** as they are now, by their time */
  actions(): Promise<readonly Action[]>
  postReferences(posted: readonly PostedReference[]): Promise<void>
  /** what was last posted for each reference, instant and group, in the order of time */
  references(): Promise<readonly PostedReference[]>
}
