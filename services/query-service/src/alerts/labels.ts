/** Labels that alerts have, or can have: what names another one is a slip of the pen, and would match nothing. */
import {
  type AlertState,
  type Catalog,
  type DimensionFilter,
  formatMatcher,
  type KnownLabels,
  labelsOfRules,
  type Silence,
  type UnknownLabel,
  unknownIn,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { ProblemError } from '../http/problems.ts'
import { meantOr } from '../http/unknown.ts'
import { seesAlert, seesRule } from './shown.ts'

/** Labels of rules and of alerts that the view sees; a rule that was removed may still have some. */
export function labelsSeen(view: View, catalog: Catalog, state: AlertState): KnownLabels {
  const { names, values } = labelsOfRules(
    [...catalog.alerting.rules.values()].filter(rule => seesRule(view, rule, catalog)),
  )
  const instances = [...state.instances.values()].filter(instance => seesAlert(view, instance, catalog))
  const found = (label: string): string[] => instances.flatMap(({ labels }) => labels[label] ?? [])
  return {
    names: new Set([...names, ...instances.flatMap(({ labels }) => Object.keys(labels))]),
    values: new Map([...values].map(([label, known]) => [label, new Set([...known, ...found(label)])])),
  }
}

/**
 * Throws where a matcher names what no alert that is seen has, or can have: it would silence nothing.
 * @param before the silence that is changed, whose matchers may be of rules that are gone; null: a new one
 */
export function assertMatchers(
  { matchers }: Pick<Silence, 'matchers'>,
  before: Pick<Silence, 'matchers'> | null,
  labels: KnownLabels,
): void {
  const kept = new Set(before?.matchers.map(formatMatcher))
  for (const [index, matcher] of matchers.entries()) {
    const unknown = kept.has(formatMatcher(matcher)) ? null : unknownIn(matcher, labels)
    if (unknown === null) continue
    throw problemOf(unknown, `matchers/${index}`)
  }
}

/** Throws where a filter does. */
export function assertFilters(filters: readonly DimensionFilter[], labels: KnownLabels): void {
  for (const { field, values } of filters)
    for (const value of values) {
      const unknown = unknownIn({ label: field, op: '=', value }, labels)
      if (unknown !== null) throw problemOf(unknown, 'filter')
    }
}

const problemOf = ({ label, wrong, known }: UnknownLabel, parameter: string): ProblemError =>
  new ProblemError(
    'invalid_parameter',
    `${parameter}: no alert has ${label === null ? 'a label' : `the ${label}`} ${JSON.stringify(wrong)}.${meantOr(wrong, known)}`,
    { parameter, allowed: known },
  )
