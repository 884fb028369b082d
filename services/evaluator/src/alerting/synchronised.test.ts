import { AlertState, type Delivery, type Receiver, type SendOptions } from '@kivi/domain'
import { expect, test } from 'vitest'
import { createSynchronised } from './synchronised.ts'
import { alertmanager, catalogWith, hook, MINUTE } from './testing/term-world.ts'
import { wordingOf } from './wording.ts'

const catalog = catalogWith([], [hook('chat'), alertmanager('am')])
const { alerting } = catalog
const wording = wordingOf(catalog, null)
const settled = () => new Promise(resolve => setImmediate(resolve))

function world(sync: (options: SendOptions) => Promise<Delivery>) {
  let leads = true
  const asked: string[] = []
  const outcomes: string[] = []
  const synchronised = createSynchronised({
    receivers: {
      for: ({ name, kind }): Receiver => ({
        ...{ name, kind, send: () => Promise.reject(new Error('it is synchronised')) },
        sync(_, options) {
          asked.push(name)
          return sync(options)
        },
      }),
    },
    leads: () => leads,
    told: ({ receiver, outcome }) => outcomes.push(`${receiver} ${outcome}`),
  })
  return {
    ...{ synchronised, asked, outcomes },
    async tick(now: number, changed = false) {
      synchronised.tick(new AlertState(), { alerting, wording, now }, changed)
      await settled()
    },
    resign() {
      leads = false
    },
  }
}
const taken = async (): Promise<Delivery> => ({ kind: 'delivered', answer: '' })

test('every minute, and at once after a change, but not oftener than every five seconds', async () => {
  const { tick, asked } = world(taken)
  const at: number[] = []
  for (let second = 0; second <= 130; second++) {
    const before = asked.length
    await tick(second * 1_000, second === 70 || second === 72)
    if (asked.length > before) at.push(second)
  }
  expect(at).toEqual([0, 60, 70, 75])
  expect(new Set(asked)).toEqual(new Set(['am']))
})

test('one request at a time: a change meanwhile is told when it has come back', async () => {
  const answer = Promise.withResolvers<Delivery>()
  const { tick, asked } = world(() => answer.promise)
  await tick(0)
  await tick(10_000, true)
  await tick(2 * MINUTE)
  expect(asked).toHaveLength(1)
  answer.resolve({ kind: 'delivered', answer: '' })
  await settled()
  await tick(2 * MINUTE + 1_000)
  expect(asked).toHaveLength(2)
})

test('a clock that is put back makes it ask again, not wait until it comes there', async () => {
  const { tick, asked } = world(taken)
  await tick(100 * MINUTE)
  await tick(MINUTE)
  await tick(MINUTE + 1_000)
  expect(asked).toHaveLength(2)
})

test('since when it fails is known until it takes something again; whoever throws is in doubt', async () => {
  let outcome: () => Promise<Delivery> = () => Promise.reject(new Error('a mistake'))
  const { tick, synchronised, outcomes } = world(() => outcome())
  await tick(MINUTE)
  outcome = async () => ({ kind: 'failed', answer: '401' })
  await tick(2 * MINUTE)
  expect([...synchronised.failing]).toEqual([['am', MINUTE]])
  outcome = taken
  await tick(3 * MINUTE)
  expect([...synchronised.failing]).toEqual([])
  expect(outcomes).toEqual(['am in_doubt', 'am failed', 'am delivered'])
})

test('nothing is sent once another leads, or the leadership is over', async () => {
  const { tick, asked, resign } = world(taken)
  resign()
  await tick(0, true)
  expect(asked).toEqual([])
  let options: SendOptions | undefined
  const ended = world(given => {
    options = given
    return new Promise(() => undefined)
  })
  await ended.tick(0)
  expect(options?.mayStart()).toBe(true)
  ended.synchronised.abort()
  expect([options?.mayStart(), options?.signal.aborted]).toEqual([false, true])
})
