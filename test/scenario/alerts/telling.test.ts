import type { Delivery, Notification } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import {
  all,
  at,
  during,
  type Finds,
  HOUR,
  MINUTE,
  matchers,
  route,
  rule,
  SECOND,
  Stage,
  type StageSetting,
  webhook,
} from './stage.ts'

const stage = (finds: Finds, setting: StageSetting = {}, begin = '08:59') => {
  const made = new Stage(begin, setting)
  made.finds = { Low: finds }
  return made
}
const spring = during('09:00', '12:00')

describe('a group', () => {
  it('waits for more of it, then as long between messages with news', () => {
    const finds = all(spring, during('09:02', '12:00', 'brand'), during('09:03', '09:04', 'summer'))
    expect(stage(finds).play('09:15').heard).toEqual([
      '09:00:30 chat: firing spring',
      // news wait until five minutes after the message before; what is over by then is told with its times
      '09:05:30 chat: firing brand, resolved summer 09:03–09:04',
    ])
  })

  it('in which something fires is repeated, and its end is told once', () => {
    const made = stage(during('09:00', '10:20'), { route: route('chat', { repeatIntervalMs: 30 * MINUTE }) })
    expect(made.play('11:30').heard).toEqual([
      '09:00:30 chat: firing spring',
      '09:30:30 chat: still firing spring',
      '10:00:30 chat: still firing spring',
      '10:20 chat: resolved spring 09:00–10:20',
    ])
    expect(new Set(made.attempts.map(({ key }) => key)).size).toBe(made.attempts.length)
  })

  it('of 10,000 is told in messages of at most 1,000, one after the other', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`)
    const finds: Finds = instant => Object.fromEntries(names.map(name => [name, instant >= at('09:00')]))
    const made = stage(finds).play('09:04')
    const sizes = made.attempts.map(({ alerts, more }) => [alerts.length, more])
    expect(sizes).toEqual(Array.from({ length: 10 }, (_, i) => [1_000, 9_000 - 1_000 * i]))
    expect(new Set(made.attempts.flatMap(({ alerts }) => alerts.map(({ id }) => id))).size).toBe(10_000)
    // a record of Kafka holds a megabyte
    for (const { open } of made.state.lanes.values()) expect(JSON.stringify(open).length).toBeLessThan(900_000)
    expect(made.attempts.at(-1)?.firingAfter).toBe(10_000)
  })

  it('is told by the labels of its route, and to each receiver that a route names', () => {
    const tree = route('chat', {
      routes: [
        route('growth', { matchers: matchers('campaign=~"s.*"'), groupBy: ['campaign'], continue: true }),
        route('board', { matchers: matchers('campaign="spring"') }),
      ],
    })
    const finds = all(spring, during('09:00', '12:00', 'summer'), during('09:00', '12:00', 'brand'))
    expect(stage(finds, { route: tree }).play('09:02').heard.toSorted()).toEqual([
      '09:00:30 board: firing spring',
      '09:00:30 chat: firing brand',
      '09:00:30 growth: firing spring',
      '09:00:30 growth: firing summer',
    ])
  })

  it('keeps what it told when the routes change, and tells a new receiver what fires', () => {
    const made = stage(spring).play('09:10')
    made.alerting = { ...made.alerting, route: route('chat', { id: 'other', groupBy: ['campaign'] }) }
    expect(made.play('09:20').heard).toEqual(['09:00:30 chat: firing spring'])
    const before = made.alerting.receivers.get('chat')
    made.alerting = {
      ...made.alerting,
      receivers: new Map([
        ...made.alerting.receivers,
        ['mail', { ...before, name: 'mail' } as NonNullable<typeof before>],
      ]),
      route: route('mail'),
    }
    made.finds = { Low: during('09:00', '09:30') }
    expect(made.play('09:40').heard.slice(1).toSorted()).toEqual(
      [
        '09:20:40 mail: firing spring',
        '09:30 mail: resolved spring 09:00–09:30',
        '09:30 chat: resolved spring 09:00–09:30',
      ].toSorted(),
    )
  })
})

describe('a silence', () => {
  it('keeps a firing untold while it is in force; what fires on is told then', () => {
    const made = stage(spring)
    made.silence('campaign="spring"', '08:00', '10:00')
    expect(made.play('10:10').heard).toEqual(['10:00:30 chat: firing spring'])
  })

  it('keeps the end untold only of what was silenced from its beginning', () => {
    const made = stage(all(during('09:00', '09:30'), during('09:10', '09:20', 'brand')))
    made.play('09:05')
    made.silence('alertname="Low"', '09:05', '11:00')
    expect(made.play('12:00').heard).toEqual([
      '09:00:30 chat: firing spring',
      '09:30 chat: resolved spring 09:00–09:30',
    ])
  })

  it('holds without ClickHouse, once it was read, and in another evaluator', () => {
    const made = stage(spring)
    made.silence('campaign="spring"', '08:00', '10:00')
    made.play('08:59')
    made.silences = null
    made.restart()
    expect(made.play('09:30').heard).toEqual([])
    expect(made.play('10:05').heard).toEqual(['10:00:30 chat: firing spring'])
    expect(made.state.silences.size).toBe(0)
  })

  it('that is ended before its time is over at once', () => {
    const made = stage(spring)
    made.silence('campaign="spring"', '08:00', '11:00')
    made.play('09:10')
    made.silences = (made.silences ?? []).map(silence => ({ ...silence, ended: true, setAt: made.now }))
    expect(made.play('09:20').heard).toEqual(['09:10:40 chat: firing spring'])
  })
})

describe('somebody who acknowledges', () => {
  const urgent = route('chat', {
    repeatIntervalMs: 30 * MINUTE,
    escalations: [
      { afterMs: 15 * MINUTE, receiver: 'lead' },
      { afterMs: HOUR, receiver: 'board' },
    ],
  })

  it('ends repeats and escalation of this firing, and hears of its end', () => {
    const made = stage(during('09:00', '10:30'), { route: urgent }).play('09:20')
    made.acknowledge('spring')
    expect(made.play('11:00').heard).toEqual([
      '09:00:30 chat: firing spring',
      '09:15:40 lead: firing spring',
      '10:30 chat: resolved spring 09:00–10:30',
      '10:30 lead: resolved spring 09:00–10:30',
    ])
  })

  it('is who the others wait for: without, it goes further up', () => {
    expect(stage(spring, { route: { ...urgent, repeatIntervalMs: 9 * HOUR } }).play('11:00').heard).toEqual([
      '09:00:30 chat: firing spring',
      '09:15:40 lead: firing spring',
      '10:00:40 board: firing spring',
    ])
  })

  it('has not acknowledged the next firing', () => {
    const finds = (instant: number) => ({
      spring: (instant >= at('09:00') && instant < at('09:10')) || instant >= at('09:30'),
    })
    const made = stage(finds, { route: urgent }).play('09:05')
    made.acknowledge('spring')
    expect(made.play('09:50').heard).toEqual([
      '09:00:30 chat: firing spring',
      '09:10 chat: resolved spring 09:00–09:10',
      '09:30:30 chat: firing spring',
      '09:45:40 lead: firing spring',
    ])
  })

  it('is not waited for where the first receiver cannot be reached', () => {
    const made = stage(spring, { route: urgent })
    made.answers = ({ receiver }) =>
      receiver === 'chat' ? { kind: 'refused', answer: 'connection refused' } : { kind: 'delivered', answer: '200' }
    expect(made.play('09:30').heard).toEqual(['09:15:40 lead: firing spring'])
  })
})

describe('an alert that another one explains', () => {
  const about = rule({ id: 'NoEvents', by: [], indicator: 'events', forMs: 2 * MINUTE })
  const inhibit = (rest = {}) => ({
    ...{ source: matchers('alertname="NoEvents"'), target: matchers('campaign!=""'), equal: [] },
    ...{ pending: true, lingerMs: HOUR, ...rest },
  })
  const dead = (rest = {}) => {
    const made = new Stage('08:59', { rules: [rule(), about], inhibitions: [inhibit(rest)] })
    made.finds = { NoEvents: during('09:00', '09:30', 'all'), Low: during('09:01', '09:44') }
    return made
  }

  it('is not told, from when the other pends until its window holds nothing of it any more', () => {
    expect(dead().play('11:00').heard).toEqual([
      '09:02:30 chat: firing NoEvents',
      '09:30 chat: resolved NoEvents 09:02–09:30',
    ])
  })

  it('is not told while the window that it compares with holds a part of it', () => {
    const names = ['previous', 'value'] as const
    const fires = { source: 'value > 3 * previous', names, threshold: () => null, holds: () => null }
    const jumped = rule({ condition: { kind: 'expression', fires, recovers: null, certain: true } })
    const made = new Stage('08:59', { rules: [jumped, about], inhibitions: [inhibit()] })
    // three times of nothing: people are back, and the window before is that of the fault
    made.finds = { NoEvents: during('09:00', '09:30', 'all'), Low: during('09:45', '10:00') }
    expect(made.play('11:00').heard).toEqual([
      '09:02:30 chat: firing NoEvents',
      '09:30 chat: resolved NoEvents 09:02–09:30',
    ])
    made.finds = { NoEvents: () => ({}), Low: during('11:10', '11:20') }
    expect(made.play('12:00').heard.slice(2)).toHaveLength(2)
  })

  it('is told afterwards if it fires on for reasons of its own', () => {
    const made = dead()
    made.finds['Low'] = during('09:01', '12:00')
    expect(made.play('10:00').heard.slice(2)).toEqual(['09:45:30 chat: firing spring'])
  })

  it('is told at once where nothing lingers and nothing pends', () => {
    expect(dead({ pending: false, lingerMs: 0 }).play('10:00').heard).toEqual([
      '09:01:30 chat: firing spring',
      '09:02:30 chat: firing NoEvents',
      '09:30 chat: resolved NoEvents 09:02–09:30',
      '09:44 chat: resolved spring 09:01–09:44',
    ])
  })

  it('and came and went with it while nobody was there is not told either', () => {
    const made = dead()
    made.play('08:59').play('10:30', { sleeping: true })
    expect(made.play('10:40').heard).toEqual(['10:30:30 chat: resolved NoEvents 09:02–09:30'])
  })

  it('of another group is not explained by it', () => {
    const made = new Stage('08:59', {
      rules: [rule(), rule({ id: 'Off' })],
      inhibitions: [
        { ...inhibit(), source: matchers('alertname="Off"'), target: matchers('alertname="Low"'), equal: ['campaign'] },
      ],
    })
    made.finds = { Off: during('09:00', '09:30', 'brand'), Low: all(spring, during('09:00', '12:00', 'brand')) }
    expect(made.play('09:02').heard.toSorted()).toEqual(['09:00:30 chat: firing brand', '09:00:30 chat: firing spring'])
    expect(made.attempts.map(({ groupLabels }) => groupLabels['alertname']).toSorted()).toEqual(['Low', 'Off'])
  })
})

describe('a route with hours', () => {
  const part = { times: [], weekdays: [], days: [], months: [], dates: null, except: new Set<string>() }
  const intervals = [
    {
      name: 'office',
      timezone: 'Asia/Shanghai',
      any: [{ ...part, weekdays: [1, 2, 3, 4, 5], times: [{ from: 540, until: 1080 }] }],
    },
    { name: 'lunch', timezone: 'UTC', any: [{ ...part, times: [{ from: 720, until: 780 }] }] },
  ]

  it('tells within them, by the clock of their zone; what was over before is not told', () => {
    // 18:00 in Shanghai is 10:00 UTC, 9:00 there is 01:00
    const finds = all(during('11:00', '1 03:00'), during('12:00', '13:00', 'brand'))
    const made = stage(finds, { intervals, route: route('chat', { activeIn: ['office'] }) }, '10:30')
    expect(made.play('1 04:00').heard).toEqual([
      '1 01:00:30 chat: firing spring',
      '1 03:00 chat: resolved spring 11:00–1 03:00',
    ])
  })

  it('is silent in those that mute it', () => {
    const made = stage(during('12:10', '14:00'), { intervals, route: route('chat', { mutedIn: ['lunch'] }) }, '12:00')
    expect(made.play('13:30').heard).toEqual(['13:00:30 chat: firing spring'])
  })
})

describe('a receiver', () => {
  const failing =
    (until: string, delivery: Delivery | null, only = 'chat') =>
    ({ receiver }: Notification, now: number): Delivery | null =>
      receiver === only && now < at(until) ? delivery : { kind: 'delivered', answer: '200' }

  it('that refuses is told later, and then all that is news', () => {
    const made = stage(all(during('09:00', '09:02'), during('09:01', '12:00', 'brand')))
    made.answers = failing('09:03', { kind: 'refused', answer: '503' })
    expect(made.play('09:10').heard).toEqual(['09:03:10 chat: firing brand, resolved spring 09:00–09:02'])
    expect(new Set(made.attempts.map(({ key }) => key)).size).toBe(made.attempts.length)
  })

  it('that does not answer is sent the same again, word by word, and the news after it', () => {
    const made = stage(all(during('09:00', '09:02'), during('09:01', '12:00', 'brand')))
    made.answers = failing('09:03', { kind: 'in_doubt', answer: 'timed out' })
    made.play('09:10')
    const [first, ...again] = made.attempts.filter(({ sequence }) => sequence === made.attempts[0]?.sequence)
    expect(again.length).toBeGreaterThan(2)
    for (const each of again) expect(each).toEqual(first)
    expect(made.heard).toEqual([
      '09:03:10 chat: firing spring',
      '09:05:30 chat: firing brand, resolved spring 09:00–09:02',
    ])
  })

  it('that says when is asked then', () => {
    const made = stage(spring)
    made.answers = failing('09:03', { kind: 'refused', answer: '429', retryAfterMs: 7 * MINUTE })
    expect(made.play('09:20').heard).toEqual(['09:07:40 chat: firing spring'])
    expect(made.attempts).toHaveLength(2)
  })

  it('that says when is asked then, and a group repeated in time, though a leader has to catch up meanwhile', () => {
    const made = stage(spring, { route: route('chat', { repeatIntervalMs: HOUR }) })
    made.answers = failing('09:03', { kind: 'refused', answer: '429', retryAfterMs: 7 * MINUTE })
    made.play('09:04').catchingUp = new Set(['Low'])
    made.play('09:05').catchingUp = new Set()
    made.play('09:30').catchingUp = new Set(['Low'])
    made.play('09:31').catchingUp = new Set()
    expect(made.play('10:10').heard).toEqual(['09:07:40 chat: firing spring', '10:07:40 chat: still firing spring'])
  })

  it('that says when is asked then, though what it was to hear of is not for it any more', () => {
    const made = stage(all(spring, during('09:05', '12:00', 'brand')))
    const [first, second] = [made.alerting, { ...made.alerting, route: route('mail', { groupBy: ['...'] }) }]
    made.answers = failing('09:03', { kind: 'refused', answer: '429', retryAfterMs: 20 * MINUTE })
    made.play('09:01').alerting = second
    made.play('09:04').alerting = first
    const heard = made.play('09:25').heard.filter(line => line.includes('chat'))
    expect(heard).toEqual(['09:20:40 chat: firing spring, firing brand'])
  })

  it('that is dead delays no other', () => {
    const tree = route('chat', {
      routes: [
        route('chat', { matchers: matchers('campaign!=""'), continue: true }),
        route('mail', { matchers: matchers('campaign!=""') }),
      ],
    })
    const made = stage(during('09:00', '09:10'), { route: tree })
    made.answers = failing('12:00', null)
    expect(made.play('09:15').heard.filter(line => line.includes('mail'))).toEqual([
      '09:00:30 mail: firing spring',
      '09:10 mail: resolved spring 09:00–09:10',
    ])
  })

  it('that is dead for a day is given up: what ended meanwhile is not told, what fires on is', () => {
    const finds = all(during('09:00', '2 12:00'), during('09:00', '10:00', 'brand'))
    const made = stage(finds, { route: route('chat', { groupBy: ['campaign'] }) })
    made.answers = failing('1 10:00', { kind: 'refused', answer: 'connection refused' })
    expect(made.play('1 12:00').heard).toEqual([expect.stringMatching(/^1 10:\d\d(:\d\d)? chat: firing spring$/)])
    // a day after brand has ended
    expect(made.givenUp).toEqual(['1 10:00 chat: 1, connection refused'])
  })

  it('that has answered nothing for a day is given up too, but may know of what it was being sent', () => {
    const finds = all(during('09:00', '2 12:00'), during('09:00', '10:00', 'brand'))
    const made = stage(finds, { route: route('chat', { groupBy: ['campaign'] }) })
    made.answers = failing('1 10:00', { kind: 'in_doubt', answer: 'timed out' })
    made.play('1 12:00')
    // both firings; the end of brand is being sent by then
    expect(made.givenUp).toEqual(['1 09:00:40 chat: 1, timed out', '1 09:00:40 chat: 1, timed out'])
    expect(made.heard).toEqual(['1 10:04:30 chat: still firing spring', '1 10:04:30 chat: resolved brand 09:00–10:00'])
  })

  it('that takes something again after a day hears of nothing that ended before, and of what ends after', () => {
    const finds = all(during('09:00', '10:00'), during('09:00', '1 10:10', 'brand'))
    const made = stage(finds)
    made.answers = failing('1 10:05', { kind: 'refused', answer: '503' })
    expect(made.play('1 11:00').heard.join()).not.toContain('spring')
    expect(made.heard.at(-1)).toContain('resolved brand')
    expect(made.givenUp).toEqual(['1 10:00 chat: 1, 503'])
  })

  it('that fails is told of through others, whatever its routes say', () => {
    const failing = rule({ id: 'Failing', by: ['receiver'], condition: { kind: 'undelivered', forMs: HOUR } })
    const [chat, mail] = ['chat', 'mail'].map(name => webhook(name))
    if (chat === undefined || mail === undefined) throw new Error('there are two')
    const made = new Stage('08:59', { rules: [failing], receivers: [chat, mail] })
    made.finds = { Failing: during('09:00', '10:00', 'chat') }
    expect(made.play('09:10').heard).toEqual(['09:00 mail: firing Failing'])
    const other = new Stage('08:59', { rules: [failing], receivers: [chat, mail] })
    other.finds = { Failing: during('09:00', '10:00', 'mail') }
    expect(other.play('09:10').heard).toEqual(['09:00:30 chat: firing Failing'])
  })

  it('that does not want to hear of ends does not', () => {
    const made = stage(during('09:00', '09:10'))
    const [name, settings] = [...made.alerting.receivers][0] ?? []
    if (name === undefined || settings === undefined) throw new Error('the stage has a receiver')
    made.alerting = { ...made.alerting, receivers: new Map([[name, { ...settings, sendResolved: false }]]) }
    expect(made.play('11:00').heard).toEqual(['09:00:30 chat: firing spring'])
    expect(made.state.instances.size).toBe(0)
  })

  it('hears nothing twice when the clock is put back, and is repeated to no later than an interval from then', () => {
    const made = stage(spring, { route: route('chat', { repeatIntervalMs: HOUR }) }).play('09:30')
    made.now = at('06:00')
    expect(made.play('07:10').heard.slice(1)).toEqual(['07:00 chat: still firing spring'])
  })
})

describe('what is over', () => {
  it('is forgotten a quarter of an hour later, and its lane a day later', () => {
    const made = stage(during('09:00', '09:10'))
    expect(made.play('09:20').state.instances.size).toBe(1)
    expect(made.play('09:30').state.instances.size).toBe(0)
    expect(made.state.lanes.size).toBe(1)
    const sequence = made.state.lanes.values().next().value?.sequence ?? 0
    made.play('1 09:40')
    expect(made.state.lanes.size).toBe(0)
    made.finds = { Low: during('1 09:45', '1 12:00') }
    made.play('1 09:50')
    // a later message has a greater number, whatever was forgotten
    expect(made.attempts.at(-1)?.sequence).toBeGreaterThan(sequence)
  })

  it('leaves no more than its rule behind: a pending alert that comes to nothing writes nothing that stays', () => {
    const made = new Stage('08:59', { rules: [rule({ forMs: 5 * MINUTE })] })
    made.finds = { Low: during('09:00', '09:02') }
    made.play('09:10')
    expect([made.state.instances.size, made.state.lanes.size, made.state.progress.size]).toEqual([0, 0, 1])
    expect(made.now - at('09:10')).toBe(10 * SECOND)
  })
})
