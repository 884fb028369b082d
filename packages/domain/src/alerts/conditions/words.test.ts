import { expect, test } from 'vitest'
import type { Condition } from '../types/rules.ts'
import { conditionText } from './words.ts'

const expression = (source: string): Condition => ({
  kind: 'expression',
  fires: { source, names: ['value'], holds: () => null, threshold: () => null },
  recovers: null,
  certain: true,
})
const anomaly = { kind: 'anomaly', history: 8, score: 4.5, recovery: 3 } as const

test.each<[Condition, string, string]>([
  [expression('value < 0.8 * target'), 'value < 0.8 * target', '当前值 < 0.8 × 目标值'],
  [
    expression('value <= last_week && n > 100 || attainment < 0.5'),
    'value <= last_week && n > 100 || attainment < 0.5',
    '当前值 ≤ 上周同期 且 样本量 > 100 或 达成率 < 0.5',
  ],
  [expression('value > max(previous, 10)'), 'value > max(previous, 10)', '当前值 > max(上一窗口, 10)'],
  [
    { ...anomaly, baseline: 'weekly', direction: 'down' },
    'far below what is usual at this hour of the week (score above 4.5)',
    '远低于每周此时的常态（偏离分数大于 4.5）',
  ],
  [
    { ...anomaly, baseline: 'recent', direction: 'any' },
    'far from what has been usual of late (score above 4.5)',
    '远离近期的常态（偏离分数大于 4.5）',
  ],
  [{ kind: 'absent', sinceMs: 86_400_000 }, 'no events, after some within 1 d', '没有事件，而此前 1 天内曾有'],
  [
    { kind: 'pace', per: 'quarter', after: 0.2, tolerance: 0.05 },
    'the quarter will miss its target at this pace',
    '按目前进度，本季度将达不到目标',
  ],
  [
    { kind: 'stalled', behindMs: 300_000 },
    'the data are more than 5 min behind, or ClickHouse does not answer',
    '数据落后超过 5 分钟，或 ClickHouse 没有响应',
  ],
  [{ kind: 'dead_letters', share: 0.07 }, 'more than 7% of the records are dead letters', '死信超过记录的 7%'],
  [
    { kind: 'undelivered', forMs: 900_000 },
    'a receiver has taken nothing for 15 min',
    '接收方已 15 分钟没有收下任何消息',
  ],
])('%j says: %s', (condition, en, zh) => {
  expect(conditionText({ condition })).toEqual({ en, zh })
})
