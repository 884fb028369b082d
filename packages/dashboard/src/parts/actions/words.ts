import type { Words } from '../../settings/language.ts'

type Status = 'planned' | 'done' | 'cancelled'

interface ActionWords {
  readonly statuses: Readonly<Record<Status, string>>
  readonly record: string
  readonly change: string
  readonly formNew: string
  readonly formChange: string
  readonly label: string
  readonly labelHint: string
  readonly description: string
  readonly status: string
  readonly at: string
  readonly until: string
  readonly untilHint: string
  readonly indicators: string
  readonly add: string
  readonly remove: (name: string) => string
  readonly owner: string
  readonly ownerHint: string
  readonly save: string
  readonly labelMissing: string
  readonly indicatorMissing: string
  readonly by: (who: string) => string
  readonly noted: (who: string, when: string) => string
  readonly tooEarly: (weeks: number) => string
  readonly tooLittleBefore: string
  readonly step: (difference: string) => string
  readonly interval: (low: string, high: string) => string
  readonly chance: string
  readonly good: string
  readonly bad: string
  readonly noProof: string
  readonly weeks: (before: number, after: number) => string
  readonly planned: string
  readonly withControl: string
}

export const WORDS: Words<ActionWords> = {
  en: {
    statuses: { planned: 'planned', done: 'done', cancelled: 'cancelled' },
    record: 'Record an action',
    change: 'Change',
    formNew: 'Record an action',
    formChange: 'Change this action',
    label: 'What is done',
    labelHint: 'A few words, as they stand on the chart.',
    description: 'More about it',
    status: 'State',
    at: 'When',
    until: 'Until',
    untilHint: 'Empty: it lasts.',
    indicators: 'Meant to move',
    add: 'Add an indicator',
    remove: name => `Remove ${name}`,
    owner: 'Who does it',
    ownerHint: 'A person or a team.',
    save: 'Save',
    labelMissing: 'Say what is done.',
    indicatorMissing: 'Name at least one indicator that it is meant to move.',
    by: who => `by ${who}`,
    noted: (who, when) => `noted by ${who}, ${when}`,
    tooEarly: weeks =>
      `Too early to tell: ${weeks} whole ${weeks === 1 ? 'week has' : 'weeks have'} passed, and it takes four.`,
    tooLittleBefore: 'Too few weeks before it are known to tell a trend: it takes eight.',
    step: difference => `${difference} beyond the trend before`,
    interval: (low, high) => `95 % interval ${low} to ${high}`,
    chance: 'That may be chance.',
    good: 'In the right direction.',
    bad: 'In the wrong direction.',
    noProof: 'What followed is never proof: something else may have begun in that week.',
    weeks: (before, after) => `${before} weeks before, ${after} after`,
    planned: 'Not done yet.',
    withControl: 'compared with a segment that it did not touch',
  },
  zh: {
    statuses: { planned: '计划中', done: '已完成', cancelled: '已取消' },
    record: '记录措施',
    change: '修改',
    formNew: '记录措施',
    formChange: '修改此措施',
    label: '做什么',
    labelHint: '简短几个字，会标在图表上。',
    description: '详细说明',
    status: '状态',
    at: '时间',
    until: '结束',
    untilHint: '留空：持续有效。',
    indicators: '旨在影响',
    add: '添加指标',
    remove: name => `移除 ${name}`,
    owner: '执行人',
    ownerHint: '个人或团队。',
    save: '保存',
    labelMissing: '请说明做了什么。',
    indicatorMissing: '请至少指定一个旨在影响的指标。',
    by: who => `执行：${who}`,
    noted: (who, when) => `${who} 记录于 ${when}`,
    tooEarly: weeks => `为时尚早：仅过去 ${weeks} 个完整周，至少需要四周。`,
    tooLittleBefore: '此前已知的周数太少，无法判断趋势：至少需要八周。',
    step: difference => `较此前趋势 ${difference}`,
    interval: (low, high) => `95% 区间 ${low} 至 ${high}`,
    chance: '这可能只是偶然。',
    good: '方向正确。',
    bad: '方向相反。',
    noProof: '先后发生从来不是证明：同一周也可能有其他变化。',
    weeks: (before, after) => `之前 ${before} 周，之后 ${after} 周`,
    planned: '尚未实施。',
    withControl: '与未受影响的一段对比',
  },
}
