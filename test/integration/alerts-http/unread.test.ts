/** When the log of the alerts cannot be read, or is another one than before. */
import { type AlertState, KiviError, type StateRecord, writeRecord } from '@kivi/domain'
import { expect, test, vi } from 'vitest'
import { createAlertFollower, type FollowerDeps } from '../../../services/query-service/src/alerts/follow.ts'
import { Changes } from '../../contract/changes.ts'
import { firing } from './world.ts'

type Read = Awaited<ReturnType<FollowerDeps['states']>>['read']

/** A log of which each reading is what the test says, and that afterwards has nothing new. */
function scripted(readings: ReadonlyArray<Error | readonly string[]>) {
  const rest = [...readings]
  const changed = new Changes()
  let at = 0
  const failures: unknown[] = []
  const read: Read = async () => {
    const next = rest.shift()
    if (next === undefined) {
      changed.notify()
      return new Promise<never>(() => {})
    }
    if (next instanceof Error) {
      if (next instanceof KiviError && next.code === 'position_outside_log') at = 0
      throw next
    }
    const records = next.map((region): StateRecord => {
      const { key, value } = writeRecord(firing(region))
      return { offset: at++, stamp: 1_000 + at, key, value }
    })
    return { records, next: at, end: true }
  }
  const follower = createAlertFollower({
    states: async () => ({ read }),
    noticeOf: (_, id) => ({ indicator: null, by: {}, alert: { id } }),
    now: () => 50_000,
    failed: error => failures.push(error),
  })
  return { follower, failures, finished: changed.next() }
}

const regions = (state: AlertState) => [...state.instances.values()].map(({ labels }) => labels['region']).sort()

test('a reading that fails is tried again, and what was read stays known', async () => {
  const broken = new KiviError('log_unreachable', 'Kafka did not answer')
  const { follower, failures, finished } = scripted([['north'], broken, broken, ['south']])
  follower.start()
  await finished
  expect(regions((await follower.current()).state)).toEqual(['north', 'south'])
  expect(failures).toEqual([broken, broken])
})

test('a log that was made anew is read from its beginning, and nothing of the old one is left', async () => {
  const { follower, failures, finished } = scripted([
    ['north', 'south'],
    new KiviError('position_outside_log', 'the topic was deleted'),
    ['west'],
  ])
  follower.start()
  await finished
  expect(regions((await follower.current()).state)).toEqual(['west'])
  expect(failures).toEqual([])
  // a place in the old feed is none in the new one
  expect(follower.feed.since(0)).toBeNull()
})

test('the feed tells what comes after the first reading, each once and with growing positions', async () => {
  const { follower, finished } = scripted([['north'], ['south', 'west'], ['east']])
  const heard: number[] = []
  follower.feed.subscribe(({ position }) => heard.push(position))
  follower.start()
  await finished
  expect(heard).toEqual([2, 3, 4])
  expect(follower.feed.newest()).toBe(4)
  expect(follower.feed.since(2)?.map(({ position }) => position)).toEqual([3, 4])
})

test('as long as nothing was read there is no answer but that', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const follower = createAlertFollower({
      states: () => Promise.reject(new KiviError('log_unreachable', 'Kafka did not answer')),
      noticeOf: () => null,
      now: () => 0,
      failed: () => {},
    })
    follower.start()
    const asked = follower.current().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await asked).toMatchObject({ code: 'log_unavailable', message: expect.stringContaining('ask again') })
    await follower.stop()
  } finally {
    vi.useRealTimers()
  }
})
