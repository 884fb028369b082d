import type { Layout } from '@kivi/domain'
import type { CompiledMeasure } from './definitions/measures.ts'
import type { Checked, ConditionNode, NumberNode } from './expression/syntax.ts'

/** What the measures read of an event, each list sorted, so that equal catalogs have equal layouts. */
export function layoutOf(eventTypes: Iterable<string>, measures: readonly CompiledMeasure[]): Layout {
  const expressions = measures.flatMap(({ filter, expr }) => [filter, expr].flatMap(e => e?.checked ?? []))
  const distinct = measures.flatMap(m => (m.distinct === null || m.distinct === 'person' ? [] : m.distinct))
  return layoutOfExpressions(
    eventTypes,
    expressions,
    measures.flatMap(m => m.dimensions),
    distinct,
  )
}

export function layoutOfExpressions(
  eventTypes: Iterable<string>,
  expressions: readonly Checked[],
  dimensions: readonly string[] = [],
  distinct: readonly string[] = [],
): Layout {
  const constants = new Map<string, Set<string>>()
  const numbers = new Set<string>()
  const string = (name: string): Set<string> => {
    const known = constants.get(name) ?? new Set<string>()
    constants.set(name, known)
    return known
  }
  const visit = (node: NumberNode | ConditionNode): void => {
    switch (node.op) {
      case 'number':
      case 'boolean':
        return
      case 'field':
      case 'flag':
        numbers.add(node.name)
        return
      case 'is':
        for (const value of node.values) if (value !== '') string(node.name).add(value)
        string(node.name)
        return
      case 'has':
        if (node.text) string(node.name)
        else numbers.add(node.name)
        return
      case 'negate':
      case 'not':
        visit(node.of)
        return
      case 'if':
        visit(node.condition)
        visit(node.whenTrue)
        visit(node.whenFalse)
        return
      default:
        visit(node.left)
        visit(node.right)
    }
  }
  for (const { node } of expressions) visit(node)
  for (const dimension of dimensions) string(dimension)
  const strings = [...constants.keys()].sort()
  return {
    eventTypes: [...eventTypes],
    strings,
    numbers: [...numbers].sort(),
    hashed: [...new Set(distinct)].sort(),
    constants: strings.map(name => [...constants.get(name)!].sort()),
  }
}
