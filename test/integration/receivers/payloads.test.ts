/** What receivers are handed: read off real requests. */
import { createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Notification, ReceiverKind } from '@kivi/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alert, attempt, crowd, message, NOW, receiverOf, secretsFor, settingsOf } from './messages.ts'
import { answer, type OtherSide, startOtherSide } from './other-side.ts'

let other: OtherSide
beforeEach(async () => {
  other = await startOtherSide()
  // every kind takes this for a yes
  other.behave(answer(200, { errcode: 0, code: 0, ok: true }))
})
afterEach(() => other.stop())

async function sent(kind: ReceiverKind, notification: Notification, changes: object = {}) {
  const receiver = receiverOf(settingsOf(kind, other.url, changes), { env: secretsFor(`${other.url}/hook?token=abc`) })
  expect(await receiver.send(notification, attempt())).toMatchObject({ kind: 'delivered' })
  const taken = other.taken.at(-1)!
  return { ...taken, json: JSON.parse(taken.body) }
}

describe('webhook', () => {
  test("is Alertmanager's payload, version 4, with key and place in the lane", async () => {
    const { json, headers } = await sent('webhook', message())
    expect(json).toMatchObject({
      version: '4',
      groupKey: 'default{alertname="CtrLow"}/team 春',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'team',
      groupLabels: { alertname: 'CtrLow' },
      externalURL: 'https://kivi.example/alerts?rule=CtrLow',
      key: '5f0e2c1a-key',
      sequence: 7,
    })
    expect(json.alerts).toEqual([
      {
        status: 'firing',
        labels: { alertname: 'CtrLow', severity: 'page', campaign: 'spring 1', indicator: 'ctr' },
        annotations: { summary: 'CTR of spring 1 is 1.2 %', description: 'Look at the creatives.' },
        startsAt: '2026-11-22T02:04:00Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'https://kivi.example/alerts/1',
        fingerprint: '0000000000000001',
        episode: 'episode 1',
        value: 0.012,
        target: 0.02,
        unit: 'percent',
        reason: null,
      },
    ])
    expect(headers['idempotency-key']).toBe('5f0e2c1a-key')
    expect(headers['kivi-sequence']).toBe('7')
    expect(decodeURIComponent(headers['kivi-lane'] as string)).toBe('default{alertname="CtrLow"}/team 春')
  })

  test('is signed over id, time and body; the key is the same in each attempt', async () => {
    const { headers, body } = await sent('webhook', message())
    const id = headers['webhook-id']
    const time = headers['webhook-timestamp']
    expect([id, time]).toEqual(['5f0e2c1a-key', String(NOW / 1000)])
    const own = createHmac('sha256', 'secret-of-the-test').update(`${id}.${time}.${body}`).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${own}`)
    expect((await sent('webhook', message())).headers['webhook-id']).toBe(id)
  })

  test('a secret of Standard Webhooks is decoded; headers of one’s own may be secret', async () => {
    const key = Buffer.from('thirty-two bytes of randomness..')
    const env = { HOOK: other.url, KEY: `whsec_${key.toString('base64')}`, TOKEN: 'Bearer t0ken' }
    const settings = settingsOf('webhook', other.url, {
      headers: { authorization: { env: 'TOKEN' }, 'x-team': 'growth' },
    })
    await receiverOf(settings, { env }).send(message(), attempt())
    const { headers, body } = other.taken[0]!
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    expect([headers['authorization'], headers['x-team']]).toEqual(['Bearer t0ken', 'growth'])
  })
})

describe('signatures of chats', () => {
  test('DingTalk: milliseconds and text, signed with the secret, in the address', async () => {
    const { path } = await sent('dingtalk', message())
    const asked = new URL(path, other.url).searchParams
    const signed = createHmac('sha256', 'secret-of-the-test').update(`${NOW}\nsecret-of-the-test`).digest('base64')
    expect(Object.fromEntries(asked)).toEqual({ token: 'abc', timestamp: String(NOW), sign: signed })
  })

  test('Feishu: seconds and secret are the key of a signature of nothing, in the body', async () => {
    const { json } = await sent('feishu', message())
    const signed = createHmac('sha256', `${NOW / 1000}\nsecret-of-the-test`)
      .update('')
      .digest('base64')
    expect(json).toMatchObject({ timestamp: String(NOW / 1000), sign: signed })
  })
})

interface Texts {
  readonly slack: { text: string; attachments: [{ blocks: { text: { text: string } }[] }] }
  readonly dingtalk: { markdown: { text: string } }
  readonly feishu: { card: { header: { title: { content: string } }; elements: [{ content: string }] } }
  readonly wecom: { markdown: { content: string } }
  readonly teams: { attachments: [{ content: { body: { text: string }[] } }] }
}

/** what a person reads of a message, whatever the kind */
const READ: { readonly [K in keyof Texts]: (json: Texts[K]) => string } = {
  slack: ({ text, attachments: [{ blocks }] }) => [text, ...blocks.map(block => block.text.text)].join('\n'),
  dingtalk: ({ markdown }) => markdown.text,
  feishu: ({ card }) => `${card.header.title.content}\n${card.elements[0].content}`,
  wecom: ({ markdown }) => markdown.content,
  teams: ({ attachments: [{ content }] }) => content.body.map(block => block.text).join('\n'),
}
const reading = (kind: keyof Texts) => READ[kind] as (json: unknown) => string

const CHATS = ['slack', 'dingtalk', 'feishu', 'wecom', 'teams'] as const
const LIMITS = { slack: 40_000, dingtalk: 20_000, feishu: 20_000, wecom: 4_096, teams: 28_000 } as const

describe.each(CHATS)('%s', kind => {
  const read = async (notification: Notification, changes = {}) =>
    reading(kind)((await sent(kind, notification, changes)).json)

  test('says what fires, the value, the target, since when, and where to look', async () => {
    const text = await read(message())
    for (const part of [
      'FIRING 1',
      'CtrLow',
      'CTR of spring 1 is 1.2 %',
      'value 1.2 %',
      'target 2 %',
      'campaign=spring 1',
    ])
      expect(text).toContain(part)
    // 02:04 UTC in the catalog's zone
    expect(text).toContain('since 2026-11-22 10:04 GMT+8')
    expect(text).toContain('https://kivi.example/alerts/1')
  })

  test('speaks Chinese', async () => {
    const resolved = alert(2, { status: 'resolved', endsAt: NOW, reason: 'no_data' })
    const text = await read(message({ language: 'zh', alerts: [alert(1), resolved], firingAfter: 3 }))
    for (const part of ['告警 1', '已恢复 1', '当前值 1.2 %', '目标值 2 %', '已无数据', '本组仍有 3 条告警'])
      expect(text).toContain(part)
  })

  test('a group of ten thousand is delivered within its limit: the first ones, the count, and where the others are', async () => {
    const { body, json } = await sent(kind, crowd())
    const text = reading(kind)(json)
    expect(Buffer.byteLength(kind === 'wecom' ? text : body)).toBeLessThanOrEqual(LIMITS[kind])
    const shown = new Set(text.match(/alerts\/\d+/g)).size
    expect(shown).toBeGreaterThan(3)
    expect(text).toContain(`and ${10_000 - shown} more`)
    expect(text).toContain('https://kivi.example/alerts?rule=CtrLow')
    expect(text).toContain('FIRING 1000')
  })

  test('even one alert too long for it is delivered, by its count', async () => {
    const long = '长'.repeat(30_000)
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`label${i}`, long]))
    const endless = alert(1, { labels, annotations: { summary: long, description: long } })
    const { body, json } = await sent(kind, message({ alerts: [endless], groupLabels: { a: long, b: long } }))
    const text = reading(kind)(json)
    expect(Buffer.byteLength(kind === 'wecom' ? text : body)).toBeLessThanOrEqual(LIMITS[kind])
    expect(text).toContain('FIRING 1')
  })

  test('labels from events call nobody, and draw no links', async () => {
    const hostile = '<!channel> <@U1> <at id=all></at> [x](http://evil.example) @everyone\n# big'
    const text = await read(
      message({ alerts: [alert(1, { annotations: { summary: hostile }, url: null })], externalUrl: null }),
    )
    expect(text).not.toMatch(/(?<!\\)<[!@a]/)
    expect(text).not.toMatch(/(?<!\\)\[x(?<!\\)\]\(/)
    expect(text).not.toMatch(/^# big/m)
  })

  test('a repetition, a test and an end are told apart', async () => {
    expect(await read(message({ reason: 'repeat' }))).toContain('STILL FIRING 1')
    expect(await read(message({ reason: 'test' }))).toContain('TEST')
    const end = await read(message({ alerts: [alert(1, { status: 'resolved', endsAt: NOW })] }))
    expect(end).toContain('RESOLVED 1')
    expect(end).toContain('until 2026-11-22 10:05 GMT+8')
    expect(end).not.toContain('FIRING')
  })
})

test('people are called when something fires, not when it ends', async () => {
  const over = message({ alerts: [alert(1, { status: 'resolved', endsAt: NOW })] })
  const dingtalk = { mentions: ['13800000000'] }
  expect((await sent('dingtalk', message(), dingtalk)).json).toMatchObject({
    markdown: { text: expect.stringContaining('@13800000000') },
    at: { atMobiles: ['13800000000'], isAtAll: false },
  })
  expect((await sent('dingtalk', over, dingtalk)).json.at).toEqual({ atMobiles: [], isAtAll: false })
  const wecom = { mentions: ['zhang'] }
  expect((await sent('wecom', message(), wecom)).json.markdown.content).toContain('<@zhang>')
  expect((await sent('wecom', over, wecom)).json.markdown.content).not.toContain('<@zhang>')
})

test('Teams gets an adaptive card, Slack a colour and the channel it is to go to', async () => {
  const card = (await sent('teams', message())).json.attachments[0]
  expect(card.contentType).toBe('application/vnd.microsoft.card.adaptive')
  expect(card.content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' })
  const slack = (await sent('slack', message(), { channel: '#growth' })).json
  expect(slack).toMatchObject({ channel: '#growth', attachments: [{ color: '#d92d20' }] })
  expect(slack.attachments[0].blocks.every((block: { text: { text: string } }) => block.text.text.length <= 3000)).toBe(
    true,
  )
})

describe('PagerDuty', () => {
  test('a lane is an incident: triggered while anything fires, resolved when nothing does, acknowledged when somebody cares', async () => {
    const first = (await sent('pagerduty', message())).json
    expect(first).toMatchObject({
      routing_key: 'secret-of-the-test',
      event_action: 'trigger',
      payload: { summary: 'CTR of spring 1 is 1.2 %', severity: 'critical', source: 'ctr', class: 'CtrLow' },
      client_url: 'https://kivi.example/alerts?rule=CtrLow',
    })
    const one = alert(1, { status: 'resolved', endsAt: NOW })
    const still = (await sent('pagerduty', message({ alerts: [one], firingAfter: 1 }))).json
    expect(still).toMatchObject({ event_action: 'trigger', dedup_key: first.dedup_key })
    const over = (await sent('pagerduty', message({ alerts: [one], firingAfter: 0 }))).json
    expect(over).toEqual({ ...over, event_action: 'resolve', dedup_key: first.dedup_key })
    const receiver = receiverOf(settingsOf('pagerduty', other.url), { env: secretsFor(other.url) })
    expect(await receiver.acknowledge!(message().lane, attempt())).toMatchObject({ kind: 'delivered' })
    expect(JSON.parse(other.taken.at(-1)!.body)).toMatchObject({
      event_action: 'acknowledge',
      dedup_key: first.dedup_key,
    })
  })

  test('ten thousand alerts are one event within its limit', async () => {
    const { body, json } = await sent('pagerduty', crowd())
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(512 * 1024)
    expect(json.payload.summary).toContain('FIRING 1000')
    expect(json.payload.custom_details).toMatchObject({ firing_after: 10_000, more: 'and 9900 more' })
    expect(json.dedup_key.length).toBeLessThanOrEqual(255)
  })
})

test('a webhook has all alerts of a message; what goes beyond megabytes is counted', async () => {
  const whole = (await sent('webhook', crowd())).json
  expect([whole.alerts.length, whole.truncatedAlerts]).toEqual([1_000, 9_000])
  const alerts = Array.from({ length: 1_000 }, (_, i) => alert(i, { annotations: { summary: 'x'.repeat(20_000) } }))
  const { json, body } = await sent('webhook', message({ alerts }))
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4 << 20)
  expect(json.alerts.length).toBeGreaterThan(100)
  expect(json.alerts.length + json.truncatedAlerts).toBe(1_000)
})

describe('secrets', () => {
  test('are read from a file, too, without its line end', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-secret-'))
    try {
      await writeFile(join(directory, 'hook'), `${other.url}/from-file\n`)
      const settings = settingsOf('slack', '', { url: { file: join(directory, 'hook') } })
      await receiverOf(settings, { env: {} }).send(message(), attempt())
      expect(other.taken[0]!.path).toBe('/from-file')
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  test('that are missing, empty or no address are an error that names the receiver and where they should be', () => {
    const make =
      (changes: object, env = {}) =>
      () =>
        receiverOf(settingsOf('slack', '', changes), { env })
    expect(make({})).toThrow(/team needs the environment variable HOOK/)
    expect(make({}, { HOOK: '  ' })).toThrow(/HOOK, which is not set/)
    expect(make({ url: { file: '/nowhere/hook' } })).toThrow(/\/nowhere\/hook/)
    expect(make({}, { HOOK: 'hooks.example/s3cret' })).toThrow(/begin with https/)
    expect(make({}, { HOOK: 'file:///etc/s3cret' })).not.toThrow(/s3cret/)
    expect(make({}, { HOOK: 'file:///etc/s3cret' })).toThrow(/begin with https/)
  })

  test('are in no answer that people see, even if the other side says them', async () => {
    const hook = `${other.url}/hook?token=abc`
    other.behave((_, response, taken) =>
      response.writeHead(400).end(`no such ${hook} ${taken.path} secret-of-the-test`),
    )
    const receiver = receiverOf(settingsOf('dingtalk', ''), { env: secretsFor(hook) })
    const { answer } = await receiver.send(message(), attempt())
    expect(answer).toContain('400 no such')
    expect(answer).not.toContain('token=abc')
    expect(answer).not.toContain('secret-of-the-test')
  })
})
