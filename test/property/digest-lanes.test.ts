/** Reports through kills, lost answers, receivers of every kind and clocks that jump: what is promised of them holds. */
import {
  createZone,
  type DigestDefinition,
  type DigestDelivery,
  DigestState,
  latestDue,
  type ReceiverSettings,
  sendableDigests,
  stepDigests,
  takeOverDigest,
  wantedDigests,
  writeLane,
} from '@kivi/domain'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampleDigest } from '../../packages/domain/src/digests/testing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const calendar = { zone: createZone('Europe/Berlin'), fiscalYearStart: '01-01' }
const daily: DigestDefinition = {
  ...{ id: 'daily', title: { en: 'Daily' }, description: { en: '' }, owner: null, every: 'day', at: 480 },
  ...{ weekday: 1, day: 1, waitMs: 6 * HOUR, indicators: [], receivers: ['chat'], language: null },
}
const world = {
  calendar,
  definitions: new Map([['daily', daily]]),
  receivers: new Map([['chat', { name: 'chat', kind: 'slack', language: 'en' } as ReceiverSettings]]),
}
const BEGIN = Date.parse('2026-03-27T10:00:00Z')

/** what happens, one after the other */
const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ pass: fc.constantFrom(1_000, 30_000, 10 * MINUTE, 3 * HOUR, 26 * HOUR, 80 * HOUR) }),
  },
  { weight: 2, arbitrary: fc.constant({ kill: true } as const) },
  { weight: 1, arbitrary: fc.record({ back: fc.constantFrom(MINUTE, 30 * HOUR) }) },
  {
    weight: 5,
    arbitrary: fc.record({ answer: fc.constantFrom('delivered', 'in_doubt', 'refused', 'failed', 'lost') }),
  },
)

it('a period has one key, goes out again only while no answer to it is on record, and never after a later one', () => {
  let delivered = 0
  let repeated = 0
  fc.assert(
    fc.property(fc.array(deed, { minLength: 20, maxLength: 120 }), fc.boolean(), (deeds, complete) => {
      let now = BEGIN
      let keys = 0
      let state = new DigestState()
      /** the log: the last record of each lane */
      const log = new Map<string, string | null>()
      const append = (changes: ReturnType<typeof stepDigests>): void => {
        for (const change of changes) {
          log.set(change.key, change.value)
          state.fold(change)
        }
      }
      /** by this leader */
      const flying = new Map<string, { key: string; sentAt: number }>()
      let answers: DigestDelivery[] = []
      const keyOf = new Map<string, string>()
      const taken = new Set<string>()
      let last = ''
      const step = (): void => {
        const due = new Set(wantedDigests(state, world, now).map(({ period }) => period.name))
        append(
          stepDigests(state, {
            ...{ ...world, now, answers, externalUrl: null },
            newKey: () => `key-${++keys}`,
            isUnderWay: lane => flying.has(lane) && answers.length === 0,
            made: (_, period) =>
              due.has(period) ? sampleDigest({ complete, period: { ...sampleDigest().period, name: period } }) : null,
          }),
        )
        for (const { lane, key, delivery } of answers) {
          flying.delete(lane)
          if (delivery.kind === 'delivered') taken.add(key)
        }
        answers = []
        for (const { open } of sendableDigests(state, world, now)) {
          if (open === null || flying.has(open.message.lane)) continue
          const { key, lane, digest } = open.message
          const { name } = digest.period
          // what is sent is in the log
          expect(log.get(lane)).toContain(key)
          expect(keyOf.get(name) ?? key).toBe(key)
          expect(taken.has(key)).toBe(false)
          expect(name >= last).toBe(true)
          if (name === last) repeated += 1
          keyOf.set(name, key)
          last = name
          flying.set(lane, { key, sentAt: now })
        }
      }
      step()
      for (const one of deeds) {
        if ('pass' in one) now += one.pass
        else if ('back' in one) now -= one.back
        else if ('kill' in one) {
          // all that was in memory is gone: what was on its way is in doubt
          state = new DigestState()
          for (const [key, value] of log) state.fold({ key, value })
          flying.clear()
          answers = []
          append(
            [...state.lanes.values()].flatMap(lane =>
              lane.open === null ? [] : [writeLane(takeOverDigest(lane, now))],
            ),
          )
        } else
          for (const [lane, { key, sentAt }] of flying) {
            if (one.answer === 'lost') continue
            const kind = one.answer as 'delivered'
            answers.push({ lane, key, sentAt, delivery: { kind, answer: kind } })
          }
        step()
      }
      // whatever happened: a receiver that takes things again has the latest report before the next one is due
      const { name } = latestDue(calendar, daily, now)
      flying.clear()
      for (const pause of [6 * HOUR, 6 * HOUR, 0, 0]) {
        now += pause
        step()
        answers = [...flying].map(([lane, { key, sentAt }]) => ({
          ...{ lane, key, sentAt, delivery: { kind: 'delivered', answer: 'ok' } as const },
        }))
        step()
      }
      const [lane] = state.lanes.values()
      expect(lane?.open).toBeNull()
      const newest = lane?.history[0]
      if (newest !== undefined && newest.period >= name) delivered += 1
      for (const { outcome, period } of lane?.history ?? [])
        expect(outcome === 'sent' ? taken.has(keyOf.get(period) ?? '') : outcome !== 'waiting').toBe(true)
    }),
    { numRuns: 100 },
  )
  expect(delivered).toBeGreaterThan(30)
  expect(repeated).toBeGreaterThan(30)
})
