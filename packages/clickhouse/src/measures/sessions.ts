/**
 * Sessions of a person. Observations of `own` with a session_id are one session by it; those without are cut where a
 * gap is at least the entity's. What else happened belongs to the session of its session_id, or to the one in whose
 * time, or less than a gap after whose end, it falls.
 *
 * So that whether a session begins, and what it holds, is the same in every question, however few days it reads: a
 * session_id that comes again after a whole local day without it is another session, and a session holds what happens
 * up to the end of the local day after the one in which it begins.
 */
import type { Entity } from '@kivi/domain'
import { literal } from '../sql.ts'

/** Local days before and after the one of an instant that decide whether a session begins then, and what it holds. */
export const SESSION_REACH = { before: 2, after: 1 } as const

/** Cuts rows of persons (`person`, `key`, lists `l_…` with the session_id last in each k) into rows of sessions. */
export function sessionRows(entity: Entity, fields: readonly string[], timezone: string, persons: string): string {
  if (entity.split === null) throw new Error(`entity ${entity.name} has no sessions`)
  const { gapMs, own } = entity.split
  const day = (time: string) => `toInt32(toDate32(fromUnixTimestamp64Milli(toInt64(${time}), ${literal(timezone)})))`
  const dayStart = (time: string) =>
    `toFloat64(toUnixTimestamp64Milli(toDateTime64(toDate32(fromUnixTimestamp64Milli(toInt64(${time}), ${literal(timezone)})), 3, ${literal(timezone)})))`
  const joins = (id: string, before: string, time: string) =>
    `if(${id} = '', ${time} - ${before} < ${gapMs}, ${day(time)} - ${day(before)} <= 1)`

  // own observations (session_id, time), then whether each begins a session
  const times = `arraySort(arrayMap(x -> (x.3[-1], x.1), l_${own}))`
  const begins = `arrayMap((x, before) -> x.1 != before.1 OR NOT ${joins('x.1', 'before.2', 'x.2')},
    times, arrayPopBack(arrayPushFront(times, ('\\0', toFloat64(0)))))`
  // (session_id, beginning, end)
  const sessions = `arrayMap(s -> (s[1].1, s[1].2, s[-1].2), arraySplit((x, b) -> b, times, begins))`
  // where a session's stretch of the sorted observations begins: what has its session_id may come before the first own
  const place = `if(s.1 = '', s.2, ${dayStart('s.2')})`
  const lists = fields.map(name => {
    const nothing = `defaultValueOfArgumentType((l_${name}.2)[1])`
    const marks = `arrayMap(s -> (s.1, ${place}, toUInt8(0), s.2, s.3, ${nothing}, emptyArrayString()), sessions)`
    const seen = `arrayMap(x -> (x.3[-1], x.1, toUInt8(1), toFloat64(0), toFloat64(0), x.2, x.3), l_${name})`
    const stretches = `arraySplit(x -> x.3 = 0, arraySort(arrayConcat(${marks}, ${seen})))`
    const holds = `x.3 = 1 AND x.1 = s[1].1 AND (x.1 != '' OR x.2 < s[1].5 + ${gapMs}) AND ${day('x.2')} - ${day('s[1].4')} <= 1`
    // before the first mark is a stretch of its own, which begins with no mark
    return `arrayMap(s -> arrayMap(x -> (x.2, x.6, x.7), arrayFilter(x -> ${holds}, s)),
    arrayFilter(s -> s[1].3 = 0, ${stretches})) AS in_${name}`
  })
  return `SELECT person, session.2 AS first_seen, concat(session.1, '@', toString(toInt64(session.2))) AS key${fields.map(name => `, in_${name} AS l_${name}`).join('')}
FROM (SELECT person, sessions${lists.map(list => `,\n  ${list}`).join('')}
FROM (SELECT *, ${sessions} AS sessions
FROM (SELECT *, ${begins} AS begins
FROM (SELECT *, ${times} AS times FROM (${persons})))))
ARRAY JOIN arraySort(x -> (x.1, x.2), sessions) AS session${fields.map(name => `, in_${name}`).join('')}`
}
