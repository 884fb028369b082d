import type { Words } from '../../settings/language.ts'

interface CustomerWords {
  readonly title: string
  readonly window: string
  readonly method: string
  readonly methods: Readonly<Record<'limits' | 'quantiles', string>>
  readonly worth: string
  readonly worthAbout: Readonly<Record<'limits' | 'quantiles', string>>
  readonly segment: string
  readonly segments: Readonly<Record<string, string>>
  readonly fresh: string
  readonly total: string
  readonly persons: string
  readonly shareOfPersons: string
  readonly sum: string
  readonly shareOfSum: string
  readonly mean: string
  readonly median: string
  readonly from: (limit: string) => string
  readonly nobody: string
  readonly why: string
  readonly whyAbout: string
  readonly topic: string
  readonly left: string
  readonly stayed: string
  readonly times: string
  readonly range: string
  readonly spoke: (topics: string, persons: string) => string
  readonly hidden: (fewest: string) => string
  readonly silent: string
}

export const WORDS: Words<CustomerWords> = {
  en: {
    title: 'Customers by value',
    window: 'Window',
    method: 'Divided by',
    methods: { limits: 'fixed limits', quantiles: 'rank' },
    worth: 'What each group brought',
    worthAbout: {
      limits:
        'Everybody stands where they stood when the window began; what they brought is counted within it. Limits stay the same, so that windows can be compared.',
      quantiles: 'Everybody stands by their rank when the window began; what they brought is counted within it.',
    },
    segment: 'Group',
    segments: { high: 'high', mid: 'middle', low: 'low' },
    fresh: 'new, without history',
    total: 'all',
    persons: 'Persons',
    shareOfPersons: 'Of all persons',
    sum: 'Brought',
    shareOfSum: 'Of all value',
    mean: 'Mean',
    median: 'Median',
    from: limit => `from ${limit}`,
    nobody: 'Nobody was a customer in this window.',
    why: 'What those who left spoke of last',
    whyAbout:
      'The last topic of a ticket, survey or mention in the 90 days before the window, of those who left beside those who stayed. More than once as often, with the whole range above 1, is worth looking into; it is no proof.',
    topic: 'Topic',
    left: 'Of those who left',
    stayed: 'Of those who stayed',
    times: 'Times as often',
    range: '95 % range',
    spoke: (topics, persons) => `${topics} of ${persons} who left had spoken.`,
    hidden: fewest => `Topics of fewer than ${fewest} persons are not shown.`,
    silent: 'Nobody who left had spoken before.',
  },
  zh: {
    title: '客户价值',
    window: '窗口',
    method: '划分方式',
    methods: { limits: '固定界限', quantiles: '排名' },
    worth: '各组贡献',
    worthAbout: {
      limits: '每位客户按窗口开始时的价值归组;贡献按窗口内计算。界限固定,便于比较不同窗口。',
      quantiles: '每位客户按窗口开始时的排名归组;贡献按窗口内计算。',
    },
    segment: '分组',
    segments: { high: '高', mid: '中', low: '低' },
    fresh: '新客户(无历史)',
    total: '全部',
    persons: '人数',
    shareOfPersons: '占全部人数',
    sum: '贡献',
    shareOfSum: '占全部价值',
    mean: '平均',
    median: '中位数',
    from: limit => `${limit} 起`,
    nobody: '该窗口内没有客户。',
    why: '流失客户最后谈到的话题',
    whyAbout:
      '窗口前 90 天内最后一次工单、调查或提及的话题:流失者与留下者对比。倍数大于 1 且区间全部大于 1 时值得关注;但并非证明。',
    topic: '话题',
    left: '占流失者',
    stayed: '占留下者',
    times: '倍数',
    range: '95% 区间',
    spoke: (topics, persons) => `${persons} 位流失者中有 ${topics} 位曾经反馈。`,
    hidden: fewest => `少于 ${fewest} 人的话题不显示。`,
    silent: '流失者此前均无反馈。',
  },
}
