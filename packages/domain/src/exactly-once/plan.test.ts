import { describe, expect, it } from 'vitest'
import { decodeMark, encodeMark, MOST_UNKNOWN_SCHEMAS, type Plan } from './plan.ts'

const plan: Plan = {
  to: 9_007_199_254_740_991,
  catalog: 'f'.repeat(64),
  records: 100_000,
  digest: 'a'.repeat(16),
  unknownSchemas: [],
}

describe('the metadata of a commit', () => {
  it('comes back as it was written, with and without a plan', () => {
    for (const mark of [
      { lineage: '0123456789abcdef', plan },
      { lineage: '0123456789abcdef', plan: { ...plan, digest: null, unknownSchemas: [7, -1] } },
      { lineage: '0123456789abcdef', plan: null },
    ])
      expect(decodeMark(encodeMark(mark))).toEqual(mark)
  })

  it('stays below 1 KB with as many unknown schemas as a batch may name', () => {
    const unknownSchemas = Array.from({ length: MOST_UNKNOWN_SCHEMAS + 1 }, (_, i) => -2_147_483_648 + i)
    expect(encodeMark({ lineage: '0123456789abcdef', plan: { ...plan, unknownSchemas } }).length).toBeLessThan(1024)
  })

  it('is no mark where an operator reset the offsets', () => {
    expect(decodeMark('')).toBeNull()
  })

  it.each([
    ['something else', 'it is not JSON'],
    ['{"kivi":2,"l":"x"}', 'not a mark of version 1'],
    ['[]', 'not a mark of version 1'],
    ['{"kivi":1,"l":"x","to":-1,"c":"c","n":1,"d":"d"}', 'a field of the plan'],
    ['{"kivi":1,"l":"x","to":1,"c":"c","n":1,"d":"d","u":["a"]}', 'schema ids'],
  ])('stops the partition, telling why, where it is %s', (metadata, why) => {
    expect(() => decodeMark(metadata)).toThrow(expect.objectContaining({ code: 'plan_unreadable' }))
    expect(() => decodeMark(metadata)).toThrow(why)
  })
})
