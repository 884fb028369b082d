import { namesOf, TEMPLATE_NAMES, type Text } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { readText } from '../text.ts'

const LABEL = /^[A-Za-z_]\w*$/
/** What every alert has by itself. */
const OWN_LABELS = ['alertname', 'indicator']

/** `{ team: growth }`; the severity is read apart. */
export function readLabels(mapping: Mapping): Record<string, string> {
  const labels = mapping.mapping('labels', `labels of ${mapping.what}`, null)
  return Object.fromEntries(
    (labels?.names ?? []).flatMap(name => {
      if (!LABEL.test(name) || OWN_LABELS.includes(name))
        labels?.source.report(
          labels.keyAt(name),
          'bad_id',
          OWN_LABELS.includes(name)
            ? `every alert has a label ${name} of its own.`
            : `${name} cannot be a label: letters, digits and _ only, no digit first.`,
        )
      const value = labels?.text(name)
      return value === undefined || name === 'severity' ? [] : [[name, value] as const]
    }),
  )
}

/** Templates by name, in both languages. `words`: what they may name besides what all alerts have. */
export function readAnnotations(mapping: Mapping, words: readonly string[]): Record<string, Text> {
  const annotations = mapping.mapping('annotations', `annotations of ${mapping.what}`, null)
  const known = [...new Set([...words, ...TEMPLATE_NAMES])]
  return Object.fromEntries(
    (annotations?.names ?? []).flatMap(name => {
      const text = annotations && readText(annotations, name)
      if (text === undefined) return []
      for (const template of [text.en, text.zh ?? ''])
        for (const word of namesOf(template))
          if (!known.includes(word))
            annotations?.source.report(
              annotations.at(name),
              'unknown_name',
              `${name} of ${mapping.what} names {{${word}}}, which this alert does not have.`,
              didYouMean(word, known) ?? `It has ${known.join(', ')}.`,
            )
      return [[name, text] as const]
    }),
  )
}
