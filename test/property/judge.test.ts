import {
  createJudge,
  EARLIEST_EVENT_TIME,
  type EventColumns,
  type Judge,
  type JudgedBatch,
  type JudgeSettings,
  judgePlain,
  LATEST_EVENT_TIME,
  OUTCOME,
  OUTCOMES,
  type PlainRecord,
} from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from './event-columns.ts'

const START = Date.UTC(2026, 10, 21)
const HOUR = 3_600_000

const settings: fc.Arbitrary<JudgeSettings> = fc.record({
  retentionRaw: fc.constantFrom(0, 1000, 24 * HOUR, Number.POSITIVE_INFINITY),
  clockSkew: fc.constantFrom(0, 300_000),
  horizon: fc.constantFrom(0, 1, 1000, 60_000, HOUR),
  disorder: fc.constantFrom(0, 30_000),
})

/** Ids that repeat, the two zero lanes and the sign bits among them. */
const id = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 30n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n << 63n, (1n << 64n) - 1n, 1n << 32n, 0xffff_ffffn) },
)

/** Steps of the log's clock: small, back, over a quiet gap, far ahead, none. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 999, 1000, 1001, 60_000, 60_001, HOUR - 1, HOUR, HOUR + 1) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: HOUR, max: 30 * HOUR }) },
)
const eventLag = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -300_000, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -40 * HOUR, max: HOUR }) },
  { weight: 1, arbitrary: fc.constantFrom(-1000, -1001, 300_000, 300_001) },
)
const odd = fc.constantFrom('stampless', 'rejected', 'ancient', 'future', null, null, null, null, null, null)

const log: fc.Arbitrary<PlainRecord[]> = fc.array(fc.tuple(step, id, eventLag, odd), { maxLength: 120 }).map(steps => {
  let clock = START
  return steps.map(([ms, eventId, lag, kind]) => {
    clock += ms
    const time = kind === 'ancient' ? EARLIEST_EVENT_TIME - 1 : kind === 'future' ? LATEST_EVENT_TIME : clock + lag
    return {
      stamp: kind === 'stampless' ? -1 : clock,
      event: kind === 'rejected' ? null : { id: eventId, time },
    }
  })
})

const named = (code: number) => OUTCOMES[code - 1]

function show(judge: Judge, columns: EventColumns, first: number, last: number) {
  judge.judge(columns, first, last)
  return Array.from({ length: last - first }, (_, k) => ({
    outcome: named(columns.outcome[first + k]!),
    watermarkBefore: judge.watermarkBefore[first + k]!,
  }))
}

describe('the judge', () => {
  it('decides as its plain reference does', () => {
    fc.assert(
      fc.property(settings, log, (rules, records) => {
        const columns = columnsOf(records)
        expect(show(createJudge(rules), columns, 0, records.length)).toEqual(judgePlain(records, rules))
      }),
      { numRuns: 1000 },
    )
  })

  it('decides the same however the log is cut into batches, and rebuilt from the ledger at any of them', () => {
    fc.assert(
      fc.property(
        settings,
        log,
        fc.array(fc.tuple(fc.nat(120), fc.boolean()), { maxLength: 8 }),
        (rules, records, cuts) => {
          const whole = judgePlain(records, rules)
          const columns = columnsOf(records)
          const found: unknown[] = []
          const ledger: JudgedBatch[] = []
          let judge = createJudge(rules)
          let from = 0
          const ends = new Map(cuts)
          for (let at = 0; at <= records.length; at++) {
            if (!ends.has(at) && at !== records.length) continue
            found.push(...show(judge, columns, from, at))
            ledger.push(judge.cut())
            if (ends.get(at)) judge = rebuilt(rules, ledger)
            from = at
          }
          expect(found).toEqual(whole)
          expect(ledger.reduce((sum, { counts }) => sum + counts.accepted, 0)).toBe(
            whole.filter(({ outcome }) => outcome === 'accepted').length,
          )
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('counts each record once, and its digest tells a changed offset, stamp or outcome', () => {
    fc.assert(
      fc.property(settings, log, fc.nat(), (rules, records, pick) => {
        fc.pre(records.length > 0)
        const cut = (columns: EventColumns) => {
          const judge = createJudge(rules)
          judge.judge(columns, 0, records.length)
          return judge.cut()
        }
        const batch = cut(columnsOf(records))
        const { accepted, duplicate, rejected, too_late, too_early } = batch.counts
        expect(accepted + duplicate + rejected + too_late + too_early).toBe(records.length)
        expect(batch.records).toBe(records.length)
        expect(batch.digest).toMatch(/^[0-9a-f]{16}$/)
        expect(cut(columnsOf(records)).digest).toBe(batch.digest)
        const row = pick % records.length
        const offset = columnsOf(records)
        offset.offset[row]! += 2 ** 33
        expect(cut(offset).digest).not.toBe(batch.digest)
        const stamp = columnsOf(records)
        stamp.stamp[records.length - 1]! += 1
        expect(cut(stamp).digest).not.toBe(batch.digest)
        const outcome = columnsOf(records)
        outcome.outcome[row] = outcome.outcome[row] === OUTCOME.rejected ? OUTCOME.pending : OUTCOME.rejected
        const changed = cut(outcome)
        expect(changed.digest).not.toBe(batch.digest)
      }),
      { numRuns: 300 },
    )
  })
})

function rebuilt(rules: JudgeSettings, ledger: readonly JudgedBatch[]): Judge {
  const judge = createJudge(rules)
  const last = ledger.at(-1)!
  judge.restore({ highStamp: last.highStamp, watermark: last.watermark })
  for (const { idHashes, idStamps } of ledger) {
    const kept = Array.from(idStamps.keys()).filter(k => idStamps[k]! >= last.highStamp - rules.horizon)
    judge.restoreIds(
      BigUint64Array.from(kept, k => idHashes[k]!),
      Float64Array.from(kept, k => idStamps[k]!),
    )
  }
  return judge
}
