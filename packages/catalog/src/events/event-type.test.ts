import avro from 'avsc'
import { describe, expect, it } from 'vitest'
import { formatProblem, type Problem } from '../problems.ts'
import { readEventType } from './event-type.ts'

function read(schema: string | object, file = 'events/wave.avsc') {
  const problems: Problem[] = []
  const loaded = readEventType(file, typeof schema === 'string' ? schema : JSON.stringify(schema), problems)
  return { loaded, problems: problems.map(formatProblem) }
}

const wave = (...fields: object[]): object => ({ type: 'record', name: 'wave', fields })

describe('an event type', () => {
  it('has the common fields beside its own, and its whole schema reads older events', () => {
    const before = read(wave({ name: 'height', type: 'double' })).loaded!
    const after = read(
      wave({ name: 'height', type: 'double' }, { name: 'surfer', type: ['null', 'string'], default: null }),
    ).loaded!
    expect(after.type.required).toEqual(['height'])
    expect(after.type.fields.get('surfer')).toEqual({ kind: 'string' })
    expect(after.type.fields.get('properties')).toEqual({ kind: 'map' })
    const writer = avro.Type.forSchema(JSON.parse(before.schema))
    const reader = avro.Type.forSchema(JSON.parse(after.schema))
    const bytes = writer.toBuffer({
      event_id: 'e1',
      event_time: 1,
      height: 2.5,
      ...Object.fromEntries(
        before.type.fields
          .keys()
          .filter(n => n !== 'height' && n !== 'properties')
          .map(n => [n, null]),
      ),
      properties: {},
      event_type: 'wave',
    })
    expect(reader.fromBuffer(bytes, reader.createResolver(writer))).toMatchObject({
      event_id: 'e1',
      height: 2.5,
      surfer: null,
    })
  })

  it.each([
    [
      'another name than its file',
      { type: 'record', name: 'tide', fields: [] },
      '1:25 bad_schema the file is named wave.avsc, the record tide. Rename the file to tide.avsc.',
    ],
    [
      'a common field',
      wave({ name: 'campaign', type: 'string' }),
      '1:50 bad_schema every event has campaign already. Leave it out: common fields are added.',
    ],
    [
      'a field twice',
      wave({ name: 'a', type: 'string' }, { name: 'a', type: 'string' }),
      '1:79 duplicate_id wave has two fields a.',
    ],
    [
      'an optional field without default',
      wave({ name: 'a', type: ['null', 'string'] }),
      '1:42 bad_schema wave.a is optional and needs "default": null, so that older events can be read.',
    ],
    [
      'a required field with a default',
      wave({ name: 'a', type: 'string', default: '' }),
      '1:80 bad_schema wave.a is required; it cannot have a default. Make its type ["null", …] with default null, or leave the default out.',
    ],
    [
      'null last',
      wave({ name: 'a', type: ['string', 'null'] }),
      '1:61 bad_schema the type of wave.a must be one type, or a union of null and one type, null first.',
    ],
    [
      'a type that columns do not hold',
      wave({ name: 'a', type: 'bytes' }),
      '1:61 bad_schema wave.a has the type bytes. Fields can be string, double, float, int, long, boolean or an enum.',
    ],
    [
      'a nested record',
      wave({ name: 'a', type: { type: 'record', name: 'b', fields: [] } }),
      '1:61 bad_schema the type of wave.a must be string, double, float, int, long, boolean or an enum.',
    ],
    [
      'a number that identifies',
      wave({ name: 'a', type: 'long', identifier: true }),
      '1:81 bad_schema wave.a is not a string; only strings identify.',
    ],
    [
      'an unknown key',
      wave({ name: 'a', type: 'long', identifer: true }),
      "1:68 unknown_key a field of wave has no key 'identifer'. Did you mean identifier?",
    ],
    [
      'a bad symbol',
      wave({ name: 'a', type: { type: 'enum', name: 'a', symbols: ['x y'] } }),
      '1:41 bad_schema Avro refuses the schema: invalid "kivi.a" symbol: "x y".',
    ],
    ['no text', '', '1:1 bad_schema the file is empty; it must hold an Avro record.'],
    ['a list', [], '1:1 wrong_type the schema must be a mapping (key: value).'],
  ])('refuses %s', (_, schema, problem) => {
    expect(read(schema).problems).toEqual([`events/wave.avsc:${problem}`])
  })

  it('tells where its JSON is broken', () => {
    expect(read('{\n  "type": "record",\n  "name" "wave"\n}').problems[0]).toMatch(/^events\/wave\.avsc:\d:\d+ syntax /)
  })
})
