/** A request's body as events: one object, an array, or one object a line. */
import { isUtf8 } from 'node:buffer'
import { Problem } from './problem.ts'

/** What stands at one index of the body: a value to check, or why it is none. */
export type BodyEntry = { readonly value: unknown } | { readonly invalid: string }

export function readEvents(body: Buffer, limits: { readonly maxEvents: number }): readonly BodyEntry[] {
  if (body.length === 0) throw new Problem('body_empty', 'Send an event, an array of events, or one event a line.')
  if (!isUtf8(body)) throw new Problem('body_invalid', 'The body is not valid UTF-8.')
  const text = body
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim()
  if (text === '') throw new Problem('body_empty', 'Send an event, an array of events, or one event a line.')
  const entries = text.startsWith('[') ? readArray(text) : readObjects(text)
  if (entries.length > limits.maxEvents)
    throw new Problem(
      'too_many_events',
      `The body has ${entries.length} events; send at most ${limits.maxEvents} at a time.`,
    )
  return entries
}

function readArray(text: string): readonly BodyEntry[] {
  try {
    return (JSON.parse(text) as unknown[]).map(value => ({ value }))
  } catch (error) {
    throw new Problem('body_invalid', `The array is not valid JSON: ${oneLine(error)}`)
  }
}

/** A single object may be spread over lines; NDJSON may not, and a broken line does not hold up the others. */
function readObjects(text: string): readonly BodyEntry[] {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const entries = lines.map(readLine)
  if (entries.every(entry => 'value' in entry)) return entries
  try {
    return [{ value: JSON.parse(text) as unknown }]
  } catch (error) {
    if (lines.length === 1 || entries.every(entry => 'invalid' in entry))
      throw new Problem('body_invalid', `The body is not valid JSON: ${oneLine(error)}`)
    return entries
  }
}

function readLine(line: string): BodyEntry {
  try {
    return { value: JSON.parse(line) as unknown }
  } catch (error) {
    return { invalid: oneLine(error) }
  }
}

const oneLine = (error: unknown): string => (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 200)
