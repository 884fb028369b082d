import { expect, test } from 'vitest'
import { DEFAULT_RETENTION, eventsTtl, slicesTtl } from './retention.ts'

const DAY = 86_400_000
const forever = Number.POSITIVE_INFINITY

test('each level that does not stay forever has its rule, proofs always', () => {
  expect(slicesTtl(DEFAULT_RETENTION)).toBe(
    "toDateTime(toUInt32(late), 'UTC') + toIntervalSecond(2592000) DELETE WHERE level = 0, " +
      'toStartOfDay(start) + toIntervalSecond(777600) DELETE WHERE level = 1',
  )
  const all = slicesTtl({ tenSeconds: forever, quarterHour: 30 * DAY, day: 90 * DAY, raw: 0 })
  expect(all).not.toContain('level = 1')
  expect(all).toContain('toIntervalSecond(2764800) DELETE WHERE level = 2')
  expect(all).toContain('toIntervalSecond(7948800) DELETE WHERE level = 3')
})

test('raw events have a rule unless they stay forever', () => {
  expect(eventsTtl(DEFAULT_RETENTION)).toBe("toStartOfDay(toDateTime(event_time, 'UTC')) + toIntervalSecond(34732800)")
  expect(eventsTtl({ ...DEFAULT_RETENTION, raw: forever })).toBeNull()
})

test('no slice goes before its retention has passed for the whole of its local day, in any zone', () => {
  const retention = 7 * DAY
  const [, seconds] = /toIntervalSecond\((\d+)\) DELETE WHERE level = 1/.exec(slicesTtl(DEFAULT_RETENTION))!
  for (const offsetHours of [-12, -3.5, 0, 5.75, 8, 14]) {
    for (let hour = 0; hour < 48; hour++) {
      const start = Date.UTC(2026, 2, 1, hour)
      const goes = Math.floor(start / DAY) * DAY + Number(seconds) * 1000
      const offset = offsetHours * 3_600_000
      const localDayEnd = (Math.floor((start + offset) / DAY) + 1) * DAY - offset
      expect(goes).toBeGreaterThanOrEqual(localDayEnd + retention)
    }
  }
})
