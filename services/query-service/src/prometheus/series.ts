/** Indicators as series: how they and their dimensions are called. */
import type { Catalog, Indicator } from '@kivi/domain'
import type { Matcher } from './promql/syntax.ts'

const NAME = '__name__'

/** Indicators whose names fit, in the catalog's order. */
export function selected(catalog: Catalog, matchers: readonly Matcher[]): Indicator[] {
  const names = matchers.filter(({ label }) => label === NAME)
  return [...catalog.indicators.values()].filter(indicator => names.every(one => one.matches(metricName(indicator.id))))
}

/** `kivi_ctr` of the indicator `ctr`. */
export const metricName = (id: string): string => `kivi_${plain(id)}`

/** Dimensions by the labels that stand for them: `properties_policy` for `properties.policy`. */
export const dimensionsByLabel = ({ dimensions }: Pick<Indicator, 'dimensions'>): ReadonlyMap<string, string> =>
  new Map(dimensions.map(dimension => [plain(dimension), dimension]))

const plain = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')

export type LabelSet = Readonly<Record<string, string>>

/** Tells label sets apart, whatever their order. */
export const labelKey = (labels: LabelSet): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/** With the name first, then the others in their order; a label without a text is none. */
export function labelSet(name: string | null, labels: Iterable<readonly [string, string]>): LabelSet {
  const entries = [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(name === null ? entries : [[NAME, name], ...entries])
}

export function withoutName(labels: LabelSet): LabelSet {
  const { [NAME]: _, ...rest } = labels
  return rest
}

/** One number a step; null: there is none. */
export type Column = ReadonlyArray<number | null>

export interface Series {
  readonly labels: LabelSet
  readonly values: Column
}
