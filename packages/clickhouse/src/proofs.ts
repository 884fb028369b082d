import { LEVEL, type SliceRow, type SourceRange, type StoreTable } from '@kivi/domain'

/** The deduplication token of a block, which its proof row carries too. */
export const insertToken = (source: SourceRange, table: StoreTable, month: number): string =>
  `${source.lineage}/${source.partition}/${source.from}-${source.to}/${table}/${month}`

/** The token of a further try: a token whose part was lost would drop it again. */
export const attemptToken = (token: string, attempt: number): string => (attempt === 1 ? token : `${token}/${attempt}`)

/**
 * The proof row of a block of `slices`: it is in the table if and only if the block is. Its columns serve two ends
 * besides: `start` is a hash of where the range begins, so that the sorting key finds it in one granule among
 * millions; `late` is when it was written (epoch seconds), by which its TTL goes. A block that was written twice
 * shows as a count of 2. The topic stands beside the token.
 */
export function proofRow(source: SourceRange, month: number, writtenAt: number): SliceRow {
  return {
    measure: '',
    level: LEVEL.proof,
    start: proofStart(source),
    dims: [insertToken(source, 'slices', month), source.topic],
    month,
    count: 1,
    sum: 0n,
    min: 0,
    max: 0,
    late: writtenAt,
    distinct: [],
    buckets: new Map(),
  }
}

/** The `start` of the proofs of all ranges that begin there: FNV-1a over lineage, partition and position. */
export function proofStart(source: Omit<SourceRange, 'to'>): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(`${source.lineage}/${source.partition}/${source.from}`))
    hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
