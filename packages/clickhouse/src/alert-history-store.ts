import { randomUUID } from 'node:crypto'
import type { AlertFact, AlertHistoryStore } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import { alertHistory } from './migrations/alert-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'

/** The copy of the alert log's facts in the table alert_history. `migrate` must have run. */
export function createAlertHistoryStore(clickhouse: ClickHouse): AlertHistoryStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const table = storedTable(target, alertHistory())

  return {
    async write(facts) {
      if (facts.length === 0) return
      const rows = facts.map(({ offset, index, fact }) => ({
        at: dateTime(fact.at),
        offset,
        index,
        fact: fact.fact,
        alert: fact.alert ?? '',
        rule: fact.rule ?? '',
        labels: fact.labels,
        body: JSON.stringify(fact),
      }))
      await insertRows(clickhouse, table, rows, randomUUID())
    },

    async read({ alert, rule, facts, labels = {}, from, to, before, limit }) {
      const wanted = Object.entries(labels)
      const conditions = [
        'at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})',
        ...(alert === undefined ? [] : ['alert = {alert:String}']),
        ...(rule === undefined ? [] : ['rule = {rule:String}']),
        ...(facts === undefined ? [] : ['has({facts:Array(String)}, fact)']),
        ...wanted.map((_, i) => `has({values${i}:Array(String)}, labels[{label${i}:String}])`),
        ...(before === undefined
          ? []
          : ['(at, offset, `index`) < (fromUnixTimestamp64Milli({at:Int64}), {offset:UInt64}, {index:UInt32})']),
      ]
      const rows = await clickhouse.rows<{ offset: number; index: number; body: string }>(
        `SELECT offset, \`index\`, body FROM ${table} WHERE ${conditions.join(' AND ')}
         ORDER BY at DESC, offset DESC, \`index\` DESC LIMIT 1 BY at, offset, \`index\` LIMIT {limit:UInt32}`,
        {
          from,
          to,
          limit,
          ...(alert === undefined ? {} : { alert }),
          ...(rule === undefined ? {} : { rule }),
          ...(facts === undefined ? {} : { facts: [...facts] }),
          ...before,
          ...Object.fromEntries(
            wanted.flatMap(([label, values], i) => [
              [`label${i}`, label],
              [`values${i}`, [...values]],
            ]),
          ),
        },
      )
      return rows.map(({ offset, index, body }) => ({ offset, index, fact: JSON.parse(body) as AlertFact }))
    },

    async position() {
      // the newest fact, not the largest offset: a topic that was made anew begins at 0
      const [row] = await clickhouse.rows<{ offset: number }>(
        `SELECT offset FROM ${table} ORDER BY at DESC, offset DESC LIMIT 1`,
      )
      return row === undefined ? 0 : row.offset + 1
    },
  }
}
