import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../alerts/types/notifications.ts'
import type { ReceiverSettings } from '../../alerts/types/receivers.ts'
import { createZone } from '../../windows/index.ts'
import { digestPeriodOn, latestDue } from '../periods.ts'
import { sampleDigest } from '../testing.ts'
import type { DigestAnswer } from '../types/answers.ts'
import type { DigestDefinition } from '../types/definition.ts'
import { type DigestLane, DigestState, digestLaneOf, writeLane } from './records.ts'
import { takeOverDigest } from './settle.ts'
import { sendableDigests, stepDigests, wantedDigests } from './step.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const calendar = { zone: createZone('Europe/Berlin'), fiscalYearStart: '01-01' }
const weekly: DigestDefinition = {
  ...{ id: 'weekly', title: { en: 'Weekly' }, description: { en: '' }, owner: null, every: 'week', at: 480 },
  ...{ weekday: 1, day: 1, waitMs: 6 * HOUR, indicators: [], receivers: ['chat'], language: null },
}
const chat = { name: 'chat', kind: 'slack', language: 'zh' } as ReceiverSettings
const at = (text: string): number => Date.parse(text)
/** Monday, 08:00 in Berlin */
const DUE = at('2026-11-23T07:00:00Z')
const LANE = digestLaneOf('weekly', 'chat')

/** One leader after the other over one log. */
class Desk {
  state = new DigestState()
  definitions = new Map([[weekly.id, weekly]])
  receivers = new Map([[chat.name, chat]])
  underWay = new Set<string>()
  made = new Map<string, DigestAnswer>()
  #keys = 0

  get lane(): DigestLane {
    return this.state.lanes.get(LANE) as DigestLane
  }

  /** A step in which all reports that are wanted are there. */
  step(now: number, { complete = true, answers = [] as Delivery[] } = {}): number {
    const world = { calendar, definitions: this.definitions, receivers: this.receivers }
    for (const { definition, period } of wantedDigests(this.state, world, now))
      this.made.set(
        `${definition.id}/${period.name}`,
        sampleDigest({ complete, period: { ...sampleDigest().period, name: period.name } }),
      )
    const changes = stepDigests(this.state, {
      ...{ ...world, now, externalUrl: null, newKey: () => this.#key() },
      made: (digest, period) => this.made.get(`${digest}/${period}`) ?? null,
      isUnderWay: lane => this.underWay.has(lane),
      answers: answers.map(delivery => ({
        ...{ lane: LANE, key: this.lane.open?.message.key ?? '', delivery, sentAt: now },
      })),
    })
    for (const change of changes) this.state.fold(change)
    return changes.length
  }

  #key(): string {
    this.#keys += 1
    return `key-${this.#keys}`
  }

  sendable(now: number): string[] {
    const world = { calendar, definitions: this.definitions, receivers: this.receivers }
    return sendableDigests(this.state, world, now).map(({ open }) => open?.message.key ?? '')
  }
}

const delivered: Delivery = { kind: 'delivered', answer: 'ok' }

function begun(now = DUE - 24 * HOUR): Desk {
  const desk = new Desk()
  desk.step(now)
  return desk
}

describe('the report of a period', () => {
  it('is decided when it is due and not before, and a digest that is new begins with its next time', () => {
    const desk = begun()
    expect(desk.lane.open).toBeNull()
    expect(desk.lane.history).toEqual([])
    desk.step(DUE - 1)
    expect(desk.lane.open).toBeNull()
    desk.step(DUE)
    expect(desk.lane.open?.message).toMatchObject({
      ...{ receiver: 'chat', language: 'zh', lane: LANE, sequence: 1, key: 'key-1', missed: [], late: false },
    })
    expect(desk.lane.open?.message.digest.period.name).toBe('2026-11-16')
    expect(desk.sendable(DUE)).toEqual(['key-1'])
  })

  it('is sent again under its key until it is answered, and then not again', () => {
    const desk = begun()
    desk.step(DUE)
    desk.step(DUE + 10_000, { answers: [{ kind: 'in_doubt', answer: 'no answer' }] })
    expect(desk.sendable(DUE + 10_000)).toEqual([])
    expect(desk.sendable(DUE + 20_000)).toEqual(['key-1'])
    desk.step(DUE + 21_000, { answers: [{ kind: 'refused', retryAfterMs: 60_000, answer: '429' }] })
    expect(desk.sendable(DUE + 80_000)).toEqual([])
    expect(desk.sendable(DUE + 81_000)).toEqual(['key-1'])
    desk.step(DUE + 82_000, { answers: [{ kind: 'failed', answer: '404' }] })
    expect(desk.sendable(DUE + 82_000 + 5 * MINUTE)).toEqual(['key-1'])
    desk.step(DUE + 10 * MINUTE, { answers: [delivered] })
    expect(desk.lane.open).toBeNull()
    expect(desk.lane.history).toEqual([
      {
        ...{ period: '2026-11-16', outcome: 'sent', at: DUE, answered: DUE + 10 * MINUTE },
        ...{ answer: 'ok', attempts: 4, complete: true },
      },
    ])
    expect(desk.step(DUE + HOUR)).toBe(0)
    expect(desk.sendable(DUE + HOUR)).toEqual([])
  })

  it('waits for its data, and after so long goes without them', () => {
    const desk = begun()
    desk.step(DUE, { complete: false })
    desk.step(DUE + weekly.waitMs - 1, { complete: false })
    expect(desk.lane.open).toBeNull()
    desk.step(DUE + weekly.waitMs, { complete: false })
    expect(desk.lane.open?.message).toMatchObject({ late: false, digest: { complete: false } })
    expect(desk.lane.history[0]).toMatchObject({ outcome: 'waiting', complete: false })
  })

  it('that was missed is sent late, and of earlier ones it is told that they were not', () => {
    const desk = begun()
    desk.step(DUE)
    desk.step(DUE + 1000, { answers: [delivered] })
    const later = at('2026-12-16T12:00:00Z')
    desk.step(later)
    expect(desk.lane.open?.message).toMatchObject({ late: true, missed: ['2026-11-23', '2026-11-30'], sequence: 2 })
    expect(desk.lane.open?.message.digest.period.name).toBe('2026-12-07')
    expect(desk.lane.history.map(({ period, outcome }) => [period, outcome])).toEqual([
      ['2026-12-07', 'waiting'],
      ['2026-11-30', 'skipped'],
      ['2026-11-23', 'skipped'],
      ['2026-11-16', 'sent'],
    ])
  })

  it('that nobody took until the next was due is given up, but not while its answer may come', () => {
    const desk = begun()
    desk.step(DUE)
    const next = latestDue(calendar, weekly, DUE + 8 * 24 * HOUR).due
    desk.underWay.add(LANE)
    desk.step(next)
    expect(desk.lane.open?.message.key).toBe('key-1')
    desk.underWay.delete(LANE)
    desk.step(next + 1000)
    expect(desk.lane.open?.message).toMatchObject({ key: 'key-2', missed: [], sequence: 2 })
    expect(desk.lane.history.map(({ outcome }) => outcome)).toEqual(['waiting', 'given_up'])
  })

  it('that a new leader finds open is in doubt, and goes again under its key when no copy can be on its way', () => {
    const desk = begun()
    desk.step(DUE)
    desk.state.fold(writeLane(takeOverDigest(desk.lane, DUE + 5_000)))
    expect(desk.lane.open?.inDoubt).toBe(true)
    expect(desk.sendable(DUE + 14_999)).toEqual([])
    expect(desk.sendable(DUE + 15_000)).toEqual(['key-1'])
  })

  it('is not told twice where the time or the rhythm is changed, and a clock that was put back repeats nothing', () => {
    const desk = begun()
    desk.step(DUE)
    desk.step(DUE + 1000, { answers: [delivered] })
    desk.definitions.set('weekly', { ...weekly, at: 20 * 60 })
    desk.step(DUE + 13 * HOUR)
    expect(desk.lane.sequence).toBe(1)
    desk.step(DUE - 48 * HOUR)
    desk.step(DUE + HOUR)
    expect(desk.lane.sequence).toBe(1)
    desk.definitions.set('weekly', { ...weekly, every: 'day' })
    desk.step(DUE + 2 * HOUR)
    expect(desk.lane).toMatchObject({ every: 'day', sequence: 1 })
    desk.step(DUE + 24 * HOUR)
    expect(desk.lane.open?.message.digest.period.name).toBe('2026-11-23')
    expect(desk.lane.open?.message.missed).toEqual([])
  })

  it('is forgotten a day after the catalog lost it, and not while replicas have different ones', () => {
    const desk = begun()
    desk.step(DUE)
    desk.definitions.clear()
    desk.step(DUE + MINUTE)
    expect(desk.sendable(DUE + MINUTE)).toEqual([])
    desk.definitions.set('weekly', weekly)
    desk.step(DUE + 2 * MINUTE)
    expect(desk.lane.goneSince).toBeNull()
    expect(desk.sendable(DUE + 2 * MINUTE)).toEqual(['key-1'])
    desk.definitions.clear()
    desk.step(DUE + 3 * MINUTE)
    desk.step(DUE + 3 * MINUTE + 24 * HOUR - 1)
    expect(desk.state.lanes.size).toBe(1)
    desk.step(DUE + 3 * MINUTE + 24 * HOUR)
    expect(desk.state.lanes.size).toBe(0)
  })

  it('has a sequence and a history that a hundred weeks do not make long', () => {
    const desk = begun()
    for (let week = 0; week < 100; week += 1) {
      const due = latestDue(calendar, weekly, DUE + week * 7 * 24 * HOUR + HOUR).due
      desk.step(due + HOUR)
      desk.step(due + HOUR + 1, { answers: [delivered] })
    }
    expect(desk.lane.sequence).toBe(100)
    expect(desk.lane.history).toHaveLength(20)
    expect(desk.lane.history.every(({ outcome }) => outcome === 'sent')).toBe(true)
    expect(digestPeriodOn(calendar, weekly, '2026-11-16')?.due).toBe(DUE)
  })
})
