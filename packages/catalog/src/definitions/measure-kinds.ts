import type { Keys, Mapping } from '../mapping.ts'
import { ENTITY_MEASURE_KEYS } from './entities/measure.ts'
import { ATTRIBUTED_MEASURE_KEYS, FUNNEL_MEASURE_KEYS, REFERENCE_MEASURE_KEYS } from './journeys/measures.ts'
import { MEASURE_KEYS } from './measures.ts'

/** The key that says what a measure is over, and with it its kind. */
export const KEYS_OF_KIND = {
  event: MEASURE_KEYS,
  entity: ENTITY_MEASURE_KEYS,
  attribution: ATTRIBUTED_MEASURE_KEYS,
  funnel: FUNNEL_MEASURE_KEYS,
  reference: REFERENCE_MEASURE_KEYS,
} as const satisfies Readonly<Record<string, Keys>>

export type MeasureKind = keyof typeof KEYS_OF_KIND
export const MEASURE_KINDS = Object.keys(KEYS_OF_KIND) as readonly MeasureKind[]

/** What a measure is over: the first of those keys that it has; events where it has none. */
export function kindOf(mapping: Mapping): MeasureKind {
  return MEASURE_KINDS.find(kind => kind !== 'event' && mapping.has(kind)) ?? 'event'
}

/** Reports keys that a measure of its kind does not have. */
export function refuseKeys(mapping: Mapping): void {
  const kind = kindOf(mapping)
  const { known } = KEYS_OF_KIND[kind]
  const others = MEASURE_KINDS.filter(other => other !== kind && mapping.has(other))
  for (const other of others)
    mapping.source.report(
      mapping.keyAt(other),
      'unknown_key',
      `${mapping.what} is over both ${kind} and ${other}.`,
      'Keep one of them.',
    )
  mapping.refuseUnknown({ known: [...known, ...others] })
}
