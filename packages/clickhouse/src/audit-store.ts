import type { AuditEntry, AuditOutcome, AuditStore } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { boundedRows } from './measures/statement.ts'
import { audit } from './migrations/audit-table.ts'
import { storedTable, type Target } from './migrations/table.ts'

const STAGES: readonly AuditOutcome[] = ['begun', 'failed', 'done']

interface Row {
  readonly id: string
  readonly atMs: number
  readonly stage: number
  readonly actor_key: string
  readonly actor_name: string
  readonly what: AuditEntry['what']
  readonly subject: string
  readonly before: string
  readonly after: string
  readonly reason: string
}

/** Entries in the table audit. `migrate` must have run. */
export function createAuditStore(clickhouse: ClickHouse): AuditStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const table = storedTable(target, audit())
  const bounded = boundedRows(clickhouse, {})
  return {
    add: ({ id, at, actor, what, subject, before, after, reason, outcome }) => {
      const stage = STAGES.indexOf(outcome)
      const row = {
        at: dateTime(at),
        id,
        stage,
        actor_key: actor.key ?? '',
        actor_name: actor.name,
        what,
        subject,
        before: JSON.stringify(before ?? null),
        after: JSON.stringify(after ?? null),
        reason,
      }
      return insertRows(clickhouse, table, [row], `audit/${id}/${stage}`)
    },
    async entries({ limit, after, actor, subject, what }) {
      const conditions = [
        ...(after === undefined ? [] : ['(at, id) < (fromUnixTimestamp64Milli({at:Int64}), {id:String})']),
        ...(actor === undefined ? [] : ['(actor_name = {actor:String} OR actor_key = {actor:String})']),
        ...(subject === undefined ? [] : ['subject = {subject:String}']),
        ...(what === undefined ? [] : ['what = {what:String}']),
      ]
      const rows = await bounded<Row>(
        `SELECT id, toUnixTimestamp64Milli(at) AS atMs, stage, actor_key, actor_name, what, subject, before, after, reason
         FROM ${table} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
         ORDER BY at DESC, id DESC, stage DESC LIMIT 1 BY id LIMIT {limit:UInt32}`,
        { limit, ...after, ...definedOf({ actor, subject, what }) },
      )
      return rows.map(
        (row): AuditEntry => ({
          id: row.id,
          at: row.atMs,
          actor: { key: row.actor_key === '' ? null : row.actor_key, name: row.actor_name },
          what: row.what,
          subject: row.subject,
          before: JSON.parse(row.before) as unknown,
          after: JSON.parse(row.after) as unknown,
          reason: row.reason,
          outcome: STAGES[row.stage] ?? 'begun',
        }),
      )
    },
  }
}

const definedOf = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
