/**
 * Decides the outcome of each decoded record of one partition, as a function of the log alone: what is asked is
 * the record, its timestamp, and the records before it, never a clock. A replay decides the same.
 *
 * Stamps (Kafka's CreateTime comes from producers and may be wrong):
 * - the *clamped* stamp of a record is at most `jump` (1 h, Kafka 4's own limit for stamps ahead of the broker's
 *   clock) ahead of log time, so that one wrong stamp cannot age the whole log; a record without a stamp has log
 *   time as its clamped stamp.
 * - *log time* is the largest clamped stamp so far: it never goes back. After a quiet gap longer than `jump` it
 *   follows in steps of `jump`, a record each.
 *
 * too_early: the event lies further ahead of the record's own stamp, unclamped (behind a quiet gap the clamped one
 * would make honest events early), than the clock skew. too_late: it is older than the raw retention before the
 * clamped stamp. duplicate: an accepted record of a smaller offset has the same id and lies at most the horizon
 * back in log time; a duplicate does not prolong the horizon. Records of a log that has shown no stamp yet are
 * neither early nor late.
 *
 * Its state grows before the batch's plan is durable, and is never rolled back: where a session dies, the judge is
 * thrown away and a new one is built from the ledger (`restore`, `restoreIds`), which gives the same state.
 */
import type { EventColumns } from '../event-columns.ts'
import { createWatermark } from '../watermark/watermark.ts'
import { createDigest } from './digest.ts'
import { createDuplicateSet, type DuplicateSet } from './duplicate-set.ts'
import { createIdList } from './id-list.ts'
import { endianness, lanesOf } from './lanes.ts'
import { OUTCOME, type OutcomeCounts } from './outcomes.ts'

export interface JudgeSettings {
  /** ms; Infinity: events are never too late */
  readonly retentionRaw: number
  /** how far an event may lie ahead of its record's stamp, ms */
  readonly clockSkew: number
  /** ms of log time within which a repeated id is a duplicate */
  readonly horizon: number
  /** how far events may lie behind the newest before they are late, ms: the watermark's distance */
  readonly disorder: number
  /** how far a stamp may jump ahead of log time, ms; default 1 h */
  readonly jump?: number
}

/**
 * Event times that the store can hold, whatever the retention: slices and their local days must lie within an
 * unsigned 32-bit number of seconds. [1970-01-03, 2106-02-05).
 */
export const EARLIEST_EVENT_TIME = 2 * 86_400_000
export const LATEST_EVENT_TIME = Date.UTC(2106, 1, 5)

export const JUMP = 3_600_000

/** Rows whose ids are read ahead in the duplicate set: few enough to be still in the processor's cache when asked. */
const APPROACHED = 128

/** What a judge knows of the log before the first record it is shown. −1: nothing yet. */
export interface JudgeState {
  readonly highStamp: number
  readonly watermark: number
}

/** What the ledger keeps of a batch: see LedgerEntry. */
export interface JudgedBatch {
  readonly counts: OutcomeCounts
  readonly records: number
  readonly digest: string
  readonly lastOffset: number
  readonly lastStamp: number
  /** log time after the batch */
  readonly highStamp: number
  readonly firstEventTime: number | null
  readonly lastEventTime: number | null
  readonly watermark: number
  readonly idHashes: BigUint64Array
  /** log times at which the ids were accepted */
  readonly idStamps: Float64Array
}

export interface Judge {
  /** decides rows [first, last): `outcome` pending becomes accepted, duplicate, too_late or too_early */
  judge(columns: EventColumns, first: number, last: number): void
  /** by row of the columns judged last: the watermark before it, −1 before the first event */
  readonly watermarkBefore: Float64Array
  /** what was judged since the last cut, and begins the next batch */
  cut(): JudgedBatch
  /** log time, −1 before the first stamp */
  readonly highStamp: number
  /** largest min(event time, clamped stamp) of accepted events less the disorder, −1 before the first */
  readonly watermark: number
  /** state of the ledger's last entry; before any record, ids after it */
  restore(state: JudgeState): void
  /** accepted ids of the ledger whose stamps are at or after highStamp − horizon, in log order */
  restoreIds(hashes: BigUint64Array, stamps: Float64Array): void
  /** ids accepted since the last cut: what a batch costs to keep */
  readonly openIds: number
  readonly duplicates: Pick<DuplicateSet, 'size' | 'bytes'>
}

export function createJudge(settings: JudgeSettings): Judge {
  const { retentionRaw, clockSkew, horizon, disorder, jump = JUMP } = settings
  const seen = createDuplicateSet(horizon)
  const digest = createDigest()
  const ids = createIdList()
  let highStamp = -1
  const watermark = createWatermark(disorder)
  let watermarkBefore = new Float64Array(0)
  let open = emptyBatch()

  function judge(columns: EventColumns, first: number, last: number): void {
    if (watermarkBefore.length < last) watermarkBefore = new Float64Array(Math.max(last, 2 * watermarkBefore.length))
    for (let from = first; from < last; from += APPROACHED) {
      const to = Math.min(last, from + APPROACHED)
      seen.approach(columns.idHigh, from, to)
      decide(columns, from, to)
    }
    if (last <= first) return
    digest.addRows(columns.offset, columns.stamp, columns.outcome, first, last)
    open.records += last - first
    open.lastOffset = columns.offset[last - 1] as number
    open.lastStamp = columns.stamp[last - 1] as number
  }

  function decide(columns: EventColumns, first: number, last: number): void {
    const { stamp, outcome, eventTime, idHigh, idLow } = columns
    const { counts } = open
    // locals: variables that closures share lie in memory
    let { firstEventTime, lastEventTime } = open
    let logTime = highStamp
    let reached = watermark.value
    let accepted = 0
    for (let i = first; i < last; i++) {
      const own = stamp[i] as number
      const clamped = own < 0 ? logTime : logTime < 0 ? own : Math.min(own, logTime + jump)
      if (clamped > logTime) logTime = clamped
      watermarkBefore[i] = reached
      let code = outcome[i] as number
      if (code === OUTCOME.pending) {
        const time = eventTime[i] as number
        code = punctuality(time, own < 0 ? logTime : own, clamped, clockSkew, retentionRaw)
        if (code === OUTCOME.accepted) {
          const high = idHigh[i] as number
          const low = idLow[i] as number
          if (seen.seen(high, low, logTime)) code = OUTCOME.duplicate
          else {
            ids.add(high, low, logTime)
            if (time < firstEventTime) firstEventTime = time
            if (time > lastEventTime) lastEventTime = time
            watermark.observe(time, clamped)
            reached = watermark.value
          }
        }
        outcome[i] = code
      }
      if (code === OUTCOME.accepted) accepted++
      else count(counts, code)
    }
    counts.accepted += accepted
    open.firstEventTime = firstEventTime
    open.lastEventTime = lastEventTime
    highStamp = logTime
  }

  function cut(): JudgedBatch {
    const { counts, records, lastOffset, lastStamp, firstEventTime, lastEventTime } = open
    const batch = {
      counts,
      records,
      digest: digest.hex(),
      lastOffset,
      lastStamp,
      highStamp,
      firstEventTime: counts.accepted === 0 ? null : firstEventTime,
      lastEventTime: counts.accepted === 0 ? null : lastEventTime,
      watermark: watermark.value,
      ...ids.take(),
    }
    open = emptyBatch()
    digest.reset()
    return batch
  }

  function restoreIds(hashes: BigUint64Array, stamps: Float64Array): void {
    const lanes = lanesOf(hashes)
    for (let k = 0; k < hashes.length; k++) {
      const [high, low] = [lanes[2 * k + endianness.high] as number, lanes[2 * k + endianness.low] as number]
      seen.seen(high, low, stamps[k] as number)
    }
  }

  return {
    judge,
    cut,
    restore(state) {
      highStamp = state.highStamp
      watermark.restore(state.watermark)
    },
    restoreIds,
    get watermarkBefore() {
      return watermarkBefore
    },
    get highStamp() {
      return highStamp
    },
    get watermark() {
      return watermark.value
    },
    get openIds() {
      return ids.length
    },
    duplicates: seen,
  }
}

/** accepted, too_late or too_early: by the event's time and the record's stamp only. */
function punctuality(time: number, own: number, clamped: number, clockSkew: number, retention: number): number {
  if (time >= LATEST_EVENT_TIME || (own >= 0 && time > own + clockSkew)) return OUTCOME.too_early
  if (time < EARLIEST_EVENT_TIME || (clamped >= 0 && time < clamped - retention)) return OUTCOME.too_late
  return OUTCOME.accepted
}

function count(counts: OutcomeCounts, code: number): void {
  switch (code) {
    case OUTCOME.accepted:
      counts.accepted++
      break
    case OUTCOME.duplicate:
      counts.duplicate++
      break
    case OUTCOME.rejected:
      counts.rejected++
      break
    case OUTCOME.too_late:
      counts.too_late++
      break
    case OUTCOME.too_early:
      counts.too_early++
      break
    default:
      throw new RangeError(`Outcome code ${code} is not one that a judged record can have.`)
  }
}

const emptyBatch = () => ({
  counts: { accepted: 0, duplicate: 0, rejected: 0, too_late: 0, too_early: 0 },
  records: 0,
  lastOffset: -1,
  lastStamp: -1,
  firstEventTime: Number.POSITIVE_INFINITY,
  lastEventTime: Number.NEGATIVE_INFINITY,
})
