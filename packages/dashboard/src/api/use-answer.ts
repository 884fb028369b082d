import { useEffect, useState } from 'preact/hooks'
import { accessKey } from '../settings/key.ts'
import { ask, Refused } from './ask.ts'

/** What is known of a question: the last answer stays while it is asked again, also when that fails. */
export interface Answer<T> {
  readonly value: T | null
  readonly refused: Refused | null
  /** asks at once, as after a change that the reader made */
  readonly again: () => void
}

const REFRESH_MS = 3000

/**
 * Keeps asking while the page is looked at; null asks nothing. An answer to a question that was left meanwhile is
 * dropped.
 */
export function useAnswer<T>(path: string | null, refreshMs: number = REFRESH_MS): Answer<T> {
  const [known, setKnown] = useState<{ path: string | null; value: T | null; refused: Refused | null }>({
    path: null,
    value: null,
    refused: null,
  })
  const [round, setRound] = useState(0)
  const key = accessKey.value

  // another key and another round ask anew
  useEffect(() => {
    if (path === null) return
    let left = false
    let timer = 0
    const go = async () => {
      window.clearTimeout(timer)
      try {
        const value = await ask<T>(path)
        if (!left) setKnown({ path, value, refused: null })
      } catch (error) {
        const refused = error instanceof Refused ? error : new Refused('unexpected', 0, String(error))
        if (!left) setKnown(before => ({ path, value: before.path === path ? before.value : null, refused }))
      }
      if (!left) timer = window.setTimeout(go, document.visibilityState === 'visible' ? refreshMs : 60_000)
    }
    const seen = () => {
      if (document.visibilityState === 'visible') void go()
    }
    document.addEventListener('visibilitychange', seen)
    void go()
    return () => {
      left = true
      window.clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [path, key, round, refreshMs])

  const current = known.path === path
  return {
    value: current ? known.value : null,
    refused: current ? known.refused : null,
    again: () => setRound(before => before + 1),
  }
}
