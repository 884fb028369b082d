import { type KnownLabels, type Matcher, parseMatcher, type UnknownLabel, unknownIn } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'

/**
 * `[team="growth", severity!="info", region=~"eu-.*"]`
 * @param labels that alerts can have; null: nobody knows, as there are no rules or one of them could not be read
 */
export function readMatchers(mapping: Mapping, key: string, labels: KnownLabels | null): readonly Matcher[] {
  return (mapping.texts(key) ?? []).flatMap(({ value, node }) => {
    const matcher = parseMatcher(value)
    if (matcher === null)
      mapping.source.report(
        node,
        'bad_expression',
        `${key} of ${mapping.what}: '${value}' says nothing about a label.`,
        `Write team="growth", severity!="info", or region=~"eu-.*" (a regular expression of the whole value).`,
      )
    if (matcher === null) return []
    const unknown = labels === null ? null : unknownIn(matcher, labels)
    if (unknown !== null) reportUnknown(mapping, key, node, unknown)
    return [matcher]
  })
}

/**
 * Names of labels, such as `[alertname, campaign]`.
 * @param all what stands for all of them; null: nothing does
 */
export function readLabelNames(
  mapping: Mapping,
  key: string,
  labels: KnownLabels | null,
  all: string | null = null,
): string[] | undefined {
  return mapping.texts(key)?.map(({ value, node }) => {
    if (labels !== null && value !== all && !labels.names.has(value))
      reportUnknown(mapping, key, node, { label: null, wrong: value, known: [...labels.names] })
    return value
  })
}

function reportUnknown(
  mapping: Mapping,
  key: string,
  node: Parameters<Mapping['source']['report']>[0],
  { label, wrong, known }: UnknownLabel,
): void {
  mapping.source.report(
    node,
    'unknown_name',
    label === null
      ? `${key} of ${mapping.what}: no alert has a label ${wrong}.`
      : `${key} of ${mapping.what}: no alert has the ${label} ${wrong}.`,
    didYouMean(wrong, known),
  )
}
