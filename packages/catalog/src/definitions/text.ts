import type { Text } from '@kivi/domain'
import { isMap } from 'yaml'
import type { Mapping } from '../mapping.ts'

/** `label: Revenue` or `label: { en: Revenue, zh: 收入 }` */
export function readText(mapping: Mapping, key: string): Text | undefined {
  if (!mapping.has(key)) return undefined
  if (!isMap(mapping.value(key))) {
    const en = mapping.text(key)
    return en === undefined ? undefined : { en }
  }
  const texts = mapping.mapping(key, `${key} of ${mapping.what}`, { known: ['en', 'zh'] })
  if (!texts?.require('en')) return undefined
  const en = texts.text('en')
  const zh = texts.text('zh')
  return en === undefined ? undefined : { en, ...(zh === undefined ? {} : { zh }) }
}

/** `ad_clicks` → `Ad clicks`: the label of a measure that declares none. */
export function labelOf(id: string): Text {
  const words = id.replaceAll('_', ' ')
  return { en: words.charAt(0).toUpperCase() + words.slice(1) }
}
