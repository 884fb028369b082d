import type { ComponentChildren } from 'preact'
import type { Refused } from '../api/ask.ts'
import type { Answer } from '../api/use-answer.ts'
import { spoken, type Words } from '../settings/language.ts'
import './answered.css'

interface ProblemWords {
  readonly stale: string
  readonly unreachable: string
  readonly again: string
  readonly loading: string
}

const WORDS: Words<ProblemWords> = {
  en: {
    stale: 'Kivi cannot read its data just now. The last values stay on the page; it tries again by itself.',
    unreachable: 'Kivi cannot be reached. The page tries again by itself.',
    again: 'Try again',
    loading: 'Loading',
  },
  zh: {
    stale: '暂时无法读取数据。页面保留最近的数值,并会自动重试。',
    unreachable: '无法连接 Kivi。页面会自动重试。',
    again: '重试',
    loading: '加载中',
  },
}

/** Why there is no answer, in the service's own words where it gave any. */
export function Problem({ refused, onAgain }: { refused: Refused; onAgain?: () => void }) {
  const words = spoken(WORDS)
  const passing = refused.status === 0 || refused.status >= 500
  return (
    <div class="problem" role="alert" data-code={refused.code}>
      <p>{passing ? words.unreachable : refused.message}</p>
      {onAgain !== undefined && (
        <button type="button" onClick={onAgain}>
          {words.again}
        </button>
      )}
    </div>
  )
}

/** While nothing is known yet. */
export function Loading() {
  return (
    <div class="waiting" aria-busy="true">
      <p class="visually-hidden" role="status">
        {spoken(WORDS).loading}
      </p>
    </div>
  )
}

/**
 * Draws an answer in each of its states: while it is waited for, when it was refused, and when the last one is old
 * because no newer one comes.
 */
export function Answered<T>({ answer, children }: { answer: Answer<T>; children: (value: T) => ComponentChildren }) {
  const { value, refused, again } = answer
  if (value === null) return refused === null ? <Loading /> : <Problem refused={refused} onAgain={again} />
  return (
    <>
      {refused !== null && (
        <div class="problem" role="alert" data-code={refused.code}>
          <p>{spoken(WORDS).stale}</p>
        </div>
      )}
      <div class={refused === null ? undefined : 'stale'}>{children(value)}</div>
    </>
  )
}
