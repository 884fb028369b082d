import { expect, test } from 'vitest'
import { sampleDigest, sampleIndicator } from '../testing.ts'
import { fittingDigest } from './fit.ts'

const bytes = (value: object): number => new TextEncoder().encode(JSON.stringify(value)).length
const text = '访客转化率'.repeat(40)
const digest = (groups: number, actions: number) =>
  sampleDigest({
    indicators: Array.from({ length: 100 }, (_, n) =>
      sampleIndicator({
        id: `i${n}`,
        groups: {
          ...{ by: 'campaign', more: 0 },
          items: Array.from({ length: groups }, () => ({
            ...{ group: text, value: 1, previous: 2, change: -0.5, contribution: null },
          })),
        },
      }),
    ),
    actions: Array.from({ length: actions }, (_, n) => ({
      ...{ id: String(n), label: text, description: text.repeat(20), owner: 'ann', at: '2026-11-17T10:00:00Z' },
      ...{ until: null, by: {}, effects: [] },
    })),
    alerts: {
      ...{ fired: 60, resolved: 0, firing: 60, more: 10 },
      items: Array.from({ length: 50 }, () => ({
        ...{ id: '0', alert: 'CtrLow', indicator: 'i0', labels: { campaign: text }, fired: '2026-11-18T10:00:00Z' },
        ...{ resolved: null, value: 1, target: 2 },
      })),
    },
  })

test('a report that fits is told as it is', () => {
  const small = digest(1, 2)
  expect(fittingDigest(small)).toBe(small)
})

test('of one that the log would refuse every indicator is told, and how many alerts there were', () => {
  for (const large of [digest(20, 0), digest(0, 50), digest(20, 50)]) {
    expect(bytes(large)).toBeGreaterThan(500_000)
    const fitting = fittingDigest(large)
    expect(bytes(fitting)).toBeLessThanOrEqual(500_000)
    expect(fitting.indicators.map(({ id, value }) => [id, value])).toEqual(
      large.indicators.map(({ id, value }) => [id, value]),
    )
    expect(fitting.alerts).toMatchObject({ fired: 60, items: [], more: 60 })
  }
})
