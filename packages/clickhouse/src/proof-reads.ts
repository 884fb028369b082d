import type { Insert, SourceRange } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import type { Target } from './migrations/table.ts'
import { insertToken, proofStart } from './proofs.ts'
import { everyReplica } from './replicas.ts'

/** Is the block's part in the table? */
export async function hasProof(clickhouse: ClickHouse, target: Target, insert: Insert): Promise<boolean> {
  const { source, month } = insert
  const table = everyReplica(target, { name: insert.table })
  const rows = await clickhouse.rows(`SELECT 1 AS present FROM ${table} WHERE ${condition(insert)} LIMIT 1`, {
    topic: source.topic,
    lineage: source.lineage,
    partition: source.partition,
    from: source.from,
    to: source.to,
    month,
    start: proofStart(source),
    token: insertToken(source, 'slices', month),
  })
  return rows.length > 0
}

function condition({ table }: Insert): string {
  switch (table) {
    case 'slices':
      return "month = {month:UInt32} AND measure = '' AND level = 0 AND start = toDateTime({start:UInt32}, 'UTC') AND dims = [{token:String}, {topic:String}]"
    case 'events':
      return `month = {month:UInt32} AND ${POSITION} AND offset >= {from:UInt64} AND offset < {to:UInt64}`
    case 'ledger':
      // whatever its month is: a replay may see the range end in another one
      return `${POSITION} AND from_position = {from:UInt64} AND to_position = {to:UInt64}`
  }
}

const POSITION = 'topic = {topic:String} AND lineage = {lineage:String} AND partition = {partition:UInt32}'

/** The end of a range beginning at `from` of which a block of slices or events is there, else null. */
export async function provenRange(
  clickhouse: ClickHouse,
  target: Target,
  source: Omit<SourceRange, 'to'>,
): Promise<number | null> {
  const [row] = await clickhouse.rows<{ to: number }>(
    `SELECT toUInt64(extract(dims[1], '^.*/[0-9]+/[0-9]+-([0-9]+)/slices/[0-9]+$')) AS to
     FROM ${everyReplica(target, { name: 'slices' })}
     WHERE measure = '' AND level = 0 AND start = toDateTime({start:UInt32}, 'UTC') AND startsWith(dims[1], {prefix:String}) AND dims[2] = {topic:String}
     ORDER BY to DESC LIMIT 1`,
    { topic: source.topic, start: proofStart(source), prefix: `${source.lineage}/${source.partition}/${source.from}-` },
  )
  return row?.to ?? null
}
