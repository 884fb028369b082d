/**
 * Sessions of a person. What was done under a session_id is one session, however long it was silent: the table keeps it
 * under a key of its own. What was done without one is cut where nothing of `own` happened for the entity's gap; what
 * else happened belongs to the session in whose time, or less than a gap after whose end, it falls.
 *
 * So that a session without an id holds the same in every question, however few days it reads, it holds what happens up
 * to the end of the local day after the one in which it begins.
 */
import type { Entity } from '@kivi/domain'
import { literal } from '../sql.ts'

/** Local days before and after the one of an instant that decide whether a session without an id begins then, and what it holds. */
export const SESSION_REACH = { before: 2, after: 1 } as const

const splitOf = ({ name, split }: Entity): NonNullable<Entity['split']> => {
  if (split === null) throw new Error(`entity ${name} has no sessions`)
  return split
}

/** Sessions of a session_id: rows of (person, session_id) of which anything of their own is known. */
export function namedSessions(entity: Entity, fields: readonly string[], rows: string): string {
  const { own } = splitOf(entity)
  return `SELECT person, (l_${own}.1)[1] AS first_seen, key${fields.map(name => `, l_${name}`).join('')}
FROM (${rows}) WHERE notEmpty(l_${own})`
}

/** Cuts rows of persons (`person`, lists `l_…` of what has no session_id) into rows of sessions. */
export function silentSessions(entity: Entity, fields: readonly string[], timezone: string, persons: string): string {
  const { gapMs, own } = splitOf(entity)
  const day = (time: string) => `toInt32(toDate32(fromUnixTimestamp64Milli(toInt64(${time}), ${literal(timezone)})))`

  // of each own observation whether it begins a session: the first of a list does in any case
  const begins = `arrayMap((t, before) -> t - before >= ${gapMs}, times, arrayPopBack(arrayPushFront(times, toFloat64(0))))`
  const sessions = `arrayMap(s -> (s[1], s[-1]), arraySplit((t, b) -> b, times, begins))`
  const lists = fields.map(name => {
    // (time, whether it was observed, beginning and end of the session, the observation), in order of time: each
    // session's mark, and what comes after it
    const nothing = `defaultValueOfArgumentType(l_${name}[1])`
    const marks = `arrayMap(s -> (s.1, toUInt8(0), s.1, s.2, ${nothing}), sessions)`
    const seen = `arrayMap(x -> (x.1, toUInt8(1), toFloat64(0), toFloat64(0), x), l_${name})`
    const stretches = `arraySplit(x -> x.2 = 0, arraySort(arrayConcat(${marks}, ${seen})))`
    const holds = `x.2 = 1 AND x.1 < s[1].4 + ${gapMs} AND ${day('x.1')} - ${day('s[1].3')} <= 1`
    // before the first mark is a stretch of its own, which begins with no mark
    return `arrayMap(s -> arrayMap(x -> x.5, arrayFilter(x -> ${holds}, s)),
    arrayFilter(s -> s[1].2 = 0, ${stretches})) AS in_${name}`
  })
  return `SELECT person, session.1 AS first_seen, concat('@', toString(toInt64(session.1))) AS key${fields.map(name => `, in_${name} AS l_${name}`).join('')}
FROM (SELECT person, sessions${lists.map(list => `,\n  ${list}`).join('')}
FROM (SELECT *, ${sessions} AS sessions
FROM (SELECT *, ${begins} AS begins
FROM (SELECT *, l_${own}.1 AS times FROM (${persons})))))
ARRAY JOIN sessions AS session${fields.map(name => `, in_${name}`).join('')}`
}
