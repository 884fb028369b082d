import type { AnyMeasure, Basis, Catalog } from '@kivi/domain'
import { restsOnDerived } from '@kivi/domain'
import { type FreshnessReader, namesOf } from './freshness.ts'

/** A table that is further behind than this holds back only what rests on it. */
const BEHIND_MS = 60_000

interface Parts {
  /** the sets that rest on derived tables, of equal ones one, by the names of their measures */
  readonly derived: ReadonlyMap<string, readonly AnyMeasure[]>
  /** all their measures, each once */
  readonly together: readonly AnyMeasure[]
}

const parts = new WeakMap<ReadonlyArray<readonly AnyMeasure[]>, Parts>()

/** Of the same list of sets, which comes with every poll, it is the same. */
function partsOf(sets: ReadonlyArray<readonly AnyMeasure[]>): Parts {
  const known = parts.get(sets)
  if (known !== undefined) return known
  const derived = sets.filter(restsOnDerived)
  const found = { derived: new Map(derived.map(set => [namesOf(set), set])), together: [...new Set(derived.flat())] }
  parts.set(sets, found)
  return found
}

/**
 * How far the derived tables are that each set of measures rests on. Tables are brought up to date together, so that
 * one look at all of them is enough, unless one of them stays behind.
 */
export async function derivedMarks(
  freshness: Pick<FreshnessReader, 'derived'>,
  catalog: Catalog,
  sets: ReadonlyArray<readonly AnyMeasure[]>,
  watermark: number | null,
): Promise<{ version: string; markOf: Basis['derived'] }> {
  const { derived, together } = partsOf(sets)
  if (derived.size === 0) return { version: '', markOf: () => null }
  const all = await freshness.derived(catalog, together)
  const fresh = all.watermark !== null && watermark !== null && watermark - all.watermark <= BEHIND_MS
  if (fresh || derived.size === 1) return { version: all.version, markOf: () => all.watermark }
  const marks = new Map<string, number | null>()
  for (const [names, set] of derived) marks.set(names, (await freshness.derived(catalog, set)).watermark)
  return { version: all.version, markOf: measures => marks.get(namesOf(measures)) ?? null }
}
