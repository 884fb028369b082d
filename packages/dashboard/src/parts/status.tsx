import type { Status as Judged } from '../api/board.ts'
import { spoken, type Words } from '../settings/language.ts'
import './status.css'

const WORDS: Words<Readonly<Record<Judged, string>>> = {
  en: {
    on_track: 'on track',
    at_risk: 'at risk',
    off_track: 'off track',
    no_data: 'no data',
    no_target: 'no target',
    provisional: 'not over yet',
  },
  zh: {
    on_track: '达标',
    at_risk: '有风险',
    off_track: '未达标',
    no_data: '暂无数据',
    no_target: '未设目标',
    provisional: '尚未结束',
  },
}

/** How a value stands to its target, in a word. */
const statusWord = (status: Judged): string => spoken(WORDS)[status]

/** How a value stands to its target. */
export function Status({ status }: { status: Judged }) {
  return <span class={`status ${status}`}>{statusWord(status)}</span>
}
