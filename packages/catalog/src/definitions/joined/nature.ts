import type { EntityMeasure } from '@kivi/domain'
import type { NumberNode } from '../../expression/syntax.ts'
import { type Formula, type FormulaOfType, idOf } from '../formulas/formula.ts'
import type { Nature } from '../targets.ts'
import type { Graph, LoadedMeasure } from './graph.ts'
import { restsOnLevelsOnly } from './levels.ts'

/** How a value depends on the length of its window. */
interface Dependence {
  /** it grows as the length to this power: a sum 1, a ratio of sums 0; null: in no such way */
  readonly power: number | null
  /** it counts distinct persons, who come again in a longer window */
  readonly persons: boolean
}

const NONE: Dependence = { power: 0, persons: false }
const UNKNOWN: Dependence = { power: null, persons: false }

/** What a target of it must say about its window. */
export function natureOf(graph: Graph, id: string): Nature {
  const { power, persons } = dependenceOf(graph, id, new Set())
  const measure = graph.measure(id)
  if (persons || (measure !== undefined && measure.agg === 'count_distinct' && power !== 0)) return 'distinct'
  if (power === 0) return 'level'
  return power === 1 ? 'additive' : 'windowed'
}

function dependenceOf(graph: Graph, id: string, path: ReadonlySet<string>): Dependence {
  const measure = graph.measures.get(id)
  if (measure) return ofMeasure(measure)
  const formula = graph.formula(id)
  if (formula === undefined || path.has(id)) return UNKNOWN
  const deeper = new Set(path).add(id)
  return ofFormula(graph, formula, name => dependenceOf(graph, name, deeper))
}

function ofMeasure(measure: LoadedMeasure): Dependence {
  const adds = measure.agg === 'count' || measure.agg === 'sum'
  switch (measure.kind) {
    case 'entity':
      return ofEntityMeasure(measure, adds)
    case 'attributed':
      return { power: 1, persons: measure.counts === 'persons' || measure.counts === 'converted_persons' }
    case 'funnel':
      return { power: 1, persons: true }
    case 'reference':
      return measure.take === 'sum' ? { power: 1, persons: false } : NONE
    default:
      return adds || measure.agg === 'count_distinct' ? { power: 1, persons: measure.distinct === 'person' } : NONE
  }
}

/** names by which an expression looks back over the window, or before it */
const LOOKS_BACK = new Set(['window_start', 'previous_start', 'before_previous_start'])

function ofEntityMeasure({ timing, filter, expr, distinct, agg }: EntityMeasure, adds: boolean): Dependence {
  // as of the end it is a level, unless it looks back over the window
  if (timing.kind === 'end')
    return [filter, expr, distinct].some(expression => expression?.uses.some(name => LOOKS_BACK.has(name)))
      ? UNKNOWN
      : NONE
  if (agg === 'count_distinct') return { power: 1, persons: distinct?.type === 'person' }
  return adds ? { power: 1, persons: false } : NONE
}

function ofFormula(graph: Graph, formula: Formula, of: (id: string) => Dependence): Dependence {
  switch (formula.type) {
    case 'simple':
      return of(formula.measure)
    case 'ratio':
      return quotient(of(formula.numerator), of(formula.denominator))
    case 'derived':
      return ofNode(formula.node, name => ofName(formula, name, of))
    case 'growth':
      return ofGrowth(graph, formula, of(formula.of))
    case 'share':
      return { power: 0, persons: of(formula.of).persons }
    case 'weighted':
      return of(formula.of)
    case 'cumulative':
    case 'mean':
    case 'correlation':
      // over a length, periods or days of its own
      return NONE
  }
}

function ofName(formula: FormulaOfType<'derived'>, name: string, of: (id: string) => Dependence): Dependence {
  const id = idOf(formula, name)
  return id === null ? { power: 1, persons: false } : of(id)
}

function ofGrowth(graph: Graph, { of: id, against, as }: FormulaOfType<'growth'>, of: Dependence): Dependence {
  if (against.kind === 'end_of' && restsOnLevelsOnly(graph, id)) return NONE
  if (as === 'difference') return of
  // the preceding period is as long as the window: growth in a day is not growth in a month
  if (against.kind === 'previous') return { power: null, persons: of.persons }
  return { power: of.power === null ? null : 0, persons: of.persons }
}

function ofNode(node: NumberNode, of: (name: string) => Dependence): Dependence {
  switch (node.op) {
    case 'number':
      return NONE
    case 'field':
      return of(node.name)
    case 'negate':
      return ofNode(node.of, of)
    case '*':
      return product(ofNode(node.left, of), ofNode(node.right, of))
    case '/':
      return quotient(ofNode(node.left, of), ofNode(node.right, of))
    case 'if':
      return alike(ofNode(node.whenTrue, of), ofNode(node.whenFalse, of))
    default:
      return alike(ofNode(node.left, of), ofNode(node.right, of))
  }
}

const product = (a: Dependence, b: Dependence): Dependence => ({
  power: a.power === null || b.power === null ? null : a.power + b.power,
  persons: a.persons || b.persons,
})

const quotient = (a: Dependence, b: Dependence): Dependence => ({
  power: a.power === null || b.power === null ? null : a.power - b.power,
  persons: a.persons || b.persons,
})

/** of sums, smallest and largest ones, choices: both sides must grow alike */
const alike = (a: Dependence, b: Dependence): Dependence => ({
  power: a.power === b.power ? a.power : null,
  persons: a.persons || b.persons,
})
