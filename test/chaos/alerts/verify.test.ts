/** The checks of the chaos run find what they are there for: each promise, broken once. */
import type { AlertFact, LeaderRecord, Notification } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { type Evidence, iso, type Message } from './checks/evidence.ts'
import type { Heard } from './receiver.ts'
import { findWrong } from './verify.ts'

const START = Date.parse('2026-03-02T10:00:00Z')
const FIRES = START - 600_000
const ENDS = START - 500_000
const LANE = 'hook/[["campaign","spring"]]'
const base = { alert: 'a1', rule: 'CtrLow', labels: { campaign: 'spring' } }
const decided = { ...base, value: 0, target: null, reason: null, startsAt: FIRES }

type Status = 'firing' | 'resolved'

const message = (key: string, sequence: number, status: Status): [string, Message] => [
  key,
  {
    notification: {
      ...{ receiver: 'hook', language: 'en', lane: LANE, sequence, key, reason: 'news', status, groupLabels: {} },
      ...{ commonLabels: {}, commonAnnotations: {}, more: 0, firingAfter: 0, externalUrl: null, at: START },
      alerts: [
        {
          ...{ id: 'a1', episode: 'e', status, alert: 'CtrLow', severity: 'page', labels: { campaign: 'spring' } },
          ...{ annotations: {}, startsAt: FIRES, endsAt: status === 'firing' ? null : ENDS, reason: null },
          ...{ value: 0, target: null, unit: 'percent', shown: '0 %', url: null },
        },
      ],
    } satisfies Notification,
    tells: { a1: status === 'firing' ? [1, 1] : [2, 2] },
  },
]

const about = (fact: 'sending' | 'delivered' | 'in_doubt', key: string, at: number): AlertFact => ({
  ...{ ...base, fact, key, at, receiver: 'hook', lane: LANE, sequence: 1, answer: '', alerts: 1 },
})

const request = (key: string, sequence: number, status: Status, at: number, more: Partial<Heard> = {}): Heard => ({
  ...{ at, receiver: 'hook', kind: 'webhook', sender: '11', key, lane: LANE, sequence, did: '200', outcome: 'taken' },
  body: JSON.stringify({
    alerts: [
      {
        ...{ fingerprint: 'a1', status, startsAt: iso(FIRES) },
        endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : iso(ENDS),
      },
    ],
  }),
  ...more,
})

const leader = (pid: number, since: number): LeaderRecord => ({
  ...{ kind: 'leader', name: `host/${pid}`, since, catalog: 'c' },
})

/** One firing whose answer is lost with its leader, told again by the next one, and its end. */
const kept: Evidence = {
  expected: [{ campaign: 'spring', startsAt: FIRES, endsAt: ENDS }],
  receivers: ['hook'],
  heard: [
    request('k1', 1, 'firing', START + 1_000, { did: 'hangs up', outcome: 'doubtful' }),
    request('k1', 1, 'firing', START + 16_000, { sender: '12' }),
    request('k2', 2, 'resolved', START + 20_000, { sender: '12' }),
  ],
  log: {
    leaders: [leader(11, START), leader(12, START + 5_000)],
    messages: new Map([message('k1', 1, 'firing'), message('k2', 2, 'resolved')]),
    facts: [
      { ...decided, fact: 'firing', at: START + 900, instant: FIRES },
      about('sending', 'k1', START + 900),
      about('delivered', 'k1', START + 16_100),
      { ...decided, fact: 'resolved', at: START + 19_000, instant: ENDS },
      about('sending', 'k2', START + 19_900),
      about('delivered', 'k2', START + 20_100),
    ],
  },
}

const heardAs = (change: (heard: Heard[]) => Heard[]): Evidence => ({ ...kept, heard: change([...kept.heard]) })
const factsAs = (change: (facts: AlertFact[]) => AlertFact[]): Evidence => ({
  ...kept,
  log: { ...kept.log, facts: change([...kept.log.facts]) },
})

describe('the checks of the chaos run', () => {
  it('find nothing where all was kept', () => {
    expect(findWrong(kept)).toEqual([])
  })

  const broken: ReadonlyArray<readonly [string, Evidence, RegExp]> = [
    ['a delivery is missing', heardAs(heard => heard.filter(({ key }) => key !== 'k2')), /never told: resolved spring/],
    [
      'it was only ever in doubt',
      heardAs(heard => heard.filter(({ key, outcome }) => key === 'k2' || outcome === 'doubtful')),
      /never told: firing spring/,
    ],
    [
      'it comes again after its answer was on record',
      heardAs(heard => [...heard, request('k2', 2, 'resolved', START + 40_000, { sender: '12' })]),
      /k2 came again after its answer was on record/,
    ],
    [
      'it comes again although nobody was in doubt',
      heardAs(heard => heard.toSpliced(1, 0, request('k1', 1, 'firing', START + 9_500, { sender: '12' }))),
      /k1 came 3 times, where at most 2 have a reason/,
    ],
    [
      'a deposed leader sends late',
      heardAs(heard => [...heard, request('k2', 2, 'resolved', START + 20_010, { sender: '11' })]),
      /11 sent k2 after 12 led and sent/,
    ],
    [
      'it is told under two keys',
      {
        ...heardAs(heard => [...heard, request('k3', 3, 'resolved', START + 40_000, { sender: '12' })]),
        log: {
          ...kept.log,
          messages: new Map([...kept.log.messages, message('k3', 3, 'resolved')]),
          facts: [...kept.log.facts, about('sending', 'k3', START + 39_000), about('delivered', 'k3', START + 40_100)],
        },
      },
      /told resolved spring .* under 2 keys/,
    ],
    [
      'copies of a message differ',
      heardAs(([first, second, third]) => [first!, { ...second!, body: `${second!.body} ` }, third!]),
      /the copies of k1 differ/,
    ],
    [
      'it says something else than was decided',
      heardAs(([first, second, third]) => [
        first!,
        second!,
        { ...third!, body: third!.body.replace(iso(ENDS), iso(START)) },
      ]),
      /told something else than k2 says/,
    ],
    [
      'it is sent before it is in the log',
      factsAs(facts => facts.filter(fact => !(fact.fact === 'sending' && fact.key === 'k2'))),
      /k2 came before it was decided/,
    ],
    [
      'nobody decided it',
      heardAs(heard => [...heard, request('k9', 9, 'firing', START + 50_000, { sender: '12' })]),
      /k9, which nobody decided/,
    ],
    [
      'an older message comes after a newer one',
      heardAs(([first, second, third]) => [third!, first!, second!]),
      /1 came out of order/,
    ],
    [
      'Retry-After is not followed',
      heardAs(([first, ...rest]) => [{ ...first!, outcome: 'refused', retryAfterMs: 20_000 }, ...rest]),
      /15000 ms after an answer that asked for 20000 ms/,
    ],
    [
      'what is in doubt comes again while a copy may be on its way',
      heardAs(([first, second, third]) => [first!, { ...second!, at: START + 6_000 }, third!]),
      /5000 ms after a doubt/,
    ],
    [
      'a transition is decided at another instant',
      factsAs(facts => facts.map(fact => (fact.fact === 'resolved' ? { ...fact, instant: ENDS + 10_000 } : fact))),
      /never decided: spring resolved/,
    ],
    ['it is decided twice', factsAs(([first, ...rest]) => [first!, first!, ...rest]), /wrongly decided: spring firing/],
    [
      'instants were left out',
      factsAs(facts => [
        ...facts,
        { ...base, alert: null, fact: 'gap', at: START, from: FIRES, to: ENDS } satisfies AlertFact,
      ]),
      /1 gaps/,
    ],
  ]
  it.each(broken)('notice that %s', (_, evidence, line) => {
    expect(findWrong(evidence).join('\n')).toMatch(line)
  })
})
