/**
 * Cells that were read once: the windows of an instant are mostly those of instants before it, a day or a week later.
 * For whoever walks through the past, where what is known does not change meanwhile.
 */
import type { AskedRange, MeasureQuestion, MeasureSource, SliceCell } from '@kivi/domain'

/** Of ranges that overlap more often than this, layers without overlap would be too many questions. */
const MOST_LAYERS = 8
/** Ranges that overlap, of which each slice is held against each. */
const MOST_OVERLAPPING = 250

type Cell = Omit<SliceCell, 'range'>

/** The same source, which asks for each number once. */
export function rememberCells(source: Pick<MeasureSource, 'read' | 'clusters'>): typeof source {
  const known = new Map<string, Map<string, Cell[]>>()
  return {
    clusters: source.clusters,
    async read(catalog, questions) {
      const wanted = questions.map(question => {
        const key = JSON.stringify([
          question.measures.map(({ id }) => id),
          question.by,
          question.filters,
          asked(question),
        ])
        const cells = known.get(key) ?? new Map<string, Cell[]>()
        known.set(key, cells)
        return { question, cells, missing: question.ranges.filter(range => !cells.has(keyOf(range))) }
      })
      const parts = wanted.flatMap(({ question, cells, missing }) =>
        divide(missing).map(ranges => ({ cells, question: { ...question, ranges } })),
      )
      // one after the other: a long past is more than one statement may hold
      for (const { cells, question } of parts) {
        const [found = []] = await source.read(catalog, [question])
        for (const range of question.ranges) cells.set(keyOf(range), [])
        for (const { range, ...cell } of found) cells.get(keyOf(question.ranges[range] as AskedRange))?.push(cell)
      }
      return wanted.map(({ question, cells }) =>
        question.ranges.flatMap((at, range) => (cells.get(keyOf(at)) ?? []).map(cell => ({ ...cell, range }))),
      )
    },
  }
}

/** As of when it is asked, where that makes a difference. */
const asked = ({ known, asOf }: MeasureQuestion): number | null => (asOf ? known : null)

const keyOf = ({ from, to, previous }: AskedRange): string =>
  previous === undefined ? `${from}/${to}` : `${from}/${to}/${previous.start}/${previous.before}`

/** Questions whose ranges do not overlap: each row of the store belongs to one of them, and equal steps are counted. */
function divide(ranges: readonly AskedRange[]): AskedRange[][] {
  const layers: AskedRange[][] = []
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const layer = layers.find(one => (one.at(-1)?.to ?? 0) <= range.from)
    if (layer !== undefined) layer.push(range)
    else layers.push([range])
    if (layers.length > MOST_LAYERS) return chunks(ranges)
  }
  return layers.flatMap(stretches)
}

function chunks(ranges: readonly AskedRange[]): AskedRange[][] {
  const found: AskedRange[][] = []
  for (let at = 0; at < ranges.length; at += MOST_OVERLAPPING) found.push(ranges.slice(at, at + MOST_OVERLAPPING))
  return found
}

/** Cut where the step changes, unless that makes many pieces of little. */
function stretches(layer: readonly AskedRange[]): AskedRange[][] {
  const found: AskedRange[][] = []
  for (const range of layer) {
    const last = found.at(-1)
    const [first, second] = last ?? []
    const step = second === undefined || first === undefined ? null : second.from - first.from
    const before = last?.at(-1)
    if (last === undefined || before === undefined || (step !== null && range.from - before.from !== step))
      found.push([range])
    else last.push(range)
  }
  return found.length <= MOST_LAYERS ? found : chunks(layer)
}
