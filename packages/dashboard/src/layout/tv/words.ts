import type { Words } from '../../settings/language.ts'

interface WallWords {
  readonly north_star: string
  readonly off_track: string
  readonly board: string
  readonly part: (at: number, of: number) => string
  readonly pause: string
  readonly goOn: string
  readonly previous: string
  readonly next: string
  readonly leave: string
  readonly paused: string
  readonly emptyTitle: string
  readonly emptyText: string
}

export const WORDS: Words<WallWords> = {
  en: {
    north_star: 'North Star',
    off_track: 'Off track',
    board: 'Board',
    part: (at, of) => `${at} of ${of}`,
    pause: 'Pause',
    goOn: 'Go on',
    previous: 'Previous',
    next: 'Next',
    leave: 'Leave',
    paused: 'paused',
    emptyTitle: 'Nothing is on the board yet',
    emptyText: 'Name indicators under “board” in catalog/kivi.yaml, and they appear here.',
  },
  zh: {
    north_star: '北极星指标',
    off_track: '未达标',
    board: '看板',
    part: (at, of) => `${at} / ${of}`,
    pause: '暂停',
    goOn: '继续',
    previous: '上一页',
    next: '下一页',
    leave: '退出',
    paused: '已暂停',
    emptyTitle: '看板上还没有指标',
    emptyText: '在 catalog/kivi.yaml 的 “board” 下列出指标,它们就会出现在这里。',
  },
}
