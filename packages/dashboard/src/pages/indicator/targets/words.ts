import type { Words } from '../../../settings/language.ts'

type Per = 'day' | 'week' | 'month' | 'quarter' | 'year'

interface TargetWords {
  readonly title: string
  readonly set: string
  readonly none: string
  readonly history: string
  readonly inForce: string
  readonly coming: string
  readonly over: string
  readonly per: Readonly<Record<Per, string>>
  readonly perWindow: (length: string) => string
  readonly since: (from: string) => string
  readonly between: (from: string, until: string) => string
  readonly from: string
  readonly byWhom: (who: string, when: string) => string
  readonly inCatalog: (who: string) => string
  readonly withdraw: string
  readonly withdrawTitle: string
  readonly withdrawText: string
  readonly formTitle: (name: string) => string
  readonly how: string
  readonly hows: Readonly<Record<'value' | 'change', string>>
  readonly value: string
  readonly baseline: string
  readonly change: string
  readonly comesTo: (value: string) => string
  readonly length: string
  readonly lengthHint: string
  readonly anyWindow: string
  readonly aWindow: string
  readonly window: string
  readonly windowHint: string
  readonly fromHint: string
  readonly until: string
  readonly untilHint: string
  readonly reason: string
  readonly reasonHint: string
  readonly submit: string
  readonly notANumber: string
  readonly reasonMissing: string
  readonly windowMissing: string
  readonly done: string
  readonly attained: (attained: number, periods: number, share: string) => string
  readonly attainment: string
  readonly notJudged: string
  readonly yes: string
  readonly no: string
  readonly unknown: string
  readonly perLabel: string
  readonly perNames: Readonly<Record<Per, string>>
}

export const WORDS: Words<TargetWords> = {
  en: {
    title: 'Targets',
    set: 'Set a target',
    none: 'No target is set. Without one nobody can say whether the value is good.',
    history: 'All targets so far',
    inForce: 'in force',
    coming: 'to come',
    over: 'over',
    per: { day: 'a day', week: 'a week', month: 'a month', quarter: 'a quarter', year: 'a year' },
    perWindow: length => `in ${length}`,
    since: from => `since ${from}`,
    between: (from, until) => `${from} to ${until}`,
    from: 'From',
    byWhom: (who, when) => `set by ${who}, ${when}`,
    inCatalog: who => `in the catalog, by ${who}`,
    withdraw: 'Withdraw',
    withdrawTitle: 'Withdraw this target?',
    withdrawText: 'It judges nothing from now on. What is over keeps its judgement.',
    formTitle: name => `A target for ${name}`,
    how: 'Told as',
    hows: { value: 'a value', change: 'a change' },
    value: 'Target',
    baseline: 'Starting from',
    change: 'Change in %',
    comesTo: value => `comes to ${value}`,
    length: 'For',
    lengthHint: 'A sum or a count grows with its window, so it needs to be said of which.',
    anyWindow: 'windows of any length',
    aWindow: 'windows of a length',
    window: 'Length',
    windowHint: 'Such as 7d, 30d, 12h.',
    fromHint: 'Empty: from the running period on. What is over is never judged anew.',
    until: 'Until',
    untilHint: 'Empty: until another one is set.',
    reason: 'Why',
    reasonHint: 'Stays with the target for as long as Kivi keeps it.',
    submit: 'Set it',
    notANumber: 'Give a number, such as 2.5 or 120 000.',
    reasonMissing: 'Say why: whoever asks later finds it here.',
    windowMissing: 'Give a length such as 30d.',
    done: 'The target is set.',
    attained: (attained, periods, share) => `Attained in ${attained} of ${periods} (${share})`,
    attainment: 'How often it was attained',
    notJudged: 'No whole period has been judged yet.',
    yes: 'attained',
    no: 'missed',
    unknown: 'not judged',
    perLabel: 'By',
    perNames: { day: 'day', week: 'week', month: 'month', quarter: 'quarter', year: 'year' },
  },
  zh: {
    title: '目标',
    set: '设定目标',
    none: '尚未设定目标。没有目标，就无法判断数值好坏。',
    history: '全部历史目标',
    inForce: '生效中',
    coming: '将生效',
    over: '已结束',
    per: { day: '每天', week: '每周', month: '每月', quarter: '每季度', year: '每年' },
    perWindow: length => `每 ${length}`,
    since: from => `自 ${from} 起`,
    between: (from, until) => `${from} 至 ${until}`,
    from: '开始',
    byWhom: (who, when) => `由 ${who} 于 ${when} 设定`,
    inCatalog: who => `写在目录中，${who}`,
    withdraw: '撤回',
    withdrawTitle: '撤回此目标？',
    withdrawText: '此后它不再评判任何数值；已结束的时期保留其评判。',
    formTitle: name => `为“${name}”设定目标`,
    how: '方式',
    hows: { value: '数值', change: '变化幅度' },
    value: '目标值',
    baseline: '基准值',
    change: '变化（%）',
    comesTo: value => `即 ${value}`,
    length: '适用于',
    lengthHint: '总量和计数随窗口增长，须说明对应的时间长度。',
    anyWindow: '任意长度的窗口',
    aWindow: '固定长度的窗口',
    window: '长度',
    windowHint: '例如 7d、30d、12h。',
    fromHint: '留空：自当前周期起。已结束的时期不会被重新评判。',
    until: '结束',
    untilHint: '留空：直到设定新的目标。',
    reason: '原因',
    reasonHint: '与目标一同长期保存。',
    submit: '设定',
    notANumber: '请填写数字，例如 2.5 或 120 000。',
    reasonMissing: '请说明原因，以便日后查阅。',
    windowMissing: '请填写长度，例如 30d。',
    done: '目标已设定。',
    attained: (attained, periods, share) => `${periods} 个周期中达成 ${attained} 个（${share}）`,
    attainment: '达成情况',
    notJudged: '尚无完整周期可评判。',
    yes: '达成',
    no: '未达成',
    unknown: '未评判',
    perLabel: '按',
    perNames: { day: '天', week: '周', month: '月', quarter: '季度', year: '年' },
  },
}
