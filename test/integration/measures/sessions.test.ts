/** Sessions, against a plain calculation over random histories and at their edges. */
import { createZone, DAY } from '@kivi/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDerivedStore, type DerivedStore, type SentEvent } from '../../support/derived-store.ts'
import { ask, catalogWith } from './asking.ts'

const ZONE = 'Europe/Berlin'
const catalog = await catalogWith(
  `
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
`,
  { timezone: ZONE },
)

const MINUTE = 60_000
const GAP = 30 * MINUTE
const zone = createZone(ZONE)
/** the night in which clocks are set forward is the third of these */
const FIRST = zone.day(Date.UTC(2026, 2, 27, 12)).date
const DAYS = 6

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
    const last = open?.own.at(-1) ?? 0
    const goesOn = open !== undefined && (id === '' ? t - last < GAP : dayOf(t) - dayOf(last) <= 1)
    if (goesOn) open.own.push(t)
    else found.push({ id, own: [t] })
  }
  return found.map(({ id, own }) => {
    const start = own[0]!
    const end = own.at(-1)!
    const belongs = (seen: Seen): boolean => {
      if (seen.id !== id || dayOf(seen.t) - dayOf(start) > 1) return false
      if (id === '') return seen.t >= start && seen.t < end + GAP
      return seen.t >= start || dayOf(seen.t) === dayOf(start)
    }
    const inside = sorted.filter(belongs)
    const mine = own.filter(t => dayOf(t) - dayOf(start) <= 1)
    return {
      start,
      pages: inside.filter(seen => seen.type === 'page_view').length,
      shown: inside.filter(seen => seen.type === 'impression').length,
      lasted: (mine.at(-1)! - start) / 1000,
    }
  })
}

/** quarter hours and their edges, close together and far apart, over six days, with few session ids */
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
