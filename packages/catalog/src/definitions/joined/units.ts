import type { DeclaredIndicator } from '../indicators.ts'
import type { Graph } from './graph.ts'

/** The unit of an id: as the file says it, else by how it is made. */
export function unitOf(graph: Graph, id: string, seen: ReadonlySet<string> = new Set()): string {
  const measure = graph.measures.get(id)
  if (measure) return measure.unit
  const declared = graph.declared.get(id)
  if (declared === undefined || seen.has(id)) return 'number'
  if (declared.unit !== undefined) return declared.unit
  const inherited = (of: string): string => unitOf(graph, of, new Set(seen).add(id))
  const { formula } = declared
  switch (formula.type) {
    case 'simple':
      return inherited(formula.measure)
    case 'ratio':
      return ofRatio(inherited(formula.numerator), inherited(formula.denominator))
    case 'share':
      return 'percent'
    case 'growth':
      return formula.as === 'ratio' ? 'percent' : inherited(formula.of)
    case 'cumulative':
    case 'mean':
    case 'weighted':
      return inherited(formula.of)
    case 'derived':
    case 'correlation':
      return 'number'
  }
}

/** like by like is a share; anything by a count is that much each */
function ofRatio(numerator: string, denominator: string): string {
  if (numerator === denominator) return 'percent'
  return denominator === 'count' ? numerator : 'number'
}

/** Reports a unit that cannot be that of what is computed. */
export function checkUnit(graph: Graph, { formula, unit, mapping }: DeclaredIndicator): void {
  if (unit === undefined) return
  const refuse = (why: string, suggestion?: string): void =>
    mapping.source.report(mapping.at('unit'), 'wrong_unit', `${mapping.what} ${why}`, suggestion)
  const sameAs = (id: string, whose: string): void => {
    const told = knownUnit(graph, id)
    if (told !== undefined && told !== unit) refuse(`has the unit ${unit}, ${whose} ${told}.`, 'Leave unit out.')
  }
  switch (formula.type) {
    case 'simple':
      return sameAs(formula.measure, 'its measure')
    case 'cumulative':
    case 'mean':
    case 'weighted':
      return sameAs(formula.of, `its ${formula.of}`)
    case 'growth':
      if (formula.as === 'difference') return sameAs(formula.of, `its ${formula.of}`)
      if (unit !== 'percent' && unit !== 'number')
        refuse(`is a growth, which has no unit such as ${unit}.`, 'Leave unit out, or write as: difference.')
      return
    case 'share':
      if (unit !== 'percent' && unit !== 'number')
        refuse(`is a share, which has no unit such as ${unit}.`, 'Leave unit out.')
      return
    case 'correlation':
      if (unit !== 'number') refuse(`is a correlation between -1 and 1, which is no ${unit}.`, 'Leave unit out.')
      return
    case 'ratio':
      return checkRatio(graph, formula.numerator, formula.denominator, unit, refuse)
    case 'derived':
      return
  }
}

function checkRatio(
  graph: Graph,
  numerator: string,
  denominator: string,
  unit: string,
  refuse: (why: string, suggestion?: string) => void,
): void {
  const [top, bottom] = [knownUnit(graph, numerator), knownUnit(graph, denominator)]
  if (unit === 'percent' && top !== undefined && bottom !== undefined && top !== bottom)
    refuse(
      `divides ${top} by ${bottom}; that is no percentage.`,
      top === 'money' && bottom === 'count' ? 'Did you mean money?' : undefined,
    )
  if (unit === 'money' && (top !== 'money' || bottom === 'money'))
    refuse(
      `divides ${top ?? 'something'} by ${bottom ?? 'something'}; that is no money.`,
      top === bottom ? 'Did you mean percent?' : undefined,
    )
}

/** undefined where it is only a default: a derived indicator whose file does not say what it computes */
function knownUnit(graph: Graph, id: string): string | undefined {
  if (graph.measures.has(id)) return unitOf(graph, id)
  const declared = graph.declared.get(id)
  if (declared?.unit === undefined && (declared?.formula.type === 'derived' || declared?.formula.type === 'ratio'))
    return undefined
  return unitOf(graph, id)
}
