import { Link } from 'wouter-preact'
import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<{ title: string; board: string }> = {
  en: { title: 'There is no such page', board: 'To the board' },
  zh: { title: '没有这个页面', board: '返回看板' },
}

export function NotFound() {
  const words = spoken(WORDS)
  return (
    <div class="empty">
      <h1>{words.title}</h1>
      <p>
        <Link href="/">{words.board}</Link>
      </p>
    </div>
  )
}
