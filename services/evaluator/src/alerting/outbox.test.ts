import type { Alerting, Delivery, LaneRecord, Receiver, SendOptions } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createOutbox } from './outbox.ts'
import { catalogWith, hook } from './testing/term-world.ts'

const { alerting } = catalogWith([], [hook('chat'), hook('mail')])

const lane = (name: string, receiver = 'chat') =>
  ({
    lane: name,
    receiver,
    open: { notification: { key: `key of ${name}` }, tells: {}, inDoubt: false },
  }) as unknown as LaneRecord

function world(send: (name: string, options: SendOptions) => Promise<Delivery>) {
  let leads = true
  let rings = 0
  const outcomes: string[] = []
  const outbox = createOutbox({
    receivers: {
      for: ({ name, kind }): Receiver | string =>
        name === 'mail' ? 'SMTP_PASSWORD is not set' : { name, kind, send: ({ key }, options) => send(key, options) },
    },
    leads: () => leads,
    now: () => 42,
    answered: () => rings++,
    told: ({ receiver, outcome }) => outcomes.push(`${receiver} ${outcome}`),
  })
  return {
    ...{ outbox, outcomes },
    rings: () => rings,
    resign() {
      leads = false
    },
  }
}
const settled = () => new Promise(resolve => setImmediate(resolve))

test('a lane is under way until its answer is in the log', async () => {
  const { outbox, rings, outcomes } = world(async () => ({ kind: 'delivered', answer: 'ok' }))
  outbox.send([lane('a')], alerting)
  expect([outbox.isUnderWay('a'), outbox.isUnderWay('b'), outbox.answers()]).toEqual([true, false, []])
  await settled()
  const answers = outbox.answers()
  expect(answers).toEqual([{ lane: 'a', key: 'key of a', delivery: { kind: 'delivered', answer: 'ok' }, sentAt: 42 }])
  expect([rings(), outcomes, outbox.isUnderWay('a')]).toEqual([1, ['chat delivered'], true])
  outbox.settled(answers)
  expect([outbox.answers(), outbox.isUnderWay('a')]).toEqual([[], false])
})

test('an answer that came while others were being appended waits for the next step', async () => {
  const { outbox } = world(async () => ({ kind: 'delivered', answer: 'ok' }))
  outbox.send([lane('a')], alerting)
  await settled()
  const taken = outbox.answers()
  outbox.send([lane('b')], alerting)
  await settled()
  outbox.settled(taken)
  expect(outbox.answers().map(answer => answer.lane)).toEqual(['b'])
  expect([outbox.isUnderWay('a'), outbox.isUnderWay('b')]).toEqual([false, true])
})

test('a receiver is asked eight things at a time, and others do not wait for it', async () => {
  const asked: string[] = []
  const { outbox } = world(key => {
    asked.push(key)
    return new Promise(() => undefined)
  })
  const lanes = Array.from({ length: 20 }, (_, i) => lane(`${i}`))
  outbox.send(lanes, alerting)
  outbox.send(
    lanes.filter(({ lane: name }) => !outbox.isUnderWay(name)),
    alerting,
  )
  expect(asked).toEqual(lanes.slice(0, 8).map(({ lane: name }) => `key of ${name}`))
  outbox.send([lane('to mail', 'mail')], alerting)
  await settled()
  expect(outbox.answers()).toMatchObject([
    { lane: 'to mail', delivery: { kind: 'refused', answer: 'SMTP_PASSWORD is not set' } },
  ])
})

test('a receiver that throws may have been reached: the message is in doubt', async () => {
  const { outbox } = world(() => Promise.reject(new Error('a mistake')))
  outbox.send([lane('a')], alerting)
  await settled()
  expect(outbox.answers()).toMatchObject([{ delivery: { kind: 'in_doubt', answer: 'a mistake' } }])
})

test('nothing goes to a receiver that the catalog no longer has, and nothing once another leads', async () => {
  const asked: string[] = []
  const { outbox, resign } = world(async key => {
    asked.push(key)
    return { kind: 'delivered', answer: '' }
  })
  outbox.send([lane('gone', 'pager')], alerting)
  resign()
  outbox.send([lane('a')], alerting)
  await settled()
  expect([asked, outbox.isUnderWay('gone'), outbox.isUnderWay('a')]).toEqual([[], false, false])
})

test('a lease that runs out before the first byte is written holds the request back', async () => {
  let options: SendOptions | undefined
  const { outbox, resign } = world((_, given) => {
    options = given
    return new Promise(() => undefined)
  })
  outbox.send([lane('a')], alerting)
  expect(options?.mayStart()).toBe(true)
  resign()
  expect(options?.mayStart()).toBe(false)
})

test('who drains begins nothing more and waits for answers; who aborts waits for nobody', async () => {
  const answer = Promise.withResolvers<Delivery>()
  let options: SendOptions | undefined
  const { outbox } = world((_, given) => {
    options = given
    return answer.promise
  })
  outbox.send([lane('a')], alerting)
  const drained = outbox.drain(60_000)
  expect(options?.mayStart()).toBe(false)
  outbox.send([lane('b')], alerting as Alerting)
  expect(outbox.isUnderWay('b')).toBe(false)
  answer.resolve({ kind: 'delivered', answer: '' })
  await drained
  expect(outbox.answers()).toHaveLength(1)
  expect(options?.signal.aborted).toBe(false)
  outbox.abort()
  expect(options?.signal.aborted).toBe(true)
})

test('what does not answer is not waited for longer than it was said', async () => {
  const { outbox } = world(() => new Promise(() => undefined))
  outbox.send([lane('a')], alerting)
  await outbox.drain(10)
  expect([outbox.answers(), outbox.isUnderWay('a')]).toEqual([[], true])
})
