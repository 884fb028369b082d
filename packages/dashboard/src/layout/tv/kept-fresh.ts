import { useEffect } from 'preact/hooks'

const LOOK_MS = 5 * 60_000
/** Whatever a browser gathers in weeks goes with a new page. */
const LONGEST_MS = 24 * 3_600_000

/** Loads the page anew once Kivi was updated, and each day; never while Kivi cannot be reached. */
export function useKeptFresh(): void {
  useEffect(() => {
    const loadedAt = Date.now()
    const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src') ?? ''
    const timer = window.setInterval(async () => {
      const page = await fetch('/', { cache: 'no-cache', signal: AbortSignal.timeout(LOOK_MS / 2) })
        .then(response => (response.ok ? response.text() : null))
        .catch(() => null)
      if (page === null) return
      if (!page.includes(own) || Date.now() - loadedAt > LONGEST_MS) location.reload()
    }, LOOK_MS)
    return () => window.clearInterval(timer)
  }, [])
}

/** Asks the device to leave the screen on, where it can; again whenever it is looked at anew. */
export function useScreenOn(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null
    const keep = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      // refused where the battery is low: nothing to tell anybody
      lock = await navigator.wakeLock.request('screen').catch(() => null)
    }
    void keep()
    document.addEventListener('visibilitychange', keep)
    return () => {
      document.removeEventListener('visibilitychange', keep)
      void lock?.release()
    }
  }, [])
}
