import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCatalog, loadCatalog, loadCatalogFiles } from './load.ts'
import { formatProblem } from './problems.ts'
import { problemsOf, sampleFiles } from './testing/sample-catalog.ts'

const MEASURES = `measures:
  ad_clicks: { event: click, filter: target == 'ad', agg: count, dimensions: [campaign, channel] }
  ad_impressions: { event: impression, filter: target == 'ad', agg: count, dimensions: [channel, campaign, ad_id] }
  orders: { event: purchase, agg: count_distinct, distinct: order_id, dimensions: [campaign] }
  buyers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
`

function load(yaml: string, files: Record<string, string> = {}) {
  const loaded = loadCatalogFiles(sampleFiles({ 'my.yaml': yaml, ...files }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog
}

describe('a catalog without problems', () => {
  const catalog = load(`${MEASURES}indicators:
  ctr:
    label: { en: Click-through rate, zh: 点击率 }
    type: ratio
    numerator: ad_clicks
    denominator: ad_impressions
    targets: [{ value: 0.02, from: 2026-01-01, until: 2027-01-01, by: { campaign: spring }, reason: yearly plan, set_by: ann }]
  per_buyer: { label: Revenue per buyer, type: derived, expr: 'revenue / buyers', unit: money }
  doubled: { label: Twice, type: derived, expr: '2 * per_buyer + ctr' }
`)

  it('serves every measure as a simple indicator too, after the declared ones', () => {
    expect([...catalog.indicators.keys()]).toEqual([
      'ctr',
      'per_buyer',
      'doubled',
      'ad_clicks',
      'ad_impressions',
      'orders',
      'buyers',
      'revenue',
    ])
    expect(catalog.indicators.get('revenue')).toMatchObject({
      type: 'simple',
      measure: 'revenue',
      board: false,
      unit: 'money',
      window: '1d',
      label: { en: 'Revenue' },
    })
  })

  it('gives an indicator the dimensions that all its measures share, in the order of the first', () => {
    expect(catalog.indicators.get('ctr')!.dimensions).toEqual(['campaign', 'channel'])
    expect(catalog.indicators.get('doubled')!.dimensions).toEqual(['campaign'])
  })

  it('dates targets by midnight in its zone', () => {
    expect(catalog.indicators.get('ctr')!.targets).toEqual([
      {
        value: 0.02,
        from: Date.parse('2025-12-31T16:00:00Z'),
        until: Date.parse('2026-12-31T16:00:00Z'),
        by: { campaign: 'spring' },
        per: null,
        window: null,
        baseline: null,
        reason: 'yearly plan',
        set_by: 'ann',
        set_at: '2025-12-31T16:00:00Z',
      },
    ])
  })

  it('computes derived indicators: null in, or x/0, is null', () => {
    const indicator = catalog.indicators.get('per_buyer')!
    if (indicator.type !== 'derived') throw new Error('not derived')
    expect(indicator.inputs).toEqual(['buyers', 'revenue'])
    expect(indicator.compute({ revenue: 10, buyers: 4 })).toBe(2.5)
    expect(indicator.compute({ revenue: 10, buyers: 0 })).toBeNull()
    expect(indicator.compute({ revenue: null, buyers: 4 })).toBeNull()
    expect(indicator.compute({ buyers: 4 })).toBeNull()
  })

  it('lays out just the columns that measures read', () => {
    expect(catalog.layout).toEqual({
      eventTypes: ['click', 'impression', 'purchase'],
      strings: ['ad_id', 'campaign', 'channel', 'target'],
      numbers: ['amount'],
      hashed: ['order_id'],
      constants: [[], [], [], ['ad']],
    })
  })

  it('knows which fields events need, and from what others default', () => {
    const purchase = catalog.eventTypes.get('purchase')!
    expect(purchase.required).toEqual(['amount'])
    expect([...purchase.defaults]).toEqual([['order_id', 'event_id']])
    expect(purchase.fields.get('campaign')).toEqual({ kind: 'string' })
    expect(purchase.fields.get('quantity')).toEqual({ kind: 'long' })
  })

  it('keeps its files, from which it loads again', () => {
    const again = loadCatalogFiles(catalog.files)
    expect(again.catalog?.hash).toBe(catalog.hash)
  })
})

describe('the hash of a catalog', () => {
  const hash = load(MEASURES).hash
  it('is the same when words, order and blanks change', () => {
    const reworded = `# comment\nmeasures:\n  revenue: { event: purchase, agg: sum, expr: ' amount', unit: money, label: Umsatz, dimensions: [campaign] }\n${MEASURES.split('\n').slice(1, 5).join('\n')}`
    expect(load(reworded).hash).toBe(hash)
    expect(load(`${MEASURES}indicators:\n  total: { label: Total, type: simple, measure: revenue }\n`).hash).toBe(hash)
  })
  it.each([
    ['a filter', MEASURES.replace("target == 'ad'", "target == 'cta'"), {}],
    ['a dimension', MEASURES.replace('[campaign, channel]', '[campaign]'), {}],
    ['the zone', MEASURES, { 'kivi.yaml': 'timezone: UTC\ncurrency: CNY\n' }],
    [
      'a survey',
      MEASURES,
      { 'kivi.yaml': 'timezone: Asia/Shanghai\ncurrency: CNY\nsurveys: { nps: { min: 0, max: 10 } }\n' },
    ],
    ['an event type', MEASURES, { 'events/wave.avsc': '{"type":"record","name":"wave","fields":[]}' }],
  ])('is another when %s changes', (_, yaml, files) => {
    expect(load(yaml, files).hash).not.toBe(hash)
  })
})

describe('the version of an indicator', () => {
  const version = (yaml: string, id: string) => load(yaml).indicators.get(id)!.version
  const indicators = (label: string) =>
    `${MEASURES}indicators:\n  ctr: { label: ${label}, type: ratio, numerator: ad_clicks, denominator: ad_impressions }\n`
  it('changes with what decides its value, inputs included, and with nothing else', () => {
    const before = version(indicators('CTR'), 'ctr')
    expect(before).toMatch(/^[0-9a-f]{12}$/)
    expect(version(indicators('Rate'), 'ctr')).toBe(before)
    expect(version(indicators('CTR').replace("target == 'ad'", "target == 'cta'"), 'ctr')).not.toBe(before)
  })
})

describe('the board', () => {
  const yaml = `${MEASURES}indicators:\n  a: { label: A, type: simple, measure: revenue, board: true }\n  b: { label: B, type: simple, measure: revenue }\n`
  it("has kivi.yaml's list first, then indicators that ask for it", () => {
    const catalog = load(yaml, { 'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nboard: [orders, b]\n' })
    expect([...catalog.indicators.values()].filter(i => i.board).map(i => i.id)).toEqual(['orders', 'b', 'a'])
  })
  it('and the North Star refuse names that are not there', () => {
    const settings =
      'timezone: UTC\ncurrency: EUR\nboard: [order]\nnorth_star:\n  - { indicators: [revenu], from: 2026-01-01, reason: growth }\n'
    expect(problemsOf(yaml, { 'kivi.yaml': settings })).toEqual([
      'kivi.yaml:3:9 unknown_name board: there is no indicator order. Did you mean orders?',
      'kivi.yaml:5:20 unknown_name north_star: there is no indicator revenu. Did you mean revenue?',
    ])
  })
})

const indicator = (rest: string): string => `${MEASURES}indicators:\n  x: { label: X, ${rest} }\n`
const target = (targets: string, formula = 'type: simple, measure: revenue'): string =>
  indicator(`${formula}, targets: [${targets}]`)

describe('every mistake is told with its place and what to do', () => {
  const cases: [what: string, yaml: string, problems: string[]][] = [
    [
      'an unknown key',
      'measures:\n  a: { event: click, agg: count, dimension: [campaign] }',
      ["my.yaml:2:34 unknown_key measure a has no key 'dimension'. Did you mean dimensions?"],
    ],
    [
      'an unknown section',
      'measure: {}',
      ["my.yaml:1:1 unknown_key my.yaml has no key 'measure'. Did you mean measures?"],
    ],
    [
      'a duplicate key',
      'measures:\n  a: { event: click, agg: count }\n  a: { event: click, agg: count }',
      ['my.yaml:3:3 duplicate_key this key is given twice in one mapping; remove one of them.'],
    ],
    ['a missing key', 'measures:\n  a: { agg: count }', ['my.yaml:2:3 missing_key measure a needs event.']],
    [
      'an unknown event type',
      'measures:\n  a: { event: clik, agg: count }',
      ['my.yaml:2:15 unknown_name there is no event type clik. Did you mean click?'],
    ],
    [
      'an unknown aggregation',
      'measures:\n  a: { event: click, agg: avg, expr: amount }',
      [
        "my.yaml:2:27 wrong_value agg of measure a cannot be 'avg'. Known are count, sum, mean, min, max, count_distinct, quantile.",
      ],
    ],
    [
      'a mistake in a filter',
      'measures:\n  a: { event: click, agg: count, filter: "taget == \'ad\'" }',
      ['my.yaml:2:43 unknown_name in filter of measure a: click has no field taget. Did you mean target?'],
    ],
    [
      'a filter that can never hold',
      "measures:\n  a: { event: click, agg: count, filter: target == 'add' }",
      ["my.yaml:2:52 wrong_value in filter of measure a: target never is 'add'. Did you mean ad?"],
    ],
    [
      'a mistake on a later line',
      "measures:\n  a:\n    event: click\n    agg: count\n    filter: |\n      target == 'ad' && size(target)",
      [
        'my.yaml:6:25 bad_expression in filter of measure a: the dialect has no function size(). Known are has, min, max.',
      ],
    ],
    [
      'a filter that is a number',
      'measures:\n  a: { event: purchase, agg: count, filter: amount + 1 }',
      ['my.yaml:2:45 type_error in filter of measure a: the expression is a number; filter needs a condition.'],
    ],
    [
      'a count with expr',
      'measures:\n  a: { event: purchase, agg: count, expr: amount }',
      ['my.yaml:2:37 unknown_key agg: count of measure a takes no expr. Leave it out, or use agg: sum.'],
    ],
    [
      'a sum without expr',
      'measures:\n  a: { event: purchase, agg: sum }',
      ['my.yaml:2:3 missing_key measure a needs expr.'],
    ],
    [
      'an identifier as dimension',
      'measures:\n  a: { event: purchase, agg: count, dimensions: [order_id] }',
      [
        'my.yaml:2:50 unknown_name dimensions of measure a: order_id has a value for each person or thing, too many to group by. Count it with agg: count_distinct, distinct: order_id.',
      ],
    ],
    [
      'a number as dimension',
      'measures:\n  a: { event: purchase, agg: count, dimensions: [amount] }',
      ['my.yaml:2:50 unknown_name dimensions of measure a: amount is a number, not a text.'],
    ],
    [
      'a quantile out of range',
      'measures:\n  a: { event: purchase, agg: quantile, expr: amount, quantile: 90 }',
      ['my.yaml:2:64 wrong_value quantile of measure a must lie between 0 and 1. The median is 0.5.'],
    ],
    [
      'a unit that does not exist',
      'measures:\n  a: { event: purchase, agg: sum, expr: amount, unit: mony }',
      ['my.yaml:2:55 wrong_unit measure a has the unknown unit mony. Did you mean money?'],
    ],
    [
      'a unit that a count cannot have',
      'measures:\n  a: { event: purchase, agg: count, unit: money }',
      ['my.yaml:2:43 wrong_unit agg: count of measure a gives a count, not money. Leave unit out.'],
    ],
    [
      'a percentage of unlike things',
      indicator('type: ratio, numerator: revenue, denominator: orders, unit: percent'),
      ['my.yaml:8:78 wrong_unit indicator x divides money by count; that is no percentage. Did you mean money?'],
    ],
    [
      'a bad id',
      'measures:\n  Ad-Clicks: { event: click, agg: count }',
      [
        'my.yaml:2:3 bad_id Ad-Clicks cannot be an id: small letters, digits and _ only, a letter first, at most 64. Did you mean ad_clicks?',
      ],
    ],
    [
      'a missing label',
      `${MEASURES}indicators:\n  x: { type: ratio, numerator: revenue, denominator: orders }`,
      ['my.yaml:8:3 missing_key indicator x needs label.'],
    ],
    [
      'a label without English',
      indicator('label: { zh: 收入 }, type: simple, measure: revenue').replace('label: X, ', ''),
      ['my.yaml:8:8 missing_key label of indicator x needs en.'],
    ],
    [
      'an unknown measure',
      indicator('type: simple, measure: revenu'),
      [
        'my.yaml:8:41 unknown_name measure of indicator x: there is no measure or indicator revenu. Did you mean revenue?',
      ],
    ],
    [
      'an unknown name in a formula',
      indicator("type: derived, expr: '2 * revenu'"),
      [
        'my.yaml:8:44 unknown_name in expr of indicator x: there is no measure or indicator revenu. Did you mean revenue?',
      ],
    ],
    [
      'a key of another type',
      indicator('type: ratio, numerator: revenue, denominator: orders, expr: revenue'),
      ['my.yaml:8:72 unknown_key indicator x is of type ratio, which has no expr. It has numerator and denominator.'],
    ],
    [
      'an indicator with the id of another measure',
      `${MEASURES}indicators:\n  orders: { label: X, type: simple, measure: revenue }`,
      [
        'my.yaml:8:3 duplicate_id orders is a measure already, and served under that id. Give the indicator another id, or make it type: simple with measure: orders.',
      ],
    ],
    [
      'a circle',
      `${MEASURES}indicators:\n  a: { label: A, type: derived, expr: b + 1 }\n  b: { label: B, type: ratio, numerator: c, denominator: revenue }\n  c: { label: C, type: derived, expr: a * 2 }`,
      [
        'my.yaml:8:3 cycle a is computed from b, which is computed from c, which is computed from a. Break the circle at one of them.',
      ],
    ],
    [
      'an indicator of itself',
      `${MEASURES}indicators:\n  a: { label: A, type: derived, expr: a + 1 }`,
      ['my.yaml:8:3 cycle a is computed from a. Break the circle at one of them.'],
    ],
    [
      'a circle of parents',
      `${MEASURES}indicators:\n  a: { label: A, type: derived, expr: revenue, parent: b }\n  b: { label: B, type: derived, expr: revenue, parent: a }`,
      ['my.yaml:8:3 cycle a has the parent b, which has the parent a. Break the circle at one of them.'],
    ],
    [
      'a day that does not exist',
      target('{ value: 1, from: 2026-02-30, per: day, reason: r }'),
      [
        "my.yaml:8:78 bad_date from of a target of indicator x is '2026-02-30', which is no date. Write 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.",
      ],
    ],
    [
      'until before from',
      target('{ value: 1, from: 2026-02-01, until: 2026-01-01, per: day, reason: r }'),
      ['my.yaml:8:97 bad_date until of a target of indicator x is not after from.'],
    ],
    [
      'a target of a sum without its period',
      target('{ value: 1, from: 2026-01-01, reason: r }'),
      [
        'my.yaml:8:60 ambiguous_window a target of indicator x does not say for which window it holds; the value grows with the length of its window. Add per: month, or window: 30d.',
      ],
    ],
    [
      'a target of a distinct count without its window',
      target('{ value: 1, from: 2026-01-01, reason: r }', 'type: ratio, numerator: revenue, denominator: buyers'),
      [
        'my.yaml:8:82 ambiguous_window a target of indicator x does not say for which window it holds; distinct counts depend on the length of their window. Add per: month, or window: 30d.',
      ],
    ],
    [
      'a target with both',
      target('{ value: 1, from: 2026-01-01, per: day, window: 1d, reason: r }'),
      ['my.yaml:8:100 ambiguous_window a target of indicator x has both per and window. Keep one of them.'],
    ],
    [
      'a window that is a calendar period',
      target('{ value: 1, from: 2026-01-01, window: 1mo, reason: r }'),
      [
        "my.yaml:8:98 wrong_value window of a target of indicator x is '1mo', which is no length of time. A calendar period is per: week, month, quarter or year.",
      ],
    ],
    [
      'targets that overlap',
      target(
        '{ value: 1, from: 2026-01-01, per: day, reason: r }, { value: 2, from: 2026-06-01, per: day, reason: r }',
      ),
      [
        'my.yaml:8:113 overlapping_targets a target of indicator x holds at a time at which another one holds for the same segment. Give the earlier one an until that is not after this one’s from.',
      ],
    ],
    [
      'a target of an unknown segment',
      target('{ value: 1, from: 2026-01-01, per: day, by: { campain: a }, reason: r }'),
      [
        'my.yaml:8:104 unknown_name a target of indicator x holds for campain, by which the indicator is not kept. Did you mean campaign?',
      ],
    ],
    [
      'a number as text',
      indicator("type: simple, measure: revenue, minimum_volume: 'many'"),
      ["my.yaml:8:66 wrong_type minimum_volume of indicator x must be a number, not 'many'."],
    ],
    [
      'broken YAML',
      'measures:\n  a: { event: click',
      ['my.yaml:2:20 syntax Flow map in block collection must be sufficiently indented and end with a }.'],
    ],
    [
      'a list where a mapping belongs',
      'measures: [a]',
      ['my.yaml:1:11 wrong_type measures must be a mapping (key: value).'],
    ],
  ]
  it.each(cases)('%s', (_, yaml, problems) => {
    expect(problemsOf(yaml)).toEqual(problems)
  })

  it('at once, in the order of files and lines', () => {
    const problems = problemsOf('measures:\n  a: { event: clik, agg: count }\n  b: { event: click, agg: sun }', {
      'another.yaml': 'measures:\n  c: { event: click, agg: count, filters: true }\n',
      'kivi.yaml': 'timezone: Asia/Shangai\ncurrency: cny\nfiscal_year_start: 02-30\n',
    })
    expect(problems.map(p => p.split(' ', 2).join(' '))).toEqual([
      'another.yaml:2:34 unknown_key',
      'kivi.yaml:1:11 wrong_value',
      'kivi.yaml:2:11 wrong_value',
      'kivi.yaml:3:20 bad_date',
      'my.yaml:2:15 unknown_name',
      'my.yaml:3:27 wrong_value',
    ])
    expect(problems[1]).toContain('Did you mean Asia/Shanghai?')
    expect(problems[2]).toContain('Did you mean CNY?')
  })

  it('two files with one id', () => {
    const [problem] = problemsOf('measures:\n  a: { event: click, agg: count }\n', {
      'earlier.yaml': 'measures:\n  a: { event: click, agg: count }\n',
    })
    expect(problem).toBe(
      'my.yaml:2:3 duplicate_id there is another measure a in earlier.yaml. Give one of them another id.',
    )
  })
})

describe('an older schema', () => {
  const older = (record: object) => ({
    'events/older/click.1.avsc': JSON.stringify({ type: 'record', name: 'click', ...record }),
  })
  it('gets the common fields, unless it is whole', () => {
    const own = load(MEASURES, older({ fields: [] })).olderSchemas!
    expect(own.map(text => JSON.parse(text).fields.length)).toEqual([14])
    const whole = load(MEASURES, older({ fields: [{ name: 'event_id', type: 'string' }] })).olderSchemas!
    expect(whole.map(text => JSON.parse(text).fields.length)).toEqual([1])
  })
  it('of no event type, or that Avro refuses, is told', () => {
    expect(problemsOf(MEASURES, older({ name: 'clik', fields: [] }))).toEqual([
      'events/older/click.1.avsc:1:25 unknown_name there is no event type clik, so this cannot be an older form of it. Did you mean click?',
    ])
    expect(problemsOf(MEASURES, older({ fields: [{ name: 'a', type: 'no' }] }))).toEqual([
      expect.stringContaining('bad_schema Avro refuses the schema: undefined type name: kivi.no'),
    ])
  })
})

describe('targets that follow each other or hold for different segments', () => {
  it.each([
    [
      '{ value: 1, from: 2026-01-01, until: 2026-06-01, per: day, reason: r }, { value: 2, from: 2026-06-01, per: day, reason: r }',
    ],
    ['{ value: 1, from: 2026-01-01, per: day, reason: r }, { value: 2, from: 2026-01-01, per: month, reason: r }'],
    [
      '{ value: 1, from: 2026-01-01, per: day, reason: r }, { value: 2, from: 2026-01-01, per: day, by: { campaign: a }, reason: r }',
    ],
  ])('are no mistake: %s', targets => {
    expect(problemsOf(target(targets))).toEqual([])
  })
})

describe('a directory', () => {
  async function directory(files: ReadonlyMap<string, string | Uint8Array>): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'kivi-catalog-'))
    for (const [name, content] of files) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), content)
    }
    return path
  }

  it('is loaded with all its files, and has no problems to tell', async () => {
    const path = await directory(sampleFiles({ 'my.yaml': MEASURES }))
    expect(await checkCatalog(path)).toEqual([])
    expect((await loadCatalog(path)).catalog?.measures.size).toBe(5)
    await rm(path, { recursive: true })
  })

  it('that does not exist, or has a file that is not UTF-8, is refused with what to do', async () => {
    expect((await checkCatalog(join(tmpdir(), 'kivi-no-such-catalog'))).map(formatProblem)).toEqual([
      expect.stringContaining('unreadable there is no catalog here: the directory cannot be read. Set KIVI_CATALOG'),
    ])
    const path = await directory(
      new Map<string, string | Uint8Array>([...sampleFiles(), ['my.yaml', Uint8Array.of(0x61, 0xff)]]),
    )
    expect((await checkCatalog(path)).map(formatProblem)).toEqual(['my.yaml:1:1 unreadable the file is not UTF-8.'])
    await rm(path, { recursive: true })
  })

  it('without kivi.yaml says so', () => {
    const files = sampleFiles()
    files.delete('kivi.yaml')
    expect(loadCatalogFiles(files).problems?.map(formatProblem)).toEqual([
      'kivi.yaml:1:1 unreadable the file is missing. It holds at least timezone: UTC and currency: EUR.',
    ])
  })
})
