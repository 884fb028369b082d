import { randomUUID } from 'node:crypto'
import type { Action, PostedReference, SteeringStore, Target as TargetOfIndicator } from '@kivi/domain'
import type { ClickHouse } from './client.ts'
import { dateTime, insertRows } from './insert-rows.ts'
import * as tables from './migrations/derived-tables.ts'
import { storedTable, type Target } from './migrations/table.ts'
import type { Pulse } from './pulse.ts'

const ms = (column: string, name: string): string => `toUnixTimestamp64Milli(${column}) AS ${name}`
const optional = (time: number | null): string | null => (time === null ? null : dateTime(time))

/** Dimensions in one order, so that equal groups are equal rows. */
function toGroup(by: Readonly<Record<string, string>>) {
  const dimensions = Object.keys(by).sort()
  return { dimensions, group_values: dimensions.map(name => by[name]!) }
}

/** The tables that a steered catalog is made from. */
const STEERING = ['targets_set', 'north_star_set', 'references_posted'] as const

interface Group {
  readonly dimensions: readonly string[]
  readonly group_values: readonly string[]
}

const fromGroup = ({ dimensions, group_values }: Group): Record<string, string> =>
  Object.fromEntries(dimensions.map((name, i) => [name, group_values[i]!]))

/**
 * Facts in the tables targets_set, north_star_set, actions and references_posted. `migrate` must have run.
 *
 * @param pulse says whether there are new ones without reading them
 */
export function createSteeringStore(clickhouse: ClickHouse, pulse?: Pick<Pulse, 'latest'>): SteeringStore {
  const target: Target = { database: clickhouse.database, cluster: clickhouse.cluster }
  const targetsSet = storedTable(target, tables.targetsSet())
  const northStarSet = storedTable(target, tables.northStarSet())
  const actions = storedTable(target, tables.actions())
  const references = storedTable(target, tables.referencesPosted())
  const add = (table: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
    rows.length === 0 ? Promise.resolve() : insertRows(clickhouse, table, rows, randomUUID())

  return {
    async mark() {
      const rows = (await pulse?.latest())?.rows ?? null
      return rows === null ? null : JSON.stringify(STEERING.map(table => rows.get(table) ?? ''))
    },

    setTargets: ({ indicator, targets, setBy, setAt }) =>
      add(targetsSet, [{ indicator, targets: JSON.stringify(targets), set_by: setBy, set_at: dateTime(setAt) }]),
    async targets(indicator) {
      const rows = await clickhouse.rows<{ indicator: string; targets: string; setBy: string; setAt: number }>(
        `SELECT indicator, targets, set_by AS setBy, ${ms('set_at', 'setAt')} FROM ${targetsSet}
         ${indicator === undefined ? '' : 'WHERE indicator = {indicator:String}'} ORDER BY set_at, indicator`,
        indicator === undefined ? {} : { indicator },
      )
      return rows.map(row => ({ ...row, targets: JSON.parse(row.targets) as TargetOfIndicator[] }))
    },

    setNorthStar: ({ indicators, from, reason, setBy, setAt }) =>
      add(northStarSet, [{ indicators, from_time: dateTime(from), reason, set_by: setBy, set_at: dateTime(setAt) }]),
    northStars: () =>
      clickhouse.rows(
        `SELECT indicators, ${ms('from_time', 'from')}, reason, set_by AS setBy, ${ms('set_at', 'setAt')}
         FROM ${northStarSet} ORDER BY set_at, from_time`,
      ),

    putAction: ({ id, label, description, indicators, by, status, at, until, owner, setBy, setAt }) =>
      add(actions, [
        {
          id,
          label,
          description,
          indicators,
          ...toGroup(by),
          status,
          at_time: dateTime(at),
          until_time: optional(until),
          owner,
          set_by: setBy,
          set_at: dateTime(setAt),
        },
      ]),
    async actions() {
      const rows = await clickhouse.rows<Omit<Action, 'by'> & Group>(
        `SELECT * FROM (
           SELECT id, label, description, indicators, dimensions, group_values, status, ${ms('at_time', 'at')},
                  ${ms('until_time', 'until')}, owner, set_by AS setBy, ${ms('set_at', 'setAt')}
           FROM ${actions} ORDER BY set_at DESC LIMIT 1 BY id) ORDER BY at, id`,
      )
      return rows.map(({ dimensions, group_values, ...action }) => ({
        ...action,
        by: fromGroup({ dimensions, group_values }),
      }))
    },

    postReferences: posted =>
      add(
        references,
        posted.map(({ reference, value, setBy, setAt }) => ({
          reference,
          value: value.value,
          from_time: dateTime(value.from),
          until_time: optional(value.until),
          ...toGroup(value.by),
          set_by: setBy,
          set_at: dateTime(setAt),
        })),
      ),
    async references() {
      type Row = Group & { value: number; from: number; until: number | null } & Omit<PostedReference, 'value'>
      const rows = await clickhouse.rows<Row>(
        `SELECT * FROM (
           SELECT reference, value, ${ms('from_time', 'from')}, ${ms('until_time', 'until')}, dimensions, group_values,
                  set_by AS setBy, ${ms('set_at', 'setAt')}
           FROM ${references} ORDER BY set_at DESC LIMIT 1 BY reference, from_time, until_time, dimensions, group_values)
         ORDER BY reference, from, dimensions, group_values`,
      )
      return rows.map(row => ({
        reference: row.reference,
        value: { value: row.value, from: row.from, until: row.until, by: fromGroup(row) },
        setBy: row.setBy,
        setAt: row.setAt,
      }))
    },
  }
}
