import { describe, expect, it } from 'vitest'
import { compileCondition } from './condition.ts'
import { parseMapping } from './mapping-file.ts'
import type { Row } from './row.ts'

const problems = (text: string): string[] => {
  try {
    parseMapping(text, 'm.yaml')
  } catch (error) {
    return (error as Error).message.split('\n').slice(1)
  }
  return []
}

describe('mapping files', () => {
  it('reads events with their columns, conditions and constants', () => {
    const mapping = parseMapping(
      "format: csv\ndelimiter: ';'\nevents:\n  - {event: click, when: 'click == 1', set: {event_time: t, target: =ad}}\n",
      'm.yaml',
    )
    expect(mapping).toMatchObject({ format: 'csv', delimiter: ';' })
    expect(mapping.events[0]).toMatchObject({ event: 'click', when: 'click == 1' })
    expect([...mapping.events[0]!.set]).toEqual([
      ['event_time', 't'],
      ['target', '=ad'],
    ])
  })

  it('is the same import whatever its layout, comments and order of keys', () => {
    const one = parseMapping('format: csv\nevents:\n  - {event: click, set: {event_time: t, campaign: c}}', 'm')
    const two = parseMapping('# why\nevents: [{set: {campaign: c, event_time: t}, event: click}]\nformat: csv', 'm')
    const other = parseMapping('events: [{set: {campaign: d, event_time: t}, event: click}]\nformat: csv', 'm')
    expect(one.canonical).toBe(two.canonical)
    expect(other.canonical).not.toBe(one.canonical)
  })

  it('points at every mistake, with what was meant', () => {
    expect(
      problems(
        'format: cvs\nevent: []\nevents:\n  - {evnt: click, set: {event_time: 5}}\n  - {event: click, when: 1}\n',
      ).map(line => line.replace(/^m\.yaml:(\d+):\d+ /, '$1 ')),
    ).toEqual([
      '2 there is no key "event" here; did you mean "events"?',
      '1 format is "cvs": expected one of csv, ndjson, avro.',
      '4 there is no key "evnt" here; did you mean "event"?',
      '4 event must be the name of an event type.',
      "4 event_time must name a column; a constant is written '=5'.",
      "5 when must be a condition, such as 'click == 1'.",
      '5 set must say which column each field comes from: {event_time: timestamp, …}.',
    ])
  })

  it.each(['', '[]', 'events: {}', 'a: [', 'events: []'])('refuses %j', text => {
    expect(problems(text)[0]).toMatch(/^m\.yaml:\d+:\d+ .+/)
  })
})

describe('conditions over columns', () => {
  const row = (values: Record<string, unknown>): Row => ({
    line: 1,
    object: null,
    problem: null,
    value: name => values[name],
  })

  it.each([
    ['click == 1', { click: '1' }, true],
    ['click == 1', { click: '0' }, false],
    ['click == 1', { click: '' }, false],
    ["policy == 'bts' && click > 0", { policy: 'bts', click: '2' }, true],
    ["policy in ['a', 'b']", { policy: 'c' }, false],
    ["row['unit price'] * 2 > 3", { 'unit price': '1.6' }, true],
    ["properties.kind == 'x'", { 'properties.kind': 'x' }, true],
  ])('%s of %j is %s', (source, values, expected) => {
    expect(compileCondition(source, Object.keys(values))(row(values))).toBe(expected)
  })

  it.each([
    ['clik == 1', 'no column clik'],
    ['click', 'condition'],
    ['click ==', ''],
    ["click == 1 && click == 'x'", ''],
  ])('refuses %s', (source, reason) => {
    expect(() => compileCondition(source, ['click'])).toThrow(reason)
  })
})
