/** Events that came after the watermark had passed them: what was computed from their time before is out of date. */
import type { ClickHouse } from '../client.ts'
import { ledgerEnd } from '../ledger-reads.ts'
import type { Target } from '../migrations/table.ts'
import { everyReplica } from '../replicas.ts'
import { within } from './derived-table.ts'
import { atPositions, type Lineage, lineageKey, type Run, readBatches, readLineages } from './ledger-runs.ts'
import { type Positions, type Present, readStates, writeStates } from './state.ts'

/** Event times [from, to) in which late events lie, epoch ms. */
export interface LateSpan {
  readonly from: number
  readonly to: number
}

export interface LateEvents {
  /**
   * The late events since this reader last committed; of a reader that never did, none.
   * @param watermark epoch ms; what happened after it is not late
   */
  since(reader: string, watermark: number): Promise<{ readonly spans: readonly LateSpan[]; commit(): Promise<void> }>
}

const HOUR = 3_600_000
/** Runs of positions in one statement. */
const RUNS = 200
/** Readers are no tables: nothing of theirs is ever dropped. */
const NO_TABLE = '00000000-0000-0000-0000-000000000000'

export function createLateEvents(clickhouse: ClickHouse, options: { readonly now: () => number }): LateEvents {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }

  async function spansOf(runs: readonly Run[], watermark: number): Promise<LateSpan[]> {
    const hours = new Set<number>()
    for (let i = 0; i < runs.length; i += RUNS) {
      const part = runs.slice(i, i + RUNS)
      const first = Math.min(...part.map(run => run.times!.first))
      const rows = await clickhouse.rows<{ hour: number }>(
        `SELECT DISTINCT toUnixTimestamp(toStartOfHour(event_time)) AS hour FROM events
         WHERE ${within(first, watermark)} AND ${atPositions(part)}`,
        undefined,
        { settings: { priority: 5 } },
      )
      // where raw events are not kept, the ledger still says how early the first of the batch was
      const found = rows.length > 0 ? rows.map(row => row.hour * 1000) : [Math.floor(first / HOUR) * HOUR]
      for (const hour of found) hours.add(hour)
    }
    return [...hours].sort((a, b) => a - b).map(from => ({ from, to: from + HOUR }))
  }

  async function ends(lineages: readonly Lineage[]): Promise<Positions> {
    const found: Array<Positions[number]> = []
    for (const lineage of lineages) {
      const end = await ledgerEnd(clickhouse, target, { ...lineage, from: 0 })
      if (end !== null) found.push({ ...lineage, position: end.to })
    }
    return found
  }

  return {
    async since(reader, watermark) {
      const place: Present = { name: reader, uuid: NO_TABLE }
      const begun = options.now()
      const state = (await readStates(clickhouse, target, [place])).get(reader)
      const lineages = await readLineages(clickhouse, target)
      // whoever reads for the first time has computed nothing yet that could be out of date
      if (state === undefined) {
        const positions = await ends(lineages)
        return {
          spans: [],
          commit: () => writeStates(clickhouse, target, [[place, { positions, watermark, at: begun }]]),
        }
      }
      const at = new Map(state.positions.map(each => [lineageKey(each), each]))
      const batches = await readBatches(
        clickhouse,
        target,
        lineages.map(lineage => ({ ...lineage, position: at.get(lineageKey(lineage))?.position ?? 0 })),
      )
      const late: Run[] = []
      for (const [key, runs] of batches)
        for (const run of runs) {
          const { topic, partition, lineage, to } = run
          at.set(key, { topic, partition, lineage, position: to })
          if (run.times !== null && run.times.first < Math.min(run.watermark, watermark)) late.push(run)
        }
      return {
        spans: await spansOf(late, watermark),
        commit: () => writeStates(clickhouse, target, [[place, { positions: [...at.values()], watermark, at: begun }]]),
      }
    },
  }
}

/** Time of the earliest event that was accepted, epoch ms; null: there is none. */
export async function firstEventTime(clickhouse: ClickHouse): Promise<number | null> {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const [row] = await clickhouse.rows<{ first: number | null }>(
    `SELECT toUnixTimestamp64Milli(min(first_event_time)) AS first FROM ${everyReplica(target, { name: 'ledger' })}`,
  )
  return row?.first ?? null
}
