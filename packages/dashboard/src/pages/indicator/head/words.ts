import type { Words } from '../../../settings/language.ts'

interface PageWords {
  readonly window: string
  readonly ownWindow: (window: string) => string
  readonly soFar: Readonly<Record<'day' | 'week' | 'month' | 'quarter' | 'year', string>>
  readonly custom: string
  readonly from: string
  readonly to: string
  readonly zone: (name: string) => string
  readonly apply: string
  readonly notATime: string
  readonly notAfter: string
  readonly compare: string
  readonly comparisons: Readonly<Record<'' | 'week' | 'year' | 'none', string>>
  readonly chart: string
  readonly history: string
  readonly alone: string
  readonly parts: string
  readonly everything: string
  readonly unnamed: string
  readonly remove: (what: string) => string
  readonly part: (dimension: string, values: string) => string
}

export const WORDS: Words<PageWords> = {
  en: {
    window: 'Window',
    ownWindow: window => `${window} (its own)`,
    soFar: { day: 'today', week: 'this week', month: 'this month', quarter: 'this quarter', year: 'this year' },
    custom: 'from … to …',
    from: 'From',
    to: 'To',
    zone: name => `Times of ${name}`,
    apply: 'Show',
    notATime: 'Give a date and a time, such as 2026-03-01 00:00.',
    notAfter: 'The end is not after the beginning.',
    compare: 'Compare with',
    comparisons: { '': 'the window before', week: 'a week earlier', year: 'a year earlier', none: 'nothing' },
    chart: 'Chart',
    history: 'History',
    alone: 'This window',
    parts: 'Only',
    everything: 'everything',
    unnamed: '(none)',
    remove: what => `Remove ${what}`,
    part: (dimension, values) => `${dimension}: ${values}`,
  },
  zh: {
    window: '时间窗口',
    ownWindow: window => `${window}（指标自身）`,
    soFar: { day: '今天', week: '本周', month: '本月', quarter: '本季度', year: '本年' },
    custom: '自定义起止',
    from: '开始',
    to: '结束',
    zone: name => `时区：${name}`,
    apply: '显示',
    notATime: '请填写日期和时间，例如 2026-03-01 00:00。',
    notAfter: '结束时间不晚于开始时间。',
    compare: '对比',
    comparisons: { '': '上一窗口', week: '一周前', year: '一年前', none: '不对比' },
    chart: '图表',
    history: '历史',
    alone: '本窗口',
    parts: '仅看',
    everything: '全部',
    unnamed: '（无）',
    remove: what => `移除 ${what}`,
    part: (dimension, values) => `${dimension}：${values}`,
  },
}
