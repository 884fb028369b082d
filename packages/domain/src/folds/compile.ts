/**
 * One function per catalog that folds rows of columns into cells: a switch over event types, so that only the
 * measures that read a type are looked at, their filters and expressions in line. About ten times as quick as
 * calling closures per measure; `plain.ts` says the same in plain words, and tests hold this to it.
 *
 * What enters the program text: expressions that the catalog compiled, and numbers made here. No text of YAML.
 */
import { type Expression, type Measure, ownFilter } from '../definitions/index.ts'
import type { EventColumns, Layout } from '../event-columns.ts'
import { OUTCOME } from '../outcomes/outcomes.ts'
import { SUM_UNIT, TEN_SECONDS } from '../slices.ts'
import { type Cells, isRanked, isSummed, LANE } from './cells.ts'
import { CARRY_AT } from './numbers.ts'
import { bucketOf } from './quantiles.ts'

/** Measures with the same dimensions share cells: one look-up for all of them. */
export interface MeasureGroup {
  /** columns of layout.strings */
  readonly dimensions: readonly number[]
  readonly measures: readonly Measure[]
  readonly cells: Cells
}

/** Adds the accepted rows of [first, last). */
export type AddRows = (columns: EventColumns, watermarkBefore: Float64Array, first: number, last: number) => void

/** At how many levels (10 s, 15 min, day) an event comes late: their slices' ends are not after the watermark. */
export type LateLevels = (time: number, watermark: number) => number

export function compileFold(layout: Layout, groups: readonly MeasureGroup[], lateLevels: LateLevels): AddRows {
  const shared = sharedConditions(groups)
  const world: World = { layout, groups, shared }
  const cases = layout.eventTypes.map((name, type) => caseOf(name, type, world)).filter(text => text !== '')
  const source = `'use strict'
return function foldRows(columns, watermarkBefore, first, last) {
  const { outcome, eventTime, type, personHigh, personLow, strings, numbers, hashedHigh, hashedLow } = columns
  ${layout.strings.map((_, c) => `const s${c} = strings[${c}]`).join('\n  ')}
  ${layout.numbers.map((_, c) => `const n${c} = numbers[${c}]`).join('\n  ')}
  ${layout.hashed.map((_, c) => `const high${c} = hashedHigh[${c}], low${c} = hashedLow[${c}]`).join('\n  ')}
  ${groups.map((_, g) => `const cells${g} = groups[${g}], key${g} = cells${g}.index.key`).join('\n  ')}
  ${groups.map(setsOf).join('\n  ')}
  for (let i = first; i < last; i++) {
    if (outcome[i] !== ${OUTCOME.accepted}) continue
    const slice = Math.floor(eventTime[i] / ${TEN_SECONDS})
    const watermark = watermarkBefore[i]
    const late = watermark >= (slice + 1) * ${TEN_SECONDS} ? lateLevels(eventTime[i], watermark) : 0
    ${shared.map((condition, n) => `const shared${n} = ${condition.toColumns(layout)}`).join('\n    ')}
    switch (type[i]) {
${cases.join('\n')}
    }
  }
}`
  const make = new Function('groups', 'lateLevels', 'bucketOf', source)
  return make(
    groups.map(group => group.cells),
    lateLevels,
    bucketOf,
  ) as AddRows
}

/** The text that names the tables of a group's distinct values. */
const setsOf = ({ measures }: MeasureGroup, g: number): string =>
  measures
    .map(({ agg }, m) => (agg === 'count_distinct' ? `const distinct${g}_${m} = cells${g}.distinct[${m}]` : ''))
    .filter(text => text !== '')
    .join('; ')

interface World {
  readonly layout: Layout
  readonly groups: readonly MeasureGroup[]
  /** conditions that are looked at once per event: `shared0`, `shared1`, … */
  readonly shared: readonly Expression[]
}

/** What many measures ask of an event beside their own filters: that it is no invalid traffic. */
function sharedConditions(groups: readonly MeasureGroup[]): Expression[] {
  const measures = groups.flatMap(group => group.measures)
  return [...new Set(measures.flatMap(({ filter }) => filter?.parts?.shared ?? []))]
}

/** The texts of what an event has to fulfil to count for the measure. */
function conditionsOf({ filter }: Measure, { layout, shared }: World): string[] {
  const common = filter?.parts === undefined ? [] : [`shared${shared.indexOf(filter.parts.shared)}`]
  const own = ownFilter(filter)
  return own === null ? common : [...common, `(${own.toColumns(layout)})`]
}

function caseOf(name: string, type: number, world: World): string {
  const blocks = world.groups.map((group, g) => blockOf(name, world, group, g)).filter(text => text !== '')
  return blocks.length === 0 ? '' : `case ${type}: {\n${blocks.join('\n')}\nbreak\n}`
}

/** The measures of one group that read an event type. The cell is looked up by the first that takes the event. */
function blockOf(name: string, world: World, group: MeasureGroup, g: number): string {
  const updates: ((find: string) => string)[] = []
  group.measures.forEach((measure, m) => {
    if (measure.events.length === 0 || measure.events.includes(name))
      updates.push(updateOf(measure, m, world, group, g))
  })
  if (updates.length === 0) return ''
  const find = `cell = ${lookUp(group, g)}; at = cell * ${group.cells.shape.stride}`
  return `{ let cell = -1, at = 0
${updates.map(update => update(`if (cell < 0) { ${find} }`)).join('\n')} }`
}

/** The text that looks a row's cell up. */
function lookUp({ dimensions }: MeasureGroup, g: number): string {
  if (dimensions.length === 2) return `cells${g}.cell3(slice, s${dimensions[0]}[i], s${dimensions[1]}[i])`
  const keys = dimensions.map((column, d) => `, key${g}[${d + 1}] = s${column}[i]`).join('')
  return `(key${g}[0] = slice${keys}, cells${g}.cell())`
}

/** The text that adds an event to one measure, given the text that looks the cell up. */
function updateOf(measure: Measure, m: number, world: World, group: MeasureGroup, g: number) {
  const { layout } = world
  const lane = group.cells.shape.first[m] as number
  const conditions = conditionsOf(measure, world)
  const declarations: string[] = []
  const body: string[] = []
  const at = (offset: number) => `lanes[at + ${lane + offset}]`
  if (isSummed(measure.agg) || isRanked(measure.agg)) {
    if (measure.expr === null) throw new TypeError(`The measure ${measure.id} has no expression to aggregate.`)
    // a number is NaN where there is no data; + 0 turns −0 into 0, so that the order of events cannot show
    declarations.push(`const value = +(${measure.expr.toColumns(layout)}) + 0`)
    conditions.push('value === value')
  }
  if (isSummed(measure.agg)) {
    body.push(`const units = Math.round(value * ${SUM_UNIT}), sum = ${at(LANE.low)} + units
if (sum <= ${CARRY_AT} && sum >= ${-CARRY_AT}) ${at(LANE.low)} = sum; else cells${g}.addUnits(at + ${lane}, units)`)
  }
  if (isRanked(measure.agg)) {
    body.push(`if (${at(LANE.count)} === 0) { ${at(LANE.min)} = value; ${at(LANE.max)} = value }
else if (value < ${at(LANE.min)}) ${at(LANE.min)} = value
else if (value > ${at(LANE.max)}) ${at(LANE.max)} = value`)
  }
  if (measure.agg === 'quantile') body.push(`cells${g}.histograms[${m}].add(cell, bucketOf(value), 1)`)
  if (measure.agg === 'count_distinct') {
    const [high, low] = distinctLanes(measure, layout)
    declarations.push(`const high = ${high}[i], low = ${low}[i]`)
    conditions.push('(high | low) !== 0')
    body.push(`distinct${g}_${m}.find3(cell, high, low)`)
  }
  body.push(`${at(LANE.count)}++`, `if (late !== 0) cells${g}.countLate(cell, ${m}, late)`)
  return (find: string): string => `{ ${declarations.join('\n')}
${conditions.length === 0 ? '' : `if (${conditions.join(' && ')})`} { ${find}
const lanes = cells${g}.lanes
${body.join('\n')} } }`
}

function distinctLanes(measure: Measure, layout: Layout): [string, string] {
  if (measure.distinct === 'person') return ['personHigh', 'personLow']
  const column = layout.hashed.indexOf(measure.distinct ?? '')
  if (column < 0)
    throw new TypeError(`The measure ${measure.id} counts ${measure.distinct}, which is not in the layout.`)
  return [`high${column}`, `low${column}`]
}
