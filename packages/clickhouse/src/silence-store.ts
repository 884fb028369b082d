import { randomUUID } from 'node:crypto'
import type { Acknowledgement, Matcher, Silence, SilenceStore } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import * as tables from './migrations/alert-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { everyReplica } from './replicas.ts'

type Row = Omit<Silence, 'matchers' | 'ended'> & { readonly matchers: string; readonly ended: number }

const ms = (column: string, name: string): string => `toUnixTimestamp64Milli(${column}) AS ${name}`

/** Facts in the tables silences and acknowledgements. `migrate` must have run. */
export function createSilenceStore(clickhouse: ClickHouse): SilenceStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const add = (table: ReturnType<typeof tables.silences>, row: Readonly<Record<string, unknown>>) =>
    insertRows(clickhouse, storedTable(target, table), [row], randomUUID())

  return {
    put: ({ id, matchers, from, until, author, reason, setAt, ended }) =>
      add(tables.silences(), {
        id,
        matchers: JSON.stringify(matchers),
        from_time: dateTime(from),
        until_time: dateTime(until),
        author,
        reason,
        ended: ended ? 1 : 0,
        set_at: dateTime(setAt),
      }),

    async silences(since) {
      // what was said last is asked for first: an earlier, longer silence with the same id is none any more
      const rows = await clickhouse.rows<Row>(
        `SELECT * FROM (
           SELECT id, matchers, ${ms('from_time', 'from')}, ${ms('until_time', 'until')}, author, reason, ended,
                  ${ms('set_at', 'setAt')}
           FROM ${everyReplica(target, tables.silences())} ORDER BY set_at DESC, ended DESC, until_time LIMIT 1 BY id)
         WHERE until > {since:Int64} ORDER BY from, id`,
        { since },
      )
      return rows.map(row => ({ ...row, matchers: JSON.parse(row.matchers) as Matcher[], ended: row.ended === 1 }))
    },

    acknowledge: ({ alert, startsAt, author, comment, setAt }) =>
      add(tables.acknowledgements(), {
        alert,
        starts_at: dateTime(startsAt),
        author,
        comment,
        set_at: dateTime(setAt),
      }),

    acknowledgements: since =>
      clickhouse.rows<Acknowledgement>(
        `SELECT * FROM (
           SELECT alert, ${ms('starts_at', 'startsAt')}, author, comment, ${ms('set_at', 'setAt')}
           FROM ${everyReplica(target, tables.acknowledgements())} ORDER BY set_at DESC LIMIT 1 BY alert)
         WHERE setAt > {since:Int64} ORDER BY setAt, alert`,
        { since },
      ),
  }
}
