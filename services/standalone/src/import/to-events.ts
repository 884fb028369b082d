/** Rows become events: by a mapping, or as they are where their columns carry the names of an event's fields. */
import { ExpressionError } from '@kivi/catalog'
import type { Catalog, EventType, FieldType } from '@kivi/domain'
import { KiviError, suggest } from '@kivi/domain'
import { compileCondition } from './condition.ts'
import type { MappingEvent, MappingFile } from './mapping-file.ts'
import type { Row, RowSource } from './row.ts'

export type RawEvent = Record<string, unknown>

/** Events of one row; an empty list where no condition holds. */
export type ToEvents = (row: Row) => readonly RawEvent[]

const TIMES_AND_NAMES = ['event_id', 'event_type', 'event_time']

/** @param id the default event_id of an event: `<sha>:<row>:<event>` */
export function eventsByMapping(
  mapping: MappingFile,
  source: RowSource,
  catalog: Catalog,
  id: (line: number, event: number) => string,
): ToEvents {
  const problems: string[] = []
  const makers = mapping.events.map(entry => compileEntry(entry, source.columns, catalog, problems))
  if (problems.length > 0) throw new KiviError('import_refused', `The mapping cannot be used:\n${problems.join('\n')}`)
  return row => {
    const events: RawEvent[] = []
    for (const [index, make] of makers.entries()) {
      const event = make(row)
      if (event === null) continue
      if (!hasValue(event['event_id'])) event['event_id'] = id(row.line, index)
      events.push(event)
    }
    return events
  }
}

function compileEntry(
  entry: MappingEvent,
  columns: readonly string[] | null,
  catalog: Catalog,
  problems: string[],
): (row: Row) => RawEvent | null {
  const report = (message: string) => problems.push(`${entry.at} ${message}`)
  const type = catalog.eventTypes.get(entry.event)
  if (type === undefined) {
    report(`the catalog has no event type ${entry.event}${didYouMean(entry.event, catalog.eventTypes.keys())}`)
    return () => null
  }
  let holds: (row: Row) => boolean = () => true
  if (entry.when !== null) {
    try {
      holds = compileCondition(entry.when, columns)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      report(`when '${entry.when}': ${error.message} ${error.suggestion ?? ''}`.trimEnd())
    }
  }
  const setters = [...entry.set].map(([field, value]) => compileSetter(field, value, type, columns, report))
  if (!entry.set.has('event_time')) report('set does not say where event_time comes from.')
  for (const field of type.required)
    if (!entry.set.has(field)) report(`set does not say where ${field} comes from, which every ${type.name} needs.`)
  return row => {
    if (!holds(row)) return null
    const event: RawEvent = { event_type: type.name }
    for (const set of setters) set(event, row)
    return event
  }
}

function compileSetter(
  field: string,
  from: string,
  type: EventType,
  columns: readonly string[] | null,
  report: (message: string) => void,
): (event: RawEvent, row: Row) => void {
  const kind = fieldKind(field, type)
  if (kind === null)
    report(`${type.name} has no field ${field}${didYouMean(field, [...TIMES_AND_NAMES, ...type.fields.keys()])}`)
  const convert = converter(field, kind)
  const put = putter(field)
  if (from.startsWith('=')) {
    const constant = convert(from.slice(1))
    return event => put(event, constant)
  }
  if (columns !== null && !columns.includes(from))
    report(`${field}: the file has no column ${from}${didYouMean(from, columns)}; a constant is written '=${from}'.`)
  return (event, row) => {
    const value = row.value(from)
    if (hasValue(value)) put(event, convert(value))
  }
}

/** Columns that are named like fields, as they are: a file that Kivi or a backend wrote. */
export function eventsAsTheyAre(
  source: RowSource,
  catalog: Catalog,
  name: string,
  id: (line: number, event: number) => string,
): ToEvents {
  if (source.columns !== null) return eventsOfColumns(source.columns, catalog, name, id)
  const recordType =
    source.recordName !== null && catalog.eventTypes.has(source.recordName) ? source.recordName : undefined
  const fields = [
    ...new Set([...TIMES_AND_NAMES, ...[...catalog.eventTypes.values()].flatMap(type => [...type.fields.keys()])]),
  ]
  return row => {
    const event: RawEvent = { ...row.object }
    if (row.object === null)
      for (const field of fields) {
        const value = row.value(field)
        if (hasValue(value)) event[field] = value
      }
    event['event_type'] ??= recordType
    event['event_id'] ??= id(row.line, 0)
    return [event]
  }
}

function eventsOfColumns(
  columns: readonly string[],
  catalog: Catalog,
  name: string,
  id: (line: number, event: number) => string,
): ToEvents {
  const missing = ['event_type', 'event_time'].filter(field => !columns.includes(field))
  if (missing.length > 0)
    throw new KiviError(
      'import_refused',
      `${name} has no column ${missing.join(' and no column ')}; its columns are ${columns.join(', ')}.\n` +
        'Say what its rows mean with --mapping FILE.yaml, for example:\n' +
        `  events: [{event: page_view, set: {event_time: ${columns[0]}}}]`,
    )
  return row => {
    const type = catalog.eventTypes.get(String(row.value('event_type')))
    const event: RawEvent = {}
    for (const column of columns) {
      const kind = type === undefined ? null : fieldKind(column, type)
      const value = row.value(column)
      if (kind !== null && hasValue(value)) putter(column)(event, converter(column, kind)(value))
    }
    event['event_type'] ??= row.value('event_type')
    event['event_id'] ??= id(row.line, 0)
    return [event]
  }
}

type Kind = FieldType['kind'] | 'time'

function fieldKind(field: string, type: EventType): Kind | null {
  if (field === 'event_time') return 'time'
  if (TIMES_AND_NAMES.includes(field)) return 'string'
  const own = type.fields.get(field)
  if (own !== undefined) return own.kind
  const point = field.indexOf('.')
  return point > 0 && type.fields.get(field.slice(0, point))?.kind === 'map' && field.length > point + 1
    ? 'string'
    : null
}

/** `properties.policy` goes into the map `properties`. */
function putter(field: string): (event: RawEvent, value: unknown) => void {
  const point = field.indexOf('.')
  if (point < 0)
    return (event, value) => {
      event[field] = value
    }
  const [map, name] = [field.slice(0, point), field.slice(point + 1)]
  return (event, value) => {
    event[map] ??= {}
    const values = event[map] as Record<string, unknown>
    values[name] = value
  }
}

/** Text of a cell to what the field takes; what does not fit stays as it is, for the check to refuse with its value. */
function converter(field: string, kind: Kind | null): (value: unknown) => unknown {
  switch (kind) {
    case 'time':
      // 2019-11-24 00:00:17.004+00 is how Python and PostgreSQL write a time; whole numbers are epoch milliseconds
      return value => {
        if (typeof value !== 'string') return value
        if (/^-?\d+$/.test(value)) return Number(value)
        return value.replace(/([+-]\d{2})$/, '$1:00').replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
      }
    case 'double':
    case 'long':
      return value =>
        typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value
    case 'boolean':
      return value => {
        const text = typeof value === 'string' ? value.toLowerCase() : value
        if (text === 'true' || text === '1' || text === 1) return true
        return text === 'false' || text === '0' || text === 0 ? false : value
      }
    case 'string':
    case 'enum':
      return value =>
        typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value
    default:
      return value => (field === 'properties' && value instanceof Map ? Object.fromEntries(value) : value)
  }
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

function didYouMean(wrong: string, candidates: Iterable<string>): string {
  const similar = suggest(wrong, candidates)
  return similar === null ? '.' : `; did you mean ${similar}?`
}
