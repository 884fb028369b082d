import { type Catalog, formatWindow, type Indicator, measuresOf, type Target } from '@kivi/domain'
import { type AskedPage, type Page, pageOf } from '../http/paging.ts'
import { formatTime } from '../questions/times.ts'
import { formulaOf } from './formulas.ts'
import { inBoth } from './in-both.ts'
import { type MeasureItem, measureItem } from './measures.ts'

interface IndicatorSummary {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly description: { readonly en: string; readonly zh: string }
  /** as the file says it: a conversion, retention or funnel is a ratio of measures made for it */
  readonly type: Indicator['type'] | NonNullable<Indicator['declared']>
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly level: string | null
  readonly kind: string | null
  readonly timing: string | null
  readonly owner: string | null
  readonly strategy: string | null
  readonly parent: string | null
  readonly dimensions: readonly string[]
  readonly window: string
  readonly board: boolean
  /** the target in force now for all segments, with the period or window it is for */
  readonly target: TargetSummary | null
  readonly version: string
}

interface TargetSummary {
  readonly value: number
  readonly by: Readonly<Record<string, string>>
  readonly per: string | null
  readonly window: string | null
  /** where the value was told as a change from a baseline */
  readonly baseline: { readonly change: number; readonly value: number } | null
  readonly from: string
  readonly until: string | null
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
}

export interface IndicatorDetail extends IndicatorSummary {
  /** how it is computed, by the names of measures and indicators */
  readonly formula: string
  /** everything that it rests on, however indirectly */
  readonly measures: readonly MeasureItem[]
  /** a point of its series is the value of the whole window that ends there */
  readonly rolling: boolean
  readonly interval: Indicator['interval']
  /** it is provisional while this is above zero */
  readonly provisional_while: string | null
  /** how often its value is recorded, and by which dimensions; null: it is computed when asked */
  readonly record: { readonly every: string; readonly by: readonly string[] } | null
  readonly at_risk_within: number
  readonly minimum_volume: number | null
  readonly targets: readonly TargetSummary[]
  readonly benchmarks: ReadonlyArray<{
    readonly label: { readonly en: string; readonly zh: string }
    readonly value: number
    readonly upper: number | null
    readonly source: string
  }>
  /** where its definition comes from */
  readonly source: string | null
}

function summary(indicator: Indicator, now: number): IndicatorSummary {
  const current = indicator.targets
    .filter(target => Object.keys(target.by).length === 0 && target.from <= now && (target.until ?? now + 1) > now)
    .at(-1)
  return {
    id: indicator.id,
    label: inBoth(indicator.label),
    description: inBoth(indicator.description),
    type: indicator.declared ?? indicator.type,
    unit: indicator.unit,
    better: indicator.better,
    level: indicator.level,
    kind: indicator.kind,
    timing: indicator.timing,
    owner: indicator.owner,
    strategy: indicator.strategy,
    parent: indicator.parent,
    dimensions: indicator.dimensions,
    window: indicator.window,
    board: indicator.board,
    target: current === undefined ? null : targetSummary(current),
    version: indicator.version,
  }
}

export function detail(catalog: Catalog, indicator: Indicator, now: number): IndicatorDetail {
  const { record } = indicator
  return {
    ...summary(indicator, now),
    formula: formulaOf(indicator),
    measures: measuresOf(catalog, indicator).map(measureItem),
    rolling: indicator.rolling,
    interval: indicator.interval,
    provisional_while: indicator.provisional_while,
    record: record === null ? null : { every: formatWindow(record.everyMs), by: record.by },
    at_risk_within: indicator.at_risk_within,
    minimum_volume: indicator.minimum_volume,
    targets: indicator.targets.map(targetSummary),
    benchmarks: indicator.benchmarks.map(({ label, value, upper, source }) => ({
      label: inBoth(label),
      value,
      upper,
      source,
    })),
    source: indicator.source,
  }
}

const targetSummary = (target: Target): TargetSummary => ({
  value: target.value,
  by: target.by,
  per: target.per,
  window: target.window,
  baseline: target.baseline ?? null,
  from: formatTime(target.from),
  until: target.until === null ? null : formatTime(target.until),
  reason: target.reason,
  set_by: target.set_by,
  set_at: target.set_at,
})

/** A page in the catalog's order; a cursor names the last id that was shown, so that it survives a changed catalog. */
export function page(catalog: Catalog, asked: AskedPage, now: number): Page<IndicatorSummary> {
  const { items, next } = pageOf([...catalog.indicators.values()], asked, indicator => indicator.id)
  return { items: items.map(indicator => summary(indicator, now)), next }
}
