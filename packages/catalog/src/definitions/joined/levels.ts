import type { Graph, LoadedMeasure } from './graph.ts'

/** Whether a measure is as of an instant: rows of an entity as of the end, a reference's value in force. */
function isLevel(measure: LoadedMeasure): boolean {
  if (measure.kind === 'entity') return measure.timing.kind === 'end'
  return measure.kind === 'reference' && measure.take !== 'sum'
}

/** Whether everything it rests on is as of an instant: then it can be told as of the end of an earlier period. */
export function restsOnLevelsOnly(graph: Graph, id: string): boolean {
  const measures = graph.measuresOf(id)
  return measures.length > 0 && measures.every(isLevel)
}

/** A step of a series says nothing of these; their points are the value of the whole window that ends there. */
export function isRollingByDefault(graph: Graph, id: string): boolean {
  return (
    graph.formulasOf(id).some(formula => formula.type === 'cumulative') ||
    graph.measuresOf(id).some(measure => measure.kind === 'entity' && measure.timing.kind === 'end')
  )
}
