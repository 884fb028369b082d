import { KiviError } from '@kivi/domain'

/**
 * A database, cluster or table name as it is written into SQL. Only plain names are allowed: they also become part
 * of paths in ZooKeeper and of deduplication tokens.
 */
export function identifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,100}$/.test(name))
    throw new KiviError(
      'config_invalid',
      `'${name}' cannot be the name of a ClickHouse database or cluster: use letters, digits, _ and -, beginning with a letter.`,
    )
  return `\`${name}\``
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
