/** What reports say, in the languages of Kivi. */
import type { Status } from '../../indicators/targets.ts'
import type { DigestText } from '../types/answers.ts'
import type { DigestPeriodUnit } from '../types/definition.ts'

export type DigestLanguage = 'en' | 'zh'

export interface DigestWords {
  readonly every: Readonly<Record<DigestPeriodUnit, string>>
  readonly status: Readonly<Record<Status, string>>
  readonly before: Readonly<Record<DigestPeriodUnit, string>>
  readonly heads: Readonly<Record<'indicator' | 'value' | 'target' | 'status' | 'change' | 'trend' | 'lately', string>>
  readonly indicators: string
  readonly actions: string
  readonly alerts: string
  readonly target: string
  readonly attained: (share: string) => string
  readonly northStar: string
  readonly trend: Readonly<Record<'up' | 'down' | 'flat', string>>
  readonly perWeek: (slope: string) => string
  readonly movers: (by: string) => string
  readonly nobody: string
  readonly best: string
  readonly worst: string
  readonly counted: (statuses: readonly string[]) => string
  readonly more: (count: number) => string
  readonly moreIndicators: (count: number) => string
  readonly running: string
  readonly incomplete: (until: string) => string
  readonly unknown: string
  readonly late: (due: string) => string
  readonly missed: (periods: readonly string[]) => string
  readonly test: string
  readonly mayChange: string
  readonly mayChangeUntil: (until: string) => string
  readonly revised: string
  readonly notComplete: string
  readonly fired: (fired: number, resolved: number, firing: number) => string
  readonly noAlerts: string
  readonly since: string
  readonly until: string
  readonly fires: string
  readonly effect: (step: string, interval: string | null) => string
  readonly effectOpen: string
  readonly effectChance: (step: string) => string
  readonly open: string
  readonly reasons: Readonly<Record<string, string>>
}

const EN: DigestWords = {
  every: { day: 'Daily report', week: 'Weekly report', month: 'Monthly report' },
  status: {
    ...{ on_track: 'on track', at_risk: 'at risk', off_track: 'off track' },
    ...{ provisional: 'provisional', no_target: 'no target', no_data: 'no data' },
  },
  before: { day: 'against the day before', week: 'against the week before', month: 'against the month before' },
  heads: {
    ...{ indicator: 'Indicator', value: 'Value', target: 'Target', status: 'Status', change: 'Change' },
    ...{ trend: 'Trend', lately: 'Lately' },
  },
  indicators: 'Indicators',
  actions: 'What was done',
  alerts: 'Alerts',
  target: 'target',
  attained: share => `${share} of it`,
  northStar: 'North Star',
  trend: { up: 'rising', down: 'falling', flat: 'no clear trend' },
  perWeek: slope => `${slope} a week`,
  movers: by => `moved most, by ${by}`,
  nobody: '(none)',
  best: 'Furthest ahead',
  worst: 'Furthest behind',
  counted: statuses => statuses.join(', '),
  more: count => `… and ${count} more`,
  moreIndicators: count => `… and ${count} more ${count === 1 ? 'indicator' : 'indicators'}`,
  running: 'The period is not over: these are the values so far.',
  incomplete: until => `The data are known up to ${until} only: values will still change.`,
  unknown: 'Of some indicators nothing is known yet.',
  late: due => `This report was due at ${due} and comes late.`,
  missed: periods =>
    `No report was sent about ${periods.join(', ')}: Kivi was not there, or the receiver took nothing.`,
  test: 'This is sent for trying.',
  mayChange: 'may still change',
  mayChangeUntil: until => `may still change until ${until}`,
  revised: 'events came late',
  notComplete: 'data incomplete',
  fired: (fired, resolved, firing) => `${fired} fired, ${resolved} ended; ${firing} fired on at the end`,
  noAlerts: 'None fired.',
  since: 'since',
  until: 'until',
  fires: 'fired on at the end',
  effect: (step, interval) => `${step} against the trend before${interval === null ? '' : ` (95 %: ${interval})`}`,
  effectOpen: 'too early to tell',
  effectChance: step => `${step} against the trend before, which chance alone could do`,
  open: 'Open in Kivi',
  reasons: {
    zero_denominator: 'nothing to divide by',
    reference_missing: 'no reference value',
    too_costly: 'takes too long to compute: record it',
    not_recorded: 'not recorded yet',
  },
}

const ZH: DigestWords = {
  every: { day: '日报', week: '周报', month: '月报' },
  status: {
    ...{ on_track: '达标', at_risk: '有风险', off_track: '未达标' },
    ...{ provisional: '暂定', no_target: '无目标', no_data: '无数据' },
  },
  before: { day: '较前一日', week: '较前一周', month: '较前一月' },
  heads: {
    ...{ indicator: '指标', value: '实际值', target: '目标值', status: '状态', change: '变化' },
    ...{ trend: '趋势', lately: '近期走势' },
  },
  indicators: '指标',
  actions: '所采取的措施',
  alerts: '告警',
  target: '目标值',
  attained: share => `达成 ${share}`,
  northStar: '北极星指标',
  trend: { up: '上升', down: '下降', flat: '无明显趋势' },
  perWeek: slope => `每周 ${slope}`,
  movers: by => `按 ${by} 变化最大`,
  nobody: '（空）',
  best: '领先最多',
  worst: '落后最多',
  counted: statuses => statuses.join('，'),
  more: count => `…… 另有 ${count} 条`,
  moreIndicators: count => `…… 另有 ${count} 个指标`,
  running: '该周期尚未结束，以下为截至目前的数值。',
  incomplete: until => `数据仅截至 ${until}，数值仍会变化。`,
  unknown: '部分指标尚无任何数据。',
  late: due => `本报告应于 ${due} 发送，现已延迟。`,
  missed: periods => `${periods.join('、')} 的报告未发送：当时 Kivi 未运行，或接收方未接收。`,
  test: '这是一条测试消息。',
  mayChange: '数值可能变化',
  mayChangeUntil: until => `${until} 前数值可能变化`,
  revised: '有迟到数据',
  notComplete: '数据不完整',
  fired: (fired, resolved, firing) => `触发 ${fired} 条，恢复 ${resolved} 条；周期结束时仍有 ${firing} 条告警`,
  noAlerts: '没有触发告警。',
  since: '开始于',
  until: '结束于',
  fires: '周期结束时仍在告警',
  effect: (step, interval) => `与此前趋势相差 ${step}${interval === null ? '' : `（95%：${interval}）`}`,
  effectOpen: '为时尚早，无法判断',
  effectChance: step => `与此前趋势相差 ${step}，可能只是偶然`,
  open: '在 Kivi 中查看',
  reasons: {
    zero_denominator: '分母为零',
    reference_missing: '缺少参考值',
    too_costly: '计算耗时过长，应改为定期记录',
    not_recorded: '尚未记录',
  },
}

export const digestWords = (language: DigestLanguage): DigestWords => (language === 'zh' ? ZH : EN)

export const inLanguage = (text: DigestText, language: DigestLanguage): string => text[language]
