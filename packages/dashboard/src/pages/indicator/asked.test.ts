import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAsked, withoutPart, withPart, writeAsked } from './asked.ts'

test('an address without parameters asks for the indicator’s own window', () => {
  const asked = readAsked(new URLSearchParams())
  expect(asked).toMatchObject({ window: '', period: '', from: '', to: '', compare: '', parts: [] })
  expect(writeAsked(asked).toString()).toBe('')
})

test('a window is named in one way: bounds before a period before a length', () => {
  const asked = readAsked(new URLSearchParams('window=7d&period=month&from=2026-01-01T00:00:00Z'))
  expect(asked).toMatchObject({ from: '2026-01-01T00:00:00Z', period: '', window: '' })
  expect(readAsked(new URLSearchParams('window=7d&period=month'))).toMatchObject({ period: 'month', window: '' })
})

test('what an address says wrongly counts as not said', () => {
  const asked = readAsked(
    new URLSearchParams('period=moon&compare=luck&chart=round&filter=nothing&filter=a:%25E0%25A4%25A'),
  )
  expect(asked).toMatchObject({ period: '', compare: '', chart: '', parts: [] })
})

test('any part of any dimension comes back as it went', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          dimension: fc.stringMatching(/^[a-z][a-z.]{0,8}$/),
          values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
        }),
        { maxLength: 3 },
      ),
      parts => {
        const asked = { ...readAsked(new URLSearchParams()), parts }
        expect(readAsked(new URLSearchParams(writeAsked(asked).toString())).parts).toEqual(parts)
      },
    ),
  )
})

test('one part of a dimension is looked at at a time', () => {
  const parts = withPart([{ dimension: 'channel', values: ['web'] }], { dimension: 'channel', values: ['app'] })
  expect(parts).toEqual([{ dimension: 'channel', values: ['app'] }])
  expect(withoutPart(parts, 'channel')).toEqual([])
})
