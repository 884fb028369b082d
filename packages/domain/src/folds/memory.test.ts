import { describe, expect, it } from 'vitest'
import { KeyTable } from './key-table.ts'
import { FoldMemory } from './memory.ts'

const LARGE = 1_000_000

describe('memory that is kept from batch to batch', () => {
  it('lends arrays that do not overlap, also where it has no room left', () => {
    const memory = new FoldMemory()
    for (let round = 0; round < 3; round++) {
      memory.begin()
      const arrays = [memory.uint8(3), memory.float64(20_000), memory.int32(7), memory.uint16(5), memory.uint32(40_000)]
      for (const [k, array] of arrays.entries()) array.fill(k + 1)
      for (const [k, array] of arrays.entries()) expect(new Set(array)).toEqual(new Set([k + 1]))
      expect(arrays.map(array => array.length)).toEqual([3, 20_000, 7, 5, 40_000])
    }
  })

  it('is made once for batches of one size, and given back when it was far too large for hundreds of them', () => {
    const memory = new FoldMemory()
    for (const length of [LARGE, LARGE]) {
      memory.begin()
      memory.int32(length)
    }
    const { buffer } = memory.int32(0)
    memory.begin()
    expect(memory.int32(LARGE).buffer).toBe(buffer)
    for (let batch = 0; batch < 600; batch++) {
      memory.begin()
      memory.int32(1000)
    }
    expect(memory.bytes).toBeLessThan(LARGE / 8)
  })

  it('holds in a table only what was added since it was reset, however large it was before', () => {
    const table = new KeyTable(3)
    for (let n = 0; n < LARGE / 4; n++) table.find3(n, -n, n % 7)
    expect(table.size).toBe(LARGE / 4)
    const large = table.capacityBytes
    for (let batch = 0; batch < 600; batch++) {
      table.reset()
      expect([table.find3(batch, 1, 2), table.find3(3, batch, -1), table.find3(batch, 1, 2), table.size]).toEqual([
        0, 1, 0, 2,
      ])
    }
    expect(table.capacityBytes).toBeLessThan(large / 100)
  })

  it('finds a row of three words both ways', () => {
    const table = new KeyTable(3)
    for (let n = 0; n < 5000; n++) {
      table.key.set([n, n * n, ~n])
      expect(n % 2 === 0 ? table.find() : table.find3(n, n * n, ~n)).toBe(n)
    }
    for (let n = 0; n < 5000; n++) {
      table.key.set([n, n * n, ~n])
      expect([table.find(), table.find3(n, n * n, ~n)]).toEqual([n, n])
    }
  })
})
