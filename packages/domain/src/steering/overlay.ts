import type { Catalog, Indicator, NorthStar, ReferenceValue, Target } from '../definitions/index.ts'
import type { NorthStarSet, PostedReference, TargetsSet } from '../ports/steering.ts'

/** What people set while Kivi runs, oldest first. */
export interface SteeringFacts {
  readonly targets: readonly TargetsSet[]
  readonly northStars: readonly NorthStarSet[]
  readonly references: readonly PostedReference[]
}

/** The catalog as it is steered now: set targets over its own, later North Stars and posted references added. */
export function steerCatalog(catalog: Catalog, facts: SteeringFacts): Catalog {
  const sets = Map.groupBy(facts.targets, set => set.indicator)
  const indicators = new Map<string, Indicator>()
  for (const [id, indicator] of catalog.indicators) {
    const set = sets.get(id)
    indicators.set(id, set === undefined ? indicator : { ...indicator, targets: steerTargets(indicator.targets, set) })
  }
  const references = new Map(catalog.references)
  for (const [name, posted] of Map.groupBy(facts.references, one => one.reference)) {
    const reference = references.get(name)
    if (reference !== undefined)
      references.set(name, {
        ...reference,
        values: mergeReferences(
          reference.values,
          posted.map(one => one.value),
        ),
      })
  }
  return { ...catalog, indicators, references, northStar: steerNorthStar(catalog.northStar, facts.northStars) }
}

/**
 * All targets that ever judged or will judge. A set replaces the one before it from the moment it is set: until then
 * the older one goes on judging what ended before, so that no change rewrites the past. The catalog's own go on
 * beside them, and give way where both hold, by their older set_at.
 */
export function steerTargets(own: readonly Target[], sets: readonly TargetsSet[]): readonly Target[] {
  const ordered = [...sets].sort((a, b) => a.setAt - b.setAt)
  const steered = ordered.flatMap((set, index) => {
    const replaced = ordered[index + 1]?.setAt ?? null
    return set.targets.flatMap(target => {
      const until = replaced === null ? target.until : Math.min(target.until ?? replaced, replaced)
      const kept = { ...target, until, set_by: set.setBy, set_at: new Date(set.setAt).toISOString() }
      return until !== null && until <= kept.from ? [] : [kept]
    })
  })
  return [...own, ...steered]
}

/** Entries in the order of when they begin; of two that begin at once the one said later holds. */
export function steerNorthStar(own: readonly NorthStar[], sets: readonly NorthStarSet[]): readonly NorthStar[] {
  const said = [...sets]
    .sort((a, b) => a.setAt - b.setAt)
    .map(({ indicators, from, reason, setBy }): NorthStar => ({ indicators, from, reason, set_by: setBy }))
  return [...own, ...said]
    .map((entry, order) => ({ entry, order }))
    .sort((a, b) => a.entry.from - b.entry.from || a.order - b.order)
    .map(({ entry }) => entry)
}

/** Posted values take the place of those with the same beginning and group. */
export function mergeReferences(
  own: readonly ReferenceValue[],
  posted: readonly ReferenceValue[],
): readonly ReferenceValue[] {
  const key = ({ from, by }: ReferenceValue) => JSON.stringify([from, Object.entries(by).sort()])
  const merged = new Map(own.map(value => [key(value), value]))
  for (const value of posted) merged.set(key(value), value)
  return [...merged.values()].sort((a, b) => a.from - b.from)
}
