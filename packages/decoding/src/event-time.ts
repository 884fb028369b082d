/**
 * event_time: RFC 3339 or integer epoch milliseconds. Finer digits are cut off, never rounded: an instant must not
 * move into the next slice. Both forms reach from year 0 to 9999, the range of RFC 3339; whether an instant is
 * too late or too early is judged later, against the record's stamp.
 */
export const EARLIEST_TIME = -62_167_219_200_000
export const LATEST_TIME = 253_402_300_799_999

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** Epoch milliseconds of an RFC 3339 text; NaN where it is none. */
export function parseRfc3339(text: string): number {
  const parts = RFC_3339.exec(text)
  if (parts === null) return Number.NaN
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = parts
  const leap = second === '60'
  if (Number(hour) > 23 || Number(minute) > 59 || (Number(second) > 59 && !leap)) return Number.NaN
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return Number.NaN
  const date = new Date(0)
  // not Date.UTC, which takes the years 0 to 99 for 1900 to 1999
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return Number.NaN
  const milliseconds = Number((fraction ?? '').padEnd(3, '0').slice(0, 3))
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === '-' ? -1 : 1)
  const start = date.getTime() + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000
  // a leap second is inserted at midnight UTC only; like POSIX, it is counted into the next day
  if (leap && start % 86_400_000 !== 0) return Number.NaN
  return inRange(start + milliseconds)
}

/** The same for integer epoch milliseconds. */
export function checkEpochMilliseconds(value: number): number {
  return Number.isInteger(value) ? inRange(value) : Number.NaN
}

function inRange(time: number): number {
  // no −0
  return time >= EARLIEST_TIME && time <= LATEST_TIME ? time + 0 : Number.NaN
}
