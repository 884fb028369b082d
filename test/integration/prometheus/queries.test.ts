import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryFixture } from '../query/fixture.ts'
import { createPrometheusWorld } from './world.ts'

let kivi: QueryFixture
beforeAll(async () => {
  kivi = await createPrometheusWorld()
})
afterAll(() => kivi?.close())

type Metric = Record<string, string>
interface Instant {
  readonly metric: Metric
  readonly value: [number, string]
}
interface Ranged {
  readonly metric: Metric
  readonly values: ReadonlyArray<[number, string]>
}

const NOON = '2026-03-10T12:00:00Z'
const HOUR = 3600
const seconds = (time: string): number => Date.parse(time) / 1000

async function ask(path: string, fields: Record<string, string | string[]>) {
  const form = new URLSearchParams()
  for (const [name, all] of Object.entries(fields)) for (const one of [all].flat()) form.append(name, one)
  return kivi.get(`/prometheus/api/v1/${path}?${form}`)
}
const at = async (query: string, time = NOON): Promise<Instant[]> => {
  const { status, body, text } = await ask('query', { query, time })
  expect(status, text).toBe(200)
  expect(body.data.resultType).toBe('vector')
  return body.data.result
}
const range = async (query: string, start: string, end: string, step: string): Promise<Ranged[]> => {
  const { status, body, text } = await ask('query_range', { query, start, end, step })
  expect(status, text).toBe(200)
  expect(body.data.resultType).toBe('matrix')
  return body.data.result
}
/** labels without the name, and the number */
const plain = (result: readonly Instant[]) =>
  result.map(({ metric: { __name__, ...labels }, value: [, number] }) => ({ labels, value: Number(number) }))
const byLabels = (list: ReadonlyArray<{ labels: Metric; value: number }>) =>
  list.toSorted((a, b) => (JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1))
const v1 = async (id: string, rest = '', to = NOON) => {
  const { status, body, text } = await kivi.get(`/v1/indicators/${id}/value?to=${to}${rest}`)
  expect(status, text).toBe(200)
  return body
}
/** the groups of /v1 as Prometheus has them: a group without the dimension has no label */
const groupsOf = async (id: string, rest: string, to = NOON) =>
  (await v1(id, rest, to)).groups.map((group: { by: Metric; value: number }) => ({
    labels: Object.fromEntries(
      Object.entries(group.by)
        .filter(([, value]) => value !== '')
        .map(([field, value]) => [field.replace('.', '_'), value]),
    ),
    value: group.value,
  }))

describe('an instant query', () => {
  it('answers the value over the default window that ends at the time', async () => {
    for (const id of ['ctr', 'clicks', 'net_revenue', 'ctr_1h', 'buyers', 'refunded']) {
      const { value } = await v1(id)
      expect(value, id).not.toBeNull()
      expect(await at(`kivi_${id}`)).toEqual([
        { metric: { __name__: `kivi_${id}` }, value: [seconds(NOON), String(value)] },
      ])
    }
  })

  it('without a time answers what /v1 answers without an end', async () => {
    const { body } = await ask('query', { query: 'kivi_ctr' })
    const { body: now } = await kivi.get('/v1/indicators/ctr/value')
    expect(body.data.result).toEqual([
      { metric: { __name__: 'kivi_ctr' }, value: [seconds('2026-03-10T12:00:40Z'), String(now.value)] },
    ])
  })

  it('between two slices answers the one that ended before', async () => {
    expect(plain(await at('kivi_ctr_1h', '2026-03-10T08:34:57.123Z'))).toEqual([
      { labels: {}, value: (await v1('ctr_1h', '', '2026-03-10T08:34:50Z')).value },
    ])
  })

  it('has a series for each value of a label that its matchers name, and no other labels', async () => {
    const groups = await groupsOf('ctr', '&by=campaign')
    expect(groups).toHaveLength(3)
    expect(byLabels(plain(await at('kivi_ctr{campaign!=""}')))).toEqual(
      byLabels(groups.filter(({ labels }: { labels: Metric }) => labels['campaign'] !== undefined)),
    )
    expect(byLabels(plain(await at('kivi_ctr{campaign=~".*"}')))).toEqual(byLabels(groups))
    expect(plain(await at('kivi_ctr{campaign=""}'))).toEqual(
      groups.filter(({ labels }: { labels: Metric }) => labels['campaign'] === undefined),
    )
    expect(
      byLabels(plain(await at('sum by (channel, campaign) (kivi_clicks{channel=~"we.",properties_policy="p0"})'))),
    ).toEqual(byLabels(await groupsOf('clicks', '&by=channel,campaign&filter=channel:web&filter=properties.policy:p0')))
  })

  it('takes matchers as filters', async () => {
    const spring = (await v1('ctr', '&filter=campaign:spring')).value
    for (const matchers of [
      'campaign="spring"',
      'campaign=~"spring|autumn"',
      'campaign=~"spr.*"',
      'campaign!~"summer|"',
      'campaign!="summer",campaign!=""',
    ])
      expect(plain(await at(`kivi_ctr{${matchers}}`)), matchers).toEqual([
        { labels: { campaign: 'spring' }, value: spring },
      ])
    const { body } = await ask('query', { query: 'kivi_ctr{properties_policy="p1",channel="web"}', time: NOON })
    expect(body.data.result).toEqual([])
  })

  it('selects several indicators by their names', async () => {
    const names = (await at('{__name__=~"kivi_c.*"}')).map(one => one.metric['__name__'])
    expect(names.toSorted()).toEqual(['kivi_clicks', 'kivi_ctr', 'kivi_ctr_1h'])
  })

  it('aggregates groups, and asks by what the aggregation names', async () => {
    const groups: Array<{ labels: Metric; value: number }> = await groupsOf('clicks', '&by=campaign')
    expect(byLabels(plain(await at('sum by (campaign) (kivi_clicks)')))).toEqual(byLabels(groups))
    expect(plain(await at('sum(kivi_clicks)'))).toEqual([{ labels: {}, value: (await v1('clicks')).value }])
    const values = groups.map(group => group.value)
    const all = 'kivi_clicks{campaign=~".*"}'
    expect(plain(await at(`sum(${all})`))).toEqual([{ labels: {}, value: values.reduce((a, b) => a + b) }])
    expect(plain(await at(`avg(${all})`))[0]?.value).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 9)
    expect(plain(await at(`min(${all})`))[0]?.value).toBe(Math.min(...values))
    expect(plain(await at(`max(${all})`))[0]?.value).toBe(Math.max(...values))
    expect(plain(await at(`count(${all})`))[0]?.value).toBe(values.length)
    expect(plain(await at(`max without (campaign) (${all})`))).toEqual([{ labels: {}, value: Math.max(...values) }])
  })

  it('calculates with numbers and with series of the same labels', async () => {
    const [clicks, impressions] = [(await v1('clicks')).value, (await v1('impressions')).value]
    expect(plain(await at('kivi_clicks / kivi_impressions'))).toEqual([{ labels: {}, value: clicks / impressions }])
    expect(plain(await at('100 * kivi_ctr - 1'))[0]?.value).toBeCloseTo((100 * clicks) / impressions - 1, 12)
    expect(plain(await at('-kivi_clicks'))).toEqual([{ labels: {}, value: -clicks }])
    const ratio = byLabels(
      plain(await at('sum by (campaign) (kivi_clicks) / on (campaign) sum by (campaign) (kivi_impressions)')),
    )
    const expected = byLabels(await groupsOf('ctr', '&by=campaign'))
    expect(ratio.map(one => one.labels)).toEqual(expected.map(one => one.labels))
    for (const [index, one] of ratio.entries()) expect(one.value).toBeCloseTo(expected[index]!.value, 12)
    expect(await at('kivi_clicks > 1e9')).toEqual([])
    expect(await at('kivi_clicks > 1')).toEqual(await at('kivi_clicks'))
    expect(plain(await at('kivi_clicks > bool 1e9'))).toEqual([{ labels: {}, value: 0 }])
  })

  it('answers numbers by themselves', async () => {
    const { body } = await ask('query', { query: '1+1', time: NOON })
    expect(body).toEqual({ status: 'success', data: { resultType: 'scalar', result: [seconds(NOON), '2'] } })
  })

  it('has no sample where there is no number, and never NaN', async () => {
    expect((await v1('refunded', '', '2026-03-08T00:00:00Z')).value).toBeNull()
    expect(await at('kivi_refunded', '2026-03-08T00:00:00Z')).toEqual([])
    expect(await at('kivi_clicks / 0')).toEqual([])
    const { text } = await ask('query', { query: '{__name__=~".+"}', time: '2026-03-08T00:00:00Z' })
    expect(text).not.toMatch(/nan|inf|null/i)
  })

  it('has no sample five minutes after the data end', async () => {
    expect(await at('kivi_clicks', '2026-03-10T12:05:00Z')).toHaveLength(1)
    expect(await at('kivi_clicks', '2026-03-10T12:05:10Z')).toEqual([])
  })

  it('moves by an offset', async () => {
    expect(plain(await at('kivi_clicks offset 6h'))).toEqual([
      { labels: {}, value: (await v1('clicks', '', '2026-03-10T06:00:00Z')).value },
    ])
  })

  it('says which labels there are where one is named that is not there', async () => {
    const { body } = await ask('query', { query: 'sum by (campagin) (kivi_ctr)', time: NOON })
    expect(body.data.result).toHaveLength(1)
    expect(body.infos[0]).toContain('kivi_ctr has no label campagin: it has')
  })
})

describe('functions over a range', () => {
  it('increase is what was counted in just that range, rate the same a second', async () => {
    const { value } = await v1('clicks', '&window=1h')
    expect(value).toBeGreaterThan(0)
    expect(plain(await at('increase(kivi_clicks[1h])'))).toEqual([{ labels: {}, value }])
    expect(plain(await at('rate(kivi_clicks[1h])'))[0]?.value).toBeCloseTo(value / HOUR, 12)
    expect(byLabels(plain(await at('sum by (campaign) (increase(kivi_clicks[1h]))')))).toEqual(
      byLabels(await groupsOf('clicks', '&window=1h&by=campaign')),
    )
    expect(plain(await at('increase(kivi_net_revenue[1h])'))[0]?.value).toBe(
      (await v1('net_revenue', '&window=1h')).value,
    )
    expect((await ask('query', { query: 'increase(kivi_ctr[1h])', time: NOON })).body).toMatchObject({
      errorType: 'bad_data',
      error: expect.stringContaining('use delta'),
    })
  })

  it('delta is the change from the beginning of the range to its end', async () => {
    const [then, now] = [(await v1('ctr_1h', '', '2026-03-10T09:00:00Z')).value, (await v1('ctr_1h')).value]
    expect(then).not.toBe(now)
    expect(plain(await at('delta(kivi_ctr_1h[3h])'))[0]?.value).toBeCloseTo(now - then, 12)
  })

  it('the others are over samples at most 60 to the range', async () => {
    // one a minute
    const values: number[] = []
    for (let minute = 1; minute <= 30; minute++) {
      const to = new Date(Date.parse('2026-03-10T11:30:00Z') + minute * 60_000).toISOString()
      values.push((await v1('ctr_1h', '', to)).value)
    }
    const sum = values.reduce((a, b) => a + b)
    const number = async (name: string) => plain(await at(`${name}(kivi_ctr_1h[30m])`))[0]?.value
    const samples = (await ask('query', { query: 'kivi_ctr_1h[30m]', time: NOON })).body.data
    expect(samples.resultType).toBe('matrix')
    const seen = samples.result[0].values.map(([, value]: [number, string]) => Number(value))
    // every half minute: 60 of half an hour
    expect(seen).toHaveLength(60)
    expect(seen.filter((_: number, index: number) => index % 2 === 1)).toEqual(values)
    expect(await number('min_over_time')).toBe(Math.min(...seen))
    expect(await number('max_over_time')).toBe(Math.max(...seen))
    expect(await number('last_over_time')).toBe(values.at(-1))
    expect(await number('count_over_time')).toBe(60)
    expect(await number('avg_over_time')).toBeCloseTo(seen.reduce((a: number, b: number) => a + b) / 60, 12)
    expect(await number('sum_over_time')).toBeCloseTo(
      seen.reduce((a: number, b: number) => a + b),
      9,
    )
    expect(sum).toBeGreaterThan(0)
  })
})

describe('a range query', () => {
  it('answers at each step what /v1 answers for the window that ends there, from one reading', async () => {
    const before = kivi.reads()
    const [series, ...more] = await range('kivi_ctr', '2026-03-10T08:00:00Z', NOON, '1h')
    expect(kivi.reads() - before).toBe(1)
    expect(more).toEqual([])
    expect(series?.values.map(([time]) => time)).toEqual(
      [0, 1, 2, 3, 4].map(hour => seconds('2026-03-10T08:00:00Z') + hour * HOUR),
    )
    for (const [time, value] of series?.values ?? [])
      expect(value).toBe(String((await v1('ctr', '', new Date(time * 1000).toISOString())).value))
  })

  it('by labels too, each series with the samples that it has', async () => {
    const result = await range('kivi_ctr_1h{campaign!=""}', '2026-03-09T16:00:00Z', NOON, '4h')
    expect(result.map(one => one.metric['campaign']).toSorted()).toEqual(['spring', 'summer'])
    for (const { metric, values } of result)
      for (const [time, value] of values) {
        const { value: expected } = await v1(
          'ctr_1h',
          `&filter=campaign:${metric['campaign']}`,
          new Date(time * 1000).toISOString(),
        )
        expect(value).toBe(String(expected))
      }
    // before summer began, it has none
    expect(result.find(one => one.metric['campaign'] === 'summer')?.values.length).toBeLessThan(6)
  })

  it('with more steps than can be read samples as often as it can, and says how often', async () => {
    const { body } = await ask('query_range', {
      query: 'kivi_clicks',
      start: '2026-03-10T00:00:00Z',
      end: NOON,
      step: '30',
    })
    expect(body.data.result[0].values).toHaveLength(1441)
    expect(body.infos).toEqual([expect.stringContaining('kivi_clicks was evaluated every 2m')])
    const distinct = new Set(body.data.result[0].values.filter(([time]: [number]) => time % 120 === 0).map(String))
    expect(distinct.size).toBe(361)
    const [time, value] = body.data.result[0].values[601]
    expect(value).toBe(String((await v1('clicks', '', new Date((time - (time % 120)) * 1000).toISOString())).value))
  })

  it('has no samples before the data and none after them', async () => {
    const [series] = await range('kivi_clicks', '2026-03-10T11:50:00Z', '2026-03-10T12:30:00Z', '60')
    expect(series?.values.at(-1)?.[0]).toBe(seconds('2026-03-10T12:05:00Z'))
  })

  it('repeats a number at each step', async () => {
    expect((await range('2', '2026-03-10T11:00:00Z', NOON, '30m'))[0]?.values.map(([, value]) => value)).toEqual([
      '2',
      '2',
      '2',
    ])
  })

  it('has at most 11,000 points', async () => {
    const { status, body } = await ask('query_range', { query: 'kivi_ctr', start: '0', end: '11000', step: '1' })
    expect(status).toBe(400)
    expect(body).toEqual({
      status: 'error',
      errorType: 'bad_data',
      error:
        'exceeded maximum resolution of 11000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    })
    expect((await ask('query_range', { query: 'kivi_ctr', start: '0', end: '10999', step: '1' })).status).toBe(200)
  })
})
