import { expect, test } from 'vitest'
import { episodeOf } from './identity.ts'
import { readRecord, writeText } from './record-text.ts'
import type { AlertFact } from './types/history.ts'
import type { AlertInstance, Transition } from './types/records.ts'

const ID = '00c0ffee00c0ffee'
const firing = (number: number, instant: number): Transition => ({
  ...{ number, kind: 'firing', instant, startsAt: instant, episode: episodeOf(ID, instant), reason: null },
  ...{ seen: { value: 0.01, target: null, n: 90, compared: {} }, decidedAt: instant + 30_000 },
})
const resolved = (number: number, startsAt: number, instant: number): Transition => ({
  ...firing(number, startsAt),
  ...{ kind: 'resolved', instant, reason: 'condition' },
})

const instance = (transitions: readonly Transition[]): AlertInstance => ({
  ...{ kind: 'instance', id: ID, rule: 'CtrLow', by: ['campaign'], group: ['spring'] },
  ...{ labels: { alertname: 'CtrLow', campaign: 'spring', severity: 'page' }, severity: 'page', version: 'v' },
  ...{ phase: 'inactive', since: 20, startsAt: 10, endedAt: 20, noDataSince: null, decided: transitions.length },
  ...{ transitions, dropped: 0, told: { hook: { number: 0, at: null } } },
})

test('what is written reads the same, the usual and the odd', () => {
  const usual = [firing(1, 1_000), resolved(2, 1_000, 2_000), firing(3, 3_000)]
  // of a rule that had another name; ended for another reason; with all that can be seen
  const odd: Transition[] = [
    { ...firing(1, 1_000), episode: 'feedfacefeedface-rs', startsAt: 500 },
    {
      ...resolved(2, 500, 2_000),
      reason: 'no_data',
      seen: { value: null, target: 3, n: 0, compared: { previous: null } },
    },
    { ...resolved(4, 500, 2_000), reason: null },
  ]
  for (const transitions of [[], usual, odd]) {
    const record = instance(transitions)
    expect(readRecord(writeText(record))).toEqual({ record, facts: [] })
  }
})

test('facts say of whom they are, whether their record says so or they do', () => {
  const record = instance([firing(1, 1_000)])
  const own = {
    fact: 'pending',
    at: 5,
    alert: ID,
    rule: 'CtrLow',
    labels: record.labels,
    instant: 1,
    value: 2,
  } as const
  const other: AlertFact = { ...own, rule: 'CtrTooLow', labels: { campaign: 'autumn' }, alert: null }
  expect(readRecord(writeText(record, [own, other])).facts).toEqual([own, other])
})

test('a record as it was written before says the same', () => {
  const record = instance([firing(1, 1_000), resolved(2, 1_000, 2_000)])
  const fact = { fact: 'firing', at: 5, alert: ID, rule: 'CtrLow', labels: record.labels, instant: 1_000 }
  const before = JSON.stringify({ ...record, facts: [fact] })
  expect(readRecord(before)).toEqual({ record, facts: [fact] })
  expect(writeText(record, [fact as AlertFact]).length).toBeLessThan(0.7 * before.length)
})

test('records without transitions are written as they are', () => {
  const record = { kind: 'progress', rule: 'CtrLow', version: 'v', instant: 1, gap: null, goneSince: null } as const
  expect(readRecord(writeText(record))).toEqual({ record, facts: [] })
})
