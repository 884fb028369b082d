/**
 * The first build of a table, from the newest day backwards. It reads all raw events that are there; what comes in
 * meanwhile lies beyond the positions that were noted when it began, from which the refreshes go on.
 */
import { randomUUID } from 'node:crypto'
import { DAY } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { ledgerEnd } from '../ledger-reads.ts'
import { type DerivedTable, insertInto, ofTypes, within } from './derived-table.ts'
import { type DayLoad, planParts } from './plan-parts.ts'
import { type Build, type Positions, type Present, writeBuild } from './state.ts'
import type { PassWork } from './work.ts'

export interface BuildStep {
  readonly finished: boolean
  readonly events: number
  readonly done: number
  readonly ms: number
}

export async function buildTable(
  work: PassWork,
  clickhouse: ClickHouse,
  table: DerivedTable,
  present: Present,
  before: Build | null,
  now: () => number,
): Promise<BuildStep> {
  const begun = performance.now()
  const types = ofTypes(table.types)
  const { statements } = work
  let build = before ?? (await begin(work, clickhouse, now()))
  const days = await statements.rows<DayLoad>(
    `SELECT toUInt32(toDate(event_time, 'UTC')) AS day, count() AS events FROM events
     WHERE ${types} GROUP BY day ORDER BY day`,
  )
  const events = days.reduce((sum, day) => sum + day.events, 0)
  const rest = days.filter(({ day }) => day < build.builtFrom)
  let done = events - rest.reduce((sum, day) => sum + day.events, 0)
  const note = async (changes: Partial<Build>): Promise<void> => {
    build = { ...build, ...changes, events, done, step: build.step + 1, at: now() }
    await writeBuild(clickhouse, work.target, present, build)
  }
  // before the first row: whoever goes on knows from which positions the refreshes begin
  if (before === null) await note({})
  // one part at least, so that a busy ClickHouse makes a build slow but never endless
  for (const [n, part] of planParts(rest, statements.limits.eventsAtOnce).reverse().entries()) {
    work.signal.throwIfAborted()
    if (n > 0 && performance.now() > work.until) return { finished: false, events, done, ms: performance.now() - begun }
    const pieces = table.spread === null ? 1 : part.pieces
    for (let piece = 0; piece < pieces; piece++) {
      const share = pieces === 1 ? '' : ` AND ${table.spread} % ${pieces} = ${piece}`
      await statements.write(
        insertInto(table, table.rows(`${types} AND ${within(part.from * DAY, part.to * DAY)}${share}`)),
      )
    }
    done += part.events
    await note({ builtFrom: part.from })
  }
  await note({ finished: true })
  return { finished: true, events, done, ms: performance.now() - begun }
}

/** Beyond every day. */
const NOTHING_BUILT = 2 ** 31 - 1

/** The ledger's ends first, the events after them: whatever is before an end is there to be read. */
async function begin(work: PassWork, clickhouse: ClickHouse, at: number): Promise<Build> {
  const positions: Array<Positions[number]> = []
  for (const lineage of work.known) {
    const end = await ledgerEnd(clickhouse, work.target, { ...lineage, from: 0 })
    if (end !== null) positions.push({ ...lineage, position: end.to })
  }
  return {
    build: randomUUID(),
    positions,
    builtFrom: NOTHING_BUILT,
    events: 0,
    done: 0,
    finished: false,
    step: 0,
    begunAt: at,
    at,
  }
}
