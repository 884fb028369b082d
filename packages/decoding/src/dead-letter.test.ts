import { readFileSync } from 'node:fs'
import { REJECTION_REASONS } from '@kivi/domain'
import { describe, expect, test } from 'vitest'
import { DEAD_LETTER_HEADERS, deadLetter, parseDeadLetter } from './dead-letter.ts'
import { reject } from './rejection.ts'
import { recordSet } from './testing/record-set.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function setWithKey() {
  const set = recordSet(['k1', '{"broken', null], { from: 40, partition: 3 })
  // row 1 has row 0's bytes as its key
  set.keyStart[1] = set.valueStart[0]!
  set.keyEnd[1] = set.valueEnd[0]!
  const headers = [
    ['trace', bytes('t-1')],
    ['kivi-reason', bytes('of an earlier attempt')],
    ['none', null],
  ] as const
  return { ...set, headers: (row: number) => (row === 1 ? headers : []) }
}

/** as the log gives it back */
function stored(record: ReturnType<typeof deadLetter>) {
  const headers = (record.headers ?? []).map(
    ([name, value]) => [name, typeof value === 'string' ? bytes(value) : value] as const,
  )
  return {
    partition: 0,
    offset: 9,
    stamp: 0,
    key: record.key as Uint8Array | null,
    value: record.value as Uint8Array | null,
    headers,
  }
}

describe('a dead letter', () => {
  const rejection = reject('invalid_json', 'it ends too early — “{"broken”')

  test('holds the original bytes, key and headers, and says what was wrong and where it came from', () => {
    const letter = parseDeadLetter(stored(deadLetter(setWithKey(), 1, rejection, 'kivi.events')))
    expect(letter).toEqual({
      id: 'kivi.events/3/41',
      reason: 'invalid_json',
      stage: 'decode',
      detail: rejection.detail,
      topic: 'kivi.events',
      partition: 3,
      offset: 41,
      stamp: 1_767_225_601_000,
      original: {
        key: bytes('k1'),
        value: bytes('{"broken'),
        headers: [
          ['trace', bytes('t-1')],
          ['none', new Uint8Array()],
        ],
      },
    })
  })

  test('of a tombstone stays null', () => {
    const record = deadLetter(setWithKey(), 2, reject('tombstone', 'null'), 'kivi.events')
    expect(record.value).toBeNull()
    expect(record.key).toBeNull()
    expect(parseDeadLetter(stored(record))?.original.value).toBeNull()
  })

  test('is equal when it is written again, and does not change with the record set that it came from', () => {
    const ours = setWithKey()
    const set = { ...ours, bytes: Buffer.from(ours.bytes) }
    const first = deadLetter(set, 1, rejection, 'kivi.events')
    const again = deadLetter(set, 1, rejection, 'kivi.events')
    expect(again).toEqual(first)
    set.bytes.fill(0)
    expect(first.value).toEqual(bytes('{"broken'))
    expect(first.key).toEqual(bytes('k1'))
  })

  test('is told from other records of its topic', () => {
    expect(parseDeadLetter({ ...stored(deadLetter(setWithKey(), 1, rejection, 't')), headers: [] })).toBeNull()
    const letter = stored(deadLetter(setWithKey(), 1, rejection, 't'))
    const broken = letter.headers.map(([name, value]) => [name, name === 'kivi-offset' ? bytes('x') : value] as const)
    expect(parseDeadLetter({ ...letter, headers: broken })).toBeNull()
  })
})

describe('docs/dead-letters.md', () => {
  const page = readFileSync(new URL('../../../docs/dead-letters.md', import.meta.url), 'utf8')
  const firstCells = (heading: string) => {
    const section = page.split(/^## /m).find(part => part.startsWith(heading)) ?? ''
    return [...section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm)].map(match => ({ name: match[1]!, rest: match[2]! }))
  }

  test('lists every reason with its stage and its sentence, and no other', () => {
    const rows = firstCells('Reasons')
    expect(rows.map(row => row.name)).toEqual(Object.keys(REJECTION_REASONS))
    for (const { name, rest } of rows) {
      const reason = name as keyof typeof REJECTION_REASONS
      expect(rest).toContain(`| ${REJECTION_REASONS[reason].replaceAll('`', '')} |`)
      expect(rest.trim().startsWith(reject(reason, '').stage), name).toBe(true)
    }
  })

  test('lists every header, and no other', () => {
    expect(
      firstCells('What a dead letter holds')
        .map(row => row.name)
        .sort(),
    ).toEqual(Object.values(DEAD_LETTER_HEADERS).sort())
  })
})
