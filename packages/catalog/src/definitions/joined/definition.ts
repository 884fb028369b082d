import type {
  Attribution,
  DerivedMeasure,
  Entity,
  EntityExpression,
  Expression,
  Funnel,
  Occurrences,
  Reference,
} from '@kivi/domain'
import { versionOf } from '../../hash.ts'
import { type Formula, namesIn } from '../formulas/formula.ts'
import type { CompiledMeasure } from '../measures.ts'
import { type Graph, isOfEvents, type LoadedMeasure } from './graph.ts'

/** What decides values beside measures and indicators. */
export interface World {
  readonly timezone: string
  readonly fiscalYearStart: string
  readonly linkedBy: readonly string[]
  /** which events can link ids; null: all */
  readonly valid: Expression | null
  readonly entities: ReadonlyMap<string, Entity>
  readonly attributions: ReadonlyMap<string, Attribution>
  readonly funnels: ReadonlyMap<string, Funnel>
  readonly references: ReadonlyMap<string, Reference>
}

/** Hash of what decides the value of an id, inputs written out: 12 hex digits. */
export function versionOfId(graph: Graph, world: World, id: string): string {
  return versionOf(definitionOfId(graph, world, id, new Set()))
}

function definitionOfId(graph: Graph, world: World, id: string, path: ReadonlySet<string>): unknown {
  const measure = graph.measures.get(id)
  if (measure) return definitionOfMeasure(measure, world)
  const formula = graph.formula(id)
  if (formula === undefined || path.has(id)) return id
  const deeper = new Set(path).add(id)
  return {
    ...definitionOfFormula(formula),
    ...(dependsOnCalendar(formula) ? { zone: world.timezone, year: world.fiscalYearStart } : {}),
    inputs: namesIn(formula).map(name => [name, definitionOfId(graph, world, name, deeper)]),
  }
}

function definitionOfFormula(formula: Formula): object {
  if (formula.type !== 'derived') return formula
  // the tree, not the text: blanks and brackets decide nothing
  const { node, offsets } = formula
  return { type: 'derived', node, offsets: [...offsets].sort(([a], [b]) => (a < b ? -1 : 1)) }
}

function dependsOnCalendar(formula: Formula): boolean {
  switch (formula.type) {
    case 'derived':
      return formula.offsets.size > 0 || formula.inputs.includes('window_months')
    case 'cumulative':
    case 'growth':
    case 'mean':
    case 'correlation':
      return true
    default:
      return false
  }
}

function definitionOfMeasure(measure: LoadedMeasure, world: World): unknown {
  if (isOfEvents(measure))
    return {
      zone: world.timezone,
      measure: definitionOf(measure),
      quantile: measure.quantile,
      // distinct persons are told apart by the links between their ids
      ...(measure.distinct === 'person' ? { links: linksOf(world) } : {}),
    }
  return {
    zone: world.timezone,
    agg: measure.agg,
    quantile: measure.quantile,
    dimensions: measure.dimensions,
    ...definitionOfDerived(measure, world),
  }
}

function definitionOfDerived(measure: DerivedMeasure, world: World): object {
  switch (measure.kind) {
    case 'entity': {
      const { timing, filter, expr, distinct, scale, followUp, empty } = measure
      return {
        entity: definitionOfEntity(measure.entity, world),
        timing: timing.kind === 'end' ? timing : { ...timing, time: sqlOf(timing.time) },
        filter: sqlOf(filter),
        expr: sqlOf(expr),
        distinct: sqlOf(distinct),
        groups: [...measure.groups],
        ...{ scale, followUp, empty },
      }
    }
    case 'attributed': {
      const attribution = world.attributions.get(measure.attribution)
      const sources = attribution === undefined ? [] : [...attribution.touches, attribution.conversions]
      return {
        attribution: attribution?.version ?? measure.attribution,
        entities: entitiesOf(sources).map(name => definitionOfEntity(name, world)),
        counts: measure.counts,
        expr: sqlOf(measure.expr),
        links: linksOf(world),
      }
    }
    case 'funnel':
      return {
        funnel: world.funnels.get(measure.funnel)?.version ?? measure.funnel,
        step: measure.step,
        links: linksOf(world),
      }
    case 'reference': {
      // its values are data, not part of the definition: they come by the API too
      const reference = world.references.get(measure.reference)
      return { reference: measure.reference, level: reference?.kind, of: reference?.dimensions, take: measure.take }
    }
  }
}

/** what decides which ids are one person's */
const linksOf = ({ linkedBy, valid }: World): unknown =>
  linkedBy.length === 0 || valid === null ? linkedBy : [linkedBy, valid.toSql()]

function definitionOfEntity(name: string, world: World): object {
  const entity = world.entities.get(name)
  if (entity === undefined) return { name }
  // what is decided when the table is read decides the value as well
  return {
    version: entity.version,
    aggs: [...entity.fields.values()].map(({ name, agg }) => [name, agg]).sort(),
    peers: [...entity.peers.values()],
    links: linksOf(world),
  }
}

const entitiesOf = (sources: readonly Occurrences[]): string[] =>
  [...new Set(sources.map(({ entity }) => entity))].sort()

const sqlOf = (expression: EntityExpression | null): string | null => expression?.toSql(null) ?? null

/** What of a measure over events decides its slices; words are not part of it. */
export function definitionOf(measure: CompiledMeasure): { readonly id: string; readonly [key: string]: unknown } {
  const { id, events, filter, agg, expr, distinct, dimensions } = measure
  return {
    id,
    events,
    filter: filter?.checked.node ?? null,
    agg,
    expr: expr?.checked.node ?? null,
    distinct,
    dimensions,
  }
}
