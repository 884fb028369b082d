import type { DerivedTableState, LedgerSummary, SystemSource } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { readBuilds, readPresent, readStates } from './derived/state.ts'
import { boundedRows } from './measures/statement.ts'
import { points } from './migrations/derived-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import { ledger, migrations } from './migrations/tables.ts'

const COUNTS = ['records', 'accepted', 'duplicate', 'rejected', 'tooLate', 'tooEarly'] as const

type Counts = Record<(typeof COUNTS)[number] | 'batches', number>
type LedgerRow = LedgerSummary['ends'][number] & Counts & { readonly slow: number }

/** The columns of the ledger by the names that people use for them. */
const COLUMNS: Readonly<Record<(typeof COUNTS)[number], string>> = {
  records: 'records',
  accepted: 'accepted',
  duplicate: 'duplicate',
  rejected: 'rejected',
  tooLate: 'too_late',
  tooEarly: 'too_early',
}

/** How Kivi itself does, from its own tables. `migrate` must have run. */
export function createSystemSource(clickhouse: ClickHouse): SystemSource {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const bounded = boundedRows(clickhouse, {})
  return {
    async ledger(since) {
      const counts = COUNTS.map(name => `sumIf(${COLUMNS[name]}, recent) AS ${name}`).join(', ')
      // this month's and the last one's: a year of batches is not read to tell of a day
      const rows = await bounded<LedgerRow>(
        `WITH written_at >= fromUnixTimestamp64Milli({since:Int64}) AS recent
         SELECT topic, partition, lineage, max(to_position) AS position,
                toUnixTimestamp64Milli(max(written_at)) AS writtenAt,
                countIf(recent) AS batches, quantileIf(0.95)(duration_ms, recent) AS slow, ${counts}
         FROM ${storedTable(target, ledger())}
         WHERE month >= toYYYYMM(fromUnixTimestamp64Milli({since:Int64}) - INTERVAL 1 MONTH)
         GROUP BY topic, partition, lineage ORDER BY topic, partition, writtenAt DESC`,
        { since },
      )
      const total = (name: keyof Counts): number => rows.reduce((sum, row) => sum + row[name], 0)
      const ends = rows.filter(
        (row, index) => row.topic !== rows[index - 1]?.topic || row.partition !== rows[index - 1]?.partition,
      )
      const slow = rows.filter(row => row.batches > 0).map(row => row.slow)
      return {
        batches: total('batches'),
        records: total('records'),
        accepted: total('accepted'),
        duplicate: total('duplicate'),
        rejected: total('rejected'),
        tooLate: total('tooLate'),
        tooEarly: total('tooEarly'),
        // of the slowest partition: that is the one to look at
        slowMs: slow.length === 0 ? null : Math.max(...slow),
        ends: ends.map(({ topic, partition, lineage, position, writtenAt }) => ({
          topic,
          partition,
          lineage,
          position,
          writtenAt,
        })),
      }
    },

    async derivedTables() {
      const present = await readPresent(clickhouse)
      const [builds, states] = await Promise.all([
        readBuilds(clickhouse, target, present.values()),
        readStates(clickhouse, target, present.values()),
      ])
      return [...present.keys()].sort().map((table): DerivedTableState => {
        const [build, state] = [builds.get(table), states.get(table)]
        const share = build === undefined || build.events === 0 ? null : Math.min(1, build.done / build.events)
        return {
          table,
          isBuilt: build?.finished === true,
          built: build?.finished === true ? 1 : share,
          watermark: state?.watermark ?? null,
          refreshedAt: state?.at ?? null,
        }
      })
    },

    recorded: () =>
      bounded(
        `SELECT indicator, toUnixTimestamp64Milli(max(to_time)) AS to,
                toUnixTimestamp64Milli(max(computed_at)) AS computedAt
         FROM ${storedTable(target, points())} WHERE empty(dimensions) GROUP BY indicator ORDER BY indicator`,
        {},
      ),

    async versions() {
      const [row] = await bounded<{ clickhouse: string; schema: number }>(
        `SELECT version() AS clickhouse, max(version) AS schema FROM ${storedTable(target, migrations())}`,
        {},
      )
      return { clickhouse: row?.clickhouse ?? '', schema: row?.schema ?? 0 }
    },
  }
}
