import type { Indicator } from '@kivi/domain'
import type { DeclaredIndicator } from '../indicators.ts'
import { type Graph, isOfEvents, type LoadedMeasure } from './graph.ts'
import { netShareOf } from './net-share.ts'

type Interval = Indicator['interval']

/** How the interval of an indicator is made: as the file says it, else as its type has it. */
export function intervalOf(graph: Graph, indicator: DeclaredIndicator): Interval {
  const { interval, declared } = indicator
  if (interval === 'none') return null
  if (interval === undefined)
    return declared !== null ? 'wilson' : restsOnManyEvents(graph, indicator) ? 'clustered' : null
  return interval
}

const FITS = { wilson: isShareOfUnits, clustered: restsOnManyEvents, nps: isNetShare } as const

/** Reports an interval that cannot be made of what the indicator is made of. */
export function checkInterval(graph: Graph, indicator: DeclaredIndicator): void {
  const { interval } = indicator
  if (interval === undefined || interval === 'none' || FITS[interval](graph, indicator)) return
  const [needs, advice] = NEEDS[interval]
  const { mapping } = indicator
  mapping.source.report(
    mapping.at('interval'),
    'wrong_value',
    `interval: ${interval} of ${mapping.what} ${needs}.`,
    advice,
  )
}

const NEEDS: Readonly<Record<Exclude<Interval, null>, readonly [needs: string, advice: string]>> = {
  wilson: [
    'is for shares of independent units: a ratio whose numerator counts some of what its denominator counts',
    'Use interval: clustered for a ratio of sums and counts of events, or interval: none.',
  ],
  clustered: [
    'is for ratios of counts and sums of events, of which a person has many',
    'Use interval: wilson for a share of persons or things, or interval: none.',
  ],
  nps: [
    'is for type: derived with an expr such as 100 * (promoters - detractors) / answers, of three counts',
    'Write expr so, or use interval: none.',
  ],
}

function isShareOfUnits(graph: Graph, { formula }: DeclaredIndicator): boolean {
  if (formula.type !== 'ratio') return false
  const [top, bottom] = [graph.measure(formula.numerator), graph.measure(formula.denominator)]
  // clicks that were credited, of all clicks: those of nobody cannot be credited, and are part of the whole
  if (top?.kind === 'attributed' && top.counts === 'converted_touches' && bottom !== undefined && isOfEvents(bottom))
    return bottom.agg === 'count'
  const part = unitsOf(top)
  return part !== undefined && part === unitsOf(bottom)
}

/** What a measure counts one by one; undefined where it counts nothing. Equal answers: a part and its whole, maybe. */
function unitsOf(measure: LoadedMeasure | undefined): string | undefined {
  switch (measure?.kind) {
    case undefined:
    case 'event':
      if (measure?.agg === 'count') return `events of ${measure.events.join()}`
      return measure?.agg === 'count_distinct' ? (measure.distinct ?? undefined) : undefined
    case 'entity': {
      if (measure.agg === 'count_distinct') return measure.distinct?.type === 'person' ? 'person' : measure.entity
      if (measure.agg !== 'count') return undefined
      return measure.timing.kind === 'each' ? `${measure.entity}.${measure.timing.list}` : measure.entity
    }
    case 'attributed':
      if (measure.counts === 'persons' || measure.counts === 'converted_persons') return 'person'
      return measure.counts === 'touches' || measure.counts === 'converted_touches' ? measure.attribution : undefined
    case 'funnel':
      return 'person'
    case 'reference':
      return undefined
  }
}

function restsOnManyEvents(graph: Graph, { formula }: DeclaredIndicator): boolean {
  if (formula.type !== 'ratio') return false
  const [top, bottom] = [graph.measure(formula.numerator), graph.measure(formula.denominator)]
  return top !== undefined && bottom !== undefined && isSum(top) && (isSum(bottom) || isDistinctThings(bottom))
}

const isSum = (measure: LoadedMeasure): boolean =>
  isOfEvents(measure) && (measure.agg === 'count' || measure.agg === 'sum')

/** orders, sessions: each is one person's; persons themselves are no cluster of many */
const isDistinctThings = (measure: LoadedMeasure): boolean =>
  isOfEvents(measure) && measure.agg === 'count_distinct' && measure.distinct !== 'person'

function isNetShare(graph: Graph, { formula }: DeclaredIndicator): boolean {
  const net = formula.type === 'derived' ? netShareOf(formula.node) : null
  if (net === null) return false
  return [net.positive, net.negative, net.all].every(id => unitsOf(graph.measure(id)) !== undefined)
}
