import type { EventSelection, EventType } from '@kivi/domain'
import type { BusinessHours } from '../expression/entity/syntax.ts'
import { type Keys, Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { readEventNames, selectionsOf } from './event-selections.ts'
import { NO_INVALID_TRAFFIC } from './invalid-traffic.ts'
import type { Settings } from './settings.ts'

/** What kivi.yaml says of persons: which events tell who they are and that they are active, and working hours. */
export interface JourneySettings {
  /** event types that link an anonymous id to a user, `*` for all; empty: ids are never linked */
  readonly linkedBy: readonly string[]
  /** null: it does not say */
  readonly active: readonly EventSelection[] | null
  readonly businessHours: BusinessHours
}

export const IDENTITY_KEYS: Keys = { known: ['link'] }
export const ACTIVE_KEYS: Keys = { known: ['events', 'also'] }
export const ALSO_KEYS: Keys = { known: ['event', 'filter'] }
export const BUSINESS_HOURS_KEYS: Keys = { known: ['days', 'from', 'until'] }
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const HOUR = 3_600_000
const OFFICE_HOURS: BusinessHours = { days: [0, 1, 2, 3, 4], from: 9 * HOUR, until: 18 * HOUR }

export function readJourneySettings({ source }: Settings, eventTypes: ReadonlyMap<string, EventType>): JourneySettings {
  const root = source === null ? undefined : Mapping.read(source, source.root, 'kivi.yaml', null)
  if (root === undefined) return { linkedBy: [], active: null, businessHours: OFFICE_HOURS }
  return {
    linkedBy: readLinks(root, eventTypes),
    active: readActive(root, eventTypes),
    businessHours: readBusinessHours(root),
  }
}

function readLinks(root: Mapping, eventTypes: ReadonlyMap<string, EventType>): readonly string[] {
  const identity = root.mapping('identity', 'identity', IDENTITY_KEYS)
  if (!identity?.require('link')) return []
  return namesOf(identity, 'link', eventTypes)
}

/** event types that a key lists; reports unknown ones. `'*'` stays what it is: types that are added later are in it */
function namesOf(mapping: Mapping, key: string, eventTypes: ReadonlyMap<string, EventType>): readonly string[] {
  const named = mapping.someTexts(key) ?? []
  if (named.length === 1 && named[0]!.value === '*') return ['*']
  for (const { value, node } of named)
    if (!eventTypes.has(value))
      mapping.source.report(
        node,
        'unknown_name',
        `${key} of ${mapping.what}: there is no event type ${value}.`,
        didYouMean(value, eventTypes.keys()),
      )
  return [...new Set(named.map(n => n.value).filter(name => eventTypes.has(name)))].sort()
}

function readActive(root: Mapping, eventTypes: ReadonlyMap<string, EventType>): EventSelection[] | null {
  const active = root.mapping('active', 'active', ACTIVE_KEYS)
  if (active === undefined) return null
  if (!active.has('also')) active.require('events')
  const plain = active.has('events') ? namesOf(active, 'events', eventTypes) : []
  const also = active.mappings('also', 'an entry of also', ALSO_KEYS).flatMap(entry => {
    if (!entry.require('event')) return []
    // what is invalid is left out by those who read it, as some count it
    const world = { eventTypes, active: null, traffic: NO_INVALID_TRAFFIC, counted: null }
    const names = readEventNames(entry, world)
    return names === null ? [] : selectionsOf(names, entry, world)
  })
  if (plain.length === 0) return also
  return [{ events: plain[0] === '*' ? [] : plain, filter: null }, ...also]
}

function readBusinessHours(root: Mapping): BusinessHours {
  const hours = root.mapping('business_hours', 'business_hours', BUSINESS_HOURS_KEYS)
  if (hours === undefined) return OFFICE_HOURS
  const days = (hours.someTexts('days') ?? []).flatMap(({ value, node }) => {
    const day = (WEEKDAYS as readonly string[]).indexOf(value)
    if (day < 0)
      hours.source.report(
        node,
        'wrong_value',
        `days of business_hours: '${value}' is no day.`,
        `Write ${WEEKDAYS.join(', ')}.`,
      )
    return day < 0 ? [] : [day]
  })
  const from = readClock(hours, 'from') ?? OFFICE_HOURS.from
  const until = readClock(hours, 'until') ?? OFFICE_HOURS.until
  if (until <= from)
    hours.source.report(
      hours.at(hours.has('until') ? 'until' : 'from'),
      'wrong_value',
      'until of business_hours is not after from.',
      'Hours over midnight cannot be told.',
    )
  return { days: days.length === 0 ? OFFICE_HOURS.days : [...new Set(days)].sort(), from, until }
}

/** HH:MM as ms after midnight; 24:00 is the end of the day */
function readClock(hours: Mapping, key: string): number | undefined {
  const text = hours.text(key)
  if (text === undefined) return undefined
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match !== null) return Number(match[1]) * HOUR + Number(match[2]) * 60_000
  if (text === '24:00') return 24 * HOUR
  hours.source.report(
    hours.at(key),
    'wrong_value',
    `${key} of business_hours is '${text}', which is no time of day.`,
    "Write '09:00', in quotes.",
  )
  return undefined
}
