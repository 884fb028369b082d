import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import { createZone } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import type { SeenAlert } from './alerts.ts'
import { agrees, alertDifferences, differences } from './compare.ts'
import { readEventLine } from './event-line.ts'
import { timeOf } from './times.ts'

const { catalog } = await loadCatalog(fileURLToPath(new URL('../../../../catalog', import.meta.url)))
const read = (text: string) => readEventLine(text, catalog!.eventTypes)

describe('an event on one line', () => {
  it('is a time, a type and words in any order', () => {
    expect(
      read('+10m ticket opened @ann ticket_id=T1 topic="lost card" automatic=true x3 every=1d arrives=+2d'),
    ).toEqual({
      time: '+10m',
      type: 'ticket',
      fields: { action: 'opened', user_id: 'ann', ticket_id: 'T1', topic: 'lost card', automatic: true },
      times: 3,
      every: '1d',
      arrives: '+2d',
    })
    expect(read('2026-01-01 purchase ~x amount=2.5 properties.shop=2 properties.till=7').fields).toEqual({
      anonymous_id: 'x',
      amount: 2.5,
      properties: { shop: '2', till: '7' },
    })
  })

  it.each([
    ['2026-01-01', 'needs a time and a type'],
    ['2026-01-01 tickt', 'there is no event type tickt; did you mean ticket?'],
    ['2026-01-01 ticket opend', 'did you mean opened?'],
    ['2026-01-01 ticket topik=x', 'ticket has no field topik; did you mean topic?'],
    ['2026-01-01 purchase amount=many', "amount is 'many', which is no number"],
    ['2026-01-01 ticket automatic=yes', 'write true or false'],
  ])('%s is told with what to write instead', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})

describe('a time', () => {
  const shanghai = createZone('Asia/Shanghai')
  it.each([
    ['2026-03-02', '2026-03-01T16:00:00Z'],
    ['2026-03-02T09:30', '2026-03-02T01:30:00Z'],
    ['2026-03-02T09:30:15.250', '2026-03-02T01:30:15.250Z'],
    ['2026-03-02T09:30Z', '2026-03-02T09:30:00Z'],
    ['2026-03-02T09:30:00+01:00', '2026-03-02T08:30:00Z'],
    ['+1h30m', '2026-01-01T01:30:00Z'],
    ['+250ms', '2026-01-01T00:00:00.250Z'],
  ])('%s by the clock in Shanghai', (text, instant) => {
    expect(timeOf(text, shanghai, Date.UTC(2026, 0, 1))).toBe(Date.parse(instant))
  })

  it('that a clock shows twice or never is one of the two, or the one after', () => {
    const newYork = createZone('America/New_York')
    // 1 November 2026: one o'clock comes twice; 8 March 2026: half past two never comes
    expect(timeOf('2026-11-01T01:30', newYork, null)).toBe(Date.parse('2026-11-01T05:30:00Z'))
    expect(timeOf('2026-11-01T12:00', newYork, null)).toBe(Date.parse('2026-11-01T17:00:00Z'))
    expect(timeOf('2026-03-08T12:00', newYork, null)).toBe(Date.parse('2026-03-08T16:00:00Z'))
    expect(timeOf('2026-03-08T02:30', newYork, null)).toBe(Date.parse('2026-03-08T07:30:00Z'))
  })

  it.each(['2026-02-30', '2026-03-02T25:00', 'yesterday', '10m', '+10'])('%s is none', text => {
    expect(timeOf(text, shanghai, 0)).toBeNull()
  })

  it('after nothing is none', () => {
    expect(timeOf('+10m', shanghai, null)).toBeNull()
  })
})

describe('an answer', () => {
  const expectation = (expected: object, groups: Record<string, object> | null = null) => ({
    indicator: 'ctr',
    line: 7,
    expected: expected as Record<string, unknown>,
    groups:
      groups &&
      new Map(Object.entries(groups).map(([name, of]) => [name, { line: 8, expected: of as Record<string, unknown> }])),
  })

  it('agrees where all that is expected is so, to nine digits', () => {
    expect(
      differences(expectation({ value: 1 / 3, status: 'on_track' }), { value: 0.33333333333, status: 'on_track' }),
    ).toEqual([])
    expect(agrees({ a: 1 }, { a: 1, b: 2 })).toBe(true)
    expect(agrees(null, undefined)).toBe(true)
    expect(agrees(0, null)).toBe(false)
    expect(agrees([1, 2], [1])).toBe(false)
  })

  it('differs by name, and by group', () => {
    expect(differences(expectation({ value: 2, n: 3 }), { value: 2.1, n: 3 })).toEqual([
      { line: 7, what: 'value', expected: 2, got: 2.1 },
    ])
    const answer = {
      value: 1,
      groups: [
        { by: { a: 'x', b: 'y' }, value: 1 },
        { by: { a: 'z', b: '' }, value: 5 },
      ],
    }
    expect(differences(expectation({ value: 1 }, { 'x, y': { value: 3 }, w: { value: 4 } }), answer)).toEqual([
      { line: 8, what: 'groups.x, y.value', expected: 3, got: 1 },
      { line: 8, what: 'groups.w', expected: { value: 4 }, got: undefined },
      { line: 7, what: 'groups.z, ', expected: undefined, got: 5 },
    ])
  })
})

describe('alerts', () => {
  const seen: SeenAlert = {
    labels: { alertname: 'Low', campaign: 'spring' },
    state: 'firing',
    since: 60_000,
    until: null,
    value: 0.5,
  }
  const expected = {
    line: 9,
    labels: { campaign: 'spring' },
    state: 'firing',
    since: 60_000,
    until: null,
    value: 1 / 2,
  } as const

  it('are as expected where all that is said of them is so', () => {
    expect(alertDifferences({ rule: 'Low', line: 8, alerts: [expected] }, [seen])).toEqual([])
    const less = { ...expected, labels: {}, since: null, value: undefined }
    expect(alertDifferences({ rule: 'Low', line: 8, alerts: [less] }, [seen])).toEqual([])
  })

  it('that are missing, or are there and should not be, are told with what there is', () => {
    const told = { campaign: 'spring', state: 'firing', since: '1970-01-01T00:01:00Z', value: 0.5 }
    expect(alertDifferences({ rule: 'Low', line: 8, alerts: [{ ...expected, since: 0 }] }, [seen])).toEqual([
      { line: 9, what: 'Low', expected: { ...told, since: '1970-01-01T00:00:00Z' }, got: [told] },
      { line: 8, what: 'Low', expected: undefined, got: told },
    ])
    expect(alertDifferences({ rule: 'Low', line: 8, alerts: [] }, [seen])).toHaveLength(1)
    // one alert is not two
    expect(alertDifferences({ rule: 'Low', line: 8, alerts: [expected, expected] }, [seen])).toHaveLength(1)
  })
})
