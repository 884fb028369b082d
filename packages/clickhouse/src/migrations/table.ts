import { identifier, literal } from '../sql.ts'

/** `type` with its default; `storage` is codec and TTL, which only the table that holds the rows has. */
type Column = readonly [name: string, type: string, comment: string, storage?: string]

export interface TableDefinition {
  readonly name: string
  readonly engine: `${'' | 'Aggregating' | 'Replacing'}MergeTree${'' | `(${string})`}`
  readonly columns: ReadonlyArray<Column>
  readonly indexes?: readonly string[]
  readonly partitionBy?: string
  readonly orderBy: readonly string[]
  readonly ttl: string | null
  readonly settings: { readonly deduplicated?: number } & Readonly<Record<string, number>>
  /** in a cluster: all shards hold the same rows, instead of each its own */
  readonly everywhere?: boolean
  readonly comment: string
}

/** Where statements go: one server, or the shards and replicas of a cluster. */
export interface Target {
  readonly database: string
  readonly cluster: string | null
}

/** ` ON CLUSTER c`, or nothing on one server. */
export const onCluster = ({ cluster }: Target): string => (cluster === null ? '' : ` ON CLUSTER ${identifier(cluster)}`)

/**
 * Name of the table that holds the rows. In a cluster it is `slices_local`, and `slices` is the Distributed table
 * over all shards; tables that are the same everywhere need none.
 */
export function storedTable(target: Target, table: { readonly name: string; readonly everywhere?: boolean }): string {
  const local = target.cluster !== null && table.everywhere !== true
  return `${identifier(target.database)}.${identifier(local ? `${table.name}_local` : table.name)}`
}

/** Statements that create the table where it is missing. */
export function createTable(target: Target, table: TableDefinition): string[] {
  const parts = [
    `CREATE TABLE IF NOT EXISTS ${storedTable(target, table)}${onCluster(target)}\n(${columnList(table, true)}\n)`,
    `ENGINE = ${engine(target, table)}`,
    ...(table.partitionBy === undefined ? [] : [`PARTITION BY ${table.partitionBy}`]),
    `ORDER BY (${table.orderBy.join(', ')})`,
    ...(table.ttl === null ? [] : [`TTL ${table.ttl}`]),
    ...settingsClause(target, table),
    `COMMENT ${literal(table.comment)}`,
  ]
  const statements = [parts.join('\n')]
  if (target.cluster !== null && table.everywhere !== true)
    statements.push(createDistributed(target, table, target.cluster))
  return statements
}

function createDistributed(target: Target, table: TableDefinition, cluster: string): string {
  // no sharding key: Kivi names the shard of each insert (insert_shard_id), so that a block is never divided
  const engine = `Distributed(${identifier(cluster)}, ${identifier(target.database)}, ${identifier(`${table.name}_local`)})`
  return [
    `CREATE TABLE IF NOT EXISTS ${identifier(target.database)}.${identifier(table.name)}${onCluster(target)}`,
    `(${columnList(table, false)}\n)`,
    `ENGINE = ${engine}`,
    `COMMENT ${literal(table.comment)}`,
  ].join('\n')
}

function columnList(table: TableDefinition, stored: boolean): string {
  const columns = table.columns.map(([name, type, comment, storage]) => {
    const parts = [identifier(name), type]
    if (comment !== '') parts.push(`COMMENT ${literal(comment)}`)
    if (stored && storage !== undefined) parts.push(storage)
    return `\n  ${parts.join(' ')}`
  })
  const indexes = stored ? (table.indexes ?? []).map(index => `\n  INDEX ${index}`) : []
  return [...columns, ...indexes].join(',')
}

function engine(target: Target, table: TableDefinition): string {
  if (target.cluster === null) return table.engine
  const [family, argument] = table.engine.split(/[()]/)
  const shard = table.everywhere === true ? 'all' : '{shard}'
  const path = `/clickhouse/tables/${target.database}/${shard}/${table.name}`
  const replica = table.everywhere === true ? '{shard}-{replica}' : '{replica}'
  const version = argument === undefined ? '' : `, ${argument}`
  return `Replicated${family}(${literal(path)}, ${literal(replica)}${version})`
}

function settingsClause(target: Target, table: TableDefinition): string[] {
  const { deduplicated, ...settings } = table.settings
  const window: Record<string, number> =
    deduplicated === undefined
      ? {}
      : target.cluster === null
        ? { non_replicated_deduplication_window: deduplicated }
        : { replicated_deduplication_window: deduplicated, replicated_deduplication_window_seconds: 604_800 }
  const all = Object.entries({ ...settings, ...window })
  return all.length === 0 ? [] : [`SETTINGS ${all.map(([name, value]) => `${name} = ${value}`).join(', ')}`]
}
