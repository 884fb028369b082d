/** The cohort triangle: how many of those who came first in one period came back how many periods later. */
import {
  type Calendar,
  type Catalog,
  type CohortCounts,
  type CohortQuestion,
  type Entity,
  type Interval,
  type Period,
  periodAfter,
  periodAt,
  periodsBetween,
  type TimeRange,
  wilson,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { meantOr } from '../http/unknown.ts'
import { formatTime, parseTime } from '../questions/times.ts'
import { type AnalysisMoment, type Freshness, freshnessAt } from './moment.ts'

export interface AskedRetention {
  readonly entity: string
  readonly first: string
  readonly again: string
  readonly period: Period
  readonly from?: string
  readonly to?: string
  readonly periods?: number
  readonly rule: 'on' | 'on_or_after'
  readonly as_of?: string
}

interface Cell {
  readonly retained: number
  readonly rate: number | null
  /** the period is not over: it can still grow */
  readonly partial: boolean
}

export interface RetentionAnswer extends Freshness {
  readonly entity: string
  readonly first: string
  readonly again: string
  readonly period: Period
  readonly rule: AskedRetention['rule']
  readonly timezone: string
  readonly from: string
  readonly to: string
  readonly cohorts: ReadonlyArray<{
    readonly from: string
    readonly to: string
    readonly persons: number
    /** the cohort's own period is not over */
    readonly partial: boolean
    /** by how many periods later; null: that period has not begun */
    readonly cells: ReadonlyArray<Cell | null>
  }>
  /** the same over all cohorts of which the period is over */
  readonly pooled: ReadonlyArray<{
    readonly later: number
    readonly persons: number
    readonly retained: number
    readonly rate: number | null
    readonly interval: Interval | null
  }>
}

/** How many cohorts there are where nobody says from when, and how many periods are looked at. */
const USUAL: Readonly<Record<Period, number>> = { day: 30, week: 12, month: 12, quarter: 8, year: 5 }
export const MOST_PERIODS = 400
const MOST_CELLS = 40_000

/** What to ask of the store. The periods reach as far as the data are known: what is later has not begun. */
export function cohortQuestion(catalog: Catalog, asked: AskedRetention, moment: AnalysisMoment): CohortQuestion {
  const { entity } = fieldsOf(catalog, asked)
  const { calendar } = moment
  const end = moment.watermark ?? moment.now
  const to = asked.to === undefined ? end : parseTime(asked.to, 'to')
  const from =
    asked.from === undefined
      ? periodAfter(calendar, asked.period, to - 1, 1 - USUAL[asked.period]).from
      : periodAt(calendar, asked.period, parseTime(asked.from, 'from')).from
  if (from >= to)
    throw new ProblemError('invalid_parameter', `from (${formatTime(from)}) is not before to (${formatTime(to)}).`, {
      parameter: 'from',
    })
  const cohorts = bounded(calendar, asked.period, { from: Math.max(from, 0), to })
  const later = asked.periods ?? USUAL[asked.period]
  const last = periodAfter(calendar, asked.period, to - 1, later).to
  const periods = bounded(calendar, asked.period, { from: Math.max(from, 0), to: Math.max(to, Math.min(last, end)) })
  if (cohorts.length * (later + 1) > MOST_CELLS)
    throw new ProblemError(
      'too_many_points',
      `The triangle would have ${cohorts.length * (later + 1)} cells, and ${MOST_CELLS} are the most: ask for fewer cohorts or periods.`,
      { parameter: 'periods' },
    )
  return {
    entity: entity.name,
    first: asked.first,
    again: asked.again,
    periods,
    cohorts: cohorts.length,
    rule: asked.rule,
    known: moment.known,
    asOf: moment.asOf,
  }
}

function bounded(calendar: Calendar, period: Period, range: TimeRange): TimeRange[] {
  // counted before they are made: the shortest period is a day
  if (range.to - range.from < 2 * MOST_PERIODS * 366 * 86_400_000) {
    const found = periodsBetween(calendar, period, range)
    if (found.length <= 2 * MOST_PERIODS) return found
  }
  throw new ProblemError(
    'too_many_points',
    `There would be more than ${2 * MOST_PERIODS} periods between ${formatTime(range.from)} and ${formatTime(range.to)}: take a longer period or a shorter time.`,
    { parameter: 'from' },
  )
}

/** Checks the names; what is not there is told with what is. */
function fieldsOf(catalog: Catalog, asked: AskedRetention): { entity: Entity } {
  const people = [...catalog.entities.values()].filter(({ key, split }) => key.join() === 'person' && split === null)
  const entity = people.find(({ name }) => name === asked.entity)
  if (entity === undefined)
    throw unknown(
      'entity',
      asked.entity,
      'no entity whose key is the person',
      people.map(({ name }) => name),
    )
  const fields = [...entity.fields.values()]
  const lists = fields.filter(field => field.agg === 'list').map(field => field.name)
  const times = fields.filter(field => field.agg !== 'list' && field.type === 'time').map(field => field.name)
  if (![...lists, ...times].includes(asked.first))
    throw unknown('first', asked.first, `no list or time of ${entity.name}`, [...times, ...lists])
  if (!lists.includes(asked.again)) throw unknown('again', asked.again, `no list of ${entity.name}`, lists)
  return { entity }
}

const unknown = (parameter: string, given: string, what: string, allowed: readonly string[]) =>
  new ProblemError(
    'invalid_parameter',
    `${parameter} is ${JSON.stringify(given)}, which is ${what}.${meantOr(given, allowed)}`,
    { parameter, allowed },
  )

export function retentionAnswer(
  asked: AskedRetention,
  question: CohortQuestion,
  counts: readonly CohortCounts[],
  moment: AnalysisMoment,
): RetentionAnswer {
  const { periods } = question
  const known = moment.watermark ?? Number.NEGATIVE_INFINITY
  const longest = asked.periods ?? USUAL[asked.period]
  const isOver = (index: number) => periods[index]!.to <= known
  const cohorts = periods.slice(0, question.cohorts).map((period, index) => {
    const found = counts.find(({ cohort }) => cohort === index)
    const persons = found?.persons ?? 0
    const cells = Array.from({ length: longest + 1 }, (_, later): Cell | null => {
      const at = periods[index + later]
      if (at === undefined || at.from >= known) return null
      const retained = found?.retained.get(later) ?? 0
      return { retained, rate: persons === 0 ? null : retained / persons, partial: !isOver(index + later) }
    })
    return { from: formatTime(period.from), to: formatTime(period.to), persons, partial: !isOver(index), cells }
  })
  return {
    entity: asked.entity,
    first: asked.first,
    again: asked.again,
    period: asked.period,
    rule: asked.rule,
    timezone: moment.calendar.zone.name,
    from: cohorts[0]?.from ?? formatTime(0),
    to: cohorts.at(-1)?.to ?? formatTime(0),
    ...freshnessAt(moment, periods[question.cohorts - 1]?.to ?? 0),
    cohorts,
    pooled: Array.from({ length: longest + 1 }, (_, later) => {
      const ripe = cohorts.filter(({ cells }) => cells[later] != null && !cells[later].partial)
      const persons = ripe.reduce((sum, cohort) => sum + cohort.persons, 0)
      const retained = ripe.reduce((sum, { cells }) => sum + (cells[later]?.retained ?? 0), 0)
      const none = persons === 0
      return {
        later,
        persons,
        retained,
        rate: none ? null : retained / persons,
        interval: none ? null : wilson(retained, persons),
      }
    }),
  }
}
