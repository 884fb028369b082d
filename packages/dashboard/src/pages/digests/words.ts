import type { Words } from '../../settings/language.ts'

type Every = 'day' | 'week' | 'month'

interface DigestWords {
  readonly title: string
  readonly about: string
  readonly none: string
  readonly noneAbout: string
  readonly digest: string
  readonly every: Readonly<Record<Every, string>>
  readonly due: (at: string) => string
  readonly next: (time: string) => string
  readonly indicators: (count: string) => string
  readonly owner: (name: string) => string
  readonly latest: string
  readonly receivers: string
  readonly shownOnly: string
  readonly outcomes: Readonly<Record<'waiting' | 'sent' | 'skipped' | 'given_up', string>>
  readonly notSent: string
  readonly incompleteThen: string
  readonly attempts: (count: string) => string
  readonly period: string
  readonly before: string
  readonly after: string
  readonly dateIn: string
  readonly print: string
  readonly saveAs: string
  readonly running: string
  readonly incomplete: (time: string) => string
  readonly nothingKnown: string
  readonly summary: string
  readonly best: string
  readonly worst: string
  readonly numbers: string
  readonly indicator: string
  readonly value: string
  readonly change: string
  readonly previously: string
  readonly target: string
  readonly attained: string
  readonly status: string
  readonly trend: string
  readonly course: string
  readonly northStar: string
  readonly stillCounting: string
  readonly provisional: string
  readonly provisionalUntil: (time: string) => string
  readonly revised: string
  readonly movers: string
  readonly moversAbout: string
  readonly moversOf: (indicator: string, dimension: string) => string
  readonly contribution: string
  readonly unnamed: string
  readonly furtherGroups: (count: string) => string
  readonly actions: string
  readonly noActions: string
  readonly alerts: string
  readonly noAlerts: string
  readonly alertCounts: (fired: string, resolved: string, firing: string) => string
  readonly alert: string
  readonly fired: string
  readonly ended: string
  readonly firesStill: string
  readonly furtherAlerts: (count: string) => string
}

export const WORDS: Words<DigestWords> = {
  en: {
    title: 'Digests',
    about: 'Reports for each day, week or month: how the numbers stood, what was done, and what it brought.',
    none: 'No digest is declared',
    noneAbout:
      'Write one under “digests” in the catalog’s digests.yaml, and its reports appear here, also of the past.',
    digest: 'Digest',
    every: { day: 'daily', week: 'weekly', month: 'monthly' },
    due: at => `due at ${at}`,
    next: time => `The next report is due ${time}.`,
    indicators: count => `${count} indicators`,
    owner: name => `by ${name}`,
    latest: 'Latest report',
    receivers: 'Sent to',
    shownOnly: 'It is sent to nobody; it is shown here.',
    outcomes: { waiting: 'on its way', sent: 'sent', skipped: 'left out', given_up: 'given up' },
    notSent: 'not sent yet',
    incompleteThen: 'before all data were there',
    attempts: count => `${count} attempts`,
    period: 'Period',
    before: 'The period before',
    after: 'The period after',
    dateIn: 'With this day in it',
    print: 'Print',
    saveAs: 'Save as',
    running: 'This period is not over: what stands here is as of now.',
    incomplete: time => `Not all events of the period are counted yet: they are up to ${time}.`,
    nothingKnown: 'No events of the period are counted yet.',
    summary: 'In short',
    best: 'Furthest beyond its target',
    worst: 'Furthest from its target',
    numbers: 'Indicators',
    indicator: 'Indicator',
    value: 'Value',
    change: 'Change',
    previously: 'The period before',
    target: 'Target',
    attained: 'Attained',
    status: 'Status',
    trend: 'Trend of the last weeks',
    course: 'Last periods',
    northStar: 'North Star',
    stillCounting: 'still counting',
    provisional: 'may still change',
    provisionalUntil: time => `may still change until ${time}`,
    revised: 'revised by late events',
    movers: 'What moved most',
    moversAbout: 'Parts of an indicator, those that changed most since the period before first.',
    moversOf: (indicator, dimension) => `${indicator} by ${dimension}`,
    contribution: 'Part of the change',
    unnamed: '(none)',
    furtherGroups: count => `and ${count} more`,
    actions: 'What was done',
    noActions: 'Nothing was recorded in this period that was meant to move these indicators.',
    alerts: 'Alerts',
    noAlerts: 'No alert about these indicators fired or ended.',
    alertCounts: (fired, resolved, firing) => `${fired} fired, ${resolved} ended; ${firing} of them fire still.`,
    alert: 'Alert',
    fired: 'Fired',
    ended: 'Ended',
    firesStill: 'fired on',
    furtherAlerts: count => `and ${count} more`,
  },
  zh: {
    title: '报告',
    about: '按日、周或月的报告：各项数字如何、做了什么、带来了什么。',
    none: '尚未声明任何报告',
    noneAbout: '在目录的 digests.yaml 中的 “digests” 下编写一个，其报告（包括过去各期）就会显示在这里。',
    digest: '报告',
    every: { day: '每日', week: '每周', month: '每月' },
    due: at => `${at} 发出`,
    next: time => `下一期将于 ${time} 发出。`,
    indicators: count => `${count} 个指标`,
    owner: name => `负责人：${name}`,
    latest: '最近一期',
    receivers: '发送给',
    shownOnly: '不发送给任何人，仅在此显示。',
    outcomes: { waiting: '发送中', sent: '已发送', skipped: '未发送', given_up: '已放弃' },
    notSent: '尚未发送',
    incompleteThen: '当时数据尚不完整',
    attempts: count => `尝试 ${count} 次`,
    period: '周期',
    before: '上一期',
    after: '下一期',
    dateIn: '包含此日',
    print: '打印',
    saveAs: '另存为',
    running: '该周期尚未结束：此处为截至目前的数值。',
    incomplete: time => `该周期的事件尚未全部统计：目前统计至 ${time}。`,
    nothingKnown: '该周期的事件尚未开始统计。',
    summary: '概要',
    best: '超出目标最多',
    worst: '距目标最远',
    numbers: '指标',
    indicator: '指标',
    value: '数值',
    change: '变化',
    previously: '上一期',
    target: '目标',
    attained: '完成率',
    status: '状态',
    trend: '近几周趋势',
    course: '最近各期',
    northStar: '北极星指标',
    stillCounting: '仍在统计',
    provisional: '仍可能变化',
    provisionalUntil: time => `${time} 前仍可能变化`,
    revised: '因迟到事件而修正',
    movers: '变化最大的部分',
    moversAbout: '指标的各部分，较上一期变化最大的在前。',
    moversOf: (indicator, dimension) => `${indicator}，按 ${dimension}`,
    contribution: '对变化的贡献',
    unnamed: '（无）',
    furtherGroups: count => `另有 ${count} 个`,
    actions: '所做措施',
    noActions: '该周期内没有记录旨在影响这些指标的措施。',
    alerts: '告警',
    noAlerts: '没有关于这些指标的告警触发或结束。',
    alertCounts: (fired, resolved, firing) => `触发 ${fired} 条，结束 ${resolved} 条；其中 ${firing} 条仍在告警。`,
    alert: '告警',
    fired: '触发',
    ended: '结束',
    firesStill: '未结束',
    furtherAlerts: count => `另有 ${count} 条`,
  },
}
