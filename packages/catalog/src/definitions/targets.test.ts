import { describe, expect, it } from 'vitest'
import { mistakesOf, x } from '../testing/indicators.ts'
import { problemsOf } from '../testing/sample-catalog.ts'

const targets = (text: string): string => `type: simple, measure: revenue, targets: [{ ${text} }]`
const WHEN = 'per: month, from: 2026-01-01, reason: r'

describe('a target for a segment', () => {
  it('that the dimension can never be is told; one that it can is not', () => {
    const yaml = (value: string, dimension = 'target'): string => `measures:
  clicks: { event: click, agg: count, dimensions: [target, campaign] }
  opened: { entity: clicking, at: first, agg: count, dimensions: [target] }
entities:
  clicking: { key: person, event: click, fields: { first: { agg: min, expr: event_time }, target: { agg: first, expr: target } } }
indicators:
  clicks: { type: simple, targets: [{ value: 1, per: day, from: 2026-01-01, reason: r, by: { ${dimension}: ${value} } }] }
  opened: { type: simple, targets: [{ value: 1, per: day, from: 2026-01-01, reason: r, by: { target: ad } }] }
`
    expect(problemsOf(yaml('ad'))).toEqual([])
    expect(problemsOf(yaml('anything', 'campaign'))).toEqual([])
    expect(problemsOf(yaml('add'))).toEqual([
      'my.yaml:7:92 wrong_value a target of indicator clicks holds for target add, which target never is. Did you mean ad?',
    ])
    expect(problemsOf(yaml('ad').replace(/ad( \} \}\] \}\n)$/, 'adverts$1'))).toEqual([
      expect.stringContaining('holds for target adverts, which target never is.'),
    ])
  })
})

describe('a target as a change from a baseline', () => {
  it('is the baseline changed by that much, and keeps both', () => {
    expect(x(targets(`change: 0.2, baseline: 1000, ${WHEN}`)).targets[0]).toMatchObject({
      value: 1200,
      baseline: { change: 0.2, value: 1000 },
    })
  })

  it('goes down too, and gives the figure that a person would write', () => {
    const value = (text: string) => x(targets(`${text}, ${WHEN}`)).targets[0]!.value
    expect(value('change: -0.25, baseline: 80')).toBe(60)
    expect(value('change: 0.1, baseline: 3')).toBe(3.3)
    expect(value('value: 0.1')).toBe(0.1)
  })

  it.each<[what: string, text: string, mistakes: string[]]>([
    ['neither value nor change', WHEN, ['missing_key a target of indicator x needs value.']],
    ['a change from nothing', `change: 0.2, ${WHEN}`, ['missing_key a target of indicator x needs baseline.']],
    ['a baseline without a change', `baseline: 1000, ${WHEN}`, ['missing_key a target of indicator x needs change.']],
    [
      'a value and a change',
      `value: 1200, change: 0.2, baseline: 1000, ${WHEN}`,
      [
        'unknown_key a target of indicator x has both a value and a change from a baseline. Keep value, or change with baseline.',
      ],
    ],
    [
      'a baseline that is a period',
      `change: 0.2, baseline: 2025-Q4, ${WHEN}`,
      ["wrong_type baseline of a target of indicator x must be a number, not '2025-Q4'."],
    ],
  ])('tells %s', (_, text, mistakes) => {
    expect(mistakesOf(targets(text))).toEqual(mistakes)
  })
})
