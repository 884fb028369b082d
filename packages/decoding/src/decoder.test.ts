import { createHasher, HASH_SPACE, OUTCOME } from '@kivi/domain'
import { describe, expect, test } from 'vitest'
import { createEventColumns } from './columns.ts'
import { createDecoder } from './decoder.ts'
import { createDictionary } from './dictionary.ts'
import { createSchemaRegistry } from './schema-registry.ts'
import { LAYOUT, testCatalog } from './testing/catalog.ts'
import { recordSet } from './testing/record-set.ts'

const hasher = createHasher(7n)
const decoder = createDecoder({ catalog: testCatalog(), registry: createSchemaRegistry({ url: null }), hasher })

function columnsOf(values: readonly (Uint8Array | string | null)[]) {
  const dictionaries = LAYOUT.constants.map(createDictionary)
  const into = createEventColumns(LAYOUT, 1)
  decoder.decode(recordSet(values), 0, values.length, dictionaries, into)
  const text = (column: string, row: number) => {
    const c = LAYOUT.strings.indexOf(column)
    return dictionaries[c]!.text(into.strings[c]![row]!)
  }
  const number = (column: string, row: number) => into.numbers[LAYOUT.numbers.indexOf(column)]![row]
  return { into, text, number }
}

describe('decoding to columns', () => {
  test('a purchase fills the columns that the layout asks for', () => {
    const event = {
      event_id: 'e1',
      event_type: 'purchase',
      event_time: '2026-01-01T00:00:00.9999Z',
      user_id: 'u1',
      channel: 'search',
      amount: 12.5,
      quantity: 2,
      properties: { policy: 'p', 'a.b': 'c' },
      unheard_of: [1, { x: null }],
    }
    const { into, text, number } = columnsOf([JSON.stringify(event)])
    expect(into.count).toBe(1)
    expect(into.outcome[0]).toBe(OUTCOME.pending)
    expect(into.offset[0]).toBe(100)
    expect(into.stamp[0]).toBe(1_767_225_600_000)
    expect(into.eventTime[0]).toBe(1_767_225_600_999)
    expect(LAYOUT.eventTypes[into.type[0]!]).toBe('purchase')
    expect(into.strings[0]![0]).toBe(1)
    expect(text('properties.policy', 0)).toBe('p')
    expect(text('properties.a.b', 0)).toBe('c')
    expect(text('order_id', 0)).toBe('e1')
    expect(text('event_type', 0)).toBe('purchase')
    expect(text('campaign', 0)).toBe('')
    expect(number('amount', 0)).toBe(12.5)
    expect(number('quantity', 0)).toBe(2)
    expect(number('score', 0)).toBeNaN()
    hasher.ofText('u1', HASH_SPACE.user)
    expect([into.personHigh[0], into.personLow[0]]).toEqual([hasher.high, hasher.low])
    hasher.ofText('e1')
    expect([into.idHigh[0], into.idLow[0]]).toEqual([hasher.high, hasher.low])
    expect([into.hashedHigh[0]![0], into.hashedLow[0]![0]]).toEqual([hasher.high, hasher.low])
    expect([into.hashedHigh[1]![0], into.hashedLow[1]![0]]).toEqual([0, 0])
  })

  test('columns grow, and hold nothing of an earlier record set', () => {
    const login = (id: string) => `{"event_id":"${id}","event_type":"login","event_time":0}`
    const dictionaries = LAYOUT.constants.map(createDictionary)
    const into = createEventColumns(LAYOUT, 1)
    decoder.decode(recordSet(['{', '{', login('a')]), 0, 3, dictionaries, into)
    expect([...into.rejections.keys()]).toEqual([0, 1])
    decoder.decode(recordSet([null, login('a'), login('b'), login('c')]), 1, 3, dictionaries, into)
    expect(into.count).toBe(2)
    expect([...into.offset.subarray(0, 2)]).toEqual([101, 102])
    expect([...into.outcome.subarray(0, 2)]).toEqual([OUTCOME.pending, OUTCOME.pending])
    expect(into.rejections.size).toBe(0)
  })
})
