import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatWindow, parseWindow } from './durations.ts'

describe('the length of a window', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['30d', 30 * 86_400_000],
  ])('%s is %d ms', (text, ms) => expect(parseWindow(text)).toEqual({ ok: true, ms }))

  it.each([
    ['', 'write a whole number'],
    ['5', 'write a whole number'],
    ['-5m', 'write a whole number'],
    ['0s', 'write a whole number'],
    ['1e3s', 'write a whole number'],
    ['5 m', 'write a whole number'],
    ['1w', 'A week is 7d'],
    ['1M', 'period=month'],
    ['1.5h', 'smaller unit'],
    ['500ms', 'write a whole number'],
    ['5s', 'take 10s'],
    ['95s', 'take 90s or 100s'],
    ['9999999999d', '136 years'],
  ])('%j is refused: …%s…', (text, reason) => {
    expect(parseWindow(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) })
  })

  it('is written in its largest whole unit and read back', () => {
    expect([90_000, 3_600_000, 86_400_000, 129_600_000].map(formatWindow)).toEqual(['90s', '1h', '1d', '36h'])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), tens => {
        expect(parseWindow(formatWindow(tens * 10_000))).toEqual({ ok: true, ms: tens * 10_000 })
      }),
    )
  })
})
