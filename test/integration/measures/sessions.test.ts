/** Sessions, against a plain calculation over random histories and at their edges. */
import { createZone, DAY } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDerivedStore, type DerivedStore, type SentEvent } from '../../support/derived-store.ts'
import { ask, catalogWith } from './asking.ts'

const ZONE = 'Europe/Berlin'
const YAML = `
entities:
  session:
    key: person
    split: { gap: 30m, own: own }
    fields:
      own: { event: active, agg: list }
      started: { event: active, agg: min, expr: event_time }
      pages: { event: page_view, agg: list }
      shown: { event: impression, agg: list }
      # each history is of a region of its own
      who: { event: active, agg: first, expr: region }
measures:
  sessions: { entity: session, at: started, agg: count, dimensions: [who] }
  pages_of_sessions: { entity: session, at: started, agg: sum, expr: count(pages), dimensions: [who] }
  shown_in_sessions: { entity: session, at: started, agg: sum, expr: count(shown), dimensions: [who] }
  lasted: { entity: session, at: started, agg: sum, expr: last_time(own) - first_time(own), unit: seconds, dimensions: [who] }
  sessions_so_far: { entity: session, as_of: end, agg: count, dimensions: [who] }
`
const catalog = await catalogWith(YAML, { timezone: ZONE })

const MINUTE = 60_000
const GAP = 30 * MINUTE
const zone = createZone(ZONE)
/** the night in which clocks are set forward is the third of these */
const FIRST = zone.day(Date.UTC(2026, 2, 27, 12)).date
/** of a session that comes back, days lie between */
const DAYS = 9

interface Seen {
  readonly t: number
  readonly id: string
  readonly type: 'page_view' | 'login' | 'impression'
}
interface Session {
  readonly start: number
  readonly pages: number
  readonly shown: number
  readonly lasted: number
}

const dayOf = (t: number): number => zone.day(t).date

/** Sessions of one history by the rules, in plain words. */
function plainSessions(history: readonly Seen[]): Session[] {
  const sorted = [...history].sort((a, b) => a.t - b.t)
  const found: Array<{ id: string; own: number[] }> = []
  for (const { t, id, type } of sorted) {
    if (type === 'impression') continue
    const open = found.findLast(session => session.id === id)
    if (open !== undefined && (id !== '' || t - open.own.at(-1)! < GAP)) open.own.push(t)
    else found.push({ id, own: [t] })
  }
  return found.map(({ id, own }) => {
    const start = own[0]!
    const end = own.at(-1)!
    const belongs = (seen: Seen): boolean => {
      if (seen.id !== id) return false
      // what has an id is its session's, whenever it was
      return id !== '' || (seen.t >= start && seen.t < end + GAP && dayOf(seen.t) - dayOf(start) <= 1)
    }
    const inside = sorted.filter(belongs)
    const mine = own.filter(t => id !== '' || dayOf(t) - dayOf(start) <= 1)
    return {
      start,
      pages: inside.filter(seen => seen.type === 'page_view').length,
      shown: inside.filter(seen => seen.type === 'impression').length,
      lasted: (mine.at(-1)! - start) / 1000,
    }
  })
}

/** quarter hours and their edges, close together and far apart, over nine days, with few session ids */
const aHistory = fc.array(
  fc.record({
    t: fc
      .tuple(
        fc.oneof(fc.nat({ max: DAYS * 96 - 1 }), fc.nat({ max: 12 }), fc.integer({ min: 90, max: 100 })),
        fc.constantFrom(0, 0, -1, 1, MINUTE),
      )
      .map(([quarter, shift]) => zone.dayOf(FIRST).start + (DAY / 96) * quarter + Math.max(shift, -quarter)),
    id: fc.constantFrom('', '', 'a', 'b'),
    type: fc.constantFrom('page_view', 'page_view', 'login', 'impression'),
  }) satisfies fc.Arbitrary<Seen>,
  { minLength: 1, maxLength: 25 },
)

const histories = fc.sample(aHistory, { seed: 4, numRuns: 250 }) as Seen[][]
const eventsOf = (history: readonly Seen[], who: number): SentEvent[] =>
  history.map(({ t, id, type }) => ({
    event_type: type,
    event_time: t,
    user_id: `u${who}`,
    region: `r${who}`,
    ...(id === '' ? {} : { session_id: id }),
    ...(type === 'page_view' ? { url: '/' } : {}),
  }))

let store: DerivedStore
beforeAll(async () => {
  store = await createDerivedStore(catalog)
  await store.send(histories.flatMap(eventsOf))
})
afterAll(() => store[Symbol.asyncDispose]())

const starts = Array.from({ length: DAYS + 1 }, (_, day) => new Date(zone.dayOf(FIRST + day).start).toISOString())
const byDay = Array.from({ length: DAYS }, (_, day) => [starts[day]!, starts[day + 1]!] as const)

/** what the plain calculation counts in a window, by history */
function plainly(window: readonly [string, string], tell: (session: Session) => number): Record<string, number> {
  const [from, to] = window.map(Date.parse) as [number, number]
  const groups = histories.flatMap((history, who): Array<[string, number]> => {
    const inside = plainSessions(history).filter(({ start }) => start >= from && start < to)
    const total = inside.reduce((sum, session) => sum + tell(session), 0)
    return inside.length === 0 ? [] : [[`r${who}`, Math.round(total * 1000) / 1000]]
  })
  return Object.fromEntries(groups)
}

const TOLD: ReadonlyArray<readonly [string, (session: Session) => number]> = [
  ['sessions', () => 1],
  ['pages_of_sessions', session => session.pages],
  ['shown_in_sessions', session => session.shown],
  ['lasted', session => session.lasted],
]

describe('random histories', () => {
  test.each(TOLD)(
    '%s of each day are those of the plain calculation, whatever window asks for them',
    async (id, tell) => {
      const windows = [...byDay, [starts[0]!, starts[DAYS]!] as const, [starts[2]!, starts[4]!] as const]
      const together = await ask(store.measures, catalog, { measures: [id], windows, by: ['who'] })
      expect(together[id]).toEqual(windows.map(window => plainly(window, tell)))
      // a window alone reads only the days around it
      for (const window of windows) {
        const alone = await ask(store.measures, catalog, { measures: [id], windows: [window], by: ['who'] })
        expect(alone[id]).toEqual([plainly(window, tell)])
      }
    },
  )

  test('as of an instant there are the sessions that had begun', async () => {
    const window = [starts[2]!, starts[3]!] as const
    const told = await ask(store.measures, catalog, { measures: ['sessions_so_far'], windows: [window], by: ['who'] })
    expect(told['sessions_so_far']).toEqual([plainly([starts[0]!, starts[3]!], () => 1)])
  })
})

describe('a session_id that comes back after weeks', () => {
  const page = (event_time: string, rest: object): SentEvent => ({ event_type: 'page_view', event_time, ...rest })
  const visitor = { anonymous_id: 'x', session_id: 'tab', region: 'back' }
  const ann = { user_id: 'ann', session_id: 'tab', region: 'back' }
  const march: Array<readonly [string, string]> = [
    ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'],
    ['2026-03-20T00:00:00Z', '2026-03-21T00:00:00Z'],
  ]
  let linked: Awaited<ReturnType<typeof catalogWith>>
  let tabs: DerivedStore
  beforeAll(async () => {
    linked = await catalogWith(YAML, { identity: { link: '*' } })
    tabs = await createDerivedStore(linked)
  })
  afterAll(() => tabs[Symbol.asyncDispose]())

  /** each window asked alone */
  async function told(id: string, known = {}): Promise<unknown[]> {
    const answers = march.map(window => ask(tabs.measures, linked, { measures: [id], windows: [window], ...known }))
    return (await Promise.all(answers)).map(answer => answer[id]![0]![''] ?? null)
  }

  test('goes on, as the user that the visitor turned out to be, and as that user only', async () => {
    await tabs.send([
      page('2026-03-02T10:00:00Z', visitor),
      page('2026-03-02T10:05:00Z', { ...ann, anonymous_id: 'x' }),
      page('2026-03-20T08:00:00Z', ann),
      // someone else's tab of that name
      page('2026-03-20T09:00:00Z', { ...ann, user_id: 'ben' }),
      { event_type: 'impression', event_time: '2026-03-20T11:00:00Z', user_id: 'ann', session_id: 'tab' },
    ])
    expect(await told('sessions')).toEqual([null, 1, 1])
    expect(await told('pages_of_sessions')).toEqual([null, 3, 1])
    expect(await told('shown_in_sessions')).toEqual([null, 1, 0])
    // as it was before it came back
    expect(await told('pages_of_sessions', { asOf: '2026-03-10T00:00:00Z' })).toEqual([null, 2, null])
  })

  test('begins earlier when an earlier event comes late; rows that are written again change nothing', async () => {
    const late = page('2026-03-01T22:00:00Z', ann)
    await tabs.send([late])
    expect(await told('sessions')).toEqual([1, null, 1])
    expect(await told('pages_of_sessions')).toEqual([4, null, 1])
    await tabs.derive()
    expect(await told('pages_of_sessions')).toEqual([4, null, 1])
  })

  test('is no session while only something was done to the person', async () => {
    await tabs.send([
      {
        event_type: 'impression',
        event_time: '2026-03-01T08:00:00Z',
        user_id: 'dan',
        session_id: 'mail',
        region: 'back',
      },
    ])
    expect(await told('sessions')).toEqual([1, null, 1])
  })
})
