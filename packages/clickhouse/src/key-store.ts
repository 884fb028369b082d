import { randomUUID } from 'node:crypto'
import type { ApiKey, KeyStore, Role, Scope } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { apiKeys } from './migrations/access-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { everyReplica } from './replicas.ts'

interface Row {
  readonly hash: string
  readonly id: string
  readonly name: string
  readonly roles: string
  readonly scope: string
  readonly createdAt: number
  readonly revokedAt: number | null
  readonly lastUsedAt: number | null
}

/** Keys in the table api_keys. `migrate` must have run. */
export function createKeyStore(clickhouse: ClickHouse): KeyStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const table = storedTable(target, apiKeys())
  const add = (row: Readonly<Record<string, unknown>>) => insertRows(clickhouse, table, [row], randomUUID())

  return {
    add: ({ hash, id, name, roles, scope, createdAt }) =>
      add({
        hash,
        id,
        name,
        roles: JSON.stringify(roles),
        scope: scope === null ? '' : JSON.stringify(scope),
        created_at: dateTime(createdAt),
      }),
    revoke: ({ hash }, at) => add({ hash, revoked_at: dateTime(at) }),
    used: ({ hash }, at) => add({ hash, last_used_at: dateTime(at) }),
    async keys() {
      // a replica that lags must not let in whom another one knows to be revoked
      const rows = await clickhouse.rows<Row>(
        `SELECT hash, max(id) AS id, max(name) AS name, max(roles) AS roles, max(scope) AS scope,
                toUnixTimestamp64Milli(min(created_at)) AS createdAt,
                toUnixTimestamp64Milli(min(revoked_at)) AS revokedAt,
                toUnixTimestamp64Milli(max(last_used_at)) AS lastUsedAt
         FROM ${everyReplica(target, apiKeys())} GROUP BY hash HAVING id != '' ORDER BY createdAt, id`,
      )
      return rows.map(
        (row): ApiKey => ({
          ...row,
          roles: JSON.parse(row.roles) as Role[],
          scope: row.scope === '' ? null : (JSON.parse(row.scope) as Scope),
        }),
      )
    },
  }
}
