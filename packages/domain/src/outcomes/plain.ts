/** The judge in plain words: the reference that tests hold the quick one to. */

import { EARLIEST_EVENT_TIME, JUMP, type JudgeSettings, LATEST_EVENT_TIME } from './judge.ts'
import type { Outcome } from './outcomes.ts'

/** A decoded record; `event` is null where it was rejected. */
export interface PlainRecord {
  /** −1: the log has none */
  readonly stamp: number
  readonly event: { readonly id: bigint; readonly time: number } | null
}

export interface PlainJudgement {
  readonly outcome: Outcome
  readonly watermarkBefore: number
}

/** Judges a whole log from its beginning. */
export function judgePlain(records: Iterable<PlainRecord>, settings: JudgeSettings): PlainJudgement[] {
  const { retentionRaw, clockSkew, horizon, disorder, jump = JUMP } = settings
  const acceptedAt = new Map<bigint, number>()
  let logTime = -1
  let watermark = -1

  function decide(record: PlainRecord): Outcome {
    const stamp = record.stamp < 0 ? logTime : record.stamp
    const clamped = logTime < 0 ? stamp : Math.min(stamp, logTime + jump)
    logTime = Math.max(logTime, clamped)
    if (record.event === null) return 'rejected'
    const { id, time } = record.event
    const known = stamp >= 0
    if (time >= LATEST_EVENT_TIME || (known && time > stamp + clockSkew)) return 'too_early'
    if (time < EARLIEST_EVENT_TIME || (known && time < clamped - retentionRaw)) return 'too_late'
    const first = acceptedAt.get(id)
    if (first !== undefined && logTime - first <= horizon) return 'duplicate'
    acceptedAt.set(id, logTime)
    watermark = Math.max(watermark, (known ? Math.min(time, clamped) : time) - disorder)
    return 'accepted'
  }

  return Array.from(records, record => {
    const watermarkBefore = watermark
    return { watermarkBefore, outcome: decide(record) }
  })
}
