import { createZone, DAY, floorTo, QUARTER_HOUR } from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const ZONES = Intl.supportedValuesOf('timeZone')
const FIRST = Date.UTC(1970, 0, 3)
const LAST = Date.UTC(2040, 0, 1)

const zoneName = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: FIRST, max: LAST })

/** The days around an instant as the definition has them: each quarter hour's date on the clock, never going back. */
function datesByQuarter(name: string, from: number, to: number): Map<number, string> {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit' })
  const dates = new Map<number, string>()
  let latest = ''
  for (let quarter = floorTo(from, QUARTER_HOUR); quarter < to; quarter += QUARTER_HOUR) {
    const shown = clock.format(quarter)
    if (shown > latest) latest = shown
    dates.set(quarter, latest)
  }
  return dates
}

/** Instants within two days of where some zone changes its offset, where mistakes live. */
const changes = ZONES.flatMap(name => {
  const clock = createZone(name)
  const found: { name: string; at: number }[] = []
  for (let at = FIRST; at < LAST; at += 10 * DAY) {
    if (clock.offset(at) !== clock.offset(at + 10 * DAY)) found.push({ name, at })
  }
  return found
})

describe('local days', () => {
  it('are those that the clock shows, quarter hour by quarter hour', () => {
    fc.assert(
      fc.property(zoneName, instant, (name, at) => agree(name, at - 2 * DAY, at + 2 * DAY)),
      { numRuns: 150 },
    )
  })

  it('are those that the clock shows where it changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...changes), ({ name, at }) => agree(name, at - DAY, at + 12 * DAY)),
      { numRuns: 60 },
    )
  })

  it('follow each other without gaps', () => {
    fc.assert(
      fc.property(zoneName, instant, (name, at) => {
        const zone = createZone(name)
        const day = zone.day(at)
        expect(day.start).toBeLessThanOrEqual(at)
        expect(day.end).toBeGreaterThan(at)
        expect(zone.dayOf(day.date + 1).start).toBe(day.end)
        expect(zone.day(day.end).start).toBe(day.end)
        expect(zone.day(day.start - 1).end).toBe(day.start)
      }),
      { numRuns: 300 },
    )
  })
})

function agree(name: string, from: number, to: number): void {
  const zone = createZone(name)
  for (const [quarter, shown] of datesByQuarter(name, from, to)) {
    const { date } = zone.day(quarter)
    expect([new Date(quarter).toISOString(), new Date(date * DAY).toISOString().slice(0, 10)]).toEqual([
      new Date(quarter).toISOString(),
      shown,
    ])
    expect(zone.day(quarter + QUARTER_HOUR - 1).date).toBe(date)
  }
}
