import type { Indicator } from '@kivi/domain'
import { refuseCycles } from './cycles.ts'
import { namesIn } from './formulas/formula.ts'
import type { DeclaredIndicator } from './indicators.ts'
import { checkWhole } from './joined/checks.ts'
import { versionOfId, type World } from './joined/definition.ts'
import { Graph, type LoadedMeasure } from './joined/graph.ts'
import { intervalOf } from './joined/intervals.ts'
import { isRollingByDefault } from './joined/levels.ts'
import { netShareOf } from './joined/net-share.ts'
import type { Texts } from './joined/segments.ts'
import { unitOf } from './joined/units.ts'
import { labelOf } from './text.ts'

export { definitionOf } from './joined/definition.ts'

/**
 * Joins declared indicators with measures and with each other: names, cycles, dimensions, units, versions.
 * What refers to a definition that could not be read is left alone: it would only repeat that problem.
 */
export function joinIndicators(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  measures: ReadonlyMap<string, LoadedMeasure>,
  world: World & Texts,
): Map<string, Indicator> {
  checkMeasureNames(declared, measures)
  refuseCycles(declared, inputsOf, 'is computed from')
  refuseCycles(declared, d => (d.parent === null ? [] : [d.parent]), 'has the parent')
  const graph = new Graph(declared, measures)
  const indicators = new Map<string, Indicator>()
  for (const indicator of declared.values()) {
    if (graph.isWhole(indicator.id)) checkWhole(graph, world, indicator)
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
