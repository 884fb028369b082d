import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../../load.ts'
import { formatProblem } from '../../problems.ts'
import { problemsOf, sampleFiles } from '../../testing/sample-catalog.ts'

const ENTITIES = `entities:
  person:
    key: person
    fields:
      clicks: { event: click, agg: list, keep: [campaign, channel] }
      seen: { event: impression, agg: list, keep: [campaign] }
      bought: { event: purchase, agg: list, expr: amount }
      first_click: { event: click, agg: min, expr: event_time }
  order:
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      amount: { agg: sum, expr: amount }
      buyer: { agg: first, expr: person }
      campaign: { agg: first, expr: campaign }
  campaign:
    key: campaign
    event: click
    fields: { clicks: { agg: list } }
`
const ATTRIBUTION = `attributions:
  credit:
    touches: [{ list: person.clicks }, { list: person.seen, filter: campaign != '' }]
    conversions: { entity: order, at: ordered, person: buyer, filter: amount > 0 }
    window: 7d
    credit: linear
`
const FUNNEL = `funnels:
  shop:
    within: 1h
    dimensions: [channel]
    steps: [{ name: saw, event: impression, filter: target == 'ad' }, { name: bought, label: { en: Bought }, event: purchase }]
`
const REFERENCES = `references:
  market: { unit: count, values: [{ from: 2026-01-01, value: 100 }, { from: 2025-01-01, value: 90 }] }
  sales: { kind: flow, unit: money, dimensions: [region], values: [{ from: 2026-01-01, until: 2026-02-01, value: 7, by: { region: north } }] }
`
const SEGMENTS = `segments:
  value: { entity: person, value: sum(bought), measured: 'sum(bought, window_start, window_end)', limits: { high: 20, low: 0 }, shares: { high: 0.2, low: 0.8 } }
`
const ALL = `${ENTITIES}${ATTRIBUTION}${FUNNEL}${REFERENCES}${SEGMENTS}`

function load(yaml: string, files: Record<string, string> = {}) {
  const loaded = loadCatalogFiles(sampleFiles({ 'my.yaml': yaml, ...files }))
  if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
  return loaded.catalog
}

const measured = (rest: string) => load(`${ALL}measures:\n  m: { ${rest} }\n`).derivedMeasures.get('m')

describe('an attribution', () => {
  const { attributions } = load(ALL)

  it('has touches, conversions, a window and a model', () => {
    const { touches, conversions, windowMs, credit } = attributions.get('credit')!
    expect(touches).toMatchObject([
      { kind: 'list', entity: 'person', list: 'clicks', filter: null },
      { kind: 'list', entity: 'person', list: 'seen', filter: { source: "campaign != ''" } },
    ])
    expect(touches[1]!.filter!.toSql(null)).toBe("(each_k[1] NOT IN (''))")
    expect(conversions).toMatchObject({ kind: 'rows', entity: 'order', person: 'buyer', at: { source: 'ordered' } })
    expect([windowMs, credit]).toEqual([604_800_000, 'linear'])
  })

  it('credits the last touch where it does not say, and takes rows of persons as they are', () => {
    const yaml = `${ENTITIES}attributions:\n  a: { touches: [{ entity: person, at: first_click }], conversions: { list: person.bought }, window: 1h }\n`
    expect(load(yaml).attributions.get('a')).toMatchObject({
      credit: 'last',
      touches: [{ kind: 'rows', person: null }],
      conversions: { kind: 'list', list: 'bought' },
    })
  })

  it('has a version that changes with what earns credit, and with nothing else', () => {
    const version = (yaml: string) => load(yaml).attributions.get('credit')!.version
    const before = version(ALL)
    expect(before).toMatch(/^[0-9a-f]{12}$/)
    for (const [from, to] of [
      ['window: 7d', 'window: 8d'],
      ['credit: linear', 'credit: any'],
      ['amount > 0', 'amount > 1'],
      ['{ list: person.clicks }, ', ''],
    ] as const) {
      expect(ALL).toContain(from)
      expect(version(ALL.replace(from, to)), from).not.toBe(before)
    }
    expect(version(ALL.replace('  order:\n', '  order:\n    label: Orders\n'))).toBe(before)
  })

  it.each([
    ['touches', 'count', 'count'],
    ['converted_touches', 'count', 'count'],
    ['conversions', 'sum', 'count'],
    ['persons', 'count_distinct', 'count'],
    ['converted_persons', 'count_distinct', 'count'],
  ])('is counted as %s', (counts, agg, unit) => {
    expect(measured(`attribution: credit, counts: ${counts}, dimensions: [campaign]`)).toMatchObject({
      ...{ kind: 'attributed', attribution: 'credit', counts, agg, unit, expr: null, dimensions: ['campaign'] },
      followUp: { ms: 604_800_000 },
    })
  })

  it('is counted as the value of what it is credited with', () => {
    const found = measured('attribution: credit, counts: value, expr: amount * 2, unit: money, better: lower')
    expect(found).toMatchObject({ agg: 'sum', unit: 'money', expr: { fields: ['amount'] }, better: 'lower' })
  })
})

describe('a funnel', () => {
  it('has steps, a length and dimensions of its first step', () => {
    const funnel = load(ALL).funnels.get('shop')!
    expect(funnel).toMatchObject({ name: 'shop', label: { en: 'Shop' }, withinMs: 3_600_000, dimensions: ['channel'] })
    expect(funnel.steps.map(({ name, label, events, filter }) => [name, label.en, events, filter?.source])).toEqual([
      ['saw', 'Saw', ['impression'], "target == 'ad'"],
      ['bought', 'Bought', ['purchase'], undefined],
    ])
  })

  it('has a version that changes with its steps and its length, not with words', () => {
    const version = (yaml: string) => load(yaml).funnels.get('shop')!.version
    const before = version(ALL)
    expect(version(ALL.replace('within: 1h', 'within: 2h'))).not.toBe(before)
    expect(version(ALL.replace("target == 'ad'", "target == 'cta'"))).not.toBe(before)
    expect(version(ALL.replace('{ en: Bought }', '{ en: Paid }').replace('name: saw', 'name: noticed'))).toBe(before)
  })

  it('is measured by its steps', () => {
    expect(measured('funnel: shop, step: bought, label: Buyers')).toMatchObject({
      ...{ kind: 'funnel', funnel: 'shop', step: 1, agg: 'count_distinct', dimensions: ['channel'], unit: 'count' },
      ...{ followUp: { ms: 3_600_000 }, label: { en: 'Buyers' } },
    })
  })
})

describe('a reference', () => {
  it('has its values by time, from midnight in the zone of the catalog', () => {
    const { references } = load(ALL)
    expect(references.get('market')).toMatchObject({
      kind: 'level',
      dimensions: [],
      values: [
        { value: 90, from: Date.parse('2024-12-31T16:00:00Z'), until: null, by: {} },
        { value: 100, from: Date.parse('2025-12-31T16:00:00Z'), until: null, by: {} },
      ],
    })
    expect(references.get('sales')).toMatchObject({
      kind: 'flow',
      values: [{ value: 7, until: Date.parse('2026-01-31T16:00:00Z'), by: { region: 'north' } }],
    })
  })

  it('has them from a file too', () => {
    const csv =
      '\uFEFFfrom,until,region,value\r\n2026-01-01,2026-02-01,"a ""b"", c",1.5\r\n\r\n2026-02-01T00:00:00Z,2026-03-01,,-2e3\r\n'
    const yaml = 'references:\n  r: { kind: flow, dimensions: [region], file: r.csv }\n'
    expect(load(yaml, { 'references/r.csv': csv }).references.get('r')!.values).toEqual([
      {
        value: 1.5,
        from: Date.parse('2025-12-31T16:00:00Z'),
        until: Date.parse('2026-01-31T16:00:00Z'),
        by: { region: 'a "b", c' },
      },
      { value: -2000, from: Date.parse('2026-02-01T00:00:00Z'), until: Date.parse('2026-02-28T16:00:00Z'), by: {} },
    ])
  })

  it('is measured by its level at the end, else as the measure says, or as a sum', () => {
    expect(measured('reference: market')).toMatchObject({ kind: 'reference', take: 'end', unit: 'count' })
    expect(measured('reference: market, take: mean')).toMatchObject({ take: 'mean' })
    expect(measured('reference: sales')).toMatchObject({
      take: 'sum',
      agg: 'sum',
      dimensions: ['region'],
      unit: 'money',
    })
  })
})

describe('value segments', () => {
  it('have what decides and what is measured, limits and shares, the highest first', () => {
    const segments = load(ALL).valueSegments.get('value')!
    expect(segments).toMatchObject({
      entity: 'person',
      limits: [
        { segment: 'high', from: 20 },
        { segment: 'low', from: 0 },
      ],
      shares: [
        { segment: 'high', share: 0.2 },
        { segment: 'low', share: 0.8 },
      ],
    })
    expect(segments.measured.uses).toEqual(['window_end', 'window_start'])
  })
})

describe('nothing of journeys', () => {
  it('is part of what decides slices', () => {
    const measures = 'measures:\n  clicks: { event: click, agg: count }\n'
    const identity = {
      'kivi.yaml': "timezone: Asia/Shanghai\ncurrency: CNY\nidentity: { link: '*' }\nbusiness_hours: { days: [mon] }\n",
    }
    expect(load(`${ALL}${measures}  m: { attribution: credit, counts: touches }\n`, identity).hash).toBe(
      load(measures).hash,
    )
  })
})

describe('every mistake in journeys is told with its place and what to do', () => {
  const touches = (text: string) => ATTRIBUTION.replace('{ list: person.clicks }', text)
  const conversions = (text: string) =>
    ATTRIBUTION.replace('{ entity: order, at: ordered, person: buyer, filter: amount > 0 }', text)
  const steps = (text: string) => `funnels:\n  f: { within: 1h, steps: [${text}] }\n`
  const values = (text: string, more = '') => `references:\n  r: { ${more}values: [${text}] }\n`
  const segments = (from: string, to: string) => SEGMENTS.replace(from, to)
  const measures = (text: string) => `${ATTRIBUTION}${FUNNEL}${REFERENCES}measures:\n  m: { ${text} }\n`
  const cases: [what: string, yaml: string, problems: string[]][] = [
    [
      'an attribution without a window',
      ATTRIBUTION.replace('    window: 7d\n', ''),
      ['22:3 missing_key attribution credit needs window.'],
    ],
    [
      'a window that is no length',
      ATTRIBUTION.replace('7d', '1w'),
      [
        '25:13 wrong_value window of attribution credit: "1w" is not a length of time; write a whole number and s, m, h or d: 90s, 5m, 1h, 7d. A week is 7d; a calendar week is period=week.',
      ],
    ],
    [
      'an unknown model',
      ATTRIBUTION.replace('linear', 'liner'),
      ["26:13 wrong_value credit of attribution credit cannot be 'liner'. Did you mean linear?"],
    ],
    [
      'no touches',
      `attributions:\n  a: { touches: [], conversions: { list: person.bought }, window: 1h }\n`,
      ['22:17 wrong_value touches of attribution a is an empty list.'],
    ],
    [
      'touches that are nothing',
      touches("{ filter: campaign != '' }"),
      [
        '23:15 missing_key a source of touches of attribution credit names nothing that happens. Write list: person.ad_clicks, or entity: and at:.',
      ],
    ],
    [
      'a list of no entity',
      touches('{ list: clicks }'),
      [
        "23:23 wrong_value list of a source of touches of attribution credit is 'clicks', which does not say of which entity. Write ENTITY.LIST, such as person.ad_clicks.",
      ],
    ],
    [
      'a list of an unknown entity',
      touches('{ list: persons.clicks }'),
      [
        '23:23 unknown_name list of a source of touches of attribution credit: there is no entity persons. Did you mean person?',
      ],
    ],
    [
      'an unknown list',
      touches('{ list: person.click }'),
      [
        '23:23 unknown_name list of a source of touches of attribution credit: person has no list click. Did you mean clicks?',
      ],
    ],
    [
      'a list that is one value',
      touches('{ list: person.first_click }'),
      [
        '23:23 type_error list of a source of touches of attribution credit: first_click is one value, not a list of observations. Give the field agg: list.',
      ],
    ],
    [
      'a list of no persons',
      touches('{ list: campaign.clicks }'),
      [
        "23:23 wrong_value a source of touches of attribution credit: the rows of campaign are no persons', so that nobody knows whose clicks are. Take a list of an entity with key: person, or entity: with person: a field that says whose.",
      ],
    ],
    [
      'rows beside a list',
      touches('{ list: person.clicks, at: first_click }'),
      ["23:38 unknown_key a source of touches of attribution credit has no key 'at'. Known are list, filter."],
    ],
    [
      'rows of nobody',
      conversions('{ entity: order, at: ordered }'),
      [
        '24:5 missing_key conversions of attribution credit needs person: the rows of order do not say whose they are. Write person: buyer.',
      ],
    ],
    [
      'rows of nobody ever',
      conversions('{ entity: campaign, at: last_time(clicks) }'),
      [
        '24:5 missing_key conversions of attribution credit needs person: the rows of campaign do not say whose they are. Give campaign a field such as person: { agg: first, expr: person }.',
      ],
    ],
    [
      'a person that is none',
      conversions('{ entity: order, at: ordered, person: campaign }'),
      ['24:56 type_error person of conversions of attribution credit: campaign is not one person. Known are buyer.'],
    ],
    [
      'an unknown person',
      conversions('{ entity: order, at: ordered, person: byer }'),
      ['24:56 unknown_name person of conversions of attribution credit: order has no field byer. Did you mean buyer?'],
    ],
    [
      'rows at no time',
      conversions('{ entity: order, at: amount, person: buyer }'),
      ['24:39 type_error in at of conversions of attribution credit: the expression is a number; at needs a time.'],
    ],
    [
      'a filter of another list',
      touches("{ list: person.bought, filter: campaign != '' }"),
      [
        '23:46 unknown_name in filter of a source of touches of attribution credit: person has no field campaign. Known are clicks, seen, bought, first_click, each_t, each_v, known_until, person.',
      ],
    ],

    [
      'a measure of an unknown attribution',
      measures('attribution: credits, counts: touches'),
      ['36:21 unknown_name attribution of measure m: there is no attribution credits. Did you mean credit?'],
    ],
    [
      'counting the unknown',
      measures('attribution: credit, counts: touch'),
      [
        "36:37 wrong_value counts of measure m cannot be 'touch'. Known are touches, converted_touches, conversions, value, persons, converted_persons.",
      ],
    ],
    ['a value of nothing', measures('attribution: credit, counts: value'), ['36:3 missing_key measure m needs expr.']],
    [
      'expr of a count',
      measures('attribution: credit, counts: touches, expr: amount'),
      ['36:46 unknown_key counts: touches of measure m takes no expr. Leave it out, or use counts: value.'],
    ],
    [
      'a count in money',
      measures('attribution: credit, counts: touches, unit: money'),
      ['36:52 wrong_unit counts: touches of measure m gives a count, not money. Leave unit out.'],
    ],
    [
      'a value in percent',
      measures('attribution: credit, counts: value, expr: amount, unit: percent'),
      ['36:64 wrong_unit a measure such as measure m is no share of anything. Leave unit out.'],
    ],
    [
      'a dimension that some touches lack',
      measures('attribution: credit, counts: touches, dimensions: [channel]'),
      ['36:59 unknown_name dimensions of measure m: not all touches of credit have channel. Known are campaign.'],
    ],
    [
      'over two things',
      measures('attribution: credit, funnel: shop, counts: touches'),
      ['36:29 unknown_key measure m is over both attribution and funnel. Keep one of them.'],
    ],

    [
      'a funnel of one step',
      steps('{ name: a, event: click }'),
      ['22:27 wrong_value funnel f has one step; 2 to 10 make a funnel.'],
    ],
    [
      'two steps of one name',
      steps('{ name: a, event: click }, { name: a, event: purchase }'),
      ['22:63 duplicate_id funnel f has two steps a.'],
    ],
    [
      'a step without events',
      steps('{ name: a }, { name: b, event: click }'),
      ['22:28 missing_key a step of funnel f needs event.'],
    ],
    [
      'a step of words',
      steps('{ name: Put in cart, event: click }, { name: b, event: click }'),
      [
        '22:36 bad_id Put in cart cannot name a step: small letters, digits and _ only, a letter first. Its label can have any words.',
      ],
    ],
    [
      'a step of an unknown event',
      steps('{ name: a, event: clik }, { name: b, event: click }'),
      ['22:46 unknown_name there is no event type clik. Did you mean click?'],
    ],
    [
      'a filter of another event',
      steps('{ name: a, event: click, filter: amount > 1 }, { name: b, event: click }'),
      [
        '22:61 unknown_name in filter of a step of funnel f: click has no field amount. Known are source, user_id, anonymous_id, session_id, channel, campaign, region, segment, product_id, category, target.',
      ],
    ],
    [
      'a dimension that the first step lacks',
      FUNNEL.replace('[channel]', '[order_id, channel, channel]'),
      [
        '24:18 unknown_name dimensions of funnel shop, which are those of its first step: impression has no field order_id. Known are source, user_id, anonymous_id, session_id, channel, campaign, region, segment, product_id, category, target, ad_id.',
        '24:37 duplicate_id dimensions of funnel shop name channel twice.',
      ],
    ],
    [
      'an unknown step',
      measures('funnel: shop, step: buoght'),
      ['36:28 unknown_name step of measure m: funnel shop has no step buoght. Did you mean bought?'],
    ],

    ['a figure without from', values('{ value: 1 }'), ['22:17 missing_key a value of reference r needs from.']],
    [
      'a figure of no number',
      values('{ from: 2026-01-01, value: many }'),
      ["22:44 wrong_type value of a value of reference r must be a number, not 'many'."],
    ],
    [
      'a date that is none',
      values('{ from: 2026-02-30, value: 1 }'),
      [
        "22:25 bad_date from of a value of reference r is '2026-02-30', which is no date. Write 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.",
      ],
    ],
    [
      'a flow without an end',
      values('{ from: 2026-01-01, value: 1 }', 'kind: flow, '),
      ['22:29 missing_key a value of reference r needs until: a flow is what came between two dates.'],
    ],
    [
      'an end before the beginning',
      values('{ from: 2026-01-02, until: 2026-01-01, value: 1 }'),
      ['22:44 bad_date until of a value of reference r is not after from.'],
    ],
    [
      'two figures at a time',
      values('{ from: 2026-01-01, value: 1 }, { from: 2026-01-01, value: 2 }'),
      [
        '22:49 overlapping_values a value of reference r begins while another one holds for the same segment. Give the earlier one an until that is not after this one’s from.',
      ],
    ],
    [
      'a figure of an unknown dimension',
      values('{ from: 2026-01-01, value: 1, by: { reigon: x } }', 'dimensions: [region], '),
      ['22:75 unknown_name by of a value of reference r: it has no dimension reigon. Did you mean region?'],
    ],
    [
      'values beside a file',
      'references:\n  r: { values: [], file: r.csv }\n',
      [
        '22:20 unknown_key reference r has both values and file. Keep one of them.',
        '22:26 unknown_name file of reference r: there is no references/r.csv in the catalog. Put it into the directory references.',
      ],
    ],
    [
      'a file that is not there',
      'references:\n  r: { file: r.csv }\n',
      [
        '22:14 unknown_name file of reference r: there is no references/r.csv in the catalog. Put it into the directory references.',
      ],
    ],
    [
      'the sum of a level',
      measures('reference: market, take: sum'),
      ['36:33 wrong_value market is a level, which has no sum. Take start, end or mean.'],
    ],
    [
      'the end of a flow',
      measures('reference: sales, take: end'),
      ['36:32 wrong_value sales is a flow, of which measure m can only take the sum. Leave take out.'],
    ],

    [
      'segments of orders',
      segments('entity: person', 'entity: order'),
      [
        '22:20 wrong_value segments value divides persons, and the rows of order are something else. Name an entity with key: person, not split into sessions.',
      ],
    ],
    [
      'membership by the window',
      segments('value: sum(bought),', "value: 'sum(bought, 0, window_end)',"),
      [
        '22:51 unknown_name in value of segments value: window_end means nothing here: only measures with as_of: end, and what segments measure, know their window.',
      ],
    ],
    [
      'a value that is a time',
      segments('value: sum(bought),', 'value: first_click,'),
      ['22:35 type_error in value of segments value: the expression is a time; value needs a number.'],
    ],
    [
      'limits upside down',
      segments('{ high: 20, low: 0 }', '{ high: 0, low: 20 }'),
      [
        '22:107 wrong_value limits of segments value: low begins at 20, which is not below high. Write the highest segment first.',
      ],
    ],
    [
      'one segment',
      segments('{ high: 20, low: 0 }', '{ high: 20 }').replace('{ high: 0.2, low: 0.8 }', '{ high: 1 }'),
      [
        '22:107 wrong_value segments value needs at least two segments.',
        '22:129 wrong_value shares of segments value must lie between 0 and 1 and add up to 1, not 1.',
      ],
    ],
    [
      'shares that are too much',
      segments('low: 0.8', 'low: 0.9'),
      ['22:137 wrong_value shares of segments value must lie between 0 and 1 and add up to 1, not 1.1.'],
    ],
    [
      'shares of others',
      segments('{ high: 0.2, low: 0.8 }', '{ high: 0.2, mid: 0.8 }'),
      [
        '22:137 wrong_value shares of segments value name high, mid, its limits high, low. Both have the same segments, the highest first.',
      ],
    ],
  ]
  it.each(cases)('%s', (_, yaml, problems) => {
    expect(problemsOf(`${ENTITIES}${yaml}`)).toEqual(problems.map(problem => `my.yaml:${problem}`))
  })

  it.each([
    [
      'no names of columns',
      '',
      [
        '1:1 missing_key the column from is missing. The first line names columns: from,until,value,region.',
        '1:1 missing_key the column value is missing. The first line names columns: from,until,value,region.',
        '1:1 missing_key the column region is missing. The first line names columns: from,until,value,region.',
      ],
    ],
    [
      'an unknown column',
      'from,value,reigon',
      [
        "1:12 unknown_key the column 'reigon' means nothing here. Did you mean region?",
        '1:1 missing_key the column region is missing. The first line names columns: from,until,value,region.',
      ],
    ],
    ['a column twice', 'from,value,region,from', ['1:19 duplicate_key there are two columns from.']],
    [
      'no number',
      'from,value,region\n2026-01-01,"1,000",x',
      ["2:12 wrong_type value is '1,000', which is no number. Write 1200000 or 0.5, without blanks."],
    ],
    [
      'no date',
      'from,value,region\n1.1.2026,5,x',
      [
        "2:1 bad_date from is '1.1.2026', which is no date. Write 2026-01-31, or an instant such as 2026-01-31T08:00:00Z.",
      ],
    ],
    [
      'an end before the beginning',
      'from,until,value,region\n2026-01-02,2026-01-01,5,x',
      ['2:12 bad_date until of a value of reference r is not after from.'],
    ],
    [
      'two at a time',
      'from,value,region\n2026-01-02,5,x\n2026-01-02,6,x',
      [
        '3:1 overlapping_values a value of reference r begins while another one holds for the same segment. Give the earlier one an until that is not after this one’s from.',
      ],
    ],
  ])('in a file: %s', (_, csv, problems) => {
    const found = problemsOf('references:\n  r: { dimensions: [region], file: r.csv }\n', { 'references/r.csv': csv })
    expect([...found].sort()).toEqual(problems.map(problem => `references/r.csv:${problem}`).sort())
  })

  it('in kivi.yaml', () => {
    const settings = `timezone: UTC
currency: EUR
identity: { link: [identfy, click] }
active: { events: [clik], also: [{ event: purchase, filter: amount }] }
business_hours: { days: [mon, funday], from: '25:00', until: '08:00' }
`
    expect(problemsOf('', { 'kivi.yaml': settings })).toEqual([
      'kivi.yaml:3:20 unknown_name link of identity: there is no event type identfy. Known are click, impression, purchase.',
      'kivi.yaml:4:20 unknown_name events of active: there is no event type clik. Did you mean click?',
      'kivi.yaml:4:61 type_error in filter of an entry of also: the expression is a number; filter needs a condition.',
      "kivi.yaml:5:31 wrong_value days of business_hours: 'funday' is no day. Write mon, tue, wed, thu, fri, sat, sun.",
      "kivi.yaml:5:46 wrong_value from of business_hours is '25:00', which is no time of day. Write '09:00', in quotes.",
      'kivi.yaml:5:62 wrong_value until of business_hours is not after from. Hours over midnight cannot be told.',
    ])
  })

  it('says what of kivi.yaml is missing or unknown', () => {
    const settings = 'timezone: UTC\ncurrency: EUR\nidentity: {}\nactive: { event: click }\n'
    expect(problemsOf('', { 'kivi.yaml': settings })).toEqual([
      'kivi.yaml:3:1 missing_key identity needs link.',
      'kivi.yaml:4:1 missing_key active needs events.',
      "kivi.yaml:4:11 unknown_key active has no key 'event'. Did you mean events?",
    ])
  })
})

describe('what kivi.yaml says of persons', () => {
  const settings = (more: string) => load('', { 'kivi.yaml': `timezone: UTC\ncurrency: EUR\n${more}` })
  it('links ids by the events that it names, by all, or never', () => {
    expect(settings('').linkedBy).toEqual([])
    expect(settings('identity: { link: [purchase, click] }\n').linkedBy).toEqual(['click', 'purchase'])
    expect(settings("identity: { link: '*' }\n").linkedBy).toEqual(['*'])
  })
  it('has the events that make a person active', () => {
    const active = "active: { events: [click], also: [{ event: impression, filter: target == 'ad' }] }\n"
    expect(settings(active).active.map(({ events, filter }) => [events, filter?.source ?? null])).toEqual([
      [['click'], null],
      [['impression'], "target == 'ad'"],
    ])
  })
})
