/** Times as scenario files write them: instants, or the clock of the catalog's zone, or so long after another time. */
import { DAY, type Zone } from '@kivi/domain'

const LENGTHS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY }
const CLOCK = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/
const AFTER = /^\+((?:\d+(?:ms|[smhdw]))+)$/

export const TIME_ADVICE =
  'Write 2026-03-02, 2026-03-02T09:30 (both by the clock of the zone), 2026-03-02T09:30:00Z, or +10m.'

/** Epoch ms; null where the text is no time, or so long after nothing. */
export function timeOf(text: string, zone: Zone, previous: number | null): number | null {
  const after = AFTER.exec(text)
  if (after !== null) return previous === null ? null : previous + lengthOf(after[1]!)
  const clock = CLOCK.exec(text)
  if (clock === null) return null
  const [, date, hour = '00', minute = '00', second = '00', fraction = '', offset] = clock
  const wall = Date.parse(`${date}T${hour}:${minute}:${second}${fraction}Z`)
  // Date.parse takes 30 February for 2 March
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date!)) return null
  if (offset !== undefined) return Date.parse(text.length === 17 ? text.replace('Z', ':00Z') : text)
  if (clock[2] === undefined) return zone.dayOf(wall / DAY).start
  // a clock that is set back shows this time twice: the first one is meant; one that is set on may never show it
  const first = wall - zone.offset(wall - DAY)
  return [first, wall - zone.offset(first)].find(instant => instant + zone.offset(instant) === wall) ?? first
}

/** `1h30m` in ms. */
function lengthOf(text: string): number {
  let ms = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) ms += Number(count) * LENGTHS[unit!]!
  return ms
}
