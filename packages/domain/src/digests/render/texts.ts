/** Small texts of reports: names that are cut, shares, changes, little bars, times. */
import { createZone } from '../../windows/index.ts'
import type { DigestLanguage } from './words.ts'

export const MOST_NAME = 120
export const MOST_TEXT = 500

/** By characters as people count them, so that no emoji is cut in half. */
export function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const characters = Array.from(line)
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

export const percent = (share: number, language: DigestLanguage): string =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', { style: 'percent', maximumFractionDigits: 0 }).format(
    share,
  )

export const signed = (change: number, language: DigestLanguage): string =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
    ...{ style: 'percent', maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0, signDisplay: 'exceptZero' },
  } as const).format(change)

const BARS = '▁▂▃▄▅▆▇█'

/** Little bars, which every mail program and chat draws; '' of fewer than two values. */
export function sparkLine(values: ReadonlyArray<number | null>): string {
  const known = values.filter(value => value !== null)
  if (known.length < 2) return ''
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return values
    .map(value => (value === null ? '·' : BARS[high === low ? 3 : Math.round(((value - low) / (high - low)) * 7)]))
    .join('')
}

/** `2026-11-22 10:05` by the clock of a zone. */
export function clockOf(timezone: string): (time: string) => string {
  const zone = createZone(timezone)
  return time => {
    const instant = Date.parse(time)
    return new Date(instant + zone.offset(instant)).toISOString().slice(0, 16).replace('T', ' ')
  }
}
