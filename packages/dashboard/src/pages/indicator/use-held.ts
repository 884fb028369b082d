import { useRef } from 'preact/hooks'
import type { Answer } from '../../api/use-answer.ts'

export interface Held<T> extends Answer<T> {
  /** what is shown answers the question before: the new one is under way */
  readonly isOld: boolean
}

/** Keeps what was shown while another question of the same `about` is under way, so that the page does not blink. */
export function useHeld<T>(answer: Answer<T>, about: string): Held<T> {
  const held = useRef<{ about: string; value: T } | null>(null)
  if (answer.value !== null) held.current = { about, value: answer.value }
  const before = held.current?.about === about ? held.current.value : null
  const isOld = answer.value === null && answer.refused === null && before !== null
  return { ...answer, value: isOld ? before : answer.value, isOld }
}
