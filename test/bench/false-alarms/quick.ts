/** What rules find at instants, from recorded minutes: the conditions of a running Kivi, without a database. */
import {
  type AlertRule,
  type Catalog,
  createZone,
  type Indicator,
  type RuleEvaluation,
  type Window,
} from '@kivi/domain'
import { observeGroup, windowsOf } from '../../../packages/domain/src/alerts/conditions/observe.ts'
import type { Reading, Subject } from '../../../packages/domain/src/alerts/conditions/reading.ts'
import { groupsIn, type Recorded, totals } from './recorder.ts'

type Evaluation = ReturnType<Reading['at']>

export function findQuickly(
  catalog: Catalog,
  recorded: Recorded,
  rule: AlertRule,
  instants: readonly number[],
): RuleEvaluation['instants'] {
  const indicator = catalog.indicators.get(rule.indicator ?? '')
  if (indicator === undefined) throw new Error(`${rule.id} reads no indicator`)
  const calendar = { zone: createZone(catalog.timezone), fiscalYearStart: catalog.fiscalYearStart }
  // intervals rest on what each person did, which is not recorded
  if (rule.condition.kind === 'expression' && rule.condition.certain && indicator.interval !== null)
    throw new Error(`${rule.id} needs an interval, and is not judged from recorded minutes`)
  const subject: Subject = { rule, indicator, catalog, calendar }
  const value = valueIn(catalog, recorded, indicator, rule.by)
  const groups = groupsOf(recorded, indicator, rule.by)
  return instants.map(instant => {
    const windows = windowsOf(subject, instant)
    const reading: Reading = {
      windows,
      at: (index, group) => value(windows[index] as Window, group),
      interval: () => null,
    }
    return { instant, observations: groups.map(group => observeGroup(subject, reading, group)) }
  })
}

type Part = (window: Window, group: string) => { value: number; n: number }

function partOf(catalog: Catalog, recorded: Recorded, id: string, by: readonly string[]): Part {
  const measure = catalog.measures.get(id)
  const total = totals(recorded, id, by)
  return ({ from, to }, group) => {
    const { n, sum } = total(group, from, to)
    return { value: measure?.agg === 'sum' ? sum : n, n }
  }
}

function valueIn(catalog: Catalog, recorded: Recorded, indicator: Indicator, by: readonly string[]) {
  const part = (id: string) => partOf(catalog, recorded, id, by)
  const evaluation = (value: number | null, n: number): Evaluation => ({
    ...{ value, n, reason: null, parts: {}, late: 0, provisional: false, provisionalUntil: null },
  })
  switch (indicator.type) {
    case 'simple': {
      const own = part(indicator.measure)
      return (window: Window, group: readonly string[]) => {
        const { value, n } = own(window, group.join('\u0000'))
        return evaluation(value, n)
      }
    }
    case 'ratio': {
      const [over, under] = [part(indicator.numerator), part(indicator.denominator)]
      return (window: Window, group: readonly string[]) => {
        const key = group.join('\u0000')
        const below = under(window, key)
        return evaluation(below.value === 0 ? null : over(window, key).value / below.value, below.n)
      }
    }
    case 'derived': {
      const parts = indicator.inputs.map(id => [id, part(id)] as const)
      return (window: Window, group: readonly string[]) => {
        const found = parts.map(([id, of]) => [id, of(window, group.join('\u0000'))] as const)
        const value = indicator.compute(Object.fromEntries(found.map(([id, one]) => [id, one.value])))
        return evaluation(
          value,
          found.reduce((sum, [, { n }]) => sum + n, 0),
        )
      }
    }
    default:
      throw new Error(`${indicator.id}: ${indicator.type} is not judged from recorded minutes`)
  }
}

function groupsOf(recorded: Recorded, indicator: Indicator, by: readonly string[]): ReadonlyArray<readonly string[]> {
  if (by.length === 0) return [[]]
  const ids = indicator.type === 'ratio' ? [indicator.numerator, indicator.denominator] : [measureId(indicator)]
  const found = new Map(ids.flatMap(id => groupsIn(recorded, id, by)).map(group => [group.join('\u0000'), group]))
  return [...found.values()]
}

function measureId(indicator: Indicator): string {
  if (indicator.type !== 'simple') throw new Error(`${indicator.id} is not judged by groups from recorded minutes`)
  return indicator.measure
}
