import type { Trend } from '../api/board.ts'
import { spoken, type Words } from '../settings/language.ts'
import './status.css'

const ARROWS: Readonly<Record<Trend['direction'], string>> = { up: '↗', down: '↘', flat: '→' }
const WORDS: Words<Readonly<Record<Trend['direction'], string>> & { readonly good: string; readonly bad: string }> = {
  en: { up: 'rising', down: 'falling', flat: 'steady', good: 'good', bad: 'not good' },
  zh: { up: '上升', down: '下降', flat: '平稳', good: '向好', bad: '向差' },
}

/** Where the last weeks lead, and whether that is good. */
export function TrendMark({ trend }: { trend: Trend }) {
  const words = spoken(WORDS)
  const tone = trend.good === null ? '' : trend.good ? ' good' : ' bad'
  const judged = trend.good === null ? '' : `, ${trend.good ? words.good : words.bad}`
  const text = `${words[trend.direction]}${judged}`
  return (
    <span class={`trend${tone}`} title={text}>
      <span aria-hidden="true">{ARROWS[trend.direction]}</span>
      <span class="visually-hidden">{text}</span>
    </span>
  )
}
