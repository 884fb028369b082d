import { RawMap, validate } from '@kivi/decoding'
import type { Catalog } from '@kivi/domain'

/** The worker's own check of an event, over a plain object. */
export function checkEvent(catalog: Catalog, event: Readonly<Record<string, unknown>>): ReturnType<typeof validate> {
  return validate(catalog, field => {
    const value = Object.hasOwn(event, field) ? event[field] : undefined
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? new RawMap(Object.entries(value)) : value
  })
}
