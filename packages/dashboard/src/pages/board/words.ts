import type { Words } from '../../settings/language.ts'

interface BoardWords {
  readonly title: string
  readonly window: string
  readonly own: string
  readonly level: string
  readonly allLevels: string
  readonly owner: string
  readonly allOwners: string
  readonly target: string
  readonly attained: (share: string) => string
  readonly complete: string
  readonly incomplete: string
  readonly provisional: string
  readonly revised: string
  readonly recorded: (time: string) => string
  readonly silent: (time: string) => string
  readonly northStar: string
  readonly oldTitle: (time: string) => string
  readonly oldText: string
  readonly emptyTitle: string
  readonly emptyText: string
  readonly nothingTitle: string
  readonly nothingText: string
  readonly showAll: string
}

export const WORDS: Words<BoardWords> = {
  en: {
    title: 'Board',
    window: 'Window',
    own: "each one's own window",
    level: 'Level',
    allLevels: 'all levels',
    owner: 'Owner',
    allOwners: 'all owners',
    target: 'Target',
    attained: share => `${share} attained`,
    complete: 'complete',
    incomplete: 'still counting',
    provisional: 'may still change',
    revised: 'revised by late events',
    recorded: time => `as of ${time}`,
    silent: time => `no events since ${time}`,
    northStar: 'North Star',
    oldTitle: time => `No events in these windows: the newest one is of ${time}.`,
    oldText: 'Take a longer window, or ask for that time:',
    emptyTitle: 'Nothing is on the board yet',
    emptyText: 'Name indicators under “board” in catalog/kivi.yaml, and they appear here.',
    nothingTitle: 'Nothing on the board is like that',
    nothingText: 'No indicator of the board has this level and this owner.',
    showAll: 'Show the whole board',
  },
  zh: {
    title: '看板',
    window: '时间窗口',
    own: '各指标自己的窗口',
    level: '层级',
    allLevels: '全部层级',
    owner: '负责人',
    allOwners: '全部负责人',
    target: '目标',
    attained: share => `完成率 ${share}`,
    complete: '数据完整',
    incomplete: '仍在统计',
    provisional: '仍可能变化',
    revised: '因迟到事件而修正',
    recorded: time => `截至 ${time}`,
    silent: time => `${time} 之后无事件`,
    northStar: '北极星指标',
    oldTitle: time => `这些时间窗口内没有事件:最新的事件发生在 ${time}。`,
    oldText: '请选择更长的窗口,或查询那段时间:',
    emptyTitle: '看板上还没有指标',
    emptyText: '在 catalog/kivi.yaml 的 “board” 下列出指标,它们就会出现在这里。',
    nothingTitle: '看板上没有符合条件的指标',
    nothingText: '看板上没有属于该层级和该负责人的指标。',
    showAll: '显示整个看板',
  },
}
