/** Reports as each kind of receiver is handed them: read off real requests, a real SMTP server and a real topic. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DigestMessage, ReceiverKind } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleDigest, sampleIndicator } from '../../../packages/domain/src/digests/testing.ts'
import { attempt, NOW, receiverOf, secretsFor, settingsOf } from './messages.ts'
import { answer, hang, type OtherSide, startOtherSide } from './other-side.ts'

let other: OtherSide
beforeEach(async () => {
  other = await startOtherSide()
  // every kind takes this for a yes
  other.behave(answer(200, { errcode: 0, code: 0, ok: true }))
})
afterEach(() => other.stop())

const EVIL = 'Sale <!channel> <at id=all></at> <@all> [here](https://evil.example) @all'
const PAGE = 'https://kivi.example/digests/weekly_growth?period=2026-11-16'

function report(changes: Partial<DigestMessage> = {}): DigestMessage {
  return {
    ...{ receiver: 'team', language: 'en', lane: 'digest/weekly_growth/team', sequence: 3, key: '5f0e2c1a-key' },
    ...{ test: false, digest: sampleDigest(), missed: [], late: false, externalUrl: 'https://kivi.example/', at: NOW },
    ...changes,
  }
}

/** A hundred indicators with long names in both languages. */
const long = report({
  digest: sampleDigest({
    indicators: Array.from({ length: 100 }, (_, n) =>
      sampleIndicator({
        ...{
          id: `i${n}`,
          label: { en: `${n}. ${'Conversion of visitors '.repeat(4)}`, zh: `${n}．${'访客转化率'.repeat(12)}` },
        },
        groups: {
          ...{ by: 'campaign', more: 4 },
          items: [{ group: '春季促销'.repeat(10), value: 1, previous: 2, change: -0.5, contribution: null }],
        },
      }),
    ),
  }),
})

async function sent(kind: ReceiverKind, message: DigestMessage, changes: object = {}) {
  const receiver = receiverOf(settingsOf(kind, other.url, changes), { env: secretsFor(`${other.url}/hook?token=abc`) })
  expect(await receiver.report?.(message, attempt())).toMatchObject({ kind: 'delivered' })
  const taken = other.taken.at(-1)!
  return { ...taken, json: JSON.parse(taken.body) }
}

/** what people read of a request */
const TEXTS: Readonly<Partial<Record<ReceiverKind, (json: never) => string>>> = {
  slack: ({ blocks }: { blocks: Array<{ text: { text: string } }> }) =>
    blocks.map(block => block.text.text).join('\n\n'),
  dingtalk: ({ markdown }: { markdown: { text: string } }) => markdown.text,
  feishu: ({ card }: { card: { header: { title: { content: string } }; elements: Array<{ content: string }> } }) =>
    `${card.header.title.content}\n${card.elements[0]?.content}`,
  wecom: ({ markdown }: { markdown: { content: string } }) => markdown.content,
  teams: ({ attachments }: { attachments: Array<{ content: { body: Array<{ text: string }> } }> }) =>
    (attachments[0]?.content.body ?? []).map(block => block.text).join('\n\n'),
}
const CHATS = Object.keys(TEXTS) as Array<keyof typeof TEXTS>
const LIMITS: Readonly<Partial<Record<ReceiverKind, number>>> = {
  ...{ slack: 40_000, dingtalk: 19_000, feishu: 19_000, wecom: 4_096 + 100, teams: 26_000 },
}

describe.each(CHATS)('%s', kind => {
  const textOf = TEXTS[kind] as (json: unknown) => string

  test('gets the numbers, in its language, under the key, and a link to all of it', async () => {
    const { json, headers } = await sent(kind, report())
    const text = textOf(json)
    for (const words of [
      'Weekly growth',
      '2026-11-16 – 2026-11-22',
      'Click-through rate',
      '1.53%',
      'off track',
      'target 2%',
    ])
      expect(text).toContain(words)
    expect(JSON.stringify(json)).toContain(PAGE)
    expect(headers['idempotency-key']).toBe('5f0e2c1a-key')
    expect(headers['kivi-sequence']).toBe('3')
    const chinese = textOf((await sent(kind, report({ language: 'zh' }))).json)
    for (const words of ['增长周报', '点击率', '未达标', '目标值 2%']) expect(chinese).toContain(words)
  })

  test('takes nothing that people wrote for a call or a link', async () => {
    const digest = sampleDigest({
      title: { en: EVIL, zh: EVIL },
      indicators: [sampleIndicator({ label: { en: EVIL, zh: EVIL } })],
    })
    const text = textOf((await sent(kind, report({ digest }))).json)
    // the title of a card is plain text
    const written = kind === 'feishu' ? text.slice(text.indexOf('\n')) : text
    expect(written).not.toMatch(/(?<!\\)<(!channel|at id|@all)/)
    expect(written).not.toMatch(/(?<![\\\]])\]\(https:\/\/evil/)
    expect(written).toContain('Sale')
  })

  test('has a hundred indicators cut to its limit, with how many more there are and where', async () => {
    const { json, body } = await sent(kind, { ...long, language: 'zh' })
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(LIMITS[kind] ?? 0)
    const text = textOf(json)
    const shown = text.match(/🔴/g)?.length ?? 0
    expect(shown).toBeGreaterThan(3)
    expect(text).toContain(`另有 ${100 - shown} 个指标`)
    expect(text).toContain(PAGE)
  })
})

test('a webhook gets all of it as JSON and as Markdown, signed, and the same in each attempt', async () => {
  const message = report({ late: true, missed: ['2026-11-09'] })
  const { json, headers, body } = await sent('webhook', message)
  expect(json).toMatchObject({
    ...{ version: '1', kind: 'digest', receiver: 'team', language: 'en', key: '5f0e2c1a-key', sequence: 3 },
    ...{ test: false, late: true, missed: ['2026-11-09'], url: PAGE, at: '2026-11-22T02:05:00Z' },
  })
  expect(json.digest).toEqual(message.digest)
  expect(json.markdown).toContain('# Weekly growth')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', 'secret-of-the-test').update(signed).digest('base64')}`,
  )
  expect((await sent('webhook', message)).body).toBe(body)
  const hundred = (await sent('webhook', long)).json
  expect(hundred.digest.indicators).toHaveLength(100)
})

test('an answer means for a report what it means for an alert', async () => {
  const receiver = receiverOf(settingsOf('dingtalk', other.url), { env: secretsFor(other.url) })
  const told = async (behaviour: Parameters<OtherSide['behave']>[0]) => {
    other.behave(behaviour)
    return receiver.report?.(report(), attempt())
  }
  expect(await told(answer(200, { errcode: 130101 }))).toMatchObject({ kind: 'refused', retryAfterMs: 600_000 })
  expect(await told(answer(200, { errcode: 310000 }))).toMatchObject({ kind: 'failed' })
  expect(await told(answer(503, 'later', { 'retry-after': '7' }))).toMatchObject({
    kind: 'refused',
    retryAfterMs: 7_000,
  })
  const quick = receiverOf(settingsOf('slack', other.url, { timeoutMs: 200 }), { env: secretsFor(other.url) })
  other.behave(hang)
  expect(await quick.report?.(report(), attempt())).toMatchObject({ kind: 'in_doubt' })
  expect(
    await quick.report?.(
      report(),
      attempt(() => false),
    ),
  ).toMatchObject({ kind: 'refused' })
})

test.each(['pagerduty', 'alertmanager'] as const)('a receiver of type %s takes no reports', kind => {
  expect(receiverOf(settingsOf(kind, other.url), { env: secretsFor(other.url) }).report).toBeUndefined()
})

test('a mail has a subject, a text and an HTML part, and belongs to those before it', async () => {
  const mails: string[] = []
  const smtp = new SMTPServer({
    ...{ authOptional: true, logger: false, closeTimeout: 1 },
    onData(stream, _, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  try {
    const { port } = smtp.server.address() as AddressInfo
    const receiver = receiverOf(
      settingsOf('email', '', {
        ...{ host: '127.0.0.1', port, tls: 'none', username: null, password: null, timeoutMs: 5_000 },
        ...{ from: 'Kivi <kivi@example.com>', to: ['all@example.com'] },
      }),
      { env: {} },
    )
    for (const key of ['one', 'two'])
      expect(await receiver.report?.(report({ key }), attempt())).toMatchObject({ kind: 'delivered' })
  } finally {
    await new Promise<void>(resolve => smtp.close(resolve))
  }
  const [first = '', second = ''] = mails
  const header = (mail: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(mail)?.[1]?.trim()
  expect(header(first, 'Message-ID')).toBe('<one@example.com>')
  expect(header(second, 'References')).toBe(header(first, 'References'))
  expect(first).toMatch(/^Subject: .*Weekly/m)
  expect(first).toMatch(/Content-Type: text\/plain/)
  expect(first).toMatch(/Content-Type: text\/html/)
})

test('a topic gets the JSON under the lane', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-reports-'))
  const log = embeddedEventLog({ path: join(directory, 'log.sqlite') })
  try {
    await log.ensureTopic('reports', { partitions: 1 })
    const receiver = receiverOf(settingsOf('kafka', '', { topic: 'reports' }), {
      env: {},
      producer: () => log.producer(),
    })
    expect(await receiver.report?.(long, attempt())).toMatchObject({ kind: 'delivered' })
    const record = await log.recordAt('reports', 0, 0)
    expect(Buffer.from(record?.key ?? []).toString()).toBe(long.lane)
    expect(JSON.parse(Buffer.from(record?.value ?? []).toString())).toMatchObject({ kind: 'digest', key: long.key })
  } finally {
    await log.close()
    await rm(directory, { recursive: true })
  }
})
