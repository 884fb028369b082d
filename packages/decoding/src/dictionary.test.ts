import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDictionary } from './dictionary.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('a dictionary', () => {
  test('gives the same id for a text and for its bytes, and the text back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 200 }), texts => {
        const dictionary = createDictionary(['k'])
        for (const text of texts) {
          const bytes = utf8(`<${text}>`)
          const id = dictionary.id(bytes, 1, bytes.length - 1)
          expect(dictionary.idOf(text)).toBe(id)
          expect(dictionary.text(id)).toBe(text)
        }
        expect(dictionary.size).toBe(new Set(['', 'k', ...texts]).size)
      }),
    )
  })

  test('begins with the empty text and the constants, after a reset too', () => {
    const dictionary = createDictionary(['ad', '', 'cta', 'ad', 'last'])
    for (let round = 0; round < 2; round++) {
      expect(dictionary.size).toBe(6)
      expect(['', 'ad', 'cta', 'last', 'new'].map(text => dictionary.idOf(text))).toEqual([0, 1, 3, 5, 6])
      expect(dictionary.text(4)).toBe('ad')
      dictionary.reset()
    }
    expect(() => dictionary.text(6)).toThrow('no text has id 6')
  })

  test('holds many and long texts', () => {
    const dictionary = createDictionary([])
    const texts = Array.from({ length: 20_000 }, (_, i) => `campaign-${i}`)
    texts[7] = 'x'.repeat(100_000)
    const ids = texts.map(text => dictionary.idOf(text))
    expect(ids).toEqual(texts.map((_, i) => i + 1))
    expect(texts.map(text => dictionary.idOf(text))).toEqual(ids)
    expect(dictionary.text(8)).toBe(texts[7])
    dictionary.reset()
    expect(dictionary.idOf('campaign-9')).toBe(1)
  })

  test('keeps a byte-order mark that is part of a text', () => {
    const dictionary = createDictionary([])
    expect(dictionary.text(dictionary.idOf('\ufeffa'))).toBe('\ufeffa')
  })
})
