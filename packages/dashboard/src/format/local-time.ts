import { createZone, DAY } from '@kivi/domain'

const TEXT = /^(\d{4,5})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?$/

/** An instant as the zone's clock shows it, the way `<input type="datetime-local">` writes it. */
export function toLocalText(instant: number, timezone: string): string {
  const shown = new Date(instant + createZone(timezone).offset(instant)).toISOString()
  return shown.endsWith(':00.000Z') ? shown.slice(0, 16) : shown.slice(0, 19)
}

/**
 * The instant at which the zone's clock shows this, epoch ms: the first of two, and for a time that the clock skips the
 * instant at which it does. Null: it is no time.
 */
export function fromLocalText(text: string, timezone: string): number | null {
  const [, year, month, day, hour, minute, second = '0'] = TEXT.exec(text.trim()) ?? []
  if (year === undefined) return null
  const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const date = new Date(shown)
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCHours() !== Number(hour)) return null
  const zone = createZone(timezone)
  const [before, after] = [zone.offset(shown - DAY), zone.offset(shown + DAY)]
  const instants = [shown - Math.max(before, after), shown - Math.min(before, after)]
  return instants.find(instant => instant + zone.offset(instant) === shown) ?? (instants[1] as number)
}
