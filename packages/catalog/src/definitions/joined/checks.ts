import { didYouMean } from '../../suggest.ts'
import type { DeclaredIndicator } from '../indicators.ts'
import { checkTargets } from '../targets.ts'
import type { Graph } from './graph.ts'
import { checkInterval } from './intervals.ts'
import { restsOnLevelsOnly } from './levels.ts'
import { natureOf } from './nature.ts'
import { checkSegments, type Texts } from './segments.ts'
import { checkUnit } from './units.ts'

/** What can only be said of an indicator once everything that it is made of is known. */
export function checkWhole(graph: Graph, texts: Texts, indicator: DeclaredIndicator): void {
  const { id, mapping, formula, targets } = indicator
  const dimensions = graph.dimensions(id)
  checkTargets(targets, dimensions, natureOf(graph, id))
  checkSegments(graph, texts, indicator)
  checkUnit(graph, indicator)
  checkInterval(graph, indicator)
  checkDimensions(indicator, dimensions)
  checkLevels(graph, indicator)
  checkCumulative(graph, indicator)
  checkCorrelation(indicator)
  checkVolume(graph, indicator)
  if (formula.type === 'derived' && !mapping.has('better') && targets.length > 0) mapping.require('better')
}

type Place = Parameters<DeclaredIndicator['mapping']['source']['report']>[0]

/** What it groups by itself, and what it is recorded by, must be dimensions that it has. */
function checkDimensions({ id, mapping, formula, record }: DeclaredIndicator, dimensions: readonly string[]): void {
  const need = (name: string, at: Place, what: string): void => {
    if (!dimensions.includes(name))
      mapping.source.report(
        at,
        'unknown_name',
        `${what} by ${name}, by which ${id} is not kept.`,
        didYouMean(name, dimensions) ?? (dimensions.length === 0 ? 'It has no dimensions.' : undefined),
      )
  }
  if (formula.type === 'share') need(formula.by, mapping.at('by'), `${mapping.what} is a share`)
  if (formula.type === 'weighted') need(formula.by, mapping.at('by'), `${mapping.what} is a mean`)
  for (const name of record?.by ?? []) need(name, record!.mapping.at('by'), `${record!.mapping.what} is`)
}

/** As of the end of an earlier period, or of a period's opening, only levels can be told. */
function checkLevels(graph: Graph, { mapping, formula }: DeclaredIndicator): void {
  const refuse = (at: Place, what: string, of: string): void => {
    if (!restsOnLevelsOnly(graph, of))
      mapping.source.report(
        at,
        'wrong_value',
        `${what}, which is for levels as of an instant; ${of} adds up over its window.`,
        'Use previous, week, year or a length instead.',
      )
  }
  if (formula.type === 'growth' && formula.against.kind === 'end_of')
    refuse(mapping.at('against'), `${mapping.what} is against the end of a period`, formula.of)
  if (formula.type === 'derived')
    for (const [name, { of, offset }] of formula.offsets)
      if (offset.kind === 'end_of')
        refuse(mapping.at('offsets'), `offset ${name} of ${mapping.what} is against the end of a period`, of)
  if (formula.type === 'mean' && formula.opening && !restsOnLevelsOnly(graph, formula.of))
    mapping.source.report(
      mapping.at('opening'),
      'wrong_value',
      `${mapping.what} has an opening value, which is for levels as of an instant; ${formula.of} adds up over its window.`,
      'Leave opening out.',
    )
}

/** A level has no sum over time, unless it looks back over its window. */
function checkCumulative(graph: Graph, { mapping, formula }: DeclaredIndicator): void {
  if (formula.type !== 'cumulative' || natureOf(graph, formula.of) !== 'level') return
  if (restsOnLevelsOnly(graph, formula.of))
    mapping.source.report(
      mapping.at('of'),
      'wrong_value',
      `${mapping.what} is cumulated, but ${formula.of} is a level as of an instant, the same over any window.`,
      'Use type: simple, or mean for its mean over time.',
    )
}

function checkCorrelation({ mapping, formula }: DeclaredIndicator): void {
  if (formula.type === 'correlation' && formula.x === formula.y)
    mapping.source.report(
      mapping.at('y'),
      'wrong_value',
      `${mapping.what} correlates ${formula.x} with itself.`,
      'Name two different ones.',
    )
}

/** A volume is the number of things that a value rests on; references and correlations have none. */
function checkVolume(graph: Graph, { id, mapping, formula, minimum_volume }: DeclaredIndicator): void {
  if (minimum_volume === null) return
  const countsNothing =
    formula.type === 'correlation' || graph.measuresOf(id).every(measure => measure.kind === 'reference')
  if (countsNothing)
    mapping.source.report(
      mapping.keyAt('minimum_volume'),
      'wrong_value',
      `${mapping.what} has a minimum_volume, but rests on nothing that is counted.`,
      'Leave it out.',
    )
}
