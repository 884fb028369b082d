import type { Indicator } from '@kivi/domain'
import { didYouMean } from '../suggest.ts'
import { refuseCycles } from './cycles.ts'
import { namesIn } from './formulas/formula.ts'
import type { DeclaredIndicator } from './indicators.ts'
import { versionOfId, type World } from './joined/definition.ts'
import { Graph, type LoadedMeasure } from './joined/graph.ts'
import { checkInterval, intervalOf } from './joined/intervals.ts'
import { isRollingByDefault, restsOnLevelsOnly } from './joined/levels.ts'
import { natureOf } from './joined/nature.ts'
import { netShareOf } from './joined/net-share.ts'
import { checkUnit, unitOf } from './joined/units.ts'
import { checkTargets } from './targets.ts'
import { labelOf } from './text.ts'

export { definitionOf } from './joined/definition.ts'

/**
 * Joins declared indicators with measures and with each other: names, cycles, dimensions, units, versions.
 * What refers to a definition that could not be read is left alone: it would only repeat that problem.
 */
export function joinIndicators(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  measures: ReadonlyMap<string, LoadedMeasure>,
  world: World,
): Map<string, Indicator> {
  checkMeasureNames(declared, measures)
  refuseCycles(declared, inputsOf, 'is computed from')
  refuseCycles(declared, d => (d.parent === null ? [] : [d.parent]), 'has the parent')
  const graph = new Graph(declared, measures)
  const indicators = new Map<string, Indicator>()
  for (const indicator of declared.values()) {
    if (graph.isWhole(indicator.id)) checkWhole(graph, indicator)
    indicators.set(indicator.id, join(graph, world, indicator))
  }
  for (const measure of measures.values())
    if (!indicators.has(measure.id)) indicators.set(measure.id, simple(graph, world, measure))
  return indicators
}

const inputsOf = (declared: DeclaredIndicator): readonly string[] =>
  namesIn(declared.formula).filter(name => name !== declared.id || declared.formula.type !== 'simple')

function checkMeasureNames(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  measures: ReadonlyMap<string, LoadedMeasure>,
): void {
  for (const { id, mapping, formula } of declared.values()) {
    if (
      formula.type === 'simple' &&
      formula.measure !== id &&
      !measures.has(formula.measure) &&
      declared.has(formula.measure)
    ) {
      mapping.source.report(
        mapping.at('measure'),
        'unknown_name',
        `measure of ${mapping.what}: ${formula.measure} is an indicator, not a measure.`,
        'Use type: derived to compute from indicators.',
      )
    }
    // one id is one number everywhere: an indicator may present the measure of its own id, and nothing else
    if (measures.has(id) && !(formula.type === 'simple' && formula.measure === id)) {
      mapping.source.report(
        mapping.keyOf(),
        'duplicate_id',
        `${id} is a measure already, and served under that id.`,
        `Give the indicator another id, or make it type: simple with measure: ${id}.`,
      )
    }
  }
}

/** What can only be said of an indicator once everything that it is made of is known. */
function checkWhole(graph: Graph, indicator: DeclaredIndicator): void {
  const { id, mapping, formula, targets, record } = indicator
  const dimensions = graph.dimensions(id)
  checkTargets(targets, dimensions, natureOf(graph, id))
  checkUnit(graph, indicator)
  checkInterval(graph, indicator)
  if (formula.type === 'derived' && !mapping.has('better') && targets.length > 0) mapping.require('better')
  for (const name of record?.by ?? [])
    if (!dimensions.includes(name)) refuseDimension(record!.mapping.at('by'), `${record!.mapping.what} is by ${name}`)
  if ((formula.type === 'share' || formula.type === 'weighted') && !dimensions.includes(formula.by))
    refuseDimension(
      mapping.at('by'),
      `${mapping.what} is a ${formula.type === 'share' ? 'share' : 'mean'} by ${formula.by}`,
    )
  checkLevels(graph, indicator)
  checkVolume(graph, indicator)

  function refuseDimension(at: Parameters<typeof mapping.source.report>[0], what: string): void {
    mapping.source.report(
      at,
      'unknown_name',
      `${what}, by which ${id} is not kept.`,
      didYouMean('', dimensions) ?? 'It has no dimensions.',
    )
  }
}

/** As of the end of an earlier period, or of a period's opening, only levels can be told. */
function checkLevels(graph: Graph, { mapping, formula }: DeclaredIndicator): void {
  const refuse = (at: Parameters<typeof mapping.source.report>[0], what: string, of: string): void => {
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

function join(graph: Graph, world: World, declared: DeclaredIndicator): Indicator {
  const { id, formula, record } = declared
  const measure = formula.type === 'simple' ? graph.measures.get(formula.measure) : undefined
  const base = {
    id,
    label: declared.label ?? measure?.label ?? labelOf(id),
    description: declared.description ?? measure?.description ?? { en: '' },
    unit: unitOf(graph, id),
    better: declared.better ?? betterOf(graph, id),
    level: declared.level,
    kind: declared.kind,
    timing: declared.timing,
    owner: declared.owner,
    strategy: declared.strategy,
    parent: declared.parent,
    window: declared.window,
    board: declared.board,
    dimensions: graph.dimensions(id),
    targets: declared.targets.map(({ mapping: _, ...target }) => target),
    at_risk_within: declared.at_risk_within,
    minimum_volume: declared.minimum_volume,
    declared: declared.declared,
    rolling: declared.rolling ?? isRollingByDefault(graph, id),
    benchmarks: declared.benchmarks,
    record: record && { everyMs: record.everyMs, by: record.by },
    interval: intervalOf(graph, declared),
    provisional_while: declared.provisional_while,
    source: declared.source,
    version: versionOfId(graph, world, id),
  } as const
  if (formula.type !== 'derived') return { ...base, ...formula }
  const { node, ...derived } = formula
  return { ...base, ...derived, net: base.interval === 'nps' ? netShareOf(node) : null }
}

/** which way is good: as the measure or what a value is made of says */
function betterOf(graph: Graph, id: string, seen: ReadonlySet<string> = new Set()): 'higher' | 'lower' {
  const measure = graph.measures.get(id)
  if (measure) return measure.better
  const declared = graph.declared.get(id)
  if (declared?.better !== undefined) return declared.better
  if (declared === undefined || seen.has(id)) return 'higher'
  const deeper = new Set(seen).add(id)
  switch (declared.formula.type) {
    case 'simple':
      return betterOf(graph, declared.formula.measure, deeper)
    case 'cumulative':
    case 'growth':
    case 'share':
    case 'mean':
    case 'weighted':
      return betterOf(graph, declared.formula.of, deeper)
    default:
      return 'higher'
  }
}

/** a measure that no indicator presents, as the indicator of its id */
function simple(graph: Graph, world: World, measure: LoadedMeasure): Indicator {
  const { id, label, description, unit, better, dimensions } = measure
  return {
    ...{ id, label, description, unit, better, dimensions, type: 'simple', measure: id, window: '1d', board: false },
    ...{ level: null, kind: null, timing: null, owner: null, strategy: null, parent: null },
    ...{
      targets: [],
      at_risk_within: 0.1,
      minimum_volume: null,
      declared: null,
      rolling: isRollingByDefault(graph, id),
    },
    ...{ benchmarks: [], record: null, provisional_while: null, interval: null, source: null },
    version: versionOfId(graph, world, id),
  }
}
