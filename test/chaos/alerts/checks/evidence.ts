import type { AlertFact, Intent, LeaderRecord } from '@kivi/domain'
import type { Heard } from '../receiver.ts'
import type { Episode } from '../schedule.ts'

/** A message that was decided, and which transitions of which instance it tells. */
export type Message = Pick<Intent, 'notification' | 'tells'>

/** What the promises are held against. */
export interface Evidence {
  /** what an evaluator that never stops decides */
  readonly expected: readonly Episode[]
  readonly receivers: readonly string[]
  /** requests in the order in which they came */
  readonly heard: readonly Heard[]
  readonly log: {
    readonly facts: readonly AlertFact[]
    readonly leaders: readonly LeaderRecord[]
    /** every message that was decided, by its key */
    readonly messages: ReadonlyMap<string, Message>
  }
}

/** A promise: what broke it, a line each. */
export type Promised = (evidence: Evidence) => string[]

/** the stamp of a step, and a request that was on its way */
export const CLOCK_MS = 50

export const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
