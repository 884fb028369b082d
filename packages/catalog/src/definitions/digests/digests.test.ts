import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../../load.ts'
import { sampleFiles } from '../../testing/sample-catalog.ts'

const SALES = `measures:
  clicks: { event: click, agg: count, dimensions: [campaign] }
  impressions: { event: impression, agg: count, dimensions: [campaign] }
indicators:
  ctr:
    label: CTR
    type: ratio
    numerator: clicks
    denominator: impressions
    unit: percent
    owner: growth
    level: team
    board: true
`
const ALERTS = `receivers:
  chat: { type: slack, url: { env: SLACK_URL } }
  on_call: { type: pagerduty, routing_key: { env: KEY } }
  am: { type: alertmanager, urls: ['http://am:9093'] }
  broken: { type: carrier_pigeon }
`
const load = (digests: string, alerts = ALERTS.replace(/ {2}broken.*\n/, '')) =>
  loadCatalogFiles(sampleFiles({ 'sales.yaml': SALES, 'alerts.yaml': alerts, 'digests.yaml': digests }))
const problems = (digests: string, alerts?: string): string[] =>
  (load(digests, alerts).problems ?? []).map(
    ({ line, code, message, suggestion }) => `${line} ${code} ${message}${suggestion ? ` ${suggestion}` : ''}`,
  )

describe('digests.yaml', () => {
  it('may be missing or empty', () => {
    expect(load('# nothing yet\n').catalog?.digests.size).toBe(0)
  })

  it('is read with what it does not say', () => {
    const { catalog } = load(`digests:
  - digest: weekly
    title: { en: Weekly, zh: 周报 }
    every: week
    indicators: [ctr, { indicator: clicks, by: campaign }, { owner: growth }, { north_star: true }]
    receivers: chat
  - { digest: monthly, title: Monthly, every: month, at: '18:30', day: 28, wait: 2d, indicators: [{ board: true }], language: zh }
`)
    expect(catalog?.digests.get('weekly')).toEqual({
      id: 'weekly',
      title: { en: 'Weekly', zh: '周报' },
      description: { en: '' },
      owner: null,
      every: 'week',
      at: 480,
      weekday: 1,
      day: 1,
      waitMs: 6 * 3_600_000,
      indicators: [
        { kind: 'indicator', indicator: 'ctr', by: null, top: 0 },
        { kind: 'indicator', indicator: 'clicks', by: 'campaign', top: 5 },
        { kind: 'owner', is: 'growth' },
        { kind: 'north_star' },
      ],
      receivers: ['chat'],
      language: null,
    })
    expect(catalog?.digests.get('monthly')).toMatchObject({ at: 1110, day: 28, waitMs: 48 * 3_600_000, language: 'zh' })
  })

  it('tells all mistakes at once, each with its place and what to write instead', () => {
    expect(
      problems(`digests:
  - { digest: a, title: A, every: weekly, indicators: [ctr] }
  - { digest: b, title: B, every: week, indicators: [ctrr, { indicator: ctr, by: campain }] }
  - { digest: c, title: C, every: week, at: '25:00', indicators: [ctr], receivers: [chatt] }
  - { digest: d, title: D, every: week, indicators: [ctr], receivers: [on_call, am] }
  - { digest: e, title: E, every: day, weekday: mon, wait: 13h, indicators: [ctr] }
  - { digest: f, title: F, every: month, day: 31, indicators: [{ level: team, top: 3 }] }
  - { digest: g, title: G, every: month, indicators: [{ owner: grwth }, { indicator: ctr, level: team }, { board: false }] }
  - { digest: g, title: H, every: day, indicators: [ctr] }
  - { digest: i, every: day, indicators: [] }
  - { digest: J!, title: J, every: day, indicators: [{ indicator: ctr, by: campaign, top: 21 }, 7] }
  - { digest: k, title: K, every: day, indicators: [ctr], reciever: chat }
`),
    ).toEqual([
      "2 wrong_value every of digest a cannot be 'weekly'. Did you mean week?",
      '3 unknown_name indicators of digest b: there is no indicator or measure ctrr. Did you mean ctr?',
      '3 unknown_name by of an entry of indicators of digest b: ctr cannot be asked by campain. Did you mean campaign?',
      "4 wrong_value at of digest c is '25:00', which is no time of day. Write '08:00', in quotes, from '00:00' to '23:59'.",
      '4 unknown_name receivers of digest c: alerts.yaml has no receiver chatt. Did you mean chat?',
      '5 wrong_value receivers of digest d: on_call is of type pagerduty: it opens incidents and calls people, and a report is none. Name a chat, a webhook, a topic or an e-mail.',
      '5 wrong_value receivers of digest d: am is of type alertmanager: it takes alerts only. Name a chat, a webhook, a topic or an e-mail.',
      '6 unknown_key digest e is for every day, and weekday is of one for every week. Leave it out, or write every: week.',
      '6 wrong_value wait of digest e is 13h: a report for every day waits for its data 12h at most. It is sent with what there is then, and says so.',
      '7 wrong_value day of digest f is 31: not every month has it. Write 1 to 28.',
      '7 unknown_key an entry of indicators of digest f: top is of an entry that names one indicator.',
      '8 unknown_name an entry of indicators of digest g: no indicator has owner grwth. Did you mean growth?',
      '8 wrong_value an entry of indicators of digest g must say one of indicator, level, owner, strategy, north_star, board.',
      '8 wrong_value board of an entry of indicators of digest g can only be true. Leave the entry out.',
      '9 duplicate_id there is another digest g in digests.yaml. Give one of them another id.',
      '10 missing_key digest i needs title.',
      '11 bad_id J! cannot be an id: small letters, digits and _ only, a letter first, at most 64.',
      '11 wrong_value top of an entry of indicators of digest J! is 21: expected 1 to 20.',
      '11 wrong_type an entry of indicators of digest J! is neither an id nor a mapping.',
      "12 unknown_key digest k has no key 'reciever'. Did you mean receivers?",
    ])
  })

  it('says nothing of a receiver whose own mistake is told', () => {
    const found = problems(
      'digests: [{ digest: a, title: A, every: day, indicators: [ctr], receivers: [broken] }]\n',
      ALERTS,
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('carrier_pigeon')
  })

  it('is where digests stand', () => {
    const files = sampleFiles({ 'sales.yaml': `${SALES}digests: []\n` })
    expect(loadCatalogFiles(files).problems?.map(({ message }) => message)).toEqual([
      'digests stands in a file that is not about digests.',
    ])
  })
})
