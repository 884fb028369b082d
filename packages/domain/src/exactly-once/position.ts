import type { ErrorCode } from '../errors.ts'
import type { LedgerEnd } from '../ports/batch-store.ts'
import type { Mark, Plan } from './plan.ts'

/** What a worker knows of a partition when it gets it. */
export interface PositionFacts {
  /** what the group last committed, null: nothing (never, expired, or the topic was deleted) */
  readonly committed: { readonly offset: number; readonly mark: Mark | null } | null
  /** the lineage of the newest ledger row, null where the ledger has none */
  readonly storedLineage: string | null
  /** the ledger's contiguous end from the committed offset (from the lineage's beginning without one) */
  readonly ledger: LedgerEnd | null
  /** stamp of the log's record at ledger.lastOffset, null where the log has no record there */
  readonly stampAtLedgerEnd: number | null
  /** end of a range that begins at the position and of which some block is proven, null where there is none */
  readonly provenTo: number | null
  readonly low: number
  readonly high: number
  /**
   * the lineage that follows storedLineage, where the partition begins or begins anew: a hash of that, so that a
   * worker that lost its commits within the very first batch finds that batch's proofs again
   */
  readonly newLineage: string
}

export type PositionDecision =
  | {
      readonly kind: 'go'
      readonly lineage: string
      readonly position: number
      /** a batch under way, to be replayed before anything else */
      readonly plan: Plan | null
      /** why the partition begins a new lineage although it had one: told loudly */
      readonly restarted: string | null
    }
  | { readonly kind: 'stop'; readonly code: ErrorCode; readonly reason: string }

/** The lineage whose ledger has to be read for a commit: its own, else the ledger's newest. */
export const lineageOf = (mark: Mark | null | undefined, storedLineage: string | null): string | null =>
  mark?.lineage ?? storedLineage

/**
 * Where to go on. Position = the larger of the committed offset and the ledger's contiguous end: commits expire and
 * group ids change, the ledger stays. A pending plan counts only where the ledger has not passed its beginning.
 */
export function decidePosition(facts: PositionFacts): PositionDecision {
  const { committed, ledger, low, high } = facts
  const lineage = lineageOf(committed?.mark, facts.storedLineage) ?? facts.newLineage
  const changed = ledger && logChanged(facts, ledger, committed !== null)
  if (changed) return { kind: 'go', lineage: facts.newLineage, position: low, plan: null, restarted: changed }

  const position = Math.max(committed?.offset ?? low, ledger?.to ?? 0)
  const outside = within(position, facts)
  if (outside) return outside
  const pending = committed?.mark?.plan ?? null
  const plan =
    pending !== null && committed?.offset === position
      ? pending
      : facts.provenTo !== null
        ? { to: facts.provenTo, catalog: '', records: -1, digest: null, unknownSchemas: [] }
        : null
  if (plan !== null && plan.to > high)
    return {
      kind: 'stop',
      code: 'position_outside_log',
      reason: `The batch under way reaches to position ${plan.to}, but the log ends at ${high}: records were lost.`,
    }
  return { kind: 'go', lineage, position, plan, restarted: null }
}

/** A topic that was deleted and made again has other records at the same offsets. */
function logChanged(facts: PositionFacts, ledger: LedgerEnd, hasCommit: boolean): string | null {
  if (ledger.lastOffset < 0 || ledger.lastOffset < facts.low) return null
  if (facts.stampAtLedgerEnd === ledger.lastStamp) return null
  if (facts.stampAtLedgerEnd !== null)
    return `the record at offset ${ledger.lastOffset} is not the one that the ledger holds: the topic was made anew`
  // with a commit the group still believes in its offsets: a log that ends before them has lost records
  return hasCommit
    ? null
    : `the log has no record at offset ${ledger.lastOffset}, where the ledger ends: the topic was made anew`
}

function within(position: number, { low, high }: PositionFacts): PositionDecision | null {
  if (position >= low && position <= high) return null
  const lost = position < low ? `${low - position} records before ${low} were deleted unread` : 'records were lost'
  return {
    kind: 'stop',
    code: 'position_outside_log',
    reason:
      `The position to go on from is ${position}, the log holds ${low} to ${high}: ${lost}. ` +
      'Nothing was counted or skipped. To go on without them, reset the group to the earliest offset of the topic ' +
      'and delete the partition’s lineage as docs/operations.md says.',
  }
}
