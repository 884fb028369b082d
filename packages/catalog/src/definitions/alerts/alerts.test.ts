import { NO_ALERTING } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { loadCatalogFiles } from '../../load.ts'
import { sampleFiles } from '../../testing/sample-catalog.ts'

const SALES = `measures:
  clicks: { event: click, agg: count, dimensions: [campaign] }
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
indicators:
  ctr: { label: CTR, type: ratio, numerator: clicks, denominator: impressions, unit: percent, minimum_volume: 500 }
  takings:
    label: Takings
    type: simple
    measure: revenue
    targets: [{ value: 1000, per: month, from: 2026-01-01, reason: plan }]
`
const load = (alerts: string, more: Readonly<Record<string, string>> = {}) =>
  loadCatalogFiles(sampleFiles({ 'sales.yaml': SALES, 'alerts.yaml': alerts, ...more }))
/** `line code message suggestion` */
const problems = (alerts: string, more?: Readonly<Record<string, string>>): string[] =>
  (load(alerts, more).problems ?? []).map(
    ({ file, line, code, message, suggestion }) =>
      `${file === 'alerts.yaml' ? '' : `${file}:`}${line} ${code} ${message}${suggestion ? ` ${suggestion}` : ''}`,
  )
const alerting = (alerts: string) => {
  const { catalog } = load(alerts)
  if (catalog === undefined) throw new Error(problems(alerts).join('\n'))
  return catalog.alerting
}

describe('alerts.yaml', () => {
  it('may be missing or empty: then nobody is told anything', () => {
    expect(loadCatalogFiles(sampleFiles({ 'sales.yaml': SALES })).catalog?.alerting).toEqual(NO_ALERTING)
    expect(alerting('# nothing yet\n').rules.size).toBe(0)
  })

  it('tells all mistakes at once, each with its place and what to write instead', () => {
    expect(
      problems(`alerts:
  - { alert: A, indicator: ctrr, condition: value < 1 }
  - { alert: B, indicator: ctr, condition: valu < target, by: [campain] }
  - { alert: C, indicator: ctr }
  - { alert: D, indicator: ctr, condition: value < 1, absent: 7d }
  - { alert: E, indicator: ctr, condition: value + 1, for: soon, no_data: never }
  - { alert: F, stalled: 5m, indicator: ctr, window: 5m }
  - { alert: A, indicator: ctr, condition: value < 1 }
  - { alert: G H, indicator: ctr, condition: 1 < 2, labels: { severity: fatal, alertname: x } }
  - { alert: I, indicator: ctr, condition: value < 1, annotations: { summary: 'of {{campagin}}' }, by: [campaign] }
  - { alert: J, indicator: ctr, anomaly: { score: 0.5, weeks: 3 }, recovery: value > 1 }
  - { alert: K, indicator: takings, condition: value < target, window: 1h }
  - { alert: L, indicator: ctr, pace: { per: month } }
  - { alert: M, indicator: ctr, condition: value < 1, window: 30d, every: 1m }
  - { alert: N, indicator: ctr, condition: value < 1, every: 15s }
`),
    ).toEqual([
      '2 unknown_name alert A: there is no indicator ctrr. Did you mean ctr?',
      '3 unknown_name in condition of alert B: a condition knows no valu. Did you mean value?',
      '4 missing_key alert C does not say when it fires. Give it one of condition, anomaly, absent, pace, stalled, dead_letters, undelivered.',
      '5 unknown_key alert D says twice when it fires: condition, absent. Make two alerts of it.',
      '6 type_error in condition of alert E: it is a number; a condition is needed. Compare it: value < 10.',
      "6 wrong_value for of alert E is 'soon', which is no length of time. Write 30s, 15m, 12h or 7d.",
      expect.stringContaining("6 wrong_value no_data of alert E cannot be 'never'."),
      '7 unknown_key alert F is about Kivi itself, and has no indicator. Leave it out.',
      '7 unknown_key alert F is about now, and has no window. Leave it out.',
      '8 duplicate_id there is another alert A in alerts.yaml. Give one of them another name.',
      '9 bad_id G H cannot be a name: letters, digits and _ only, a letter first, at most 64.',
      '9 type_error in condition of alert G H: it names no value: it would always be the same.',
      expect.stringContaining("9 wrong_value severity of labels of alert G H cannot be 'fatal'."),
      '9 bad_id every alert has a label alertname of its own.',
      '10 unknown_name summary of alert I names {{campagin}}, which this alert does not have. Did you mean campaign?',
      '11 wrong_value score of anomaly of alert J is 0.5; it lies between 1 and 100.',
      expect.stringContaining("11 unknown_key anomaly of alert J has no key 'weeks'."),
      '11 unknown_key alert J has recovery without a condition.',
      '12 ambiguous_window alert K compares with the target of takings, which holds per: month and never judges this window. Ask whether the period will miss it: pace: { per: month }; or give the alert that window.',
      '13 wrong_value ctr does not add up over a period, so that no pace leads to its end. Compare its value: condition: value < target.',
      '14 wrong_value alert M looks back so far that only quarters of an hour are stored there. Let it be evaluated every: 15m, 1h, or another multiple of 15m.',
      '15 wrong_value every of alert N is 15s, which is no multiple of 10 s. Write 20s.',
    ])
  })

  it('holds no secrets: what is one is named', () => {
    const advice = 'Say where it is'
    const told = problems(`receivers:
  a: { type: slack, url: https://hooks.slack.com/services/T/B/x }
  b: { type: webhook, url: 'https://ann:pw@example.com/' }
  c: { type: webhook, url: https://example.com, headers: { Authorization: Bearer x } }
  d: { type: email, host: h, from: a@b.c, to: [nobody], username: u, password: pw }
  e: { type: pagerduty, routing_key: { env: KEY, file: /key } }
  f: { type: dingtalk }
  g: { type: slak }
  h: { type: teams, url: { env: TEAMS }, channel: x, timeout: 1m }
`)
    expect(told).toEqual([
      expect.stringContaining(
        `2 wrong_value url of receiver a is a secret, and secrets do not stand in the catalog. ${advice}`,
      ),
      '3 wrong_value url of receiver b: the address holds a password. Say where the address is: { env: NAME }.',
      expect.stringContaining('4 wrong_value Authorization of receiver c is a secret'),
      "5 wrong_value to of receiver d: 'nobody' is no address.",
      expect.stringContaining('5 wrong_value password of receiver d is a secret'),
      '6 missing_key routing_key of receiver e needs env or file, one of them.',
      '7 missing_key receiver f needs url.',
      expect.stringMatching(/^8 wrong_value type of receiver g cannot be 'slak'\. Did you mean slack\?$/),
      '9 unknown_key receiver h is of type teams, which has no channel. It has url.',
      expect.stringContaining('9 wrong_value timeout of receiver h is longer than 10s.'),
    ])
  })

  it('checks routes, intervals and inhibitions against what there is', () => {
    expect(
      problems(`receivers:
  chat: { type: kafka, topic: t }
route:
  receiver: chatt
  match: [a="b"]
  active_in: [ofice]
  routes:
    - { receiver: chat }
    - { match: ['team'], receiver: chat, escalate: [{ after: 5m, receiver: nobody }] }
time_intervals:
  office: { timezone: Mars/Base, any: [{ weekdays: [mon, holiday], times: [{ from: '18:00', until: '09:00' }], except: [2026-02-30], dates_file: x.csv }] }
inhibit:
  - { source: [a="b"] }
`),
    ).toEqual([
      '4 unknown_name receiver of the route: there is no receiver chatt. Did you mean chat?',
      '5 unknown_key the outermost route takes every alert, and has no match. Put it into one of its routes.',
      '6 unknown_name active_in of the route: there is no time interval ofice. Did you mean office?',
      expect.stringContaining('8 missing_key a route of default does not say which alerts it takes.'),
      expect.stringContaining("9 bad_expression match of a route of default: 'team' says nothing about a label."),
      '9 unknown_name receiver of an escalation of a route of default: there is no receiver nobody. Known are chat.',
      expect.stringContaining("11 wrong_value timezone of time interval office is 'Mars/Base'"),
      expect.stringContaining("11 wrong_value weekdays of a part of time interval office: 'holiday' is none."),
      expect.stringContaining('11 wrong_value times of a part of time interval office end before they begin.'),
      expect.stringContaining("11 bad_date except of a part of time interval office: '2026-02-30' is no date."),
      expect.stringContaining(
        '11 unknown_name dates_file of a part of time interval office: there is no file x.csv in calendars.',
      ),
      '13 missing_key an inhibition needs target.',
    ])
  })

  it('knows which labels alerts can have, and refuses what would match none of them', () => {
    const rest = (label: string, group: string, source: string) => `alerts:
  - { alert: CtrLow, indicator: ctr, condition: value < 1, by: [campaign], labels: { team: growth } }
  - { alert: Failing, undelivered: 15m }
receivers:
  chat: { type: kafka, topic: t }
route:
  receiver: chat
  group_by: [${group}]
  routes:
    - { match: ['${label}'], receiver: chat }
inhibit:
  - { source: ['${source}'], target: [indicator!=""], equal: [${group}] }
`
    expect(problems(rest('team="growth"', 'campaign', 'alertname="CtrLow"'))).toEqual([])
    expect(problems(rest('receiver=~"c.*"', "'...'", 'severity="page"'))).toEqual([
      expect.stringContaining('12 unknown_name equal of an inhibition'),
    ])
    expect(problems(rest('teem="growth"', 'campain', 'alertname="CtrLo"'))).toEqual([
      '8 unknown_name group_by of the route: no alert has a label campain. Did you mean campaign?',
      '10 unknown_name match of a route of default: no alert has a label teem. Did you mean team?',
      '12 unknown_name source of an inhibition: no alert has the alertname CtrLo. Did you mean CtrLow?',
      '12 unknown_name equal of an inhibition: no alert has a label campain. Did you mean campaign?',
    ])
    expect(problems(rest('severity="pages"', 'team', 'indicator!="ctrr"'))).toEqual([
      '10 unknown_name match of a route of default: no alert has the severity pages. Did you mean page?',
    ])
    // what a rule that could not be read would have had nobody knows
    expect(
      problems(rest('teem="growth"', 'team', 'severity="page"').replace('indicator: ctr', 'indicator: ctrr')),
    ).toEqual([expect.stringContaining('there is no indicator ctrr')])
  })

  it('is where alerts stand: elsewhere they are refused, and several files make one', () => {
    expect(problems('', { 'shop.yaml': 'alerts: []\n' })).toEqual([
      'shop.yaml:1 unknown_key alerts stands in a file that is not about alerts. Put it into alerts.yaml, or alerts.NAME.yaml.',
    ])
    expect(
      problems('route: { receiver: a }\n', { 'alerts.b.yaml': 'receivers: { a: { type: kafka, topic: t } }\n' }),
    ).toEqual([])
    expect(
      problems('route: { receiver: a }\nreceivers: { a: { type: kafka, topic: t } }\n', {
        'alerts.b.yaml': 'route: { receiver: a }\n',
      }),
    ).toEqual([expect.stringContaining('there is another route in alerts.b.yaml.')])
  })

  it('refuses to take over the name of a rule that is there', () => {
    expect(
      problems(`alerts:
  - { alert: A, formerly: [B], indicator: ctr, condition: value < 1 }
  - { alert: B, indicator: ctr, condition: value < 1 }
`),
    ).toEqual([expect.stringContaining('2 duplicate_id alert A was formerly B, and there is an alert B.')])
  })

  it('fills in what a rule does not say', () => {
    const rules = alerting(`alerts:
  - { alert: A, indicator: ctr, condition: value < 0.01, window: 30m }
  - { alert: B, indicator: ctr, condition: value < 0.01 }
  - { alert: C, indicator: takings, absent: 7d, window: 10m }
  - { alert: D, undelivered: 15m }
`).rules
    expect(
      [...rules.values()].map(({ everyMs, windowMs, minimumVolume, severity, by }) => [
        everyMs,
        windowMs,
        minimumVolume,
        severity,
        by,
      ]),
    ).toEqual([
      [60_000, 1_800_000, 500, 'ticket', []],
      // the indicator's own window, a day
      [300_000, 86_400_000, 500, 'ticket', []],
      [60_000, 600_000, null, 'ticket', []],
      [60_000, 0, null, 'ticket', ['receiver']],
    ])
  })

  it.each([
    ['value < 0.8 * target', 80],
    ['target / 2 >= value', 50],
    ['value > max(last_week, 7)', 90],
    ['value < previous', null],
    ['value < 10 && n > 5', null],
    ['value - previous > 3', null],
    ['value < value / 2', null],
    ['attainment < 0.5', null],
  ])('knows what the value is compared with by %s', (condition, threshold) => {
    const rule = alerting(`alerts:\n  - { alert: A, indicator: ctr, condition: '${condition}' }\n`).rules.get('A')
    const fires = rule?.condition.kind === 'expression' ? rule.condition.fires : expect.unreachable()
    expect(fires.threshold({ target: 100, last_week: 90, n: 6 })).toBe(threshold)
  })

  it('gives a rule a version of what decides, and of nothing else', () => {
    const versionOf = (rest: string, condition = 'value < 0.01') =>
      alerting(`alerts:\n  - { alert: A, indicator: ctr, condition: '${condition}'${rest} }\n`).rules.get('A')?.version
    const version = versionOf('')
    for (const same of [
      'annotations: { summary: x }',
      'labels: { severity: page }',
      'for: 10m',
      'keep_firing_for: 1h',
      'every: 10m',
    ])
      expect(versionOf(`, ${same}`), same).toBe(version)
    for (const other of [
      'window: 2d',
      'by: [campaign]',
      'filter: { campaign: x }',
      'no_data: ok',
      'minimum_volume: 1',
      'certain: false',
    ])
      expect(versionOf(`, ${other}`), other).not.toBe(version)
    expect(versionOf('', 'value < 0.02')).not.toBe(version)
  })

  it('does not touch the hash of what is counted', () => {
    const hash = (alerts: string) => load(alerts).catalog?.hash
    expect(hash('alerts: [{ alert: A, indicator: ctr, condition: value < 1 }]\n')).toBe(hash(''))
  })
})
