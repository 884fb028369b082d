import type { Rejection, RejectionReason } from '@kivi/domain'

/** Reasons that say the event is not what the catalog declares; all others say that the bytes are not an event. */
const VALIDATION: ReadonlySet<RejectionReason> = new Set([
  'missing_field',
  'wrong_type',
  'invalid_time',
  'out_of_range',
  'invalid_value',
  'unknown_event_type',
] satisfies RejectionReason[])

export function reject(reason: RejectionReason, detail: string): Rejection {
  return { reason, stage: VALIDATION.has(reason) ? 'validate' : 'decode', detail }
}

const SHOWN = 80

/** A value as a sentence may show it: JSON, shortened, on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return shorten(JSON.stringify(value.slice(0, SHOWN * 2).toWellFormed()))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text
}
