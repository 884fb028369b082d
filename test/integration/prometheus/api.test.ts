import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryFixture } from '../query/fixture.ts'
import { createPrometheusWorld } from './world.ts'

let kivi: QueryFixture
beforeAll(async () => {
  kivi = await createPrometheusWorld()
})
afterAll(() => kivi?.close())

const NOON = '2026-03-10T12:00:00Z'
const get = (path: string) => kivi.get(`/prometheus/api/v1/${path}`)
const q = encodeURIComponent

describe('the API', () => {
  it('takes forms as Grafana posts them, and answers as to GET', async () => {
    const fields = new URLSearchParams({
      query: 'kivi_ctr{campaign!=""}',
      start: '1773129600',
      end: '1773140400',
      step: '3600',
    })
    const response = await kivi.service.app.inject({
      method: 'POST',
      url: '/prometheus/api/v1/query_range',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: fields.toString(),
    })
    expect(response.statusCode, response.body).toBe(200)
    const { body } = await get(`query_range?${fields}`)
    expect(response.json()).toEqual(body)
    expect(body.data.result).toHaveLength(2)
  })

  it('answers an equal query without reading anew, and 304 to who has it', async () => {
    const path = `query?query=kivi_net_revenue&time=${NOON}`
    const first = await get(path)
    const before = kivi.reads()
    expect((await get(path)).text).toBe(first.text)
    expect(
      (await kivi.get(`/prometheus/api/v1/${path}`, { 'if-none-match': String(first.headers['etag']) })).status,
    ).toBe(304)
    expect(kivi.reads()).toBe(before)
  })

  it('tells names, labels and values', async () => {
    const all = (await get('label/__name__/values')).body.data
    expect(all).toEqual(all.toSorted())
    expect(all).toEqual(expect.arrayContaining(['kivi_ctr', 'kivi_net_revenue', 'kivi_impressions']))
    expect((await get('labels')).body.data).toEqual(['__name__', 'campaign', 'channel', 'properties_policy'])
    expect((await get(`labels?match[]=${q('kivi_revenue')}`)).body.data).toEqual(['__name__', 'campaign'])
    expect((await get('label/campaign/values')).body.data).toEqual(['spring', 'summer'])
    expect((await get(`label/properties_policy/values?match[]=${q('kivi_ctr')}`)).body.data).toEqual(['p0', 'p1'])
    expect((await get(`label/campaign/values?match[]=${q('kivi_ctr{campaign=~"su.*"}')}`)).body.data).toEqual([
      'summer',
    ])
    // before summer began
    expect((await get('label/campaign/values?start=2026-03-09T06:00:00Z&end=2026-03-09T12:00:00Z')).body.data).toEqual([
      'spring',
    ])
    expect((await get('label/nothing/values')).body.data).toEqual([])
    expect((await get('labels?limit=2')).body.data).toEqual(['__name__', 'campaign'])
  })

  it('tells the series that a selector gives', async () => {
    const { body } = await get(`series?match[]=${q('kivi_ctr{campaign!=""}')}&match[]=kivi_clicks&end=${NOON}`)
    expect(body.data).toEqual(
      expect.arrayContaining([
        { __name__: 'kivi_clicks' },
        { __name__: 'kivi_ctr', campaign: 'spring' },
        { __name__: 'kivi_ctr', campaign: 'summer' },
      ]),
    )
    expect(body.data).toHaveLength(3)
    expect((await get('series')).body).toMatchObject({ errorType: 'bad_data', error: 'no match[] parameter provided' })
  })

  it('tells what each indicator is', async () => {
    const { body } = await get('metadata?metric=kivi_ctr')
    expect(body.data).toEqual({
      kivi_ctr: [
        {
          type: 'gauge',
          unit: '',
          help: expect.stringMatching(/^Click-through rate \(percent, over 1d\)\. Clicks per/),
        },
      ],
    })
    expect(Object.keys((await get('metadata')).body.data).length).toBeGreaterThan(8)
    expect((await get('status/buildinfo')).body.data.version).toMatch(/^2\./)
  })

  it('says what is wrong, in the way of Prometheus', async () => {
    for (const [path, type, message] of [
      ['query', 'bad_data', 'invalid parameter "query": it is missing'],
      ['query?query=a&query=b', 'bad_data', 'given more than once'],
      ['query?query=kivi_ctr&time=yesterday', 'bad_data', 'invalid parameter "time"'],
      ['query_range?query=kivi_ctr&start=2&end=1&step=1', 'bad_data', 'is before start'],
      ['query_range?query=kivi_ctr&start=1&end=2&step=0', 'bad_data', 'invalid parameter "step"'],
      [`query_range?query=${q('kivi_ctr[5m]')}&start=1&end=2&step=1`, 'bad_data', 'range vector'],
      ['query?query=kivi_ctr{', 'bad_data', '1:10: parse error: unexpected end of input'],
      [
        `query?query=${q('histogram_quantile(0.9, kivi_ctr)')}`,
        'bad_data',
        'histogram_quantile() is not supported over indicators; supported are',
      ],
      [`query?query=${q('kivi_ctr{campaign=~"("}')}`, 'bad_data', 'is not RE2'],
      [`query?query=${q('-{__name__=~"kivi_c.+"}')}`, 'execution', 'same labelset'],
    ] as const) {
      const { status, body } = await get(path)
      expect(status, path).toBe(type === 'bad_data' ? 400 : 422)
      expect(body, path).toEqual({ status: 'error', errorType: type, error: expect.stringContaining(message) })
    }
    expect((await get('rules')).status).toBe(404)
  })

  it('a pattern that would keep a backtracking engine busy for ever is answered at once', async () => {
    const begun = performance.now()
    const { status } = await get(`query?query=${q(`kivi_ctr{campaign=~"${'(a+)+'.repeat(20)}$"}`)}&time=${NOON}`)
    expect(status).toBe(200)
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})

describe('/metrics/indicators', () => {
  it('has value, target and status of the board, as the board has them', async () => {
    const { text, headers, status } = await kivi.get('/metrics/indicators', {
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
    })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    const { body: board } = await kivi.get('/v1/board')
    expect(board.indicators).toHaveLength(3)
    const lines = text.split('\n')
    for (const { id, value, target, status: now } of board.indicators) {
      expect(lines).toContain(`kivi_${id} ${value}`)
      if (target !== null) expect(lines).toContain(`kivi_indicator_target{indicator="${id}"} ${target}`)
      expect(lines).toContain(`kivi_indicator_status{indicator="${id}",status="${now}"} 1`)
      expect(
        lines.filter(line => line.startsWith(`kivi_indicator_status{indicator="${id}",`) && line.endsWith(' 1')),
      ).toHaveLength(1)
    }
    expect(text).toContain("# HELP kivi_ctr Click-through rate (percent, over 1d). Clicks per 'impression': a \\\\")
    expect(text.endsWith('# EOF\n')).toBe(true)
    expect((await kivi.get('/metrics/indicators')).headers['content-type']).toContain('text/plain; version=0.0.4')
  })
})
