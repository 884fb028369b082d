import { describe, expect, it } from 'vitest'
import { createZone } from '../windows/zones.ts'
import { lateLevels } from './folder.ts'
import { slicesOf } from './plain.ts'

const at = (text: string) => Date.parse(text)

describe('the levels at which an event is late', () => {
  const zone = createZone('Asia/Kathmandu')
  const time = at('2026-11-21T12:03:07Z')

  it.each([
    ['2026-11-21T12:03:09.999Z', 0],
    ['2026-11-21T12:03:10Z', 1],
    ['2026-11-21T12:14:59.999Z', 1],
    ['2026-11-21T12:15:00Z', 2],
    ['2026-11-21T18:14:59.999Z', 2],
    ['2026-11-21T18:15:00Z', 3],
  ])('by a watermark at %s are %d, the ends of its slices included', (watermark, levels) => {
    expect(lateLevels(zone, time, at(watermark))).toBe(levels)
    expect(slicesOf(time, zone).filter(({ end }) => end <= at(watermark))).toHaveLength(levels)
  })

  it('are none before the first watermark', () => expect(lateLevels(zone, time, -1)).toBe(0))
})
