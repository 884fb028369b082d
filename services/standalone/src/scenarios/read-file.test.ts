import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import { describe, expect, it } from 'vitest'
import { readScenarios } from './read-file.ts'
import { ScenarioSource } from './yaml-source.ts'

const { catalog } = await loadCatalog(fileURLToPath(new URL('../../../../catalog', import.meta.url)))
const read = (text: string) => readScenarios(new ScenarioSource('my.yaml', text), catalog!).scenarios

describe('a scenario file', () => {
  it('gives events in the order of their arrival, with defaults, and expectations in that of their instants', () => {
    const [scenario] = read(`
defaults:
  '*': { channel: web, source: shop }
  ticket: { topic: card }
scenarios:
  - name: one
    defaults: { ticket: { kind: request } }
    events: |
      # late
      2026-03-02T09:00 purchase @ann amount=20 arrives=+1d
      +1h ticket @ann ticket_id=T{n} opened topic=fee x2 every=1h
    expect:
      - { at: 2026-03-05, from: 2026-03-02, by: [topic], values: { tickets_open: { value: 2/4, groups: { fee: 2 } } } }
      - { at: 2026-03-03, window: 1d, filter: { channel: web }, values: { revenue: 0, nps: null } }
`)
    const at = (time: string) => Date.parse(time)
    expect(scenario!.events).toEqual([
      {
        line: 11,
        arrives: at('2026-03-02T10:00:00Z'),
        event: {
          event_id: 'line-11-1',
          event_type: 'ticket',
          event_time: at('2026-03-02T10:00:00Z'),
          source: 'shop',
          channel: 'web',
          topic: 'fee',
          kind: 'request',
          user_id: 'ann',
          ticket_id: 'T1',
          action: 'opened',
        },
      },
      expect.objectContaining({ arrives: at('2026-03-02T11:00:00Z') }),
      expect.objectContaining({ line: 10, arrives: at('2026-03-03T09:00:00Z') }),
    ])
    expect(scenario!.steps).toEqual([
      {
        at: at('2026-03-03T00:00:00Z'),
        window: { window: '1d', to: '2026-03-03T00:00:00.000Z' },
        by: [],
        filter: { channel: ['web'] },
        values: [
          { indicator: 'revenue', line: 14, expected: { value: 0 }, groups: null },
          { indicator: 'nps', line: 14, expected: { value: null }, groups: null },
        ],
        alerts: [],
      },
      {
        at: at('2026-03-05T00:00:00Z'),
        window: { from: '2026-03-02T00:00:00.000Z', to: '2026-03-05T00:00:00.000Z' },
        by: ['topic'],
        filter: {},
        values: [
          {
            indicator: 'tickets_open',
            line: 13,
            expected: { value: 0.5 },
            groups: new Map([['fee', { line: 13, expected: { value: 2 } }]]),
          },
        ],
        alerts: [],
      },
    ])
  })

  it('tells which alerts are expected of which rule', () => {
    const [scenario] = read(`
scenarios:
  - name: one
    events: 2026-03-02T09:00 purchase @ann amount=20
    watch_from: 2026-03-02T10:00
    expect:
      - at: 2026-03-02T11:00
        alerts:
          CtrDropped: [{ campaign: spring, since: 2026-03-02T10:45, value: 1/4 }, { state: pending }]
          TicketsRose: []
`)
    expect(scenario!.watchFrom).toBe(Date.parse('2026-03-02T10:00:00Z'))
    expect(scenario!.steps[0]!.values).toEqual([])
    expect(scenario!.steps[0]!.alerts).toEqual([
      {
        rule: 'CtrDropped',
        line: 9,
        alerts: [
          {
            ...{ line: 9, labels: { campaign: 'spring' }, state: 'firing', value: 0.25 },
            ...{ since: Date.parse('2026-03-02T10:45:00Z'), until: null },
          },
          { line: 9, labels: {}, state: 'pending', since: null, until: null, value: undefined },
        ],
      },
      { rule: 'TicketsRose', line: 10, alerts: [] },
    ])
  })

  it('refuses expectations of alerts that there are not, or that no event can raise', () => {
    const wrong = (alerts: string) => () =>
      read(`scenarios: [{ name: one, events: '', expect: [{ at: 2026-03-02, alerts: ${alerts} }] }]`)
    expect(wrong('{ CtrDroped: [] }')).toThrow('there is no alert CtrDroped; did you mean CtrDropped?')
    expect(wrong('{ PipelineStalled: [] }')).toThrow('PipelineStalled is about Kivi itself')
    expect(wrong('{ CtrDropped: {} }')).toThrow('CtrDropped needs a list of alerts; [] is none')
    expect(wrong('{ CtrDropped: [{ state: fires }] }')).toThrow('pending, firing or resolved, not fires')
  })

  it('takes events as a list of lines and mappings', () => {
    const [scenario] = read(`
scenarios:
  - name: one
    events:
      - 2026-03-02 purchase @ann amount=20
      - { at: +1h, type: purchase, user_id: ben, amount: 5, event_id: again }
    expect: []
`)
    expect(scenario!.events.map(({ event }) => [event['event_id'], event['amount'], event['event_time']])).toEqual([
      ['line-5-1', 20, Date.parse('2026-03-02T00:00:00Z')],
      ['again', 5, Date.parse('2026-03-02T01:00:00Z')],
    ])
  })

  it('tells every mistake with its place and what to write instead', () => {
    const text = `
scenario: []
scenarios:
  - name: one
    events: |
      2026-03-02 tickt @ann
      2026-02-30 ticket @ann opened
      2026-03-01 purchase @ann amount=1 arrives=soon
    expect:
      - at: tomorrow
        windw: 1d
        values: { ctrr: 1, ctr: high, nps: { valu: 3 } }
  - name: one
    expect:
      - values: {}
`
    const message = (() => {
      try {
        read(text)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(message.split('\n')).toEqual([
      'my.yaml:2:1 a scenario file has no scenario; did you mean scenarios?',
      'my.yaml:6:1 there is no event type tickt; did you mean ticket?',
      expect.stringContaining("my.yaml:7:1 '2026-02-30' is no time. Write 2026-03-02"),
      expect.stringContaining("my.yaml:8:1 arrives is 'soon', which is no time."),
      expect.stringContaining('my.yaml:11:9 an expectation has no windw; did you mean window?'),
      expect.stringContaining("my.yaml:10:13 at is 'tomorrow', which is no time."),
      'my.yaml:12:19 there is no indicator ctrr; did you mean ctr?',
      'my.yaml:12:33 a number is expected here, a fraction such as 2/3, or null.',
      'my.yaml:12:46 an answer has no valu; did you mean value?',
      'my.yaml:10:9 an expectation needs at: the instant at which it is asked.',
      "my.yaml:13:5 there is another scenario 'one' in this file.",
      'my.yaml:15:9 an expectation needs at: the instant at which it is asked.',
    ])
  })

  it('that is no YAML is told as such', () => {
    expect(() => read('scenarios: [')).toThrow(/^my\.yaml:1:/)
  })
})
