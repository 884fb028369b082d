/** What a condition says, for people, in both languages of Kivi. */
import type { CalendarPeriod } from '../../definitions/index.ts'
import { formatWindow } from '../../windows/index.ts'
import type { AlertRule, ConditionName } from '../types/rules.ts'

/** A text that there is in both. */
export interface BothTexts {
  readonly en: string
  readonly zh: string
}

const UNITS: Readonly<Record<string, BothTexts>> = {
  s: { en: 's', zh: '秒' },
  m: { en: 'min', zh: '分钟' },
  h: { en: 'h', zh: '小时' },
  d: { en: 'd', zh: '天' },
}

const PERIODS: Readonly<Record<CalendarPeriod, BothTexts>> = {
  day: { en: 'day', zh: '本日' },
  week: { en: 'week', zh: '本周' },
  month: { en: 'month', zh: '本月' },
  quarter: { en: 'quarter', zh: '本季度' },
  year: { en: 'year', zh: '本年' },
}

const NAMES: Readonly<Record<ConditionName, string>> = {
  value: '当前值',
  target: '目标值',
  attainment: '达成率',
  n: '样本量',
  previous: '上一窗口',
  last_week: '上周同期',
  last_year: '去年同期',
}

const WAYS = {
  up: { en: 'far above', zh: '远高于' },
  down: { en: 'far below', zh: '远低于' },
  any: { en: 'far from', zh: '远离' },
} as const

const USUAL = {
  weekly: { en: 'what is usual at this hour of the week', zh: '每周此时的常态' },
  recent: { en: 'what has been usual of late', zh: '近期的常态' },
} as const

/** `value < 0.8 * target`, or what stands for it. */
export function conditionText({ condition }: Pick<AlertRule, 'condition'>): BothTexts {
  switch (condition.kind) {
    case 'expression':
      return { en: condition.fires.source, zh: inChinese(condition.fires.source) }
    case 'anomaly': {
      const { direction, baseline, score } = condition
      return {
        en: `${WAYS[direction].en} ${USUAL[baseline].en} (score above ${score})`,
        zh: `${WAYS[direction].zh}${USUAL[baseline].zh}（偏离分数大于 ${score}）`,
      }
    }
    case 'absent': {
      const since = lengthText(condition.sinceMs)
      return { en: `no events, after some within ${since.en}`, zh: `没有事件，而此前 ${since.zh}内曾有` }
    }
    case 'pace': {
      const period = PERIODS[condition.per]
      return { en: `the ${period.en} will miss its target at this pace`, zh: `按目前进度，${period.zh}将达不到目标` }
    }
    case 'stalled': {
      const behind = lengthText(condition.behindMs)
      return {
        en: `the data are more than ${behind.en} behind, or ClickHouse does not answer`,
        zh: `数据落后超过 ${behind.zh}，或 ClickHouse 没有响应`,
      }
    }
    case 'dead_letters': {
      const share = Number((condition.share * 100).toPrecision(6))
      return { en: `more than ${share}% of the records are dead letters`, zh: `死信超过记录的 ${share}%` }
    }
    case 'undelivered': {
      const length = lengthText(condition.forMs)
      return { en: `a receiver has taken nothing for ${length.en}`, zh: `接收方已 ${length.zh}没有收下任何消息` }
    }
  }
}

/** `90 s`, `5 min`, `2 d`. */
function lengthText(ms: number): BothTexts {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(formatWindow(ms)) ?? []
  const units = UNITS[unit] ?? { en: unit, zh: unit }
  return { en: `${count} ${units.en}`, zh: `${count} ${units.zh}` }
}

/** An expression is the same in every language but for its names. */
const inChinese = (source: string): string =>
  source
    .replace(/\b[a-z_]+\b/g, name => NAMES[name as ConditionName] ?? name)
    .replace(/\s*&&\s*/g, ' 且 ')
    .replace(/\s*\|\|\s*/g, ' 或 ')
    .replace(/\s*\*\s*/g, ' × ')
    .replace(/<=/g, '≤')
    .replace(/>=/g, '≥')
