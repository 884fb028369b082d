import { describe, expect, it } from 'vitest'
import type { LedgerEnd } from '../ports/batch-store.ts'
import type { Plan } from './plan.ts'
import { decidePosition, type PositionFacts } from './position.ts'

const plan = (to: number): Plan => ({ to, catalog: 'c', records: to, digest: 'd', unknownSchemas: [] })
const ledgerTo = (to: number): LedgerEnd => ({
  to,
  lastOffset: to - 1,
  lastStamp: 1000 + to,
  highStamp: 1000 + to,
  watermark: 0,
  digest: 'd',
})
const facts = (given: Partial<PositionFacts>): PositionFacts => ({
  committed: null,
  storedLineage: null,
  ledger: null,
  stampAtLedgerEnd: null,
  provenTo: null,
  low: 0,
  high: 1000,
  newLineage: 'new',
  ...given,
})
const committed = (offset: number, pending: Plan | null = null) => ({ offset, mark: { lineage: 'L', plan: pending } })
/** the log still holds the record where the ledger ends */
const unchanged = (ledger: LedgerEnd) => ({ storedLineage: 'L', ledger, stampAtLedgerEnd: ledger.lastStamp })

describe('where a worker goes on', () => {
  it('a partition without any past begins at the start of the log, under a new lineage', () => {
    expect(decidePosition(facts({ low: 5 }))).toMatchObject({ kind: 'go', lineage: 'new', position: 5, plan: null })
  })

  it('at the commit; a plan that is pending there is replayed first', () => {
    const given = facts({ committed: committed(40, plan(60)), ...unchanged(ledgerTo(40)) })
    expect(decidePosition(given)).toMatchObject({ lineage: 'L', position: 40, plan: plan(60) })
  })

  it('at the end of the ledger where that is further: the commit was lost, the batch was not', () => {
    const given = facts({ committed: committed(40, plan(60)), ...unchanged(ledgerTo(60)) })
    expect(decidePosition(given)).toMatchObject({ lineage: 'L', position: 60, plan: null })
  })

  it('at the end of the ledger where the commits expired', () => {
    expect(decidePosition(facts(unchanged(ledgerTo(60))))).toMatchObject({
      lineage: 'L',
      position: 60,
      restarted: null,
    })
  })

  it('a proven range is replayed where its plan was lost, also within the very first batch', () => {
    const lost = { plan: { to: 75, digest: null } }
    expect(decidePosition(facts({ ...unchanged(ledgerTo(60)), provenTo: 75 }))).toMatchObject({ position: 60, ...lost })
    expect(decidePosition(facts({ provenTo: 75 }))).toMatchObject({ position: 0, lineage: 'new', ...lost })
  })

  it('an operator’s reset to an earlier offset does not count again what the ledger has', () => {
    const given = facts({ committed: { offset: 10, mark: null }, ...unchanged(ledgerTo(60)) })
    expect(decidePosition(given)).toMatchObject({ position: 60 })
  })

  it('from the beginning under a new lineage where the topic was made anew, telling so', () => {
    const other = facts({ storedLineage: 'L', ledger: ledgerTo(60), stampAtLedgerEnd: 5 })
    const shorter = facts({ storedLineage: 'L', ledger: ledgerTo(60), high: 20 })
    for (const given of [other, shorter])
      expect(decidePosition(given)).toMatchObject({
        lineage: 'new',
        position: 0,
        restarted: expect.stringContaining('made anew'),
      })
  })

  it('nowhere where records were deleted unread, or the log ends before the commit or the plan', () => {
    const stops = [
      facts({ committed: committed(40), ...unchanged(ledgerTo(40)), low: 100 }),
      facts({ committed: committed(40), ...unchanged(ledgerTo(40)), high: 30 }),
      facts({ committed: committed(40, plan(60)), ...unchanged(ledgerTo(40)), high: 50 }),
    ]
    for (const given of stops)
      expect(decidePosition(given)).toMatchObject({ kind: 'stop', code: 'position_outside_log' })
  })
})
