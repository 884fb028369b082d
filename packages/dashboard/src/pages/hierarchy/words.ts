import type { Words } from '../../settings/language.ts'

interface HierarchyWords {
  readonly title: string
  readonly about: string
  readonly window: string
  readonly own: string
  readonly find: string
  readonly none: string
  readonly noneAbout: string
  readonly open: (label: string) => string
  readonly below: (count: string) => string
  readonly target: string
  readonly before: string
  readonly drags: string
  readonly dragsAbout: string
  readonly waiting: string
}

export const WORDS: Words<HierarchyWords> = {
  en: {
    title: 'Hierarchy',
    about:
      'Each indicator with those that it rests on. Open one to see how its parts stand to their targets and to the window before, and which of them drags it most.',
    window: 'Window',
    own: "each one's own",
    find: 'Find an indicator',
    none: 'No indicator has a parent yet',
    noneAbout: 'Name one as “parent” of others in the catalog, and they appear here as a tree.',
    open: label => `Parts of ${label}`,
    below: count => `${count} below`,
    target: 'Target',
    before: 'Change',
    drags: 'drags most',
    dragsAbout: 'furthest behind its target, or fallen most since the window before',
    waiting: 'computing',
  },
  zh: {
    title: '指标层级',
    about: '每个指标及其所依托的下级指标。展开后可看到各下级与目标、与上一窗口的比较,以及拖累最大的一个。',
    window: '窗口',
    own: '各指标自己的窗口',
    find: '查找指标',
    none: '还没有指标设置上级',
    noneAbout: '在目录中用 “parent” 指定上级,即会以树状显示在这里。',
    open: label => `${label} 的下级`,
    below: count => `下级 ${count} 个`,
    target: '目标',
    before: '变化',
    drags: '拖累最大',
    dragsAbout: '距目标最远,或较上一窗口下降最多',
    waiting: '计算中',
  },
}
