/** Which series there are, by which labels, with which values: what Grafana's editor and variables ask for. */
import {
  type Asked,
  type Catalog,
  type Indicator,
  isStored,
  measuresBehind,
  rangeWindow,
  storedRange,
  type Window,
} from '@kivi/domain'
import { latestWindow } from '../answers/asked-window.ts'
import { type Desk, momentOf } from '../answers/desk.ts'
import { readAnswers } from '../answers/recorded.ts'
import { PrometheusError } from './errors.ts'
import { leavesOf } from './leaves.ts'
import type { Notes } from './notes.ts'
import type { Selector } from './promql/syntax.ts'
import { readLeaves } from './read.ts'
import { dimensionsByLabel, type LabelSet, labelKey, metricName, selected } from './series.ts'

/** When series are looked for, epoch ms; null where it is not told. */
export interface Between {
  readonly start: number | null
  readonly end: number | null
}

const NAME = '__name__'
/** Indicators whose groups are looked through for the values of a label. */
const MOST_LOOKED_AT = 200

/** Indicators that any of the selectors names; without selectors all. */
export function indicatorsIn(catalog: Catalog, selectors: readonly Selector[]): Indicator[] {
  if (selectors.length === 0) return [...catalog.indicators.values()]
  return [...new Set(selectors.flatMap(({ matchers }) => selected(catalog, matchers)))]
}

export function labelNames(catalog: Catalog, selectors: readonly Selector[]): string[] {
  const labels = indicatorsIn(catalog, selectors).flatMap(indicator => [...dimensionsByLabel(indicator).keys()])
  return [...new Set([NAME, ...labels])].sort()
}

export const seriesNames = (catalog: Catalog, selectors: readonly Selector[]): string[] =>
  indicatorsIn(catalog, selectors)
    .map(({ id }) => metricName(id))
    .sort()

/** Indicators in whose groups the values of a label are looked for. */
export function indicatorsWith(catalog: Catalog, selectors: readonly Selector[], label: string): Indicator[] {
  const all = indicatorsIn(catalog, selectors).filter(indicator => dimensionsByLabel(indicator).has(label))
  if (selectors.length > 0) return all.slice(0, MOST_LOOKED_AT)
  // each value is one of an event, so what counts events has them all, and is the cheapest to ask
  const plain = all.filter(
    indicator =>
      indicator.type === 'simple' &&
      measuresBehind(catalog, indicator).every(({ kind }) => kind === undefined || kind === 'event'),
  )
  return (plain.length > 0 ? plain : all).slice(0, MOST_LOOKED_AT)
}

/** The values of a dimension between two instants, or in each indicator's own window. */
export async function labelValues(
  desk: Desk,
  selectors: readonly Selector[],
  label: string,
  between: Between,
): Promise<string[]> {
  const asked = await Promise.all(
    indicatorsWith(desk.listed, selectors, label).map(async (indicator): Promise<Asked[]> => {
      const field = dimensionsByLabel(indicator).get(label) as string
      const window = await windowOf(desk, indicator, between)
      return window === null ? [] : [{ indicator, window, by: [field], filters: [], bare: true }]
    }),
  )
  const questions = asked.flat()
  const answers = await readAnswers(desk, questions)
  const values = new Set(questions.flatMap((_, index) => answers.groups(index).map(group => group[0] ?? '')))
  values.delete('')
  const matchers = selectors.map(one => one.matchers.filter(matcher => matcher.label === label))
  const fits = (value: string) =>
    matchers.length === 0 || matchers.some(of => of.every(matcher => matcher.matches(value)))
  return [...values].filter(fits).sort()
}

async function windowOf(desk: Desk, indicator: Indicator, { start, end }: Between): Promise<Window | null> {
  const moment = momentOf(desk, indicator)
  if (moment.watermark === null) return null
  if (start === null || start >= (end ?? moment.now)) return latestWindow(desk, indicator, {})
  const range = storedRange({ from: Math.max(0, start), to: Math.min(end ?? moment.now, moment.now) }, moment)
  return range === null || !isStored(range, moment) ? null : rangeWindow(range.from, range.to)
}

/** The label sets that the selectors give at an instant. */
export async function seriesAt(
  desk: Desk,
  selectors: readonly Selector[],
  time: number,
  notes: Notes,
): Promise<LabelSet[]> {
  const leaves = selectors.flatMap(selector => leavesOf(selector))
  const read = await readLeaves(desk, leaves, [time], notes)
  const found = new Map<string, LabelSet>()
  for (const series of read.values()) for (const { labels } of series) found.set(labelKey(labels), labels)
  return [...found.values()]
}

export function metadata(
  catalog: Catalog,
  metric: string | null,
  limit: number | null,
): Record<string, ReadonlyArray<{ type: 'gauge'; help: string; unit: string }>> {
  const entries = [...catalog.indicators.values()]
    .filter(({ id }) => metric === null || metricName(id) === metric)
    .map(
      indicator => [metricName(indicator.id), [{ type: 'gauge' as const, help: helpOf(indicator), unit: '' }]] as const,
    )
  return Object.fromEntries(limit === null ? entries : entries.slice(0, limit))
}

/** `Click-through rate (percent, 1d). Clicks per impression.` */
export function helpOf({ label, description, unit, window }: Indicator): string {
  return `${label.en} (${unit}, over ${window}). ${description.en}`.trim()
}

/** `match[]` names what is wanted: everything at once would be every indicator by nothing. */
export function assertSelectors(selectors: readonly Selector[]): void {
  if (selectors.length === 0) throw new PrometheusError('bad_data', 'no match[] parameter provided')
}
