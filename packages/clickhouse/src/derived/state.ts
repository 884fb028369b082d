/** How far derived tables are: builds and positions, as rows that may be written again at will. */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '../client.ts'
import { dateTime, insertRows } from '../insert-rows.ts'
import { derivedBuilds, derivedState } from '../migrations/derived-tables.ts'
import { storedTable, type Target } from '../migrations/table.ts'
import { literal } from '../sql.ts'
import type { Lineage } from './ledger-runs.ts'

/** A table that is there: `uuid` is another one after it was dropped and made again. */
export interface Present {
  readonly name: string
  readonly uuid: string
}

export type Positions = ReadonlyArray<Lineage & { readonly position: number }>

export interface Build {
  readonly build: string
  /** up to where the log was read when it began */
  readonly positions: Positions
  /** days since 1970: this day and all later ones are built */
  readonly builtFrom: number
  readonly events: number
  readonly done: number
  readonly finished: boolean
  readonly step: number
  readonly begunAt: number
  readonly at: number
}

export interface State {
  readonly positions: Positions
  /** epoch ms; null: not known */
  readonly watermark: number | null
  /** wall clock of the last refresh, epoch ms */
  readonly at: number
}

/** The derived tables of the database, by name. */
export async function readPresent(clickhouse: ClickHouse): Promise<ReadonlyMap<string, Present>> {
  const rows = await clickhouse.rows<Present>(
    `SELECT name, toString(uuid) AS uuid FROM system.tables
     WHERE database = ${literal(clickhouse.database)} AND match(name, '^(entity_.+|links)_[0-9a-f]{12}$')`,
  )
  return new Map(rows.map(row => [row.name, row]))
}

const key = ({ name, uuid }: Present): string => `${name}/${uuid}`

type BuildRow = Omit<Build, 'positions' | 'finished'> & Present & { positions: string; finished: number }

/** The build that counts of each table: one that is finished, else the one that began first. */
export async function readBuilds(
  clickhouse: ClickHouse,
  target: Target,
  present: Iterable<Present>,
): Promise<ReadonlyMap<string, Build>> {
  const rows = await clickhouse.rows<BuildRow>(
    `SELECT table_name AS name, toString(table_uuid) AS uuid, build, positions, built_from AS builtFrom, events, done,
            finished, step, toUnixTimestamp64Milli(begun_at) AS begunAt, toUnixTimestamp64Milli(at) AS at
     FROM ${storedTable(target, derivedBuilds())} FINAL
     ORDER BY finished DESC, begunAt, build LIMIT 1 BY name, uuid`,
  )
  const builds = new Map(
    rows.map(row => [
      key(row),
      { ...row, positions: JSON.parse(row.positions) as Positions, finished: row.finished === 1 },
    ]),
  )
  return byName(present, builds)
}

export async function writeBuild(
  clickhouse: ClickHouse,
  target: Target,
  { name, uuid }: Present,
  build: Build,
): Promise<void> {
  const row = {
    table_name: name,
    table_uuid: uuid,
    build: build.build,
    positions: JSON.stringify(build.positions),
    built_from: build.builtFrom,
    events: build.events,
    done: build.done,
    finished: build.finished ? 1 : 0,
    step: build.step,
    begun_at: dateTime(build.begunAt),
    at: dateTime(build.at),
  }
  await insertRows(clickhouse, storedTable(target, derivedBuilds()), [row], randomUUID())
}

type StateRow = Lineage & Present & { position: number; watermark: number; at: number }

/** Null for tables that were never refreshed. */
export async function readStates(
  clickhouse: ClickHouse,
  target: Target,
  present: Iterable<Present>,
): Promise<ReadonlyMap<string, State>> {
  const rows = await clickhouse.rows<StateRow>(
    `SELECT table_name AS name, toString(table_uuid) AS uuid, topic, partition, lineage, position, watermark,
            toUnixTimestamp64Milli(at) AS at
     FROM ${storedTable(target, derivedState())} FINAL`,
  )
  const states = new Map<string, State & { positions: Array<Lineage & { position: number }> }>()
  for (const { name, uuid, watermark, at, ...position } of rows) {
    const before = states.get(key({ name, uuid }))
    const positions = before?.positions ?? []
    // a row without a topic only tells the time: a table may follow an empty ledger
    if (position.topic !== '') positions.push(position)
    states.set(key({ name, uuid }), {
      positions,
      watermark: Math.max(before?.watermark ?? -1, watermark),
      at: Math.max(before?.at ?? 0, at),
    })
  }
  const told = [...states].map(([id, state]): [string, State] => [
    id,
    { ...state, watermark: state.watermark === null || state.watermark < 0 ? null : state.watermark },
  ])
  return byName(present, new Map(told))
}

export async function writeStates(
  clickhouse: ClickHouse,
  target: Target,
  states: ReadonlyArray<readonly [Present, State]>,
): Promise<void> {
  const rows = states.flatMap(([{ name, uuid }, { positions, watermark, at }]) =>
    [...positions, { topic: '', partition: 0, lineage: '', position: 0 }].map(position => ({
      table_name: name,
      table_uuid: uuid,
      topic: position.topic,
      partition: position.partition,
      lineage: position.lineage,
      position: position.position,
      watermark: watermark ?? -1,
      at: dateTime(at),
    })),
  )
  if (rows.length > 0) await insertRows(clickhouse, storedTable(target, derivedState()), rows, randomUUID())
}

function byName<T>(present: Iterable<Present>, found: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const named = new Map<string, T>()
  for (const each of present) {
    const value = found.get(key(each))
    if (value !== undefined) named.set(each.name, value)
  }
  return named
}
