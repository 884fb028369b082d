/**
 * Local days, months and business hours in SQL, for a zone of the catalog. A time is Float64, epoch ms; NaN gives NaN.
 * `nullable`: whether the value can be NaN; what cannot be is not guarded.
 */
import { createZone, DAY } from '@kivi/domain'
import { quoted } from '../to-sql.ts'
import type { BusinessClock } from './syntax.ts'

const WEEK = 7 * DAY

/** Conversions of NaN are undefined: it is taken for 0, and comes back with what is added. */
const guarded = (sql: string, nullable: boolean): string => (nullable ? `ifNotFinite(${sql}, 0)` : sql)
const nullAgain = (result: string, sql: string, nullable: boolean): string =>
  nullable ? `(${result} + 0 * ${sql})` : result

const shownBy = (time: string, zone: string): string => `fromUnixTimestamp64Milli(toInt64(${time}), ${quoted(zone)})`

/** number of the local day (days since 1970-01-01) that holds a time */
export function daySql(time: string, zone: string, nullable: boolean): string {
  const day = `toFloat64(toInt32(toDate32(${shownBy(guarded(time, nullable), zone)})))`
  return nullAgain(day, time, nullable)
}

/** the time at which a local day begins */
export function dayStartSql(day: string, zone: string, nullable: boolean): string {
  // not toDate32 of the number: what is no day of the next centuries it takes for seconds
  const start = startOf(`addDays(toDate32('1970-01-01'), toInt32(floor(${guarded(day, nullable)})))`, zone)
  return nullAgain(start, day, nullable)
}

/** the time at which the local month that holds a time begins */
export function monthStartSql(time: string, zone: string, nullable: boolean): string {
  const start = startOf(`toStartOfMonth(toDate32(${shownBy(guarded(time, nullable), zone)}))`, zone)
  return nullAgain(start, time, nullable)
}

const startOf = (date: string, zone: string): string =>
  `toFloat64(toUnixTimestamp64Milli(toDateTime64(${date}, 3, ${quoted(zone)})))`

/**
 * Business hours between two times, ms. Business hours since 1970 up to a time are a function of what the wall clock
 * shows then, which jumps where the clock is changed within business hours; those jumps, known beforehand, are taken
 * out again. The difference of two such sums is the answer, exact on days of 23 and of 25 hours too.
 */
export function businessTimeSql(from: string, to: string, clock: BusinessClock): string {
  const { days, from: opens, until } = clock
  const hours = until - opens
  // what the clock shows less the beginning of the first week's business days (1970-01-01 was a Thursday)
  const origins = days.map(day => (day - 3) * DAY)
  const week = `floor((l - b) / ${WEEK})`
  const shown = `t + 1000 * timeZoneOffset(${shownBy('ifNotFinite(t, 0)', clock.zone)})`
  const worked = `arraySum(b -> ${hours} * ${week} + least(greatest(l - b - ${WEEK} * ${week} - ${opens}, 0), ${hours}), [${origins.join(', ')}])`
  const jumps = clockJumps(clock)
  const corrected =
    jumps.length === 0
      ? `arrayMap(l -> ${worked}, arrayMap(t -> ${shown}, [${from}, ${to}]))`
      : `arrayMap(t -> arraySum(l -> ${worked}, [${shown}]) + arraySum(j -> if(j.1 <= t, j.2, 0), [${jumps
          .map(([at, by]) => `(${at}, ${by})`)
          .join(', ')}]), [${from}, ${to}])`
  return `arrayDifference(${corrected})[2]`
}

/** years of clock changes that are looked for */
const FIRST = Date.UTC(2000, 0, 1)
const LAST = Date.UTC(2060, 0, 1)

type Jumps = readonly (readonly [at: number, by: number])[]
const jumpsOf = new Map<string, Jumps>()

/** instants at which the clock is changed within business hours, with what has to be added from then on */
function clockJumps(clock: BusinessClock): Jumps {
  // the same for every expression of a catalog, and some 20,000 days to look at
  const name = JSON.stringify(clock)
  const jumps = jumpsOf.get(name) ?? findJumps(clock)
  jumpsOf.set(name, jumps)
  return jumps
}

function findJumps(clock: BusinessClock): Jumps {
  const { offset } = createZone(clock.zone)
  const jumps: [number, number][] = []
  for (let day = FIRST; day < LAST; day += DAY) {
    const before = offset(day)
    if (offset(day + DAY) === before) continue
    let [low, high] = [day, day + DAY]
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (offset(middle) === before) low = middle
      else high = middle
    }
    const by = worked(high + before, clock) - worked(high + offset(high), clock)
    if (by !== 0) jumps.push([high, by])
  }
  return jumps
}

/** business hours that a wall clock shows to have gone since the first week, ms */
function worked(shown: number, { days, from, until }: BusinessClock): number {
  return days
    .map(day => {
      const since = shown - (day - 3) * DAY
      const weeks = Math.floor(since / WEEK)
      return weeks * (until - from) + Math.min(Math.max(since - weeks * WEEK - from, 0), until - from)
    })
    .reduce((a, b) => a + b, 0)
}
