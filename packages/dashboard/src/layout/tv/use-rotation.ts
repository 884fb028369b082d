import { useEffect, useState } from 'preact/hooks'

export interface Rotation {
  readonly at: number
  readonly paused: boolean
  /** how often something else was shown: what stands on the screen moves with it, so that nothing burns in */
  readonly turns: number
  readonly step: (by: number) => void
  readonly pause: () => void
}

/** One after the other; Space holds it, the arrows turn it by hand, Escape leaves. */
export function useRotation(count: number, everyMs: number, onLeave: () => void): Rotation {
  const [turns, setTurns] = useState(0)
  const [at, setAt] = useState(0)
  const [paused, setPaused] = useState(false)
  const step = (by: number) => {
    setTurns(before => before + 1)
    setAt(before => (count === 0 ? 0 : (((before + by) % count) + count) % count))
  }
  useEffect(() => {
    if (paused || count < 2) return
    const timer = window.setTimeout(() => step(1), everyMs)
    return () => window.clearTimeout(timer)
  }, [turns, paused, count, everyMs])
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]') !== null) return
      const operates = event.target instanceof HTMLElement && event.target.closest('button, a, select, input') !== null
      if (event.key === ' ' && !operates) setPaused(before => !before)
      else if (event.key === 'ArrowRight') step(1)
      else if (event.key === 'ArrowLeft') step(-1)
      else if (event.key === 'Escape') onLeave()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [count, onLeave])
  return { at: count === 0 ? 0 : at % count, paused, turns, step, pause: () => setPaused(before => !before) }
}
