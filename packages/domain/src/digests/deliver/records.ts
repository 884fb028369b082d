/** What the log of the alerts keeps of digests: one record for each digest and receiver, the full state of that lane. */
import type { StateChange } from '../../ports/state-log.ts'
import type { DigestAnswer, DigestOutcome } from '../types/answers.ts'
import type { DigestPeriodUnit } from '../types/definition.ts'

/** What a receiver is handed. Written into the log before it is sent, so all of it is plain JSON. */
export interface DigestMessage {
  readonly receiver: string
  readonly language: 'en' | 'zh'
  /** digest × receiver */
  readonly lane: string
  /** ascending in its lane */
  readonly sequence: number
  /** random; the same in every repetition of this message and no other */
  readonly key: string
  /** somebody tries the receiver */
  readonly test: boolean
  readonly digest: DigestAnswer
  /** periods before it of which no report was sent, as nobody could; the last ones, oldest first */
  readonly missed: readonly string[]
  /** it is sent so much later than it was due that people should know */
  readonly late: boolean
  /** base address of the pages; null: nobody said */
  readonly externalUrl: string | null
  /** wall clock of the decision, epoch ms */
  readonly at: number
}

/** What became of the report of one period. */
export interface DigestSending {
  readonly period: string
  readonly outcome: DigestOutcome
  /** wall clock */
  readonly at: number
  readonly answered: number | null
  readonly answer: string
  readonly attempts: number
  readonly complete: boolean
}

export interface DigestLane {
  readonly kind: 'digest'
  readonly digest: string
  readonly receiver: string
  readonly every: DigestPeriodUnit
  /** end of the last period that is decided: its report is sent, being sent, or will never be; epoch ms */
  readonly through: number
  /** of the last message */
  readonly sequence: number
  /** `inDoubt`: a copy of it may be on its way, or there already */
  readonly open: { readonly message: DigestMessage; readonly to: number; readonly inDoubt: boolean } | null
  /** no attempt before, wall clock; null: at once */
  readonly notBefore: number | null
  /** failed attempts in a row */
  readonly attempts: number
  /** since when all attempts fail; null: the last one did not */
  readonly failingSince: number | null
  /** wall clock since when the leader's catalog does not have it; null: it has */
  readonly goneSince: number | null
  /** newest first; the first is that of `open` while there is one */
  readonly history: readonly DigestSending[]
}

const PREFIX = 'digest/'

export const digestLaneOf = (digest: string, receiver: string): string => `${PREFIX}${digest}/${receiver}`

/** The last record of each lane. Changed by nothing but `fold`. */
export class DigestState {
  readonly lanes = new Map<string, DigestLane>()

  /** Takes a record of the log in; those of other things are left alone. */
  fold({ key, value }: StateChange): this {
    if (!key.startsWith(PREFIX)) return this
    if (value === null) this.lanes.delete(key)
    else this.lanes.set(key, JSON.parse(value) as DigestLane)
    return this
  }
}

export const writeLane = (lane: DigestLane): StateChange => ({
  key: digestLaneOf(lane.digest, lane.receiver),
  value: JSON.stringify(lane),
})
