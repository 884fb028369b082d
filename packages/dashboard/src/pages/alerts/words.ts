import type { Words } from '../../settings/language.ts'

type Named = Readonly<Record<string, string>>

interface AlertWords {
  readonly title: string
  readonly about: string
  readonly evaluated: (time: string) => string
  readonly noRules: string
  readonly noRulesAbout: string
  readonly noLeader: string
  readonly noLeaderAbout: string
  readonly unheard: (length: string, name: string) => string
  readonly unheardAbout: string
  readonly oldLog: (length: string) => string
  readonly oldLogAbout: string
  readonly severity: string
  readonly all: string
  readonly severities: Named
  readonly find: string
  readonly states: Named
  readonly none: Named
  readonly noneFound: string
  readonly cut: (shown: string) => string
  readonly since: (length: string, time: string) => string
  readonly firesAt: (time: string) => string
  readonly pendingSince: (length: string, time: string) => string
  readonly ended: (time: string, length: string) => string
  readonly value: string
  readonly target: string
  readonly threshold: string
  readonly condition: string
  readonly window: string
  readonly look: (label: string) => string
  readonly system: string
  readonly silenced: (time: string) => string
  readonly silencedBy: string
  readonly inhibited: (rule: string) => string
  readonly acknowledged: (by: string, time: string) => string
  readonly told: (names: string) => string
  readonly untold: (names: string) => string
  readonly acknowledge: string
  readonly acknowledgeTitle: (rule: string) => string
  readonly acknowledgeAbout: string
  readonly comment: string
  readonly commentHint: string
  readonly commentMissing: string
  readonly silence: string
  readonly silenceFor: string
  readonly lengths: Named
  readonly more: string
  readonly doneSilenced: (time: string) => string
  readonly undo: string
  readonly undone: string
  readonly defaultReason: string
  readonly save: string
  readonly silences: string
  readonly silencesAbout: string
  readonly noSilences: string
  readonly newSilence: string
  readonly changeSilence: string
  readonly matchers: string
  readonly matchersHint: string
  readonly matchersMissing: string
  readonly matcherWrong: (matcher: string) => string
  readonly mutesNow: (count: string) => string
  readonly from: string
  readonly until: string
  readonly isOver: string
  readonly reason: string
  readonly reasonHint: string
  readonly reasonMissing: string
  readonly author: string
  readonly mutes: string
  readonly state: string
  readonly silenceStates: Named
  readonly end: string
  readonly change: string
  readonly endedLately: (count: string) => string
  readonly rules: string
  readonly rulesAbout: string
  readonly rule: string
  readonly holdsFor: string
  readonly atOnce: string
  readonly upTo: string
  readonly never: string
  readonly firingNow: string
}

export const WORDS: Words<AlertWords> = {
  en: {
    title: 'Alerts',
    about: 'What is not as it should be, since when, and who was told.',
    evaluated: time => `Evaluated up to ${time}`,
    noRules: 'No alert rules are declared.',
    noRulesAbout:
      'Write some into the catalog’s alerts.yaml, and this page shows what they find. Until then nobody is told of anything.',
    noLeader: 'Nobody evaluates the rules yet.',
    noLeaderAbout:
      'No evaluator has ever taken the lead, so nothing can fire. Start one: kivi start runs it with everything else.',
    unheard: (length, name) => `Nothing was heard from whoever evaluates the rules (${name}) for ${length}.`,
    unheardAbout:
      'What is shown may be old, and nobody is told of anything new. Look whether the evaluator and Kafka run.',
    oldLog: length => `The log of the alerts was last read ${length} ago.`,
    oldLogAbout: 'What is shown is as of then. Look whether Kafka runs, and at the clock of this device.',
    severity: 'Severity',
    all: 'all',
    severities: { page: 'act now', ticket: 'in the next days', info: 'to be known' },
    find: 'Find',
    states: { firing: 'Firing', pending: 'Pending', resolved: 'Ended lately' },
    none: {
      firing: 'Nothing fires.',
      pending: 'Nothing is about to fire.',
      resolved: 'Nothing has ended lately.',
    },
    noneFound: 'Nothing of this kind.',
    cut: shown => `Only the ${shown} most urgent are listed.`,
    since: (length, time) => `for ${length}, since ${time}`,
    pendingSince: (length, time) => `holds for ${length}, since ${time}`,
    firesAt: time => `fires ${time} if it goes on`,
    ended: (time, length) => `ended ${time}, after ${length}`,
    value: 'Value',
    target: 'Target',
    threshold: 'Compared with',
    condition: 'Fires when',
    window: 'Window',
    look: label => `Look at ${label}`,
    system: 'the system',
    silenced: time => `silenced until ${time}`,
    silencedBy: 'A silence keeps anybody from being told.',
    inhibited: rule => `not told because of ${rule}`,
    acknowledged: (by, time) => `${by} takes care of it, since ${time}`,
    told: names => `told: ${names}`,
    untold: names => `not told yet: ${names}`,
    acknowledge: 'Acknowledge',
    acknowledgeTitle: rule => `Take care of ${rule}`,
    acknowledgeAbout: 'Nobody is reminded of it any more, and it is not passed on. Its end is told all the same.',
    comment: 'What you do about it',
    commentHint: 'Everybody who looks at the alert sees it.',
    commentMissing: 'Say in a few words what you do about it.',
    silence: 'Silence',
    silenceFor: 'Silence for',
    lengths: { '1h': '1 hour', '4h': '4 hours', '1d': '1 day', '3d': '3 days', '7d': '1 week' },
    more: 'Otherwise…',
    doneSilenced: time => `Silenced until ${time}.`,
    undo: 'Undo',
    undone: 'The silence is ended.',
    defaultReason: 'silenced on the page of alerts',
    save: 'Save',
    silences: 'Silences',
    silencesAbout: 'What matches is still evaluated and shown; nobody is told of it until the silence ends.',
    noSilences: 'Nothing is silenced.',
    newSilence: 'New silence',
    changeSilence: 'Change the silence',
    matchers: 'What to silence',
    matchersHint: 'One matcher a line, all of them must hold: campaign="spring", severity!="page", region=~"eu-.*".',
    matchersMissing: 'Name at least one label.',
    matcherWrong: matcher => `${matcher} is no matcher: a label, one of = != =~ !~, and a value.`,
    mutesNow: count => `Now it matches ${count} of what fires.`,
    from: 'From',
    until: 'Until',
    isOver: 'The end has to lie after the beginning, and after now.',
    reason: 'Reason',
    reasonHint: 'For those who wonder why they hear nothing.',
    reasonMissing: 'Say why.',
    author: 'By',
    mutes: 'Mutes now',
    state: 'State',
    silenceStates: { planned: 'planned', active: 'in force', ended: 'over' },
    end: 'End',
    change: 'Change',
    endedLately: count => `Over for less than 30 days: ${count}`,
    rules: 'Rules',
    rulesAbout: 'As the catalog declares them, each with up to when it is evaluated.',
    rule: 'Rule',
    holdsFor: 'For at least',
    atOnce: 'at once',
    upTo: 'Evaluated up to',
    never: 'not yet',
    firingNow: 'Firing',
  },
  zh: {
    title: '告警',
    about: '哪里出现异常、从何时开始、通知了谁。',
    evaluated: time => `已评估至 ${time}`,
    noRules: '尚未声明任何告警规则。',
    noRulesAbout: '在目录的 alerts.yaml 中编写规则后，本页会显示其结果。在此之前不会通知任何人。',
    noLeader: '还没有进程评估规则。',
    noLeaderAbout: '从未有评估进程（evaluator）接管，因此不会触发任何告警。请启动一个：kivi start 会一并运行。',
    unheard: (length, name) => `已 ${length} 没有评估进程（${name}）的消息。`,
    unheardAbout: '显示的内容可能已过时，新情况不会通知任何人。请检查评估进程与 Kafka 是否运行。',
    oldLog: length => `告警日志最近一次读取是 ${length}前。`,
    oldLogAbout: '显示的是当时的状态。请检查 Kafka 是否运行，以及本设备的时钟。',
    severity: '级别',
    all: '全部',
    severities: { page: '立即处理', ticket: '数日内处理', info: '仅供了解' },
    find: '查找',
    states: { firing: '正在告警', pending: '待定', resolved: '最近结束' },
    none: { firing: '没有告警。', pending: '没有待定的告警。', resolved: '最近没有结束的告警。' },
    noneFound: '没有符合条件的。',
    cut: shown => `只列出最紧急的 ${shown} 条。`,
    since: (length, time) => `已持续 ${length}，自 ${time}`,
    pendingSince: (length, time) => `条件已成立 ${length}（自 ${time}）`,
    firesAt: time => `若持续，将于 ${time} 触发`,
    ended: (time, length) => `于 ${time} 结束，持续 ${length}`,
    value: '当前值',
    target: '目标',
    threshold: '比较值',
    condition: '触发条件',
    window: '窗口',
    look: label => `查看 ${label}`,
    system: '系统',
    silenced: time => `静默至 ${time}`,
    silencedBy: '静默期间不通知任何人。',
    inhibited: rule => `因 ${rule} 而不通知`,
    acknowledged: (by, time) => `${by} 正在处理，自 ${time}`,
    told: names => `已通知：${names}`,
    untold: names => `尚未通知：${names}`,
    acknowledge: '确认处理',
    acknowledgeTitle: rule => `处理 ${rule}`,
    acknowledgeAbout: '之后不再提醒，也不再升级；结束时仍会通知。',
    comment: '如何处理',
    commentHint: '所有查看该告警的人都能看到。',
    commentMissing: '请简要说明如何处理。',
    silence: '静默',
    silenceFor: '静默时长',
    lengths: { '1h': '1 小时', '4h': '4 小时', '1d': '1 天', '3d': '3 天', '7d': '1 周' },
    more: '其他…',
    doneSilenced: time => `已静默至 ${time}。`,
    undo: '撤销',
    undone: '静默已结束。',
    defaultReason: '在告警页面静默',
    save: '保存',
    silences: '静默',
    silencesAbout: '匹配的告警仍会评估和显示，但在静默结束前不通知任何人。',
    noSilences: '没有静默。',
    newSilence: '新建静默',
    changeSilence: '修改静默',
    matchers: '静默范围',
    matchersHint: '每行一个匹配条件，须全部成立：campaign="spring"、severity!="page"、region=~"eu-.*"。',
    matchersMissing: '请至少指定一个标签。',
    matcherWrong: matcher => `${matcher} 不是匹配条件：标签、= != =~ !~ 之一、取值。`,
    mutesNow: count => `当前匹配 ${count} 条正在告警的。`,
    from: '开始',
    until: '结束',
    isOver: '结束时间必须晚于开始时间和当前时间。',
    reason: '原因',
    reasonHint: '给疑惑为何没有通知的人看。',
    reasonMissing: '请说明原因。',
    author: '设置者',
    mutes: '当前静默',
    state: '状态',
    silenceStates: { planned: '计划中', active: '生效中', ended: '已结束' },
    end: '结束',
    change: '修改',
    endedLately: count => `30 天内结束的：${count}`,
    rules: '规则',
    rulesAbout: '按目录中的声明，以及各自评估到何时。',
    rule: '规则',
    holdsFor: '至少持续',
    atOnce: '立即',
    upTo: '已评估至',
    never: '尚未',
    firingNow: '正在告警',
  },
}
