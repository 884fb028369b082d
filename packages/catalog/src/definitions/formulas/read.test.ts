import { describe, expect, it } from 'vitest'
import { indicatorsOf, indicatorX, MEASURES, mistakesOf, x } from '../../testing/indicators.ts'
import { INDICATOR_TYPES, keysOfType } from './keys.ts'

const DAY = 86_400_000

describe('each type of indicator', () => {
  it('cumulative is over a length, local days, since a period began, or since ever', () => {
    const over = (keys: string) => {
      const indicator = x(`type: cumulative, of: buyers, ${keys}`)
      return indicator.type === 'cumulative' && indicator.over
    }
    expect(over('window: 30d')).toEqual({ ms: 30 * DAY })
    expect(over('days: 30')).toEqual({ days: 30 })
    expect(over('grain_to_date: month')).toEqual({ grain: 'month' })
    expect(over('ever: true')).toBe('ever')
  })

  it('the window of a cumulative is what it is cumulated over, not that of a question', () => {
    expect(x('type: cumulative, of: buyers, window: 30d').window).toBe('1d')
    expect(x('type: growth, of: revenue, window: 30d').window).toBe('30d')
  })

  it('growth is a ratio against the preceding period, unless it says otherwise', () => {
    expect(x('type: growth, of: revenue')).toMatchObject({
      type: 'growth',
      of: 'revenue',
      against: { kind: 'previous' },
      as: 'ratio',
      unit: 'percent',
    })
    expect(x('type: growth, of: revenue, against: year, as: difference')).toMatchObject({
      against: { kind: 'year' },
      as: 'difference',
      unit: 'money',
    })
    expect(x('type: growth, of: revenue, against: 28d')).toMatchObject({ against: { kind: 'length', ms: 28 * DAY } })
  })

  it('share, mean, weighted and correlation say what they are of', () => {
    expect(x('type: share, of: orders, by: campaign')).toMatchObject({ of: 'orders', by: 'campaign', unit: 'percent' })
    expect(x('type: mean, of: revenue, per: month')).toMatchObject({ per: 'month', opening: false, unit: 'money' })
    expect(x('type: weighted, of: price, by: category, weights: { food: 2, toys: 0.5 }')).toMatchObject({
      of: 'price',
      by: 'category',
      weights: { food: 2, toys: 0.5 },
      unit: 'money',
    })
    expect(x('type: weighted, of: price, by: category')).toMatchObject({ weights: {} })
    expect(x('type: correlation, x: orders, y: revenue, lags: 14')).toMatchObject({
      x: 'orders',
      y: 'revenue',
      lags: 14,
      unit: 'number',
    })
  })

  it('derived reads earlier windows by the names of its offsets, and the length of its own', () => {
    const indicator = x(
      "type: derived, expr: '(revenue / before - 1) * 30 / window_days', offsets: { before: { of: revenue, against: previous } }",
    )
    if (indicator.type !== 'derived') throw new Error('not derived')
    expect(indicator.inputs).toEqual(['before', 'revenue', 'window_days'])
    expect([...indicator.offsets]).toEqual([['before', { of: 'revenue', offset: { kind: 'previous' } }]])
    expect(indicator.compute({ before: 100, revenue: 150, window_days: 15 })).toBe(1)
    expect(indicator.dimensions).toEqual(['campaign'])
    expect(x("type: derived, expr: 'revenue / window_months'")).toMatchObject({ inputs: ['revenue', 'window_months'] })
  })

  it('has the unit that follows from what it is made of', () => {
    const unit = (numerator: string, denominator: string) =>
      x(`type: ratio, numerator: ${numerator}, denominator: ${denominator}`).unit
    expect(unit('ad_clicks', 'ad_impressions')).toBe('percent')
    expect(unit('refunds', 'revenue')).toBe('percent')
    expect(unit('revenue', 'orders')).toBe('money')
    expect(unit('orders', 'revenue')).toBe('number')
    expect(x('type: simple, measure: revenue').unit).toBe('money')
    expect(x('type: derived, expr: revenue').unit).toBe('number')
  })

  it('has a better direction like that of what it is made of', () => {
    const of = (keys: string) => x(keys).better
    expect(of('type: growth, of: refunds')).toBe('lower')
    expect(of('type: cumulative, of: refunds, ever: true')).toBe('lower')
    expect(of('type: mean, of: refunds, per: month')).toBe('lower')
    expect(of('type: growth, of: refunds, better: higher')).toBe('higher')
    expect(of('type: growth, of: revenue')).toBe('higher')
  })

  it('may be made of any other', () => {
    const indicators = indicatorsOf(`${MEASURES}indicators:
  net: { label: Net, type: derived, expr: revenue - refunds / 2, unit: money }
  net_growth: { label: Growth, type: growth, of: net, against: previous }
  net_growth_month: { label: Mean growth, type: mean, of: net_growth, per: month }
  together: { label: Together, type: correlation, x: net_growth_month, y: orders }
`)
    expect(indicators.get('net_growth_month')).toMatchObject({ unit: 'percent', dimensions: [] })
    expect(indicators.get('together')!.dimensions).toEqual([])
  })

  it('has the dimensions that all it is made of share', () => {
    expect(x('type: correlation, x: ad_clicks, y: ad_impressions').dimensions).toEqual(['campaign', 'channel'])
    expect(x('type: growth, of: price').dimensions).toEqual(['campaign', 'category'])
  })
})

describe('every mistake in a formula is told', () => {
  it.each<[what: string, keys: string, mistakes: string[]]>([
    [
      'an unknown type',
      'type: grwth, of: revenue',
      ["wrong_value type of indicator x cannot be 'grwth'. Did you mean growth?"],
    ],
    [
      'a cumulative over nothing',
      'type: cumulative, of: buyers',
      [
        'missing_key indicator x does not say over what it is cumulated. Add days: 30, window: 30d, grain_to_date: month, or ever: true.',
      ],
    ],
    [
      'a cumulative over two things',
      'type: cumulative, of: buyers, days: 30, ever: true',
      ['ambiguous_window indicator x is cumulated over both days and ever. Keep one of them.'],
    ],
    [
      'days that are no whole number',
      'type: cumulative, of: buyers, days: 1.5',
      ['wrong_value days of indicator x is 1.5; a whole number from 1 to 3,660 is needed.'],
    ],
    ['not ever', 'type: cumulative, of: buyers, ever: false', ['wrong_value ever of indicator x can only be true.']],
    [
      'a length that is none',
      'type: cumulative, of: buyers, window: 1mo',
      [
        "wrong_value window of indicator x is '1mo', which is no length of time. A calendar period is per: week, month, quarter or year.",
      ],
    ],
    [
      'a period that does not exist',
      'type: cumulative, of: buyers, grain_to_date: fortnight',
      ["wrong_value grain_to_date of indicator x cannot be 'fortnight'. Known are day, week, month, quarter, year."],
    ],
    [
      'something unknown',
      'type: growth, of: revenu',
      ['unknown_name what indicator x is of: there is no measure or indicator revenu. Did you mean revenue?'],
    ],
    [
      'an unknown comparison',
      'type: growth, of: revenue, against: previus',
      ["wrong_value against of indicator x cannot be 'previus'. Did you mean previous?"],
    ],
    [
      'a comparison by a length that is none',
      'type: growth, of: revenue, against: 3w',
      [
        'wrong_value against of indicator x cannot be \'3w\'. "3w" is not a length of time; write a whole number and s, m, h or d: 90s, 5m, 1h, 7d. A week is 7d; a calendar week is period=week.',
      ],
    ],
    [
      'the end of a period, of a sum',
      'type: growth, of: revenue, against: end_of_quarter',
      [
        'wrong_value indicator x is against the end of a period, which is for levels as of an instant; revenue adds up over its window. Use previous, week, year or a length instead.',
      ],
    ],
    [
      'an opening value of a sum',
      'type: mean, of: revenue, per: month, opening: true',
      [
        'wrong_value indicator x has an opening value, which is for levels as of an instant; revenue adds up over its window. Leave opening out.',
      ],
    ],
    [
      'a share by what its base is not kept by',
      'type: share, of: orders, by: channel',
      ['unknown_name indicator x is a share by channel, by which x is not kept. Known are campaign.'],
    ],
    [
      'a mean weighted by what its base is not kept by',
      'type: weighted, of: refunds, by: topic',
      ['unknown_name indicator x is a mean by topic, by which x is not kept. It has no dimensions.'],
    ],
    [
      'a weight below zero',
      'type: weighted, of: price, by: category, weights: { food: -1 }',
      ['wrong_value food in weights of indicator x is below zero.'],
    ],
    [
      'weights that are no mapping',
      'type: weighted, of: price, by: category, weights: [food]',
      ['wrong_type weights of indicator x must be a mapping (key: value).'],
    ],
    [
      'more lags than are told',
      'type: correlation, x: orders, y: revenue, lags: 365',
      ['wrong_value lags of indicator x is 365; a whole number from 0 to 90 is needed.'],
    ],
    ['what is missing', 'type: share', ['missing_key indicator x needs of.', 'missing_key indicator x needs by.']],
    [
      'an offset that is not used',
      "type: derived, expr: 'revenue', offsets: { before: { of: revenue, against: week } }",
      ['unknown_name indicator x does not use its offset before in expr. Remove it, or name it in expr.'],
    ],
    [
      'an offset with the name of a measure',
      "type: derived, expr: 'revenue', offsets: { revenue: { of: revenue, against: week } }",
      [
        'duplicate_id revenue is a measure or indicator already; as offset revenue of indicator x it would mean another window of it. Name it revenue_before, for example.',
      ],
    ],
    [
      'an offset whose name is no id',
      "type: derived, expr: 'revenue', offsets: { Before: { of: revenue, against: week } }",
      ['bad_id Before cannot be the name of an offset: small letters, digits and _ only, a letter first, at most 64.'],
    ],
    [
      'an offset that says too little',
      "type: derived, expr: 'revenue - b', offsets: { b: { of: revenue, agains: week } }",
      [
        'missing_key offset b of indicator x needs against.',
        "unknown_key offset b of indicator x has no key 'agains'. Did you mean against?",
      ],
    ],
    [
      'an unknown name in a formula with offsets',
      "type: derived, expr: 'revenue / befor', offsets: { before: { of: revenue, against: week } }",
      ['unknown_name in expr of indicator x: there is no measure or indicator befor. Did you mean before?'],
    ],
    [
      'the end of a period in an offset of a sum',
      "type: derived, expr: 'revenue / b', offsets: { b: { of: revenue, against: end_of_year } }",
      [
        'wrong_value offset b of indicator x is against the end of a period, which is for levels as of an instant; revenue adds up over its window. Use previous, week, year or a length instead.',
      ],
    ],
    [
      'a unit that a growth cannot have',
      'type: growth, of: revenue, unit: money',
      ['wrong_unit indicator x is a growth, which has no unit such as money. Leave unit out, or write as: difference.'],
    ],
    [
      'a unit that a share cannot have',
      'type: share, of: orders, by: campaign, unit: count',
      ['wrong_unit indicator x is a share, which has no unit such as count. Leave unit out.'],
    ],
    [
      'a unit other than that of what is averaged',
      'type: mean, of: revenue, per: month, unit: count',
      ['wrong_unit indicator x has the unit count, its revenue money. Leave unit out.'],
    ],
    [
      'a unit of a correlation',
      'type: correlation, x: orders, y: revenue, unit: percent',
      ['wrong_unit indicator x is a correlation between -1 and 1, which is no percent. Leave unit out.'],
    ],
  ])('%s', (_, keys, mistakes) => {
    expect(mistakesOf(keys).sort()).toEqual(mistakes.sort())
  })

  it('keys of other types, each', () => {
    const own: Record<string, string> = {
      simple: 'measure: revenue',
      ratio: 'numerator: orders, denominator: buyers',
      derived: 'expr: revenue',
      cumulative: 'of: revenue, days: 7',
      growth: 'of: revenue',
      share: 'of: orders, by: campaign',
      mean: 'of: revenue, per: month',
      weighted: 'of: price, by: category',
      correlation: 'x: orders, y: revenue',
    }
    for (const [type, keys] of Object.entries(own)) {
      const foreign = keysOfType(type as 'simple').includes('x') ? 'measure: revenue' : 'x: revenue'
      expect(mistakesOf(`type: ${type}, ${keys}, ${foreign}`), type).toEqual([
        expect.stringMatching(
          new RegExp(`^unknown_key indicator x is of type ${type}, which has no (x|measure)\\. It has `),
        ),
      ])
    }
    expect(Object.keys(own).length + 3).toBe(INDICATOR_TYPES.length)
  })

  it('circles through any type', () => {
    const circle = `${MEASURES}indicators:
  a: { label: A, type: growth, of: b }
  b: { label: B, type: derived, expr: 'orders / before', offsets: { before: { of: c, against: week } } }
  c: { label: C, type: share, of: a, by: campaign }
`
    expect(() => indicatorsOf(circle)).toThrow(
      'my.yaml:10:3 cycle a is computed from b, which is computed from c, which is computed from a.',
    )
  })

  it('what is made of something broken only once', () => {
    expect(mistakesOf('type: growth, of: revenu, targets: [{ value: 1, from: 2026-01-01, reason: r }]')).toHaveLength(1)
  })
})

describe('the version of an indicator', () => {
  const version = (keys: string): string => x(keys).version
  const base = 'type: growth, of: revenue, against: previous'
  it.each([
    ['what it is compared with', base.replace('previous', 'year')],
    ['how it is compared', `${base}, as: difference`],
    ['what it is of', base.replace('revenue', 'orders')],
  ])('changes with %s', (_, keys) => {
    expect(version(keys)).not.toBe(version(base))
  })
  it.each([
    ['over', 'type: cumulative, of: buyers, days: 30', 'type: cumulative, of: buyers, days: 31'],
    [
      'weights',
      'type: weighted, of: price, by: category',
      'type: weighted, of: price, by: category, weights: { a: 2 }',
    ],
    ['lags', 'type: correlation, x: orders, y: revenue', 'type: correlation, x: orders, y: revenue, lags: 1'],
    ['by', 'type: share, of: ad_clicks, by: campaign', 'type: share, of: ad_clicks, by: channel'],
    ['per', 'type: mean, of: revenue, per: month', 'type: mean, of: revenue, per: week'],
    [
      'offsets',
      "type: derived, expr: 'b', offsets: { b: { of: revenue, against: week } }",
      "type: derived, expr: 'b', offsets: { b: { of: revenue, against: year } }",
    ],
  ])('changes with %s', (_, one, other) => {
    expect(version(one)).not.toBe(version(other))
  })
  it('does not change with words, targets, benchmarks, recording or the interval', () => {
    const more =
      'better: lower, owner: ann, targets: [{ value: 0.1, window: 30d, from: 2026-01-01, reason: r }], benchmarks: [{ label: l, value: 1, source: s }], record: { every: 1h }, source: book, window: 30d, interval: none'
    expect(version(`${base}, ${more}`)).toBe(version(base))
    expect(version("type: derived, expr: 'revenue+1'")).toBe(version("type: derived, expr: ' revenue + (1)'"))
  })
  it('changes with the zone and with the start of the fiscal year where periods are compared', () => {
    const with_ = (settings: string): string =>
      indicatorsOf(indicatorX(base), { 'kivi.yaml': settings }).get('x')!.version
    const first = with_('timezone: UTC\ncurrency: EUR\n')
    expect(with_('timezone: Asia/Shanghai\ncurrency: EUR\n')).not.toBe(first)
    expect(with_('timezone: UTC\ncurrency: EUR\nfiscal_year_start: 04-01\n')).not.toBe(first)
    expect(with_('timezone: UTC\ncurrency: CNY\n')).toBe(first)
  })
})
