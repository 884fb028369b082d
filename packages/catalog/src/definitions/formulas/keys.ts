/** What an indicator of each type may say beside what all have; `required` ones it must. */
interface TypeKeys {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** Types in the order in which docs/catalog.md explains them. The JSON Schema is made of this table too. */
export const TYPE_KEYS = {
  simple: { required: [], optional: ['measure'] },
  ratio: { required: ['numerator', 'denominator'], optional: [] },
  derived: { required: ['expr'], optional: ['offsets'] },
  cumulative: { required: ['of'], optional: ['window', 'days', 'grain_to_date', 'ever'] },
  growth: { required: ['of'], optional: ['against', 'as'] },
  share: { required: ['of', 'by'], optional: [] },
  mean: { required: ['of', 'per'], optional: ['opening'] },
  weighted: { required: ['of', 'by'], optional: ['weights'] },
  correlation: { required: ['x', 'y'], optional: ['lags'] },
  conversion: { required: ['attribution', 'over'], optional: ['dimensions'] },
  retention: { required: ['entity', 'first', 'again', 'day'], optional: ['rule', 'dimensions'] },
  funnel: { required: ['funnel'], optional: [] },
} as const satisfies Readonly<Record<string, TypeKeys>>

export type IndicatorType = keyof typeof TYPE_KEYS

export const INDICATOR_TYPES = Object.keys(TYPE_KEYS) as readonly IndicatorType[]

/** every key that some type has for itself; `window` is one that all have, and of a cumulative its length */
export const KEYS_OF_TYPES: readonly string[] = [
  ...new Set(Object.values(TYPE_KEYS).flatMap(({ required, optional }): string[] => [...required, ...optional])),
].filter(key => key !== 'window')

export function keysOfType(type: IndicatorType): readonly string[] {
  const { required, optional }: TypeKeys = TYPE_KEYS[type]
  return [...required, ...optional]
}
