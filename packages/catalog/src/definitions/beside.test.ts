import { describe, expect, it } from 'vitest'
import { mistakesOf, x } from '../testing/indicators.ts'

describe('beside the value', () => {
  it('an indicator has benchmarks with their source', () => {
    const { benchmarks } = x(
      'type: simple, measure: revenue, benchmarks: [{ label: { en: Industry, zh: 行业 }, value: 0.3, upper: 0.45, source: a report }, { label: Best, value: 0.6, source: a rival }]',
    )
    expect(benchmarks).toEqual([
      { label: { en: 'Industry', zh: '行业' }, value: 0.3, upper: 0.45, source: 'a report' },
      { label: { en: 'Best' }, value: 0.6, upper: null, source: 'a rival' },
    ])
  })

  it('it is recorded on a schedule, with groups if they are named', () => {
    const record = (text: string) => x(`type: simple, measure: revenue, record: ${text}`).record
    expect(record('{ every: 5m }')).toEqual({ everyMs: 300_000, by: [] })
    expect(record('{ every: 1h, by: [campaign] }')).toEqual({ everyMs: 3_600_000, by: ['campaign'] })
    expect(record('{ every: 1h, by: campaign }')).toEqual({ everyMs: 3_600_000, by: ['campaign'] })
    expect(x('type: simple, measure: revenue').record).toBeNull()
  })

  it('it says what keeps it provisional, and where its definition comes from', () => {
    expect(x('type: simple, measure: revenue, provisional_while: orders, source: a book')).toMatchObject({
      provisional_while: 'orders',
      source: 'a book',
    })
    expect(x('type: simple, measure: revenue')).toMatchObject({ provisional_while: null, source: null })
  })

  it('a point of a series is of the whole window where the value is cumulated, or where the file says so', () => {
    const rolling = (keys: string) => x(keys).rolling
    expect(rolling('type: cumulative, of: buyers, days: 30')).toBe(true)
    expect(rolling('type: simple, measure: buyers')).toBe(false)
    expect(rolling('type: simple, measure: buyers, rolling: true')).toBe(true)
    expect(rolling('type: cumulative, of: buyers, days: 30, rolling: false')).toBe(false)
  })

  it.each<[what: string, keys: string, mistakes: string[]]>([
    [
      'a benchmark without its source',
      'benchmarks: [{ label: l, value: 1 }]',
      ['missing_key a benchmark of indicator x needs source.'],
    ],
    [
      'a range that is none',
      'benchmarks: [{ label: l, value: 1, upper: 0.5, source: s }]',
      [
        'wrong_value upper of a benchmark of indicator x (0.5) is not above value (1). Leave upper out where it is one figure.',
      ],
    ],
    [
      'a recording without a schedule',
      'record: { by: [campaign] }',
      ['missing_key record of indicator x needs every.'],
    ],
    [
      'a schedule that is none',
      'record: { every: hourly }',
      ["wrong_value every of record of indicator x is 'hourly', which is no length of time. Write 5m, 1h or 1d."],
    ],
    [
      'a recording by what the indicator is not kept by',
      'record: { every: 1h, by: [campaign, channel] }',
      ['unknown_name record of indicator x is by channel, by which x is not kept. Known are campaign.'],
    ],
    [
      'an unknown key of a recording',
      'record: { every: 1h, for: 3d }',
      ["unknown_key record of indicator x has no key 'for'. Known are every, by."],
    ],
    [
      'an unknown id that keeps it provisional',
      'provisional_while: ordrs',
      ['unknown_name provisional_while of indicator x: there is no measure or indicator ordrs. Did you mean orders?'],
    ],
    [
      'an unknown interval',
      'interval: wilsn',
      ["wrong_value interval of indicator x cannot be 'wilsn'. Did you mean wilson?"],
    ],
    ['rolling that is no flag', 'rolling: 1', ['wrong_type rolling of indicator x must be true or false, not 1.']],
    [
      'what is still planned',
      'formerly: turnover',
      ['planned formerly of indicator x is planned: the id that it had before. This version refuses it.'],
    ],
  ])('tells %s', (_, keys, mistakes) => {
    expect(mistakesOf(`type: simple, measure: revenue, ${keys}`)).toEqual(mistakes)
  })

  it('a minimum volume is no mistake where things are counted, and one where none are', () => {
    expect(mistakesOf('type: growth, of: revenue, minimum_volume: 30')).toEqual([])
    expect(mistakesOf('type: correlation, x: orders, y: revenue, minimum_volume: 30')).toEqual([
      'wrong_value indicator x has a minimum_volume, but rests on nothing that is counted. Leave it out.',
    ])
  })
})
