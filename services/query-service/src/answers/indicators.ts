import type { Catalog, Indicator, Target } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { formatTime } from '../questions/times.ts'

interface IndicatorSummary {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly description: { readonly en: string; readonly zh: string }
  readonly type: Indicator['type']
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
  readonly from: string
  readonly until: string | null
  readonly reason: string
  readonly set_by: string
  readonly set_at: string
}

export interface IndicatorDetail extends IndicatorSummary {
  /** how it is computed, by the names of measures and indicators */
  readonly formula: string
  readonly measures: ReadonlyArray<{
    readonly id: string
    readonly agg: string
    readonly events: readonly string[]
    readonly expr: string | null
    readonly filter: string | null
    readonly distinct: string | null
    readonly dimensions: readonly string[]
  }>
  readonly at_risk_within: number
  readonly minimum_volume: number | null
  readonly targets: readonly TargetSummary[]
  readonly benchmarks: ReadonlyArray<{ readonly label: string; readonly value: number }>
}

function summary(indicator: Indicator, now: number): IndicatorSummary {
  const text = (value: Indicator['label']) => ({ en: value.en, zh: value.zh ?? value.en })
  const current = indicator.targets
    .filter(target => Object.keys(target.by).length === 0 && target.from <= now && (target.until ?? now + 1) > now)
    .at(-1)
  return {
    id: indicator.id,
    label: text(indicator.label),
    description: text(indicator.description),
    type: indicator.type,
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
  const ids =
    indicator.type === 'simple'
      ? [indicator.measure]
      : indicator.type === 'ratio'
        ? [indicator.numerator, indicator.denominator]
        : indicator.type === 'derived'
          ? indicator.inputs
          : []
  return {
    ...summary(indicator, now),
    formula: formulaOf(indicator),
    measures: ids.flatMap(id => {
      const measure = catalog.measures.get(id)
      return measure === undefined
        ? []
        : [
            {
              id,
              agg: measure.agg,
              events: measure.events,
              expr: measure.expr?.source ?? null,
              filter: measure.filter?.source ?? null,
              distinct: measure.distinct,
              dimensions: measure.dimensions,
            },
          ]
    }),
    at_risk_within: indicator.at_risk_within,
    minimum_volume: indicator.minimum_volume,
    targets: indicator.targets.map(targetSummary),
    benchmarks: [],
  }
}

function formulaOf(indicator: Indicator): string {
  switch (indicator.type) {
    case 'simple':
      return indicator.measure
    case 'ratio':
      return `${indicator.numerator} / ${indicator.denominator}`
    case 'derived':
      return indicator.expr
    default:
      return indicator.type
  }
}

const targetSummary = (target: Target): TargetSummary => ({
  value: target.value,
  by: target.by,
  per: target.per,
  window: target.window,
  from: formatTime(target.from),
  until: target.until === null ? null : formatTime(target.until),
  reason: target.reason,
  set_by: target.set_by,
  set_at: target.set_at,
})

export interface IndicatorPage {
  readonly items: readonly IndicatorSummary[]
  readonly next: string | null
}

/** A page in the catalog's order; a cursor names the last id that was shown, so that it survives a changed catalog. */
export function page(catalog: Catalog, limit: number, cursor: string | null, now: number): IndicatorPage {
  const all = [...catalog.indicators.values()]
  let start = 0
  if (cursor !== null) {
    const last = Buffer.from(cursor, 'base64url').toString()
    start = all.findIndex(indicator => indicator.id === last) + 1
    if (start === 0)
      throw new ProblemError('invalid_parameter', 'cursor is not one that this catalog gave: begin again without it.', {
        parameter: 'cursor',
      })
  }
  const items = all.slice(start, start + limit)
  const last = items.at(-1)
  const more = last !== undefined && start + limit < all.length
  return {
    items: items.map(indicator => summary(indicator, now)),
    next: more ? Buffer.from(last.id).toString('base64url') : null,
  }
}
