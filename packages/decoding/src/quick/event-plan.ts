import type { Catalog, EventType, FieldType, Layout } from '@kivi/domain'

/** Kinds of declared fields as small integers; 0: the event type does not declare the field, it is ignored. */
export const KIND = { undeclared: 0, string: 1, double: 2, long: 3, boolean: 4, enum: 5, map: 6 } as const

/** What a slot holds after a quick path has read a message. Missing, null and '' are one. */
export const HELD = { missing: 0, text: 1, number: 2, boolean: 3, map: 4, other: 5 } as const

/**
 * The catalog as tables for the quick paths. A slot is a place for the value of one field: of every field that any
 * event type declares (a wrong one must be refused though no measure reads it), and of every `properties.NAME` that
 * the layout reads.
 */
export interface EventPlan {
  readonly layout: Layout
  /** names of the top-level slots, which come first; event_id, event_type and event_time are the first three */
  readonly fields: readonly string[]
  /** of slots of maps: by name within the map, its slot */
  readonly maps: ReadonlyMap<number, readonly { readonly name: string; readonly slot: number }[]>
  readonly slotCount: number
  readonly types: readonly TypePlan[]
  /** slot by column of layout.strings, numbers, hashed; −1: no event type has the field */
  readonly strings: Int32Array
  readonly numbers: Int32Array
  readonly hashed: Int32Array
  readonly user: number
  readonly anonymous: number
}

export interface TypePlan {
  readonly name: string
  /** index in layout.eventTypes */
  readonly index: number
  /** KIND by slot */
  readonly kinds: Uint8Array
  /** values of the enums, by slot */
  readonly enums: ReadonlyMap<number, readonly string[]>
  readonly required: Int32Array
  /** slots that take event_id's value where they are missing */
  readonly defaults: Int32Array
  /** of surveys: where the survey's name and its score are */
  readonly scale: { readonly survey: number; readonly score: number } | null
}

export const ID_SLOT = 0
export const TYPE_SLOT = 1
export const TIME_SLOT = 2

export function planEvents(catalog: Catalog): EventPlan {
  const { layout } = catalog
  const types = [...catalog.eventTypes.values()]
  const declared = types.flatMap(type => [...type.fields.keys()])
  const fields = [...new Set(['event_id', 'event_type', 'event_time', 'user_id', 'anonymous_id', ...declared])]
  const slots = new Map(fields.map((field, slot) => [field, slot]))
  const maps = new Map<number, { name: string; slot: number }[]>()
  let slotCount = fields.length
  for (const type of types) {
    for (const [field, { kind }] of type.fields) if (kind === 'map') maps.set(slots.get(field)!, [])
  }

  const slotOf = (field: string): number => {
    const point = field.indexOf('.')
    if (point < 0) return slots.get(field) ?? -1
    const inner = maps.get(slots.get(field.slice(0, point)) ?? -1)
    if (inner === undefined) return -1
    const name = field.slice(point + 1)
    const known = inner.find(entry => entry.name === name)
    if (known !== undefined) return known.slot
    inner.push({ name, slot: slotCount })
    return slotCount++
  }
  const strings = Int32Array.from(layout.strings, slotOf)
  const numbers = Int32Array.from(layout.numbers, slotOf)
  const hashed = Int32Array.from(layout.hashed, slotOf)
  return {
    layout,
    fields,
    maps,
    slotCount,
    types: types.map(type => planType(type, layout, slots, slotCount)),
    strings,
    numbers,
    hashed,
    user: slots.get('user_id')!,
    anonymous: slots.get('anonymous_id')!,
  }
}

function planType(type: EventType, layout: Layout, slots: ReadonlyMap<string, number>, slotCount: number): TypePlan {
  const kinds = new Uint8Array(slotCount)
  const enums = new Map<number, readonly string[]>()
  for (const [field, fieldType] of type.fields as ReadonlyMap<string, FieldType>) {
    const slot = slots.get(field)!
    kinds[slot] = KIND[fieldType.kind]
    if (fieldType.kind === 'enum') enums.set(slot, fieldType.values)
  }
  const survey = slots.get('survey')
  const score = slots.get('score')
  return {
    name: type.name,
    index: layout.eventTypes.indexOf(type.name),
    kinds,
    enums,
    required: Int32Array.from(type.required, field => slots.get(field)!),
    defaults: Int32Array.from(type.defaults.keys(), field => slots.get(field)!),
    scale: type.name === 'survey' && survey !== undefined && score !== undefined ? { survey, score } : null,
  }
}
