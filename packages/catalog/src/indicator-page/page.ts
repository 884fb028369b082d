/** docs/indicators.md: what each indicator of a catalog means, in English and Chinese. Pure: catalog in, text out. */
import { type AnyMeasure, type Catalog, formatWindow, type Indicator, type Target, type Text } from '@kivi/domain'
import { groupsOf } from './groups.ts'
import { measuresOf, needsOf } from './needs.ts'
import { formulaOf, measureInWords } from './words.ts'

export function indicatorPage(catalog: Catalog): string {
  const groups = groupsOf(catalog)
  const measures = new Map<string, AnyMeasure>()
  const sections = groups.map(({ title, indicators }) =>
    [
      `## ${title}`,
      ...indicators.map(indicator => {
        const own = measuresOf(catalog, indicator)
        for (const measure of own) measures.set(measure.id, measure)
        return entry(catalog, indicator, own)
      }),
    ].join('\n\n'),
  )
  const contents = groups.map(({ title }) => `[${title}](#${anchor(title)})`)
  return `${[
    HEAD,
    `Contents: ${[...contents, '[Analyses · 分析](#analyses--分析)', '[Measures · 度量](#measures--度量)'].join(', ')}.`,
    ...sections,
    analyses(catalog),
    measureTable(catalog, [...measures.values()]),
  ].join('\n\n')}\n`
}

const HEAD = `# The indicators · 指标

Made from the shipped catalog by \`npm run docs:indicators\`; a test fails when it is stale. ↑ higher is better, ↓ lower
is better. How the catalog is written: [catalog.md](catalog.md). Targets are examples.

由随附的指标目录生成。↑ 越高越好，↓ 越低越好；目标值为示例。`

function entry(catalog: Catalog, indicator: Indicator, measures: readonly AnyMeasure[]): string {
  const { id, description, better, unit, level, kind, timing, owner, parent } = indicator
  const formula = formulaOf(catalog, indicator)
  const place = [level, kind, timing, owner === null ? null : `owner ${owner}`].filter(Boolean).join(', ')
  const rows = [
    ['Formula · 公式', `${formula.en}<br>${formula.zh}`],
    ['Measures · 度量', measures.map(measure => `[\`${measure.id}\`](#${measure.id})`).join(', ')],
    [
      'Events · 所需事件',
      needsOf(catalog, measures)
        .map(need => `\`${need}\``)
        .join(', '),
    ],
    ['By · 维度', indicator.dimensions.map(name => `\`${name}\``).join(', ') || '–'],
    ['Window · 窗口', indicator.window],
    ['Target · 目标', targets(indicator)],
    ...(indicator.benchmarks.length === 0 ? [] : [['Benchmark · 基准', benchmarks(indicator)]]),
    ...(indicator.interval === null ? [] : [['Interval · 区间', INTERVALS[indicator.interval]]]),
    [
      'Place · 归属',
      parent === null ? place : `${place}; part of [\`${parent}\`](#${anchor(heading(catalog, parent))})`,
    ],
    ['Source · 定义来源', indicator.source ?? '–'],
  ]
  return [
    `### ${heading(catalog, id)}`,
    `${better === 'higher' ? '↑' : '↓'} ${unit}. ${description.en}`,
    zhOf(description),
    table(['', ''], rows),
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

const heading = (catalog: Catalog, id: string): string => {
  const { label } = catalog.indicators.get(id)!
  return `${id}: ${label.en}${label.zh === undefined ? '' : ` · ${label.zh}`}`
}

const zhOf = ({ zh }: Text): string => zh ?? ''

const INTERVALS = {
  wilson: 'Wilson',
  clustered: 'delta method, clustered by person',
  nps: 'adjusted Wald',
} as const

function targets(indicator: Indicator): string {
  if (indicator.targets.length === 0) return '–'
  return indicator.targets.map(target => `${targetInWords(target, indicator)}`).join('<br>')
}

function targetInWords({ value, baseline, per, window, by, from, until, reason }: Target, { unit, better }: Indicator) {
  const period = per !== null ? ` per ${per}` : window !== null ? ` over ${window}` : ''
  const segment = Object.entries(by).map(([name, of]) => `, ${name} ${of}`)
  const told = baseline ? ` (${shown(baseline.value, unit)} ${signed(baseline.change)})` : ''
  const dates = ` from ${day(from)}${until === null ? '' : ` until ${day(until)}`}`
  return `${better === 'higher' ? '≥' : '≤'} ${shown(value, unit)}${told}${period}${segment.join('')}${dates}: ${reason}`
}

const benchmarks = ({ benchmarks, unit }: Indicator): string =>
  benchmarks
    .map(({ label, value, upper, source }) => {
      const range = upper === null ? shown(value, unit) : `${shown(value, unit)} – ${shown(upper, unit)}`
      return `${label.en} · ${zhOf(label)} ${range} (${source})`
    })
    .join('<br>')

const signed = (change: number): string => `${change < 0 ? '−' : '+'} ${Math.round(Math.abs(change) * 1000) / 10} %`
const shown = (value: number, unit: string): string =>
  unit === 'percent' ? `${Number((value * 100).toPrecision(12))} %` : String(value)
const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** What is no single number: steps, segments, credit, cohorts, reasons. */
function analyses({ funnels, valueSegments, attributions }: Catalog): string {
  const rows = [
    ...[...funnels.values()].map(({ name, label, steps, withinMs }) => [
      `funnel \`${name}\``,
      [label.en, zhOf(label)].filter(Boolean).join(' · '),
      `${steps.map(step => step.label.en).join(' → ')}, within ${formatWindow(withinMs)} of the first`,
    ]),
    ...[...valueSegments.values()].map(({ name, value, limits, shares }) => [
      `value segments \`${name}\``,
      'Value segments · 价值分层',
      `\`${value.source}\` as the period begins: ${limits
        .map(({ segment, from }, i) => `${segment} from ${from}, or the top ${(shares[i]?.share ?? 0) * 100} %`)
        .join('; ')}`,
    ]),
    ...[...attributions.values()].map(({ name, credit, windowMs }) => [
      `attribution \`${name}\``,
      'Credit for conversions · 转化归因',
      `${credit} touch, window ${formatWindow(windowMs)}`,
    ]),
    [
      'cohorts',
      'Retention triangle · 留存三角',
      'new persons by day, week or month, and how many of them are back in each later one',
    ],
    [
      'churn reasons',
      'Churn reasons · 流失原因',
      'last topic of a ticket, survey or mention in the 90 days before the period in which a person churned; its share among the churned beside that among those who stayed',
    ],
  ]
  return `## Analyses · 分析\n\nAsked as [api.md](api.md) tells.\n\n${table(['', '', 'definition · 定义'], rows)}`
}

function measureTable(catalog: Catalog, measures: readonly AnyMeasure[]): string {
  const rows = measures
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(measure => [
      `<a id="${measure.id}"></a>\`${measure.id}\``,
      [measure.label.en, zhOf(measure.label)].filter(Boolean).join(' · '),
      measureInWords(catalog, measure),
      followUp(measure),
    ])
  return `## Measures · 度量\n\n${table(['id', 'label · 名称', 'counts · 口径', 'can still change for · 暂定期'], rows)}`
}

function followUp(measure: AnyMeasure): string {
  const after = 'followUp' in measure ? measure.followUp : null
  if (after === null) return ''
  return 'days' in after ? `${after.days} calendar days` : formatWindow(after.ms)
}

const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [head, head.map(() => '---'), ...rows.map(cells => cells.map(cell => cell.replaceAll('|', '\\|')))]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

/** as GitHub makes them */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
