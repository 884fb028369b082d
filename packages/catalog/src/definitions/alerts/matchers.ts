import { type Matcher, parseMatcher } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'

/** `[team="growth", severity!="info", region=~"eu-.*"]` */
export function readMatchers(mapping: Mapping, key: string): readonly Matcher[] {
  return (mapping.texts(key) ?? []).flatMap(({ value, node }) => {
    const matcher = parseMatcher(value)
    if (matcher === null)
      mapping.source.report(
        node,
        'bad_expression',
        `${key} of ${mapping.what}: '${value}' says nothing about a label.`,
        `Write team="growth", severity!="info", or region=~"eu-.*" (a regular expression of the whole value).`,
      )
    return matcher === null ? [] : [matcher]
  })
}
