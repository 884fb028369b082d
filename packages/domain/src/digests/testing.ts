/** A report of made-up numbers: for tests. */
import { STATUSES, type Status } from '../indicators/targets.ts'
import type { DigestAnswer, DigestIndicator } from './types/answers.ts'

export const sampleIndicator = (change: Partial<DigestIndicator> = {}): DigestIndicator => ({
  id: 'ctr',
  label: { en: 'Click-through rate', zh: '点击率' },
  unit: 'percent',
  better: 'higher',
  level: 'team',
  owner: 'growth',
  north_star: false,
  value: 0.0153,
  reason: null,
  n: 12_000,
  interval: [0.0148, 0.0158],
  target: 0.02,
  attainment: 0.765,
  status: 'off_track',
  previous: { value: 0.018, change: -0.15, good: false },
  trend: { slope: -0.001, direction: 'down', good: false },
  complete: true,
  provisional: false,
  provisional_until: null,
  revised: false,
  series: [0.018, 0.017, null, 0.0153].map((value, index) => ({ period: `2026-11-0${index + 2}`, value })),
  groups: null,
  ...change,
})

export function sampleDigest(change: Partial<DigestAnswer> = {}): DigestAnswer {
  const indicators = change.indicators ?? [sampleIndicator()]
  const statuses = Object.fromEntries(
    STATUSES.map(status => [status, indicators.filter(one => one.status === status).length]),
  ) as Record<Status, number>
  return {
    digest: 'weekly_growth',
    title: { en: 'Weekly growth', zh: '增长周报' },
    description: { en: 'For Monday.', zh: '供周一使用。' },
    owner: 'growth',
    every: 'week',
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    period: {
      name: '2026-11-16',
      last: '2026-11-22',
      from: '2026-11-15T23:00:00Z',
      to: '2026-11-22T23:00:00Z',
      due: '2026-11-23T07:00:00Z',
      running: false,
    },
    before: '2026-11-09',
    after: '2026-11-23',
    complete: true,
    watermark: '2026-11-23T06:59:30Z',
    statuses,
    best: null,
    worst: 'ctr',
    indicators,
    actions: [],
    alerts: { fired: 0, resolved: 0, firing: 0, items: [], more: 0 },
    ...change,
  }
}

/** With groups, an action and alerts. */
export const fullDigest = sampleDigest({
  best: 'revenue',
  indicators: [
    sampleIndicator({
      groups: {
        by: 'campaign',
        items: [
          { group: 'spring', value: 0.01, previous: 0.02, change: -0.5, contribution: -0.002 },
          { group: '', value: 0.03, previous: null, change: null, contribution: 0.001 },
        ],
        more: 3,
      },
    }),
    sampleIndicator({
      ...{ id: 'revenue', label: { en: 'Revenue', zh: '收入' }, unit: 'money', value: 120_000, target: 100_000 },
      ...{ attainment: 1.2, status: 'on_track', north_star: true, provisional: true, trend: null, series: [] },
      ...{ provisional_until: '2026-11-30T23:00:00Z', previous: { value: 100_000, change: 0.2, good: true } },
    }),
  ],
  actions: [
    {
      ...{ id: 'a', label: 'New bids', description: 'Lower bids at night.', owner: 'ann', at: '2026-11-17T10:00:00Z' },
      ...{ until: null, by: { campaign: 'spring' } },
      effects: [
        { indicator: 'ctr', unit: 'percent', weeks_after: 1, step: null, interval: null, good: null },
        { indicator: 'revenue', unit: 'money', weeks_after: 9, step: 900, interval: [500, 1300], good: true },
      ],
    },
  ],
  alerts: {
    ...{ fired: 2, resolved: 1, firing: 1, more: 0 },
    items: [
      {
        ...{
          id: '0123456789abcdef',
          alert: 'CtrLow',
          indicator: 'ctr',
          labels: { alertname: 'CtrLow', campaign: 'x' },
        },
        ...{ fired: '2026-11-18T10:00:00Z', resolved: '2026-11-18T11:00:00Z', value: 0.01, target: 0.02 },
      },
    ],
  },
})
