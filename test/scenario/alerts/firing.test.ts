import { describe, expect, it } from 'vitest'
import { all, at, during, type Finds, HOUR, MINUTE, rule, Stage } from './stage.ts'

const stage = (rest: Parameters<typeof rule>[0], finds: Finds, begin = '08:55') => {
  const made = new Stage(begin, { rules: [rule(rest)] })
  made.finds = { Low: finds }
  return made
}

describe('a rule', () => {
  it('fires at the first instant at which it holds, and ends at the first at which it does not', () => {
    expect(stage({}, during('09:00', '09:07')).play('09:30').decided).toEqual([
      '09:00 firing spring',
      '09:07 resolved spring',
    ])
  })

  it('with for fires when it has held so long, to the instant', () => {
    const held = stage({ forMs: 10 * MINUTE }, during('09:00', '09:11'))
    expect(held.play('09:30').decided).toEqual(['09:10 firing spring', '09:11 resolved spring'])
    expect(stage({ forMs: 10 * MINUTE }, during('09:00', '09:10')).play('09:30').decided).toEqual([])
  })

  it('with keep_firing_for fires on, and a relapse meanwhile is the same firing', () => {
    const finds = (instant: number) => ({
      spring: (instant >= at('09:00') && instant < at('09:05')) || (instant >= at('09:09') && instant < at('09:10')),
    })
    expect(stage({ keepFiringForMs: 5 * MINUTE }, finds).play('09:30').decided).toEqual([
      '09:00 firing spring',
      '09:15 resolved spring',
    ])
  })

  it('by campaign fires for each by itself', () => {
    const finds = all(during('09:00', '09:05'), during('09:02', '09:04', 'brand'))
    expect(stage({}, finds).play('09:30').decided).toEqual([
      '09:00 firing spring',
      '09:02 firing brand',
      '09:04 resolved brand',
      '09:05 resolved spring',
    ])
  })

  it.each([
    ['keep', ['09:01 firing spring', '09:20 resolved spring']],
    ['ok', ['09:01 firing spring', '09:03 resolved spring']],
    ['alert', ['09:01 firing spring', '09:20 resolved spring']],
  ] as const)('without data under %s', (noData, decided) => {
    const finds = (instant: number) => ({
      spring: instant < at('09:00') ? false : instant < at('09:03') ? true : instant < at('09:20') ? null : false,
    })
    expect(stage({ noData, forMs: MINUTE }, finds).play('09:40').decided).toEqual(decided)
  })

  it('fires for want of data where that is what it is for, but not for want of volume', () => {
    expect(stage({ noData: 'alert' }, during('12:00', '12:00', 'spring', null)).play('09:00').decided).toEqual([
      '08:55 firing spring',
    ])
    const low = during('12:00', '12:00', 'spring', 'low volume')
    expect(stage({ noData: 'alert' }, low).play('09:00').decided).toEqual([])
  })

  it('of which nothing is known for a day ends, and says why', () => {
    const finds = (instant: number) => ({ spring: instant < at('09:05') ? instant >= at('09:00') : null })
    expect(stage({}, finds).play('09:30').play('1 09:10', { sleeping: true }).decided).toEqual([
      '09:00 firing spring',
      '1 09:05 resolved spring (no_data)',
    ])
  })

  it('that pends does not fire over a time without data', () => {
    const finds = (instant: number) => ({
      spring: instant < at('09:00') ? false : instant < at('09:02') ? true : instant < at('09:20') ? null : true,
    })
    expect(stage({ forMs: 5 * MINUTE }, finds).play('09:40').decided).toEqual(['09:20 firing spring'])
  })
})

describe('a stop', () => {
  const finds = all(during('09:00', '09:50'), during('09:20', '09:40', 'brand'))
  const without = stage({ forMs: 5 * MINUTE, keepFiringForMs: MINUTE }, finds).play('11:00').decided

  it.each(['09:03', '09:10', '09:30', '09:50', '09:52'])(
    'at %s for an hour changes no transition and no instant',
    stop => {
      const stopped = stage({ forMs: 5 * MINUTE, keepFiringForMs: MINUTE }, finds).play(stop)
      stopped.restart()
      stopped.play('10:55', { sleeping: true }).play('11:00')
      expect(stopped.decided.toSorted()).toEqual(without.toSorted())
    },
  )

  it('in which something began and ended tells it once, as resolved with its times', () => {
    const stopped = stage({}, during('09:10', '09:20'))
    stopped.play('09:00').play('10:00', { sleeping: true }).play('10:05')
    expect(stopped.heard).toEqual(['10:00:30 chat: resolved spring 09:10–09:20'])
  })

  it('of more than a day leaves a gap: what fired fires until it is judged, what was pending begins anew', () => {
    const stopped = stage(
      { forMs: 2 * HOUR },
      all(during('06:00', '3 09:00'), during('08:00', '3 09:00', 'brand')),
      '05:59',
    )
    stopped.play('09:00')
    expect(stopped.decided).toEqual(['08:00 firing spring'])
    stopped.play('2 09:00', { sleeping: true })
    expect(stopped.decided.slice(1)).toEqual(['1 11:00 firing brand', 'gap 09:01 to 1 08:59'])
  })
})

describe('a changed catalog', () => {
  const firing = () => {
    const made = stage({ forMs: 5 * MINUTE }, all(during('09:00', '12:00'), during('09:28', '12:00', 'brand')))
    return made.play('09:30')
  }
  const change = (made: Stage, ...rules: Parameters<typeof rule>[0][]) => {
    made.alerting = { ...made.alerting, rules: new Map(rules.map(rest => rule(rest)).map(one => [one.id, one])) }
  }

  it('with other words keeps everything', () => {
    const made = firing()
    change(made, { forMs: 5 * MINUTE, labels: { team: 'growth' }, annotations: { summary: { en: 'other' } } })
    expect(made.play('09:40').decided).toEqual(['09:05 firing spring', '09:33 firing brand'])
    expect(made.state.instances.values().next().value?.labels['team']).toBe('growth')
    expect(made.heard).toEqual(['09:05:30 chat: firing spring', '09:33 chat: firing brand'])
  })

  it('with another definition begins pending anew, and judges what fires at the next instant', () => {
    const made = firing()
    change(made, { forMs: 5 * MINUTE, version: 'v2' })
    made.finds = { Low: during('09:00', '12:00', 'brand') }
    expect(made.play('09:40').decided).toEqual(['09:05 firing spring', '09:36 firing brand'])
    made.finds = { Low: all(during('12:00', '12:00'), during('09:00', '12:00', 'brand')) }
    expect(made.play('09:45').decided.slice(2)).toEqual(['09:41 resolved spring'])
  })

  it('by other dimensions ends the groups that do not come again after five minutes, and not before', () => {
    const made = firing()
    const { finds } = made
    const rules = made.alerting.rules
    const regions = () => {
      change(made, { by: ['region'], version: 'v2' })
      made.finds = { Low: during('12:00', '12:00', 'north') }
    }
    regions()
    made.play('09:35')
    // a replica with the old catalog leads for a moment
    made.alerting = { ...made.alerting, rules }
    made.finds = finds
    made.play('09:36')
    regions()
    expect(made.play('09:41').decided).toEqual(['09:05 firing spring'])
    expect(made.play('09:50').decided.slice(1)).toEqual(['09:42 resolved spring (definition_changed)'])
  })

  it('with another name goes on under it, and tells the end to whoever knows the beginning', () => {
    const made = firing()
    change(made, { id: 'CtrLow', formerly: ['Low'], forMs: 5 * MINUTE })
    made.finds = { CtrLow: during('09:00', '09:50') }
    made.play('10:10')
    expect(made.heard).toEqual(['09:05:30 chat: firing spring', '09:50:30 chat: resolved spring 09:05–09:50'])
    const [first, last] = [made.attempts[0]?.alerts[0], made.attempts.at(-1)?.alerts[0]]
    expect(last?.episode).toBe(first?.episode)
  })

  it('without the rule ends its alerts after five minutes, and not before', () => {
    const made = firing()
    const rules = made.alerting.rules
    change(made)
    made.play('09:34')
    made.alerting = { ...made.alerting, rules }
    expect(made.play('09:36').decided).toEqual(['09:05 firing spring', '09:33 firing brand'])
    change(made)
    made.play('09:50')
    expect(made.decided.slice(2).map(line => line.replace(/^\S+ /, ''))).toEqual([
      'resolved spring (rule_removed)',
      'resolved brand (rule_removed)',
    ])
    expect(made.state.progress.size).toBe(0)
  })

  it('of which two replicas have two versions, each leading in turn for a minute, resolves and repeats nothing', () => {
    const made = firing()
    const rules = made.alerting.rules
    for (let i = 0; i < 12; i++) {
      if (i % 2 === 0) change(made)
      else made.alerting = { ...made.alerting, rules }
      made.restart()
      made.play(`09:${31 + i}`)
    }
    expect(made.decided).toEqual(['09:05 firing spring', '09:33 firing brand'])
    expect(made.heard).toEqual([
      '09:05:30 chat: firing spring',
      expect.stringMatching(/^09:3\d\S* chat: firing brand$/),
    ])
  })
})
