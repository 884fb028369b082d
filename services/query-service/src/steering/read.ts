import { type Basis, type Catalog, evaluateAll, type MeasureSource, rangeWindow } from '@kivi/domain'
import type { ReadGroups } from './drivers.ts'
import type { ReadValues } from './effect.ts'

/** One state of the data to answer from. */
export interface Reading {
  readonly catalog: Catalog
  readonly source: Pick<MeasureSource, 'read'>
  readonly basis: Basis
}

/** Values of an indicator in several windows, from one statement. */
export const valuesFrom =
  ({ catalog, source, basis }: Reading): ReadValues =>
  async (indicator, windows, filters) => {
    const answers = await evaluateAll(
      source,
      catalog,
      windows.map(({ from, to }) => ({ indicator, window: rangeWindow(from, to), by: [], filters, bare: true })),
      basis,
    )
    return answers.map(([total]) => total?.evaluation.value ?? null)
  }

/** The same by the values of one dimension. */
export const groupsFrom =
  ({ catalog, source, basis }: Reading): ReadGroups =>
  async (indicator, windows, dimension, filters) => {
    const answers = await evaluateAll(
      source,
      catalog,
      windows.map(({ from, to }) => ({ indicator, window: rangeWindow(from, to), by: [dimension], filters })),
      basis,
    )
    const found = new Map<string, Array<number | null>>()
    for (const [place, groups] of answers.entries())
      for (const { group, evaluation } of groups) {
        const [segment = ''] = group
        const values = found.get(segment) ?? windows.map(() => null)
        values[place] = evaluation.value
        found.set(segment, values)
      }
    return found
  }
