/** The YAML of a mapping, checked as far as it can be without the file and the catalog. */
import { KiviError, suggest } from '@kivi/domain'
import { LineCounter, parseDocument } from 'yaml'
import type { Format } from './read-rows.ts'

export interface MappingEvent {
  readonly event: string
  /** condition on the row; null: every row */
  readonly when: string | null
  /** field of the event → column of the row, or `=text` */
  readonly set: ReadonlyMap<string, string>
  /** where it stands, for messages */
  readonly at: string
}

export interface MappingFile {
  readonly format: Format | null
  readonly delimiter: string
  readonly events: readonly MappingEvent[]
  /** what it says, without how it is laid out: comments and spaces do not make another import of it */
  readonly canonical: string
}

const FORMATS: readonly Format[] = ['csv', 'ndjson', 'avro']
const KEYS = ['format', 'delimiter', 'events']
const EVENT_KEYS = ['event', 'when', 'set']

/** Throws import_refused with a line for every problem: `file:line:col message`. */
export function parseMapping(text: string, file: string): MappingFile {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const problems: string[] = []
  const where = (path: readonly (string | number)[]): string => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) {
        const { line, col } = counter.linePos(node.range[0])
        return `${file}:${line}:${col}`
      }
    }
    return `${file}:1:1`
  }
  const report = (path: readonly (string | number)[], message: string) => problems.push(`${where(path)} ${message}`)
  for (const error of document.errors) {
    const position = error.linePos?.[0]
    problems.push(`${file}:${position?.line ?? 1}:${position?.col ?? 1} ${error.message.split('\n')[0]}`)
  }
  const value: unknown = problems.length > 0 ? null : document.toJS()
  const mapping = problems.length > 0 ? null : readMapping(value, report, where)
  if (mapping === null || problems.length > 0)
    throw new KiviError('import_refused', `The mapping cannot be used:\n${problems.join('\n')}`)
  return { ...mapping, canonical: canonicalJson(value) }
}

type Report = (path: readonly (string | number)[], message: string) => void
type Where = (path: readonly (string | number)[]) => string

function readMapping(value: unknown, report: Report, where: Where): Omit<MappingFile, 'canonical'> | null {
  if (!isObject(value)) {
    report([], 'the mapping is no YAML mapping: it needs the key "events".')
    return null
  }
  unknownKeys(value, KEYS, [], report)
  const { format = null, delimiter = ',', events } = value
  if (format !== null && !FORMATS.includes(format as Format))
    report(['format'], `format is "${String(format)}": expected one of ${FORMATS.join(', ')}.`)
  if (typeof delimiter !== 'string' || delimiter.length !== 1)
    report(['delimiter'], 'delimiter must be one character, such as ";" or "\\t".')
  if (!Array.isArray(events) || events.length === 0) {
    report(['events'], 'events must be a list with what each row becomes: [{event: purchase, set: {…}}].')
    return null
  }
  return {
    format: format as Format | null,
    delimiter: String(delimiter),
    events: events.map((entry: unknown, index) => readEvent(entry, ['events', index], report, where)),
  }
}

function readEvent(entry: unknown, path: readonly (string | number)[], report: Report, where: Where): MappingEvent {
  const at = where(path)
  const nothing: MappingEvent = { event: '', when: null, set: new Map(), at }
  if (!isObject(entry)) {
    report(path, 'each of events needs the keys event and set.')
    return nothing
  }
  unknownKeys(entry, EVENT_KEYS, path, report)
  const { event, when = null, set } = entry
  if (typeof event !== 'string') report([...path, 'event'], 'event must be the name of an event type.')
  if (when !== null && typeof when !== 'string')
    report([...path, 'when'], "when must be a condition, such as 'click == 1'.")
  if (!isObject(set)) {
    report([...path, 'set'], 'set must say which column each field comes from: {event_time: timestamp, …}.')
    return nothing
  }
  for (const [field, column] of Object.entries(set))
    if (typeof column !== 'string')
      report([...path, 'set', field], `${field} must name a column; a constant is written '=${String(column)}'.`)
  return {
    event: String(event),
    when: when as string | null,
    set: new Map(Object.entries(set as Record<string, string>)),
    at,
  }
}

function unknownKeys(
  value: object,
  known: readonly string[],
  path: readonly (string | number)[],
  report: Report,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue
    const similar = suggest(key, known)
    report(
      [...path, key],
      `there is no key "${key}" here${similar === null ? `; the keys are ${known.join(', ')}` : `; did you mean "${similar}"?`}`,
    )
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Same content, same text: keys in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}
