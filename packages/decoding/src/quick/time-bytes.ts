/**
 * RFC 3339 from bytes, in its usual spellings (`2026-01-31T08:30:00.123Z`, or with an offset) and the years from
 * 1601 on. NaN: unusual or wrong, the plain parser decides.
 */
export function epochMillisecondsOf(b: Uint8Array, start: number, end: number): number {
  if (end - start < 20 || b[start + 4] !== 0x2d || b[start + 7] !== 0x2d || b[start + 10] !== 0x54) return Number.NaN
  if (b[start + 13] !== 0x3a || b[start + 16] !== 0x3a) return Number.NaN
  const year = two(b, start) * 100 + two(b, start + 2)
  const month = two(b, start + 5)
  const day = two(b, start + 8)
  const hour = two(b, start + 11)
  const minute = two(b, start + 14)
  const second = two(b, start + 17)
  // two() is negative enough where a digit is none to make every sum fail here
  if (!(year >= 1601 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return Number.NaN

  let at = start + 19
  let milliseconds = 0
  if (b[at] === 0x2e) {
    const first = ++at
    let weight = 100
    while (at < end && isDigit(b[at]!)) {
      milliseconds += (b[at]! - 0x30) * weight
      weight = weight === 100 ? 10 : weight === 10 ? 1 : 0
      at++
    }
    if (at === first) return Number.NaN
  }
  let offset = 0
  if (b[at] === 0x5a && at + 1 === end) offset = 0
  else if ((b[at] === 0x2b || b[at] === 0x2d) && at + 6 === end && b[at + 3] === 0x3a) {
    const hours = two(b, at + 1)
    const minutes = two(b, at + 4)
    if (!(hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59)) return Number.NaN
    offset = (hours * 60 + minutes) * (b[at] === 0x2d ? -1 : 1)
  } else return Number.NaN
  const days = daysBeforeYear(year) + DAYS_BEFORE_MONTH[month - 1]! + (month > 2 && isLeap(year) ? 1 : 0) + day - 1
  return days * 86_400_000 + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds
}

const DAYS_BEFORE_MONTH = Int32Array.of(0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
const DAYS_IN_MONTH = Int32Array.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

/** Days from 1970-01-01 to the year's first, proleptic Gregorian. */
function daysBeforeYear(year: number): number {
  const before = year - 1
  return before * 365 + ((before / 4) | 0) - ((before / 100) | 0) + ((before / 400) | 0) - 719_162
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1]!
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Two digits; far below zero where one is none. */
function two(b: Uint8Array, at: number): number {
  const tens = b[at]! - 0x30
  const ones = b[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000_000
}
