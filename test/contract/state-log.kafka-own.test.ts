/** What only Kafka's state log has: aborted transactions, compaction by the broker, settings of topics. */
import { randomBytes } from 'node:crypto'
import type { EventLog, StateLog } from '@kivi/domain'
import { kafkaEventLog } from '@kivi/event-log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTopic, kafkaBrokers, uniqueName } from '../support/index.ts'
import { Contender } from './contender.ts'

let brokers: string[]
let log: EventLog
beforeEach(async () => {
  brokers = await kafkaBrokers()
  log = kafkaEventLog({ brokers })
})
afterEach(() => log.close())

async function everything(states: StateLog) {
  const records = []
  for (let at = 0; ; ) {
    const read = await states.read(at)
    records.push(...read.records)
    at = read.next
    if (read.end) return records
  }
}

test('an append of which a part fails is not there at all, and the leadership begins anew', async () => {
  const states = await log.states(uniqueName('states'))
  const leader = await Contender.open(states, 'leader', { sessionTimeoutMs: 3_000 })
  const leadership = await leader.leads()
  expect(await leadership.append([{ key: 'a', value: 'before' }])).toBe('appended')
  // requests of a thousand records each; the broker takes the first, and not the last
  const small = Array.from({ length: 1_500 }, (_, i) => ({ key: `key ${i}`, value: 'x' }))
  const tooLong = { key: 'long', value: randomBytes(9 << 20).toString('base64') }
  expect(await leadership.append([{ key: 'a', value: 'half' }, ...small, tooLong])).toBe('ended')
  const again = await leader.leads(2)
  expect(leader.term.state).toEqual(
    new Map([
      ['leader', 'leader'],
      ['a', 'before'],
    ]),
  )
  expect(await again.append([{ key: 'a', value: 'after' }])).toBe('appended')
  expect((await everything(states)).map(({ value }) => value)).toEqual(['leader', 'before', 'leader', 'after'])
})

test('compaction by the broker leaves the last state of each key, and readers pass over the gaps', async () => {
  const topic = await createTopic({
    topic: uniqueName('states'),
    partitions: 1,
    config: {
      'cleanup.policy': 'compact',
      'min.compaction.lag.ms': '0',
      'max.compaction.lag.ms': '1',
      'segment.bytes': '1048576',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.001',
      'max.message.bytes': '1000000',
    },
  })
  const states = await log.states(topic)
  expect(states.warnings).toEqual([
    expect.stringContaining('min.compaction.lag.ms=0'),
    expect.stringContaining('max.message.bytes'),
  ])
  const leader = await Contender.open(states, 'leader')
  const leadership = await leader.leads()
  const written = new Map<string, string>()
  let appended = 0
  const flap = async (round: number) => {
    const changes = Array.from({ length: 20 }, (_, i) => ({ key: `key ${i}`, value: `${round} ${'x'.repeat(2_000)}` }))
    for (const { key, value } of changes) written.set(key, value)
    expect(await leadership.append(changes)).toBe('appended')
    appended += changes.length
  }
  // segments close as records come, and the cleaner comes round by itself
  let left = Number.POSITIVE_INFINITY
  for (let round = 0; left > appended / 2; round++) {
    await flap(round)
    if (round % 10 === 9) left = (await everything(states)).length
  }
  await leader.candidate.stop()
  const heir = await Contender.open(states, 'heir')
  await heir.leads()
  expect(heir.term.state).toEqual(new Map([...written, ['leader', 'heir']]))
  const last = new Map((await everything(states)).map(({ key, value }) => [key, value]))
  expect(last).toEqual(heir.term.state)
})

describe('topics', () => {
  test('a new one is compacted, keeps each record for hours, and has one partition', async () => {
    const topic = uniqueName('states')
    expect((await log.states(topic)).warnings).toEqual([])
    expect(await log.partitions(topic)).toEqual([0])
    // made once, and found by whoever comes next
    expect((await log.states(topic)).warnings).toEqual([])
  })

  test.each([
    [{ partitions: 1, config: { 'cleanup.policy': 'delete' } }, /cleanup\.policy=delete.*Set cleanup\.policy=compact/],
    [{ partitions: 1, config: { 'cleanup.policy': 'compact,delete' } }, /forget firing alerts/],
    [{ partitions: 3, config: { 'cleanup.policy': 'compact' } }, /has 3 partitions/],
  ])('one that forgets or is shared is refused: %j', async (options, reason) => {
    const topic = await createTopic(options)
    await expect(log.states(topic)).rejects.toMatchObject({
      code: 'log_misconfigured',
      message: expect.stringMatching(reason),
    })
  })
})
