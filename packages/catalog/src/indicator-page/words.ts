/** Formulas in words: how a value is made of others, in English and Chinese. */
import {
  type AnyMeasure,
  type CalendarPeriod,
  type Catalog,
  type Indicator,
  type Offset,
  ownFilter,
  type Text,
} from '@kivi/domain'

export interface Words {
  readonly en: string
  readonly zh: string
}

const PERIODS: Readonly<Record<CalendarPeriod, Words>> = {
  day: { en: 'day', zh: '日' },
  week: { en: 'week', zh: '周' },
  month: { en: 'month', zh: '月' },
  quarter: { en: 'quarter', zh: '季度' },
  year: { en: 'year', zh: '年' },
}

/** The formula over the labels of what it is made of. */
export function formulaOf(catalog: Catalog, indicator: Indicator): Words {
  const name = (id: string): Words => bilingual(catalog.indicators.get(id)?.label ?? { en: id })
  switch (indicator.type) {
    case 'simple':
      return bilingual(
        (catalog.measures.get(indicator.measure) ?? catalog.derivedMeasures.get(indicator.measure))!.label,
      )
    case 'ratio':
      return each(w => `${w(name(indicator.numerator))} ÷ ${w(name(indicator.denominator))}`)
    case 'derived':
      return each(w =>
        indicator.expr.replaceAll(/[a-z_][a-z0-9_]*/g, word => {
          if (NAMES[word] !== undefined) return w(NAMES[word])
          const offset = indicator.offsets.get(word)
          if (offset !== undefined) return `${w(name(offset.of))} ${w(before(offset.offset))}`
          return indicator.inputs.includes(word) ? w(name(word)) : word
        }),
      )
    case 'cumulative':
      return each(w => `${w(name(indicator.of))}${w(over(indicator.over))}`)
    case 'growth':
      return each(w =>
        indicator.as === 'difference'
          ? `${w(name(indicator.of))} − ${w(SAME)}${w(before(indicator.against))}`
          : `${w(name(indicator.of))} ÷ ${w(SAME)}${w(before(indicator.against))} − 1`,
      )
    case 'share':
      return {
        en: `${name(indicator.of).en} of a \`${indicator.by}\` ÷ that of all`,
        zh: `各 \`${indicator.by}\` 的${name(indicator.of).zh} ÷ 全部`,
      }
    case 'mean':
      return {
        en: `mean of ${name(indicator.of).en} ${indicator.opening ? `as the window begins and as each ${indicator.per} ends` : `over the complete ${PERIODS[indicator.per].en}s`}`,
        zh: `${name(indicator.of).zh}的均值（${indicator.opening ? `期初与各${PERIODS[indicator.per].zh}末` : `各完整${PERIODS[indicator.per].zh}`}）`,
      }
    case 'weighted':
      return {
        en: `mean of ${name(indicator.of).en} over \`${indicator.by}\`, weighted ${weights(indicator.weights)}`,
        zh: `各 \`${indicator.by}\` 的${name(indicator.of).zh}的加权平均，权重 ${weights(indicator.weights)}`,
      }
    case 'correlation':
      return {
        en: `correlation of the daily ${name(indicator.x).en} and ${name(indicator.y).en}, lags up to ${indicator.lags} days`,
        zh: `每日${name(indicator.x).zh}与${name(indicator.y).zh}的相关系数，滞后至多 ${indicator.lags} 天`,
      }
  }
}

const NAMES: Readonly<Record<string, Words>> = {
  window_days: { en: 'days of the window', zh: '窗口天数' },
  window_months: { en: 'months of the window', zh: '窗口月数' },
}
const SAME: Words = { en: 'the same ', zh: '' }

const bilingual = ({ en, zh }: Text): Words => ({ en, zh: zh ?? en })

/** says it once in each language */
const each = (say: (word: (words: Words) => string) => string): Words => ({ en: say(w => w.en), zh: say(w => w.zh) })

function before(offset: Offset): Words {
  switch (offset.kind) {
    case 'previous':
      return { en: 'of the preceding period', zh: '上一周期' }
    case 'week':
      return { en: 'a week before', zh: '上周同期' }
    case 'year':
      return { en: 'a year before', zh: '去年同期' }
    case 'length':
      return { en: `${offset.ms / 86_400_000} days before`, zh: `${offset.ms / 86_400_000} 天前` }
    case 'end_of':
      return {
        en: `at the end of the ${PERIODS[offset.period].en} before`,
        zh: `上${PERIODS[offset.period].zh}末`,
      }
  }
}

function over(length: Extract<Indicator, { type: 'cumulative' }>['over']): Words {
  if (length === 'ever') return { en: ', of all time up to the window’s end', zh: '（截至窗口结束的全部时间）' }
  if ('grain' in length) return { en: ` since the ${length.grain} began`, zh: `（本${PERIODS[length.grain].zh}至今）` }
  const days = 'days' in length ? length.days : length.ms / 86_400_000
  return days === 1
    ? { en: ' of the calendar day that holds the window’s end', zh: '（窗口结束所在日历日）' }
    : { en: ` of the ${days} calendar days that end with the window`, zh: `（截至窗口结束的 ${days} 个日历日）` }
}

const weights = (by: Readonly<Record<string, number>>): string =>
  Object.entries(by)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(', ')

/** What a measure counts, as the catalog says it. */
export function measureInWords(catalog: Catalog, measure: AnyMeasure): string {
  const what = aggregate(measure)
  switch (measure.kind) {
    case 'entity': {
      const { timing, filter } = measure
      const when =
        timing.kind === 'at'
          ? ` at \`${timing.time.source}\``
          : timing.kind === 'each'
            ? ` for each of \`${timing.list}\`${timing.per === null ? '' : ` per ${timing.per}`}`
            : ' as of the end of the window'
      return `${what} of \`${measure.entity}\`${when}${where(filter)}`
    }
    case 'attributed': {
      const attribution = catalog.attributions.get(measure.attribution)!
      const counted = measure.expr === null ? '' : ` \`${measure.expr.source}\``
      return `${CREDITED[measure.counts]}${counted} by \`${measure.attribution}\` (${attribution.credit} touch, ${attribution.windowMs / 86_400_000} d)`
    }
    case 'funnel': {
      const step = catalog.funnels.get(measure.funnel)!.steps[measure.step]!
      return `persons who reached step \`${step.name}\` of funnel \`${measure.funnel}\``
    }
    case 'reference':
      return `reference value \`${measure.reference}\`, ${TAKEN[measure.take]}`
    default:
      return `${what} of ${measure.events.map(type => `\`${type}\``).join(', ') || 'all events'}${where(ownFilter(measure.filter))}`
  }
}

const CREDITED = {
  touches: 'touches',
  converted_touches: 'touches credited',
  conversions: 'conversions credited',
  value: 'value credited:',
  persons: 'persons touched',
  converted_persons: 'persons credited',
} as const

const TAKEN = {
  start: 'as of the start',
  end: 'as of the end',
  mean: 'mean of start and end',
  sum: 'in proportion of time',
} as const

const where = (filter: { readonly source: string } | null): string =>
  filter === null ? '' : ` where \`${oneLine(filter.source)}\``

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

function aggregate(measure: AnyMeasure): string {
  const expr = 'expr' in measure && measure.expr !== null ? ` \`${oneLine(measure.expr.source)}\`` : ''
  const distinct = 'distinct' in measure ? measure.distinct : null
  switch (measure.agg) {
    case 'count':
      return 'count'
    case 'count_distinct':
      return `distinct \`${typeof distinct === 'string' ? distinct : (distinct?.source ?? 'rows')}\``
    case 'quantile':
      return `${measure.quantile === 0.5 ? 'median' : `quantile ${measure.quantile}`} of${expr}`
    default:
      return `${measure.agg} of${expr}`
  }
}
