import type { Words } from '../../settings/language.ts'

interface FunnelWords {
  readonly title: string
  readonly about: string
  readonly funnel: string
  readonly window: string
  readonly by: string
  readonly everybody: string
  readonly none: string
  readonly noneAbout: string
  readonly within: (length: string) => string
  readonly step: string
  readonly persons: string
  readonly conversion: string
  readonly overall: string
  readonly lost: string
  readonly took: string
  readonly leverage: (gained: string) => string
  readonly first: string
  readonly provisional: (until: string) => string
  readonly incomplete: string
  readonly nobody: string
  readonly groups: (dimension: string) => string
  readonly unnamed: string
  readonly truncated: string
}

export const WORDS: Words<FunnelWords> = {
  en: {
    title: 'Funnel',
    about:
      'How many persons who began in the window came how far, in this order and in time. The marked step is where a tenth fewer losses would gain most at the end.',
    funnel: 'Funnel',
    window: 'Begun in the',
    by: 'By',
    everybody: 'everybody',
    none: 'The catalog has no funnel',
    noneAbout: 'Declare one under “funnels” in the catalog, and it appears here.',
    within: length => `All steps within ${length} of the first.`,
    step: 'Step',
    persons: 'Persons',
    conversion: 'Of the step before',
    overall: 'Of all',
    lost: 'Lost here',
    took: 'Usual time since the step before',
    leverage: gained => `a tenth fewer losses here: ${gained} more at the end`,
    first: 'improve first',
    provisional: until => `Persons may still go on until ${until}.`,
    incomplete: 'The window is still being counted.',
    nobody: 'Nobody began in this window.',
    groups: dimension => `By ${dimension}: share of all that came to each step`,
    unnamed: '(none)',
    truncated: 'Only the largest groups are shown.',
  },
  zh: {
    title: '漏斗',
    about:
      '窗口内开始的用户中,按顺序、在限定时间内到达各步骤的人数。标出的步骤是:流失减少十分之一,最终收益最大的一步。',
    funnel: '漏斗',
    window: '开始于',
    by: '分组',
    everybody: '全部用户',
    none: '目录中没有漏斗',
    noneAbout: '在目录的 “funnels” 下声明,即会显示在这里。',
    within: length => `从第一步起,全部步骤须在 ${length}内完成。`,
    step: '步骤',
    persons: '人数',
    conversion: '较上一步',
    overall: '占全部',
    lost: '在此流失',
    took: '距上一步的常见用时',
    leverage: gained => `此处流失减少十分之一:最终多 ${gained} 人`,
    first: '优先改进',
    provisional: until => `用户在 ${until} 之前仍可能继续。`,
    incomplete: '该窗口仍在统计。',
    nobody: '该窗口内无人开始。',
    groups: dimension => `按 ${dimension}:到达各步骤的占比`,
    unnamed: '(无)',
    truncated: '仅显示最大的分组。',
  },
}
