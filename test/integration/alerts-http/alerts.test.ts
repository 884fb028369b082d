import type { PlacedFact } from '@kivi/domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlertWorld, createAlertWorld, firing, MINUTE, NOW, whole } from './world.ts'

let world: AlertWorld
beforeAll(async () => {
  world = await createAlertWorld()
})
afterAll(() => world?.close())

const get = (path: string) => world.kivi.get(path)
const end = (path: string) => world.kivi.service.app.inject({ method: 'DELETE', url: path })
const north = firing('north')
const south = firing('south', { startsAt: NOW - 5 * MINUTE, since: NOW - 5 * MINUTE })
const pending = {
  ...firing('west', { phase: 'pending', since: NOW - MINUTE, startsAt: -1, decided: 0, transitions: [], told: {} }),
  seen: { value: 0.012, target: null, n: 4_000, compared: {} },
}
const over = firing('east', {
  phase: 'inactive',
  endedAt: NOW - 2 * MINUTE,
  decided: 2,
  transitions: [
    { ...north.transitions[0]!, number: 2, kind: 'resolved', instant: NOW - 2 * MINUTE, reason: 'no_data' },
  ],
})
const cost = whole('CostHigh', { severity: 'ticket', indicator: 'support_cost' }, { severity: 'ticket' })
const progress = (rule: string, instant: number) => ({
  kind: 'progress' as const,
  rule,
  version: 'v1',
  instant,
  gap: null,
  goneSince: null,
})

describe('GET /v1/alerts', () => {
  test('an empty log tells the rules, who leads, and that nothing is evaluated yet', async () => {
    const { status, body } = await get('/v1/alerts')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      items: [],
      next: null,
      counts: { firing: 0, pending: 0, silenced: 0 },
      evaluated: null,
    })
    expect(body.leader).toMatchObject({ name: 'evaluator-1', since: '2026-06-01T05:00:40Z' })
    expect(body.as_of).toBe('2026-06-01T06:00:40Z')
    expect(body.rules.map((rule: { alert: string }) => rule.alert)).toEqual(['PipelineStalled', 'CtrLow', 'CostHigh'])
    expect(body.rules[1]).toMatchObject({
      indicator: 'click_rate',
      kind: 'expression',
      condition: { en: 'value < 0.02', zh: '当前值 < 0.02' },
      window: '15m',
      by: ['region'],
      for: '10m',
      keep_firing_for: '5m',
      no_data: 'keep',
      severity: 'page',
      evaluated: null,
    })
    expect(body.rules[0]).toMatchObject({
      kind: 'stalled',
      condition: {
        en: 'the data are more than 5 min behind, or ClickHouse does not answer',
        zh: '数据落后超过 5 分钟，或 ClickHouse 没有响应',
      },
      window: null,
      indicator: null,
    })
  })

  test('what the log says is told at once, the most urgent first', async () => {
    await world.says(
      north,
      south,
      pending,
      over,
      cost,
      progress('CtrLow', NOW - 40_000),
      progress('CostHigh', NOW - 100_000),
    )
    const { body } = await get('/v1/alerts')
    expect(
      body.items.map(({ state, labels, alert }: { state: string; labels: { region?: string }; alert: string }) => [
        state,
        labels.region ?? alert,
      ]),
    ).toEqual([
      ['firing', 'south'],
      ['firing', 'north'],
      ['firing', 'CostHigh'],
      ['pending', 'west'],
      ['resolved', 'east'],
    ])
    expect(body.counts).toEqual({ firing: 3, pending: 1, silenced: 0 })
    expect(body.evaluated).toBe('2026-06-01T05:59:00Z')
    expect(body.rules.map(({ firing, pending }: { firing: number; pending: number }) => [firing, pending])).toEqual([
      [0, 0],
      [2, 1],
      [1, 0],
    ])
    expect(body.items[1]).toEqual({
      id: north.id,
      alert: 'CtrLow',
      indicator: 'click_rate',
      state: 'firing',
      severity: 'page',
      labels: north.labels,
      annotations: { summary: 'CTR of north is 1.53%, since 2026-06-01 07:40' },
      since: '2026-06-01T05:40:40Z',
      ended: null,
      fires_at: null,
      value: 0.0153,
      target: null,
      threshold: 0.02,
      unit: 'percent',
      muted: [],
      acknowledged: null,
      receivers: [
        { name: 'chat', told: true, at: '2026-06-01T05:40:45Z' },
        { name: 'mail', told: false, at: null },
      ],
    })
    // what it is worth, what it is held against, and when people will be told
    expect(body.items[3]).toMatchObject({
      since: '2026-06-01T05:59:40Z',
      fires_at: '2026-06-01T06:09:40Z',
      annotations: { summary: 'CTR of west is 1.2%, since 2026-06-01 07:59' },
      value: 0.012,
      threshold: 0.02,
      receivers: [],
    })
    expect(body.items[4]).toMatchObject({ ended: '2026-06-01T05:58:40Z' })
  })

  test('it is asked by state, severity, rule and labels, in pages and in Chinese', async () => {
    const ids = async (query: string) =>
      (await get(`/v1/alerts?${query}`)).body.items.map((item: { id: string }) => item.id)
    expect(await ids('state=firing')).toEqual([south.id, north.id, cost.id])
    expect(await ids('severity=ticket')).toEqual([cost.id])
    expect(await ids('rule=CtrLow&state=pending')).toEqual([pending.id])
    expect(await ids('filter=region:north,south')).toEqual([south.id, north.id])
    expect(await ids('filter=region:north&filter=team:growth')).toEqual([north.id])
    expect((await get('/v1/alerts?rule=CtrLw')).body).toMatchObject({
      code: 'invalid_parameter',
      parameter: 'rule',
      detail: 'The catalog has no rule of alerts "CtrLw". Did you mean CtrLow?',
    })
    for (const [filter, detail] of [
      ['regoin:north', 'filter: no alert has a label "regoin". Did you mean region?'],
      ['severity:pagee', 'filter: no alert has the severity "pagee". Did you mean page?'],
    ])
      expect((await get(`/v1/alerts?filter=${filter}`)).body).toMatchObject({ parameter: 'filter', detail })
    // a region that is not known may come yet
    expect(await ids('filter=region:nowhere')).toEqual([])
    const first = (await get('/v1/alerts?limit=2')).body
    expect(first.items.length).toBe(2)
    expect(await ids(`limit=2&cursor=${first.next}`)).toEqual([cost.id, pending.id])
    const { body } = await get(`/v1/alerts/${north.id}?lang=zh`)
    expect(body.annotations).toEqual({ summary: 'north 的点击率为 1.53%' })
  })

  test.each([
    ['/v1/alerts?state=burning', 400, 'invalid_parameter'],
    ['/v1/alerts?campaign=x', 400, 'unknown_parameter'],
    ['/v1/alerts?filter=region', 400, 'invalid_parameter'],
    ['/v1/alerts?cursor=zzz', 400, 'invalid_parameter'],
    ['/v1/alerts/0000000000000000', 404, 'not_found'],
    ['/v1/alerts/history?from=yesterday', 400, 'invalid_parameter'],
    ['/v1/alerts/history?cursor=zzz', 400, 'invalid_parameter'],
    ['/v1/alerts/history?from=2026-06-02T00:00:00Z&to=2026-06-01T00:00:00Z', 400, 'invalid_parameter'],
    ['/v1/silences?state=loud', 400, 'invalid_parameter'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await get(path)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('unchanged it is not sent again', async () => {
    const first = await get('/v1/alerts')
    expect((await world.kivi.get('/v1/alerts', { 'if-none-match': String(first.headers['etag']) })).status).toBe(304)
  })

  test('what inhibits an alert is named', async () => {
    const stalled = whole('PipelineStalled', { severity: 'page' }, { phase: 'pending', since: NOW - 60 * MINUTE })
    await world.says(stalled)
    expect((await get(`/v1/alerts/${north.id}`)).body.muted).toEqual([{ by: 'inhibition', alert: 'PipelineStalled' }])
    await world.says({ gone: `instance/${stalled.id}` })
    expect((await get(`/v1/alerts/${north.id}`)).body.muted).toEqual([])
    expect((await get(`/v1/alerts/${stalled.id}`)).status).toBe(404)
  })
})

describe('acknowledging', () => {
  const acknowledge = (id: string, body: object) => world.kivi.send('POST', `/v1/alerts/${id}/acknowledge`, body)

  test('is a fact for whoever leads, and is told at once', async () => {
    const { status, body } = await acknowledge(north.id, { comment: 'on it', set_by: 'ada' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: north.id,
      acknowledged: { by: 'ada', at: '2026-06-01T06:00:40Z', comment: 'on it' },
    })
    const written = { alert: north.id, startsAt: north.startsAt, author: 'ada', comment: 'on it', setAt: NOW }
    expect(await world.silences.acknowledgements(0)).toEqual([written])
    await world.says({ kind: 'acknowledgement', acknowledgement: written })
    expect((await get(`/v1/alerts/${north.id}`)).body.acknowledged).toEqual({
      by: 'ada',
      at: '2026-06-01T06:00:40Z',
      comment: 'on it',
    })
    // the next firing is another matter
    await world.says(firing('north', { startsAt: NOW - MINUTE, since: NOW - MINUTE }))
    expect((await get(`/v1/alerts/${north.id}`)).body.acknowledged).toBeNull()
    await world.says(north)
  })

  test('what does not fire is a conflict, what is not there is not found', async () => {
    expect((await acknowledge(pending.id, {})).body).toMatchObject({ status: 409, code: 'not_firing' })
    expect((await acknowledge(over.id, {})).body).toMatchObject({ status: 409, code: 'not_firing' })
    expect((await acknowledge('0000000000000000', {})).body).toMatchObject({ status: 404, code: 'not_found' })
  })
})

describe('silences', () => {
  const put = (body: object) => world.kivi.send('POST', '/v1/silences', body)

  test('one is set, told with what it mutes, changed and ended', async () => {
    const made = await put({ matchers: ['region=~"n.*"'], duration: '2h', reason: 'being moved', set_by: 'ada' })
    expect(made.status).toBe(201)
    expect(made.headers['location']).toBe(`/v1/silences/${made.body.id}`)
    expect(made.body).toEqual({
      id: made.body.id,
      matchers: ['region=~"n.*"'],
      from: '2026-06-01T06:00:40Z',
      until: '2026-06-01T08:00:40Z',
      author: 'ada',
      reason: 'being moved',
      state: 'active',
      set_at: '2026-06-01T06:00:40Z',
      mutes: 1,
    })
    expect((await get('/v1/silences')).body).toEqual({ items: [made.body], next: null })
    // muted is what whoever leads knows to be silent
    expect((await get(`/v1/alerts/${north.id}`)).body.muted).toEqual([])
    const [silence] = await world.silences.silences(NOW)
    await world.says({ kind: 'silence', silence: silence! })
    expect((await get(`/v1/alerts/${north.id}`)).body.muted).toEqual([
      { by: 'silence', id: made.body.id, until: '2026-06-01T08:00:40Z' },
    ])
    expect((await get('/v1/alerts')).body.counts.silenced).toBe(1)

    const changed = await put({
      id: made.body.id,
      matchers: ['team="growth"'],
      until: '2026-06-01T07:00:00Z',
      reason: 'shorter',
    })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({
      id: made.body.id,
      matchers: ['team="growth"'],
      mutes: 2,
      until: '2026-06-01T07:00:00Z',
    })
    expect((await get('/v1/silences?state=active')).body.items).toEqual([changed.body])
    expect((await get(made.headers['location'] as string)).body).toEqual(changed.body)

    const ended = await end(`/v1/silences/${made.body.id}`)
    expect([ended.statusCode, ended.json()]).toMatchObject([200, { state: 'ended', mutes: 0 }])
    expect((await end(`/v1/silences/${made.body.id}`)).json()).toEqual(ended.json())
    expect((await get('/v1/silences?state=active')).body.items).toEqual([])
    expect((await get('/v1/silences')).body.items).toEqual([ended.json()])
    await world.says({ gone: `silence/${made.body.id}` })
  })

  test('one of tomorrow is planned', async () => {
    const { body } = await put({
      matchers: ['alertname="CostHigh"'],
      from: '2026-06-02T00:00:00Z',
      duration: '1h',
      reason: 'maintenance',
    })
    expect(body).toMatchObject({ state: 'planned', until: '2026-06-02T01:00:00Z', mutes: 0, author: 'api' })
    expect((await get('/v1/silences?state=planned')).body.items).toEqual([body])
  })

  test.each([
    [{ matchers: ['region'], duration: '1h', reason: 'x' }, 'matchers/0', /expected a label/],
    [{ matchers: ['region=~"("'], duration: '1h', reason: 'x' }, 'matchers/0', /expected a label/],
    [{ matchers: ['region=~".*"', 'team!="x"'], duration: '1h', reason: 'x' }, 'matchers', /match everything/],
    [{ matchers: [], duration: '1h', reason: 'x' }, 'matchers', /must not be empty/],
    [{ matchers: ['a=b'], reason: 'x' }, 'until', /either until or duration/],
    [{ matchers: ['a=b'], duration: '1h', until: '2027-01-01T00:00:00Z', reason: 'x' }, 'until', /either/],
    [{ matchers: ['a=b'], until: '2026-05-01T00:00:00Z', reason: 'x' }, 'until', /over already/],
    [{ matchers: ['a=b'], until: '2028-05-01T00:00:00Z', reason: 'x' }, 'until', /more than a year/],
    [{ matchers: ['a=b'], duration: '1h' }, 'reason', /lacks reason/],
    [{ matchers: ['a=b'], duration: '1h', reason: 'x', why: 'y' }, 'why', /means nothing/],
    [
      { matchers: ['severity=page', 'regoin="north"'], duration: '1h', reason: 'x' },
      'matchers/1',
      /no alert has a label "regoin". Did you mean region\?/,
    ],
    [
      { matchers: ['alertname="CostHihg"'], duration: '1h', reason: 'x' },
      'matchers/0',
      /the alertname "CostHihg". Did you/,
    ],
  ])('%j is refused for its %s', async (body, parameter, detail) => {
    const answer = await put(body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ parameter, detail: expect.stringMatching(detail) })
  })

  test('one that is not there can neither be changed nor ended', async () => {
    const changed = await put({ id: 'nowhere', matchers: ['a=b'], duration: '1h', reason: 'x' })
    expect(changed.body).toMatchObject({ status: 404, code: 'not_found' })
    expect((await end('/v1/silences/nowhere')).json()).toMatchObject({ status: 404, code: 'not_found' })
  })
})

test('who silenced and acknowledged what stands in the audit', async () => {
  const { body } = await get('/v1/audit')
  const seen = body.items.map(({ what, reason, actor }: { what: string; reason: string; actor: { name: string } }) => [
    what,
    reason,
    actor.name,
  ])
  expect(seen).toContainEqual(['silence_set', 'being moved', 'ada'])
  expect(seen).toContainEqual(['alert_acknowledged', 'on it', 'ada'])
  expect(seen.some(([what]: string[]) => what === 'silence_ended')).toBe(true)
})

describe('GET /v1/alerts/history', () => {
  const base = { alert: north.id, rule: 'CtrLow', labels: north.labels }
  const lane = { receiver: 'chat', lane: 'chat/…', sequence: 3, key: 'k', alerts: 1 }
  const facts: PlacedFact[] = [
    { offset: 1, index: 0, fact: { ...base, fact: 'pending', at: NOW - 9_000, instant: NOW - 600_000, value: 0.019 } },
    {
      offset: 2,
      index: 0,
      fact: {
        ...base,
        fact: 'firing',
        at: NOW - 8_000,
        instant: NOW - 20_000,
        startsAt: NOW - 20_000,
        value: 0.015,
        target: 0.02,
        reason: null,
      },
    },
    { offset: 2, index: 1, fact: { ...base, ...lane, fact: 'sending', at: NOW - 8_000, answer: '' } },
    { offset: 3, index: 0, fact: { ...base, ...lane, fact: 'delivered', at: NOW - 7_000, answer: '200 ok' } },
    {
      offset: 4,
      index: 0,
      fact: { ...base, fact: 'muted', at: NOW - 6_000, receiver: 'mail', startsAt: NOW - 20_000 },
    },
    {
      offset: 5,
      index: 0,
      fact: {
        fact: 'gap',
        at: NOW - 5_000,
        alert: null,
        rule: 'CostHigh',
        labels: {},
        from: NOW - 90_000,
        to: NOW - 30_000,
      },
    },
    {
      offset: 6,
      index: 0,
      fact: { fact: 'leader', at: NOW - 4_000, alert: null, rule: null, labels: {}, name: 'evaluator-2' },
    },
  ]

  test('tells evaluated, fired, sent to whom, answered what: newest first, in pages', async () => {
    await world.happened(facts)
    const { body } = await get('/v1/alerts/history')
    expect(body.items.map((item: { event: string }) => item.event)).toEqual([
      ...['leader', 'gap', 'muted', 'delivered', 'sending', 'firing', 'pending'],
    ])
    expect(body.items[3]).toEqual({
      at: '2026-06-01T06:00:33Z',
      event: 'delivered',
      id: north.id,
      alert: 'CtrLow',
      labels: north.labels,
      instant: null,
      value: null,
      target: null,
      reason: null,
      receiver: 'chat',
      answer: '200 ok',
    })
    expect(body.items[5]).toMatchObject({ value: 0.015, target: 0.02, instant: '2026-06-01T06:00:20Z' })
    expect(body.items[1]).toMatchObject({ alert: 'CostHigh', reason: 'not evaluated until 2026-06-01T06:00:10Z' })
    expect(body.items[0]).toMatchObject({ reason: 'evaluator-2', id: null })
    const first = (await get('/v1/alerts/history?limit=4')).body
    const second = (await get(`/v1/alerts/history?limit=4&cursor=${first.next}`)).body
    expect([...first.items, ...second.items]).toEqual(body.items)
    expect(second.next).toBeNull()
  })

  test('is asked by alert, rule, label and time', async () => {
    const events = async (query: string) =>
      (await get(`/v1/alerts/history?${query}`)).body.items.map((item: { event: string }) => item.event)
    expect(await events(`alert=${north.id}&filter=region:north`)).toEqual([
      'muted',
      'delivered',
      'sending',
      'firing',
      'pending',
    ])
    expect(await events('rule=CostHigh')).toEqual(['gap'])
    expect(await events('filter=region:south')).toEqual([])
    expect(await events('from=2026-06-01T06:00:31Z&to=2026-06-01T06:00:33Z')).toEqual(['sending', 'firing', 'pending'])
  })
})

test('changes are told to those who watch', async () => {
  const heard: object[] = []
  const notice = new Promise<void>(resolve => {
    void (async () => {
      const response = await fetch(`${await listening()}/v1/stream`)
      let text = ''
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(piece).toString()
        const match = /event: alert\ndata: (.*)\n/.exec(text)
        if (match === null) {
          if (text.includes('event: board') && heard.length === 0) {
            heard.push({})
            await world.says(firing('harbour'))
          }
          continue
        }
        heard.push(JSON.parse(match[1]!))
        return resolve()
      }
    })()
  })
  await notice
  expect(heard.at(-1)).toMatchObject({ alert: 'CtrLow', state: 'firing', labels: { region: 'harbour' } })
})

let url: Promise<string> | undefined
function listening(): Promise<string> {
  url ??= world.kivi.service.start()
  return url
}
