import { useEffect } from 'preact/hooks'
import { ask } from '../api/ask.ts'
import type { Board } from '../api/board.ts'
import { place, standAt } from '../format/place.ts'
import { accessKey } from '../settings/key.ts'

const AGAIN_MS = 10_000
/** A page that knows by itself where it stands says so before that. */
const PATIENCE_MS = 100

/** Learns the catalog's zone and currency for pages whose own answers do not tell them. */
export function usePlace(): void {
  const key = accessKey.value
  // another key may be allowed to ask
  useEffect(() => {
    let timer = 0
    const learn = async () => {
      if (place.peek().currency !== '') return
      await ask<Board>('/v1/board').then(standAt, () => {
        timer = window.setTimeout(learn, AGAIN_MS)
      })
    }
    timer = window.setTimeout(learn, location.pathname === '/' ? AGAIN_MS : PATIENCE_MS)
    return () => window.clearTimeout(timer)
  }, [key])
}
