/** What messages say, in the languages of Kivi. */
import type { Notification } from '@kivi/domain'

export interface Words {
  readonly firing: (count: number) => string
  readonly stillFiring: (count: number) => string
  readonly resolved: (count: number) => string
  readonly test: string
  readonly alerts: string
  readonly value: string
  readonly target: string
  readonly since: string
  readonly until: string
  readonly state: { readonly firing: string; readonly resolved: string }
  /** why an alert ended where its condition did not */
  readonly reasons: Readonly<Record<string, string>>
  readonly more: (count: number) => string
  readonly firingAfter: (count: number) => string
  readonly open: string
  readonly severity: Readonly<Record<string, string>>
}

const EN: Words = {
  firing: count => `FIRING ${count}`,
  stillFiring: count => `STILL FIRING ${count}`,
  resolved: count => `RESOLVED ${count}`,
  test: 'TEST',
  alerts: 'alerts',
  value: 'value',
  target: 'target',
  since: 'since',
  until: 'until',
  state: { firing: 'firing', resolved: 'resolved' },
  reasons: {
    no_data: 'no data any more',
    rule_removed: 'its rule was removed',
    definition_changed: 'its rule was changed',
  },
  more: count => `and ${count} more`,
  firingAfter: count =>
    count === 1 ? '1 alert of this group still fires' : `${count} alerts of this group still fire`,
  open: 'Open in Kivi',
  severity: { page: 'page', ticket: 'ticket', info: 'info' },
}

const ZH: Words = {
  firing: count => `告警 ${count}`,
  stillFiring: count => `持续告警 ${count}`,
  resolved: count => `已恢复 ${count}`,
  test: '测试',
  alerts: '告警',
  value: '当前值',
  target: '目标值',
  since: '开始于',
  until: '结束于',
  state: { firing: '告警中', resolved: '已恢复' },
  reasons: {
    no_data: '已无数据',
    rule_removed: '规则已删除',
    definition_changed: '规则已修改',
  },
  more: count => `另有 ${count} 条`,
  firingAfter: count => `本组仍有 ${count} 条告警`,
  open: '在 Kivi 中查看',
  severity: { page: '紧急', ticket: '工单', info: '提示' },
}

export const wordsOf = ({ language }: Pick<Notification, 'language'>): Words => (language === 'zh' ? ZH : EN)
