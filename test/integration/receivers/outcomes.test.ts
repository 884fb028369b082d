/** What becomes of a message whose other side fails, hangs, loses the answer, or says no under a 200. */
import { createServer } from 'node:net'
import type { Delivery, ReceiverKind } from '@kivi/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { attempt, message, NOW, receiverOf, secretsFor, settingsOf } from './messages.ts'
import {
  answer,
  answerAfter,
  cutAfterBody,
  cutAtHeaders,
  cutInAnswer,
  hang,
  type OtherSide,
  startOtherSide,
} from './other-side.ts'

let other: OtherSide
beforeEach(async () => {
  other = await startOtherSide()
})
afterEach(() => other.stop())

const send = (kind: ReceiverKind, changes: object = {}, options = attempt()): Promise<Delivery> =>
  receiverOf(settingsOf(kind, other.url, changes), { env: secretsFor(other.url) }).send(message(), options)

const KINDS = ['webhook', 'slack', 'dingtalk', 'feishu', 'wecom', 'teams', 'pagerduty', 'alertmanager'] as const

/** what each says when all is well */
const FINE: Record<(typeof KINDS)[number], [status: number, body: string | object]> = {
  webhook: [204, ''],
  slack: [200, 'ok'],
  dingtalk: [200, { errcode: 0, errmsg: 'ok' }],
  feishu: [200, { code: 0, msg: 'success', data: {} }],
  wecom: [200, { errcode: 0, errmsg: 'ok' }],
  teams: [202, ''],
  pagerduty: [202, { status: 'success', message: 'Event processed', dedup_key: 'x' }],
  alertmanager: [200, ''],
}

describe.each(KINDS)('%s', kind => {
  test('taken: delivered, with one request', async () => {
    other.behave(answer(...FINE[kind]))
    expect(await send(kind)).toMatchObject({ kind: 'delivered' })
    expect(other.taken.length).toBe(1)
  })

  test.each([
    [500, 'in_doubt'],
    [502, 'in_doubt'],
    [504, 'in_doubt'],
    [408, 'in_doubt'],
    [400, 'failed'],
    [401, 'failed'],
    [404, 'failed'],
    [413, 'failed'],
    [503, 'refused'],
    [429, 'refused'],
  ] as const)('%i is %s', async (status, outcome) => {
    other.behave(answer(status, 'a sentence about it'))
    const delivery = await send(kind)
    expect(delivery).toEqual({ kind: outcome, answer: `${status} a sentence about it` })
  })

  test('Retry-After is heeded, in seconds and as a date', async () => {
    other.behave(answer(429, '', { 'retry-after': '17' }))
    expect(await send(kind)).toMatchObject({ kind: 'refused', retryAfterMs: 17_000 })
    other.behave(answer(503, '', { 'retry-after': new Date(NOW + 90_000).toUTCString() }))
    expect(await send(kind)).toMatchObject({ kind: 'refused', retryAfterMs: 90_000 })
    other.behave(answer(503, '', { 'retry-after': 'soon' }))
    expect(await send(kind)).toEqual({ kind: 'refused', answer: '503' })
  })

  test('an answer that does not come in time leaves a doubt, also when it comes later', async () => {
    other.behave(hang)
    expect(await send(kind, { timeoutMs: 150 })).toEqual({ kind: 'in_doubt', answer: 'no answer within 0.15 s' })
    other.behave(answerAfter(400, ...([200, 'ok'] as const)))
    expect(await send(kind, { timeoutMs: 150 })).toMatchObject({ kind: 'in_doubt' })
  })

  test('a connection that is lost after a byte was written leaves a doubt', async () => {
    other.behave(cutAtHeaders)
    expect(await send(kind)).toMatchObject({ kind: 'in_doubt' })
    other.behave(cutAfterBody)
    expect(await send(kind)).toMatchObject({ kind: 'in_doubt' })
    expect(other.taken.length).toBe(1)
  })

  test('a redirect is not followed', async () => {
    const inside = await startOtherSide()
    try {
      other.behave(answer(307, '', { location: inside.url }))
      const delivery = await send(kind)
      expect(delivery).toMatchObject({ kind: 'failed', answer: expect.stringContaining('redirects are not followed') })
      expect(inside.taken).toEqual([])
    } finally {
      await inside.stop()
    }
  })

  test('nobody listening: refused', async () => {
    await other.stop()
    expect(await send(kind)).toMatchObject({ kind: 'refused', answer: expect.stringContaining('ECONNREFUSED') })
    other = await startOtherSide()
  })

  test('a deposed leader writes nothing, though it is connected already', async () => {
    const asked: number[] = []
    const delivery = await send(
      kind,
      {},
      attempt(() => {
        asked.push(1)
        return false
      }),
    )
    expect(delivery.kind).toBe('refused')
    expect(asked.length).toBe(1)
    expect(other.taken).toEqual([])
  })

  test('given up before it began it is refused, while it waits for an answer it is in doubt', async () => {
    expect(await send(kind, {}, attempt(undefined, AbortSignal.abort()))).toMatchObject({ kind: 'refused' })
    other.behave(hang)
    const stop = new AbortController()
    const delivery = send(kind, {}, attempt(undefined, stop.signal))
    await other.took(1)
    stop.abort()
    expect(await delivery).toEqual({ kind: 'in_doubt', answer: 'given up, as Kivi stops' })
  })
})

describe('a no under a 200', () => {
  test.each([
    ['dingtalk', { errcode: 310000, errmsg: 'keywords not in content' }, 'failed'],
    ['dingtalk', { errcode: 300001, errmsg: 'token is not exist' }, 'failed'],
    ['dingtalk', { errcode: 130101, errmsg: 'send too fast' }, 'refused'],
    ['dingtalk', { errcode: -1, errmsg: 'system busy' }, 'in_doubt'],
    ['dingtalk', 'not JSON', 'in_doubt'],
    ['feishu', { code: 19021, msg: 'sign match fail or timestamp is not within one hour' }, 'failed'],
    ['feishu', { code: 11232, msg: 'frequency limited' }, 'refused'],
    ['feishu', { StatusCode: 0, StatusMessage: 'success' }, 'delivered'],
    ['feishu', '<html>', 'in_doubt'],
    ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'failed'],
    ['wecom', { errcode: 45009, errmsg: 'api freq out of limit' }, 'refused'],
    ['wecom', { errcode: -1, errmsg: 'system error' }, 'in_doubt'],
    ['slack', 'invalid_token', 'failed'],
    ['slack', { success: true }, 'delivered'],
    ['teams', '1', 'delivered'],
    ['teams', { error: { code: 'WorkflowTriggerIsNotEnabled', message: 'off' } }, 'failed'],
    ['teams', 'Webhook message delivery failed with error: endpoint returned HTTP error 429', 'refused'],
    ['teams', 'Webhook message delivery failed with error: endpoint returned HTTP error 500', 'in_doubt'],
    ['teams', 'Webhook message delivery failed with error: endpoint returned HTTP error 403', 'failed'],
  ] as const)('%s %j is %s', async (kind, body, outcome) => {
    other.behave(answer(200, body))
    expect((await send(kind)).kind).toBe(outcome)
  })

  test.each(['slack', 'dingtalk', 'feishu', 'wecom', 'teams'] as const)('%s: half an answer is none', async kind => {
    other.behave(cutInAnswer(200, '{"errcode":0'))
    expect(await send(kind)).toMatchObject({ kind: 'in_doubt', answer: expect.stringContaining('cut off') })
  })

  test('a webhook that says 200 took it, whatever becomes of its answer', async () => {
    other.behave(cutInAnswer(200, 'than'))
    expect(await send('webhook')).toMatchObject({ kind: 'delivered' })
  })
})

test('a server that accepts and never speaks TLS was not sent anything', async () => {
  const silent = createServer(socket => socket.resume().on('error', () => {}))
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  const settings = settingsOf('webhook', '', { timeoutMs: 200 })
  const receiver = receiverOf(settings, { env: secretsFor(`https://127.0.0.1:${port}/`) })
  expect(await receiver.send(message(), attempt())).toEqual({ kind: 'refused', answer: 'no answer within 0.2 s' })
  await new Promise(resolve => silent.close(resolve))
})

test('an endless answer is not read to its end', async () => {
  other.behave((_, response) => {
    response.writeHead(500)
    const more = () => {
      while (response.writable && response.write('x'.repeat(10_000)));
    }
    response.on('drain', more)
    more()
  })
  const delivery = await send('webhook')
  expect(delivery.kind).toBe('in_doubt')
  expect(delivery.answer.length).toBeLessThan(400)
})

describe('Alertmanagers of a cluster', () => {
  test('each is told; one that takes it is enough, and none is an error', async () => {
    const second = await startOtherSide()
    try {
      other.behave(answer(500, 'broken'))
      const urls = { urls: [other.url, `${second.url}/prefix/`] }
      expect(await send('alertmanager', urls)).toMatchObject({ kind: 'delivered' })
      expect(second.taken.map(({ path }) => path)).toEqual(['/prefix/api/v2/alerts'])
      second.behave(answer(500, 'broken too'))
      expect(await send('alertmanager', urls)).toEqual({ kind: 'in_doubt', answer: '500 broken' })
    } finally {
      await second.stop()
    }
  })
})
