/** Writes the rows anew whose events changed since the table was last brought up to date. */
import { DAY } from '@kivi/domain'
import { type DerivedTable, insertInto, ofTypes, within } from './derived-table.ts'
import { atPositions, cutRuns, lineageKey, type Run } from './ledger-runs.ts'
import { type DayLoad, planParts } from './plan-parts.ts'
import type { Positions } from './state.ts'
import type { PassWork } from './work.ts'

export interface Refreshed {
  /** up to which the table now holds everything */
  readonly positions: Positions
  readonly changedKeys: number
  /** accepted events that are still to be followed */
  readonly behind: number
}

export async function refreshTable(work: PassWork, table: DerivedTable, positions: Positions): Promise<Refreshed> {
  const at = new Map(positions.map(each => [lineageKey(each), each]))
  const chunks = chunksOf(work, at)
  let changedKeys = 0
  let behind = 0
  for (const [n, chunk] of chunks.entries()) {
    const accepted = chunk.reduce((sum, run) => sum + run.accepted, 0)
    // one chunk at least, however busy ClickHouse is
    if (behind > 0 || (n > 0 && accepted > 0 && performance.now() > work.until)) {
      behind += accepted
      continue
    }
    work.signal.throwIfAborted()
    changedKeys += await writeChanged(work, table, chunk)
    for (const { topic, partition, lineage, to } of chunk)
      at.set(lineageKey({ topic, partition, lineage }), { topic, partition, lineage, position: to })
  }
  return { positions: [...at.values()], changedKeys, behind }
}

/** What each lineage's batches have beyond its position, so many events at a time of all lineages together. */
function chunksOf(work: PassWork, at: ReadonlyMap<string, { readonly position: number }>): Run[][] {
  const each = Math.ceil(work.statements.limits.changedEvents / Math.max(1, work.known.length))
  const runs = [...work.batches].map(([key, batches]) => {
    const position = at.get(key)?.position ?? 0
    return cutRuns(
      batches.filter(batch => batch.from >= position),
      each,
    )
  })
  const rounds = Math.max(0, ...runs.map(list => list.length))
  return Array.from({ length: rounds }, (_, n) => runs.flatMap(list => list.slice(n, n + 1)))
}

async function writeChanged(work: PassWork, table: DerivedTable, chunk: readonly Run[]): Promise<number> {
  const runs = chunk.filter(run => run.times !== null)
  if (runs.length === 0) return 0
  const { statements } = work
  const happened = await typesIn(work, runs)
  if (table.types !== null && !table.types.some(type => happened.has(type))) return 0
  const types = ofTypes(table.types)
  const changed = `${types} AND ${ofRuns(runs)}`
  const days = await statements.rows<{ day: number; keys: number }>(`${table.changed(changed)} ORDER BY day`)
  if (days.length === 0) return 0

  const loads = await loadOf(work, types, days)
  const keys = new Map(days.map(({ day, keys }) => [day, keys]))
  for (const part of planParts(loads, statements.limits.eventsAtOnce, day => keys.has(day))) {
    work.signal.throwIfAborted()
    let rows = 0
    for (let day = part.from; day < part.to; day++) rows += keys.get(day) ?? 0
    // few changed keys of a large day are few rows, however much has to be read for them
    const pieces = table.spread === null ? 1 : Math.max(1, Math.ceil(rows / statements.limits.rowsAtOnce))
    for (let piece = 0; piece < pieces; piece++) {
      const share = pieces === 1 ? '' : ` AND ${table.spread} % ${pieces} = ${piece}`
      const range = `${types} AND ${within(part.from * DAY, part.to * DAY)}${share}`
      await statements.write(insertInto(table, table.changedRows(range, atPositions(runs))))
    }
  }
  return days.reduce((sum, { keys }) => sum + keys, 0)
}

/** SQL: the event is one of these runs. */
function ofRuns(runs: readonly Run[]): string {
  const first = Math.min(...runs.map(run => run.times!.first))
  const last = Math.max(...runs.map(run => run.times!.last))
  return `${within(first, last + 1)} AND ${atPositions(runs)}`
}

/** The event types of these runs. Tables stand at the same positions most of the time: one look tells all of them. */
function typesIn({ happened, statements }: PassWork, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const where = ofRuns(runs)
  const known = happened.get(where)
  if (known !== undefined) return known
  const read = statements
    .rows<{ type: string }>(`SELECT DISTINCT event_type AS type FROM events WHERE ${where}`)
    .then(rows => new Set(rows.map(({ type }) => type)))
  happened.set(where, read)
  return read
}

/** How many events each day holds from the first to the last one that has to be read. */
async function loadOf(
  work: PassWork,
  types: string,
  days: ReadonlyArray<{ readonly day: number }>,
): Promise<readonly DayLoad[]> {
  const range = within(days[0]!.day * DAY, (days.at(-1)!.day + 1) * DAY)
  return work.statements.rows<DayLoad>(
    `SELECT toUInt32(toDate(event_time, 'UTC')) AS day, count() AS events FROM events
     WHERE ${types} AND ${range} GROUP BY day ORDER BY day`,
  )
}
