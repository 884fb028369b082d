import type { Words } from '../../../settings/language.ts'

type Named = Readonly<Record<string, string>>

interface HistoryWords {
  readonly title: string
  readonly about: string
  readonly none: string
  readonly rule: string
  readonly all: string
  readonly span: string
  readonly spans: Named
  readonly kind: string
  readonly kinds: Named
  readonly when: string
  readonly what: string
  readonly events: Named
  readonly alert: string
  readonly value: string
  readonly about_: string
  readonly instant: (time: string) => string
  readonly reasons: Named
  readonly to: string
  readonly answered: string
  readonly older: string
  readonly loading: string
  readonly hidden: (count: string) => string
}

export const WORDS: Words<HistoryWords> = {
  en: {
    title: 'History',
    about: 'What was decided, who was told and what they answered; the newest first.',
    none: 'Nothing happened in this time.',
    rule: 'Rule',
    all: 'all',
    span: 'Time',
    spans: { '1d': 'last 24 hours', '7d': 'last 7 days', '30d': 'last 30 days', '90d': 'last 90 days' },
    kind: 'What',
    kinds: { all: 'everything', decided: 'fired and resolved', sent: 'messages', kivi: 'evaluation itself' },
    when: 'When',
    what: 'What',
    events: {
      pending: 'pending',
      firing: 'fired',
      resolved: 'resolved',
      muted: 'not told',
      sending: 'sending',
      delivered: 'delivered',
      refused: 'refused',
      in_doubt: 'in doubt',
      failed: 'failed',
      given_up: 'given up',
      gap: 'not evaluated',
      leader: 'took the lead',
    },
    alert: 'Alert',
    value: 'Value',
    about_: 'In detail',
    instant: time => `as of ${time}`,
    reasons: {
      condition: 'the condition does not hold any more',
      no_data: 'there are no data',
      rule_removed: 'the rule was removed',
      definition_changed: 'the rule was changed',
    },
    to: 'To',
    answered: 'answered',
    older: 'Older',
    loading: 'Loading…',
    hidden: count => `${count} entries of other kinds are left out.`,
  },
  zh: {
    title: '历史',
    about: '判定了什么、通知了谁、对方如何应答；最新的在前。',
    none: '这段时间没有发生任何事。',
    rule: '规则',
    all: '全部',
    span: '时间',
    spans: { '1d': '最近 24 小时', '7d': '最近 7 天', '30d': '最近 30 天', '90d': '最近 90 天' },
    kind: '内容',
    kinds: { all: '全部', decided: '触发与恢复', sent: '通知', kivi: '评估本身' },
    when: '时间',
    what: '事件',
    events: {
      pending: '待定',
      firing: '触发',
      resolved: '恢复',
      muted: '未通知',
      sending: '发送中',
      delivered: '已送达',
      refused: '被拒绝',
      in_doubt: '结果不明',
      failed: '失败',
      given_up: '已放弃',
      gap: '未评估',
      leader: '接管评估',
    },
    alert: '告警',
    value: '值',
    about_: '详情',
    instant: time => `时刻 ${time}`,
    reasons: {
      condition: '条件不再成立',
      no_data: '没有数据',
      rule_removed: '规则已删除',
      definition_changed: '规则已修改',
    },
    to: '接收方',
    answered: '应答',
    older: '更早',
    loading: '加载中…',
    hidden: count => `其他类型的 ${count} 条未显示。`,
  },
}
