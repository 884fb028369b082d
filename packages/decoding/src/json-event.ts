import { isUtf8 } from 'node:buffer'
import type { Rejection } from '@kivi/domain'
import { reject, shown } from './rejection.ts'
import { type RawEvent, RawMap } from './validate.ts'

/** Objects and lists may be nested this deep; events need two levels. */
export const DEEPEST_NESTING = 64

/** Reads a message as one JSON object, by JSON.parse: the last of repeated keys wins. A byte-order mark is ignored. */
export function readJson(bytes: Uint8Array): { readonly raw: RawEvent } | { readonly rejection: Rejection } {
  if (!isUtf8(bytes)) return { rejection: reject('invalid_utf8', 'the JSON is not valid UTF-8') }
  if (nesting(bytes) > DEEPEST_NESTING) {
    return { rejection: reject('too_deep', `the JSON is nested deeper than ${DEEPEST_NESTING} levels`) }
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    return { rejection: reject('invalid_json', oneLine((error as Error).message)) }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { rejection: reject('invalid_json', `the JSON is ${shown(value)}, expected one object`) }
  }
  return { raw: rawObject(value) }
}

/** A parsed JSON object as validation reads it. */
export function rawObject(object: object): RawEvent {
  return field => property(object, field)
}

function property(object: object, field: string): unknown {
  // own properties only: "constructor" is not a field
  if (!Object.hasOwn(object, field)) return undefined
  const value = (object as Record<string, unknown>)[field]
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? new RawMap(Object.entries(value)) : value
}

/** How deep brackets outside of texts open; of text that is no JSON, some upper bound. */
function nesting(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inText) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inText = false
    } else if (byte === 0x22) inText = true
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return deepest
}

function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').slice(0, 200).toWellFormed()
}
