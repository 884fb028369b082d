import { type AlertRule, AlertState, type LaneRecord, type RuleProgress, writeRecord } from '@kivi/domain'
import { expect, test } from 'vitest'
import { evaluateOwn, type KnownOfKivi } from './own.ts'
import { MINUTE, SILENT, STALLED } from './testing/term-world.ts'

const NOW = Date.parse('2026-06-01T06:00:00Z')
const NOTHING: KnownOfKivi = { watermark: null, problem: null, records: new Map(), unsynchronised: new Map() }
const FAILING: AlertRule = {
  ...STALLED,
  ...{ id: 'ReceiverFailing', by: ['receiver'], everyMs: MINUTE },
  condition: { kind: 'undelivered', forMs: 15 * MINUTE },
}
const LETTERS: AlertRule = {
  ...STALLED,
  ...{ id: 'DeadLetters', windowMs: 15 * MINUTE, everyMs: MINUTE, minimumVolume: 100 },
  condition: { kind: 'dead_letters', share: 0.05 },
}

const stateOf = (...records: ReadonlyArray<RuleProgress | LaneRecord>): AlertState => {
  const state = new AlertState()
  for (const record of records) state.fold(writeRecord(record))
  return state
}
const progress = (rule: string, instant: number): RuleProgress => ({
  ...{ kind: 'progress', rule, version: 'v1', instant, gap: null, goneSince: null },
})
const lane = (name: string, changes: Partial<LaneRecord>): LaneRecord => ({
  ...{ kind: 'lane', lane: name, receiver: 'chat', groupLabels: {}, sequence: 1, open: null, flushAt: null },
  ...{ nextAt: null, repeatAt: null, notBefore: null, attempts: 0, failingSince: null, last: null },
  ...changes,
})
const failed = (since: number, at: number): Partial<LaneRecord> => ({
  failingSince: since,
  last: { kind: 'refused', answer: 'nobody listens', at },
})
const took = (at: number): Partial<LaneRecord> => ({ last: { kind: 'delivered', answer: '', at } })

/** what it fires for now, by group */
function observed(
  rule: AlertRule,
  state: AlertState,
  known: Partial<KnownOfKivi> = {},
  others: readonly AlertRule[] = [],
) {
  const found = evaluateOwn(state, [rule, ...others], ['chat', 'mail'], { ...NOTHING, ...known }, NOW)
  return found.flatMap(({ instants }) => instants.at(-1)?.observations ?? [])
}
const failingFor = (state: AlertState, known: Partial<KnownOfKivi> = {}) =>
  Object.fromEntries(observed(FAILING, state, known).map(({ group, fires, seen }) => [group[0], [fires, seen.value]]))

test('each rule is judged at its own instants, and rules about indicators not at all', () => {
  const rules = evaluateOwn(stateOf(), [STALLED, SILENT, FAILING], [], NOTHING, NOW)
  expect(rules.map(({ rule }) => rule.id)).toEqual([STALLED.id, FAILING.id])
  const judged = stateOf(progress(STALLED.id, NOW), progress(FAILING.id, NOW - MINUTE))
  expect(evaluateOwn(judged, [STALLED, FAILING], [], NOTHING, NOW).map(({ rule }) => rule.id)).toEqual([FAILING.id])
})

test('how far the data are behind is known by the last watermark; without one, by how far the rules were', () => {
  const behind = (known: Partial<KnownOfKivi>, state = stateOf()) =>
    observed(STALLED, state, known, [SILENT]).map(({ fires, seen }) => [fires, seen.value])
  expect(behind({ watermark: NOW - 4 * MINUTE })).toEqual([[false, 240]])
  expect(behind({ watermark: NOW - 6 * MINUTE })).toEqual([[true, 360]])
  expect(behind({})).toEqual([[null, null]])
  // a leader that comes while ClickHouse is away
  expect(behind({}, stateOf(progress(SILENT.id, NOW - 7 * MINUTE)))).toEqual([[true, 420]])
})

test('dead letters are a share of what came in the window of the rule; of few nothing is concluded', () => {
  const share = (all: number, setAside: number) =>
    observed(LETTERS, stateOf(), { records: new Map([[LETTERS.windowMs, { all, setAside }]]) }).map(one => one.fires)
  expect([share(1_000, 60), share(1_000, 50), share(99, 99)]).toEqual([[true], [false], [null]])
  expect(observed(LETTERS, stateOf()).map(({ fires }) => fires)).toEqual([null])
})

test('a receiver fails since the first of its lanes does; each is judged by itself', () => {
  const state = stateOf(
    lane('a', failed(NOW - 20 * MINUTE, NOW - MINUTE)),
    lane('b', failed(NOW - 5 * MINUTE, NOW - MINUTE)),
    lane('c', { receiver: 'mail', ...took(NOW - 60 * MINUTE) }),
  )
  expect(failingFor(state)).toEqual({ chat: [true, 1_200], mail: [false, 0] })
})

test('what it took in between says that it could be reached, until a later attempt fails again', () => {
  const a = (at: number) => lane('a', failed(NOW - 60 * MINUTE, at))
  expect(failingFor(stateOf(a(NOW - 21 * MINUTE), lane('b', took(NOW - 20 * MINUTE))))['chat']).toEqual([false, 0])
  // one lane is quiet now, the other one waits in vain ever since
  expect(failingFor(stateOf(a(NOW - MINUTE), lane('b', took(NOW - 20 * MINUTE))))['chat']).toEqual([true, 1_200])
})

test('of one that is synchronised, whoever synchronises it knows', () => {
  const unsynchronised = new Map([['mail', NOW - 16 * MINUTE]])
  expect(failingFor(stateOf(), { unsynchronised })).toEqual({ chat: [false, 0], mail: [true, 960] })
})
