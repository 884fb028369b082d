import { AlertState, foldAlerts } from '@kivi/domain'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  alertmanager,
  catalogWith,
  hook,
  MINUTE,
  nothingFound,
  recordsOf,
  SILENT,
  STALLED,
  silentIn,
  startWorld,
  type TermWorld,
  type TermWorldOptions,
} from './testing/term-world.ts'

const NOW = Date.parse('2026-06-01T06:00:00Z')
const delivered = { kind: 'delivered', answer: 'ok' } as const
/** the data are ten minutes behind */
const behind = async () => nothingFound({ watermark: Date.now() - 10 * MINUTE })

let worlds: TermWorld[] = []
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: NOW })
})
afterEach(() => {
  for (const { term } of worlds) term.end()
  worlds = []
  vi.useRealTimers()
})
function start(options: Partial<TermWorldOptions> = {}): TermWorld {
  const world = startWorld({ catalog: catalogWith([STALLED], [hook('chat')]), reader: behind, ...options })
  worlds.push(world)
  return world
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('nothing is sent that is not in the log', () => {
  test('a message leaves once its intent is in it, and says what the intent says', async () => {
    const world = start()
    const append = Promise.withResolvers<'appended'>()
    world.next(append.promise)
    await pass(3_000)
    expect([world.log, world.sent]).toEqual([[], []])
    append.resolve('appended')
    await pass(0)
    expect(world.sent).toHaveLength(1)
    const [lane] = recordsOf(world.log, 'lane')
    expect(world.sent[0]?.notification).toEqual(lane?.open?.notification)
    expect(world.sent[0]?.notification).toMatchObject({ alerts: [{ alert: 'PipelineStalled' }] })
  })

  test.each(['refused', 'ambiguous'])(
    'an append that is %s ends the term: nothing of it counts or is sent',
    async () => {
      const world = start()
      world.next(Promise.resolve('ended'))
      await pass(30_000)
      expect([world.log, world.sent, world.steps()]).toEqual([[], [], 0])
      expect([world.state.instances.size, world.state.lanes.size]).toEqual([0, 0])
      expect(world.told.failed).toEqual([])
    },
  )

  test('once another leads nothing is sent, though the log took the intent', async () => {
    const world = start()
    world.lead(false)
    await pass(10_000)
    expect(recordsOf(world.log, 'lane').length).toBeGreaterThan(0)
    expect(world.sent).toEqual([])
    // and never by this term: who leads next finds it open
    world.lead(true)
    await pass(10_000)
    expect(world.sent).toEqual([])
    expect([...foldAlerts(world.log).lanes.values()].map(({ open }) => open?.notification.key)).toEqual(['key-1'])
  })

  test('without anything to append a lease that ran out ends the term', async () => {
    const world = start({ catalog: catalogWith([], []), reader: async () => nothingFound() })
    await pass(3_000)
    const steps = world.steps()
    expect(steps).toBeGreaterThan(1)
    world.lead(false)
    await pass(10_000)
    expect(world.steps()).toBe(steps)
  })
})

describe('one message of a lane at a time', () => {
  test('its outcome is in the log before the next one is decided', async () => {
    let regions = ['north']
    const reader = async () =>
      nothingFound({ evaluations: [silentIn(regions, Math.floor(Date.now() / MINUTE) * MINUTE)] })
    const world = start({ catalog: catalogWith([SILENT], [hook('chat')]), reader })
    await pass(2_000)
    const first = world.sent[0]?.notification.sequence ?? expect.unreachable('nothing was sent')
    regions = ['north', 'south']
    await pass(3 * MINUTE)
    // unanswered: the news wait
    expect(world.sent).toHaveLength(1)
    world.sent[0]?.answer(delivered)
    await pass(2 * MINUTE)
    expect(world.sent.map(({ notification }) => [notification.sequence, notification.alerts.length])).toEqual([
      [first, 1],
      [first + 1, 1],
    ])
    const lanes = recordsOf(world.log, 'lane')
    // decided with the outcome, in one transaction, and sent when both are in the log
    const second = lanes.findIndex(({ open }) => open?.notification.sequence === first + 1)
    expect(lanes[second]?.last).toMatchObject(delivered)
    expect(lanes.slice(0, second).every(({ sequence }) => sequence === first)).toBe(true)
    expect(world.sent[1]?.logged).toBeGreaterThan(
      world.log.findIndex(({ value }) => value?.includes(`"sequence":${first + 1}`)),
    )
    // told once, and to be told no more
    expect(Object.values(Object.fromEntries(world.state.instances)).map(({ decided }) => decided)).toEqual([1, 1])
  })

  test('a crowd comes in messages of a thousand, each alert once', async () => {
    const regions = Array.from({ length: 2_500 }, (_, i) => `r${i}`)
    const evaluations = [silentIn(regions, NOW)]
    const reader = async () => nothingFound({ evaluations: evaluations.splice(0) })
    const world = start({ catalog: catalogWith([SILENT], [hook('chat')]), reader, answer: delivered })
    await pass(25_000)
    expect(world.sent.map(({ notification }) => [notification.alerts.length, notification.more])).toEqual([
      [1_000, 1_500],
      [1_000, 500],
      [500, 0],
    ])
    const told = world.sent.flatMap(({ notification }) => notification.alerts.map(({ id }) => id))
    expect(new Set(told).size).toBe(2_500)
  })

  test('a message that is in doubt comes again under its key, unchanged', async () => {
    const world = start({ answer: { kind: 'in_doubt', answer: 'no answer' } })
    await pass(MINUTE)
    const keys = new Set(world.sent.map(({ notification }) => notification.key))
    expect(world.sent.length).toBeGreaterThan(1)
    expect([...keys]).toHaveLength(1)
    for (const { notification } of world.sent) expect(notification).toEqual(world.sent[0]?.notification)
  })
})

describe('ClickHouse holds up nobody', () => {
  test('where it hangs from the first question on, what is known is told within seconds', async () => {
    const early = start()
    await pass(2_000)
    const before = foldAlerts(early.log)
    early.term.end()
    // a leader that comes while it hangs, with a message that the earlier one left open
    const world = start({ state: before, reader: () => new Promise(() => undefined), answer: delivered })
    await pass(4_000)
    expect(world.sent).toEqual([])
    await pass(12_000)
    // after a request time-out, since the earlier copy may be under way
    expect(world.sent.map(({ notification }) => notification.key)).toEqual(['key-1'])
    expect(recordsOf(world.log, 'lane').some(({ last }) => last?.kind === 'delivered')).toBe(true)
  })

  test('a reading that hangs is an outage after ten seconds, and people hear of it', async () => {
    let hang = false
    const reader = async () => {
      if (hang) return new Promise<never>(() => undefined)
      return nothingFound({ watermark: Date.now() })
    }
    const world = start({ reader, answer: delivered })
    await pass(30_000)
    expect(world.sent).toEqual([])
    hang = true
    // the watermark stands still; the rule waits for five minutes
    await pass(7 * MINUTE)
    expect(world.sent).toHaveLength(1)
  })

  test('what is read while a step is being appended is not lost', async () => {
    const readings = [
      nothingFound({ watermark: NOW }),
      nothingFound({ evaluations: [silentIn(['north'], NOW)] }),
      nothingFound({ evaluations: [silentIn(['south'], NOW + MINUTE)] }),
    ]
    const reader = async () => readings.shift() ?? nothingFound()
    const world = start({ catalog: catalogWith([STALLED, SILENT], [hook('chat')]), reader, answer: delivered })
    // each append takes longer than a reading
    for (let i = 0; i < 6; i++) world.next(new Promise(resolve => setTimeout(resolve, 1_500, 'appended')))
    await pass(20_000)
    expect([...world.state.instances.values()].flatMap(({ group }) => group)).toEqual(['north', 'south'])
  })

  test('a reading that fails by a mistake is told, and the steps go on', async () => {
    let broken = true
    const reader = async () => {
      if (broken) throw new Error('a mistake')
      return behind()
    }
    const world = start({ reader, answer: delivered })
    await pass(5_000)
    expect(world.told.readingFailed.length).toBeGreaterThan(1)
    expect([world.steps() > 1, world.told.failed]).toEqual([true, []])
    broken = false
    await pass(15_000)
    expect(world.sent).toHaveLength(1)
  })

  test('a mistake in a step ends the term, loudly', async () => {
    const world = start({
      now: () => {
        throw new Error('no clock')
      },
    })
    await pass(10_000)
    expect(world.told.failed).toEqual([expect.objectContaining({ message: 'no clock' })])
    expect(world.sent).toEqual([])
  })
})

describe('clocks that jump', () => {
  test.each([
    ['an hour back', -60 * MINUTE],
    ['a day ahead', 24 * 60 * MINUTE],
  ])('%s: alerts go on being judged and told', async (_, jump) => {
    const world = start({ answer: delivered })
    await pass(3_000)
    expect(world.sent).toHaveLength(1)
    vi.setSystemTime(Date.now() + jump)
    await pass(MINUTE)
    const steps = world.steps()
    await pass(MINUTE)
    expect(world.steps()).toBeGreaterThan(steps + 30)
    // the firing is one: told once, whatever the clock says, but for the reminder that a day ahead is due
    const firings = world.sent.filter(({ notification }) => notification.reason === 'news')
    expect(firings).toHaveLength(1)
    expect(world.told.failed).toEqual([])
  })
})

describe('leaving', () => {
  test('the answer to what is under way is in the log before another leads', async () => {
    const world = start()
    await pass(2_000)
    const left = world.term.leave()
    await pass(500)
    world.sent[0]?.answer(delivered)
    await left
    expect(recordsOf(world.log, 'lane').at(-1)).toMatchObject({ open: null, last: { kind: 'delivered' } })
    await pass(MINUTE)
    expect(world.sent).toHaveLength(1)
  })

  test('it waits two seconds for an answer that does not come, and leaves the doubt to the next', async () => {
    const world = start()
    await pass(2_000)
    let gone = false
    void world.term.leave().then(() => {
      gone = true
    })
    await pass(1_500)
    expect(gone).toBe(false)
    await pass(1_000)
    expect(gone).toBe(true)
    expect(recordsOf(world.log, 'lane').at(-1)?.open).not.toBeNull()
  })

  test('what a term appended is what the next one begins with', async () => {
    const world = start({ answer: delivered })
    await pass(5_000)
    await world.term.leave()
    const next = foldAlerts(world.log)
    expect([...next.instances]).toEqual([...world.state.instances])
    expect([...next.lanes]).toEqual([...world.state.lanes])
    const after = start({ state: next, answer: delivered })
    await pass(5 * MINUTE)
    expect(after.sent).toEqual([])
  })
})

test('an Alertmanager is told nothing while missed instants are still being judged', async () => {
  let catchingUp: ReadonlySet<string> = new Set([SILENT.id])
  const world = start({
    catalog: catalogWith([SILENT], [alertmanager('am')]),
    // as long as there is more to catch up with one reading follows the other
    async reader() {
      await new Promise(resolve => setTimeout(resolve, 100))
      return nothingFound({ catchingUp })
    },
    state: new AlertState(),
  })
  await pass(10_000)
  expect(world.synced).toEqual([])
  catchingUp = new Set()
  await pass(5_000)
  expect(world.synced).toEqual(['am'])
  await pass(2 * MINUTE)
  expect(world.synced.length).toBeGreaterThanOrEqual(2)
})
