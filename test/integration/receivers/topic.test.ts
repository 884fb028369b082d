/** A receiver that is a topic of the event log. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventLog, LogProducer, ReceiverSettings } from '@kivi/domain'
import { embeddedEventLog, kafkaEventLog } from '@kivi/event-log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kafkaBrokers, uniqueName } from '../../support/index.ts'
import { attempt, crowd, message, receiverOf } from './messages.ts'

const settings = (topic: string, timeoutMs = 10_000) =>
  ({ name: 'team', language: 'en', sendResolved: true, timeoutMs, kind: 'kafka', topic }) as ReceiverSettings

const to = (topic: string, producer: () => Promise<LogProducer>, timeoutMs?: number) =>
  receiverOf(settings(topic, timeoutMs), { env: {}, producer })

describe.each(['embedded', 'kafka'])('%s', kind => {
  let log: EventLog
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kivi-topic-'))
    log =
      kind === 'kafka'
        ? kafkaEventLog({ brokers: await kafkaBrokers() })
        : embeddedEventLog({ path: join(directory, 'log.sqlite') })
  })
  afterEach(async () => {
    await log.close()
    await rm(directory, { recursive: true })
  })

  test('a message is a record under its lane, with its key; a crowd fits too', async () => {
    const topic = uniqueName('alerts')
    await log.ensureTopic(topic, { partitions: 1 })
    const receiver = to(topic, () => log.producer())
    expect(await receiver.send(message(), attempt())).toMatchObject({ kind: 'delivered' })
    expect(await receiver.send(crowd(), attempt())).toMatchObject({ kind: 'delivered' })
    const record = (await log.recordAt(topic, 0, 0))!
    expect(Buffer.from(record.key!).toString()).toBe(message().lane)
    expect(JSON.parse(Buffer.from(record.value!).toString())).toMatchObject({
      version: '4',
      key: message().key,
      sequence: 7,
    })
    expect(record.headers.map(([name, value]) => [name, Buffer.from(value!).toString()])).toEqual([
      ['idempotency-key', message().key],
      ['kivi-sequence', '7'],
    ])
    const { alerts, truncatedAlerts } = JSON.parse(Buffer.from((await log.recordAt(topic, 0, 1))!.value!).toString())
    expect(alerts.length + truncatedAlerts).toBe(10_000)
  })

  test('a topic that is not there is for a person to mend', async () => {
    const topic = uniqueName('missing')
    const delivery = await to(topic, () => log.producer()).send(message(), attempt())
    expect(delivery).toMatchObject({ kind: 'failed', answer: expect.stringContaining(topic) })
  })
})

test('a log that does not answer leaves a doubt, one that cannot be reached does not', async () => {
  const hanging = { send: () => new Promise<void>(() => {}) } as unknown as LogProducer
  expect(await to('t', async () => hanging, 100).send(message(), attempt())).toMatchObject({ kind: 'in_doubt' })
  const log = kafkaEventLog({ brokers: ['127.0.0.1:1'] })
  expect(await to('t', () => log.producer()).send(message(), attempt())).toMatchObject({ kind: 'refused' })
  await log.close()
})

test('a deposed leader writes nothing', async () => {
  const sent: unknown[] = []
  const producer = { send: async (...args: unknown[]) => void sent.push(args) } as unknown as LogProducer
  expect(
    await to('t', async () => producer).send(
      message(),
      attempt(() => false),
    ),
  ).toMatchObject({ kind: 'refused' })
  expect(sent).toEqual([])
})
