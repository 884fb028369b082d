import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromLocalText, toLocalText } from './local-time.ts'

const at = (text: string) => Date.parse(text)

test('an instant is written as the clock of the zone shows it', () => {
  expect(toLocalText(at('2026-03-10T12:30:00Z'), 'Asia/Shanghai')).toBe('2026-03-10T20:30')
  expect(toLocalText(at('2026-03-10T12:30:05Z'), 'UTC')).toBe('2026-03-10T12:30:05')
})

test('a time that the clock shows twice is the first, one that it skips is when it does', () => {
  expect(fromLocalText('2026-10-25T02:30', 'Europe/Berlin')).toBe(at('2026-10-25T02:30:00+02:00'))
  expect(fromLocalText('2026-03-29T02:30', 'Europe/Berlin')).toBe(at('2026-03-29T03:30:00+02:00'))
})

test.each(['', 'tomorrow', '2026-02-30T10:00', '2026-01-01T25:00', '2026-01-01'])('%j is no time', text => {
  expect(fromLocalText(text, 'UTC')).toBeNull()
})

test('whole minutes come back as they went, but for those that a clock shows twice', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      fc.integer({ min: at('2000-01-01T00:00:00Z') / 60_000, max: at('2035-01-01T00:00:00Z') / 60_000 }),
      (zone, minute) => {
        const instant = minute * 60_000
        const text = toLocalText(instant, zone)
        const back = fromLocalText(text, zone) as number
        expect(toLocalText(back, zone)).toBe(text)
        expect(back).toBeLessThanOrEqual(instant)
        expect(instant - back).toBeLessThanOrEqual(3_600_000)
      },
    ),
  )
})
