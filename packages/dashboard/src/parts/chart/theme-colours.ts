/** The page's colours as a canvas takes them. */
export interface Colours {
  readonly page: string
  readonly card: string
  readonly line: string
  readonly ink: string
  readonly quiet: string
  readonly accent: string
  readonly good: string
  readonly warn: string
  readonly bad: string
  readonly calm: string
  readonly second: string
}

const NAMES = ['page', 'card', 'line', 'ink', 'quiet', 'accent', 'good', 'warn', 'bad', 'calm', 'second'] as const

/** Reads the colours of the theme in force: a probe, because a variable itself only repeats what the sheet says. */
export function readColours(host: HTMLElement): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  host.append(probe)
  const style = getComputedStyle(probe)
  const colours = Object.fromEntries(
    NAMES.map(name => {
      probe.style.color = `var(--${name})`
      return [name, style.color]
    }),
  )
  probe.remove()
  return colours as unknown as Colours
}

/** The same colour, more transparent; computed colours are written `rgb(1, 2, 3)`. */
export const faded = (colour: string, part: number): string => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${part})`)
