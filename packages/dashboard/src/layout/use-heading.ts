import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * Names the window after the page's heading, and after a change of the page moves the keyboard there, where a screen
 * reader begins to read. The heading may come late, and change with the language.
 */
export function useHeading(main: RefObject<HTMLElement>, address: string): void {
  const before = useRef(address)
  useEffect(() => {
    const { current } = main
    if (current === null) return
    let moves = before.current !== address
    before.current = address
    if (moves) window.scrollTo(0, 0)
    const look = () => {
      const heading = current.querySelector('h1')
      const text = heading?.textContent?.trim() ?? ''
      const title = text === '' ? 'Kivi' : `${text} · Kivi`
      if (document.title !== title) document.title = title
      if (!moves || heading === null) return
      moves = false
      heading.tabIndex = -1
      heading.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(look)
    observer.observe(current, { childList: true, subtree: true, characterData: true })
    // what is there already may be the page before: its drawing is waited for
    if (!moves) look()
    return () => observer.disconnect()
  }, [main, address])
}
