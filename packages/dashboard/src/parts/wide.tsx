import type { ComponentChildren } from 'preact'
import './wide.css'

/** What may be wider than the page: it scrolls by itself, by the keyboard too. `tall`: also what is very long. */
export function Wide({
  label,
  tall = false,
  children,
}: {
  label: string
  tall?: boolean
  children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
    <section class={tall ? 'wide tall' : 'wide'} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
