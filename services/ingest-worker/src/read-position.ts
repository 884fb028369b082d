import {
  type BatchStore,
  decidePosition,
  decodeMark,
  type LedgerEnd,
  type LogRecord,
  lineageOf,
  type PositionDecision,
  type Session,
} from '@kivi/domain'

/** Where the facts about a partition's position are. */
export interface PositionSources {
  readonly topic: string
  readonly partition: number
  readonly session: Session
  readonly store: BatchStore
  readonly recordAt: (offset: number) => Promise<LogRecord | null>
  readonly bounds: () => Promise<{ readonly low: number; readonly high: number }>
  /** the lineage of a partition that begins, or begins anew after `previous` */
  readonly lineageAfter: (partition: number, previous: string | null) => string
}

/** Collects what the group, the ledger and the log know of a partition, and decides where to go on. */
export async function readPosition(
  sources: PositionSources,
): Promise<{ readonly decision: PositionDecision; readonly ledger: LedgerEnd | null }> {
  const { topic, partition, session, store, recordAt } = sources
  const [commits, bounds, stored] = await Promise.all([
    session.committed(),
    sources.bounds(),
    store.lineage(topic, partition),
  ])
  const commit = commits.get(partition)
  const committed = commit ? { offset: commit.offset, mark: decodeMark(commit.metadata) } : null
  const known = lineageOf(committed?.mark, stored)
  const newLineage = sources.lineageAfter(partition, known)
  const lineage = known ?? newLineage
  // without a commit the ledger is followed from the lineage's beginning
  const ledger = known === null ? null : await store.ledgerEnd(topic, partition, lineage, committed?.offset ?? 0)
  const last = ledger && ledger.lastOffset >= bounds.low ? await recordAt(ledger.lastOffset) : null
  const position = Math.max(committed?.offset ?? bounds.low, ledger?.to ?? 0)
  const provenTo = await store.provenRange({ topic, partition, lineage, from: position })
  const decision = decidePosition({
    committed,
    storedLineage: stored,
    ledger,
    stampAtLedgerEnd: last?.stamp ?? null,
    provenTo,
    ...bounds,
    newLineage,
  })
  return { decision, ledger }
}
