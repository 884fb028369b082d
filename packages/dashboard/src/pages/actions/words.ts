import type { Words } from '../../settings/language.ts'

interface PageWords {
  readonly title: string
  readonly groups: Readonly<Record<'planned' | 'done' | 'cancelled', string>>
  readonly none: string
  readonly star: string
  readonly leads: string
  readonly nothingLeads: string
  readonly setStar: string
  readonly history: string
  readonly since: (from: string, who: string) => string
  readonly coming: (from: string, who: string) => string
  readonly formTitle: string
  readonly which: string
  readonly from: string
  readonly fromHint: string
  readonly reason: string
  readonly reasonHint: string
  readonly reasonMissing: string
  readonly whichMissing: string
  readonly submit: string
}

export const WORDS: Words<PageWords> = {
  en: {
    title: 'Actions',
    groups: { planned: 'Planned', done: 'Done', cancelled: 'Cancelled' },
    none: 'Nothing was recorded yet. An action says what was done to move which indicators; what followed is measured against the trend before.',
    star: 'North Star',
    leads: 'What leads the company now',
    nothingLeads: 'Nothing leads yet: choose the indicator that says best whether customers get what they came for.',
    setStar: 'Choose what leads',
    history: 'What led before, and why',
    since: (from, who) => `since ${from}, set by ${who}`,
    coming: (from, who) => `from ${from} on, set by ${who}`,
    formTitle: 'What leads from now on?',
    which: 'Indicators that lead',
    from: 'From',
    fromHint: 'Empty: from now on. What led on days that are over stays told.',
    reason: 'Why',
    reasonHint: 'Stays in the history.',
    reasonMissing: 'Say why: whoever asks later finds it here.',
    whichMissing: 'Name at least one indicator.',
    submit: 'Set it',
  },
  zh: {
    title: '措施',
    groups: { planned: '计划中', done: '已完成', cancelled: '已取消' },
    none: '尚无记录。一项措施说明为影响哪些指标做了什么；其后的变化与此前趋势对比衡量。',
    star: '北极星指标',
    leads: '当前引领公司的指标',
    nothingLeads: '尚未指定：请选择最能说明客户是否得到所需的指标。',
    setStar: '选择引领指标',
    history: '历史与原因',
    since: (from, who) => `自 ${from} 起，由 ${who} 设定`,
    coming: (from, who) => `将于 ${from} 起生效，由 ${who} 设定`,
    formTitle: '今后由什么引领？',
    which: '引领的指标',
    from: '开始',
    fromHint: '留空：自现在起。已过去的日子保持原样。',
    reason: '原因',
    reasonHint: '保存在历史中。',
    reasonMissing: '请说明原因，以便日后查阅。',
    whichMissing: '请至少指定一个指标。',
    submit: '设定',
  },
}
