/** What happened, as plain events in an array: whom each one belongs to, and who was active. */
import { type Calendar, calendarOf } from './calendar.ts'

/** An event as a producer writes it. */
export type GivenEvent = Readonly<Record<string, unknown>> & {
  readonly event_id: string
  readonly event_type: string
  readonly event_time: string
}

export interface Happened {
  readonly type: string
  readonly t: number
  /** the person, anonymous ids resolved; '' where it is nobody's */
  readonly who: string
  readonly event: GivenEvent
}

export interface Setting {
  readonly zone: string
  /** what is known: nothing at or after this instant has been heard of */
  readonly known: number
  /** event types that make a person active; those of the conventions unless said otherwise */
  readonly activeTypes?: readonly string[]
}

export interface History {
  /** by time, without invalid traffic */
  readonly events: readonly Happened[]
  /** what nobody did, by time: bots, the company's own people, tests */
  readonly invalid: readonly Happened[]
  readonly calendar: Calendar
  readonly known: number
  isActive(happened: Happened): boolean
  /** events of a type in [from, to), all of them without bounds */
  of(type: string | readonly string[], from?: number, to?: number): Happened[]
  /** what a person did of their own, by time */
  activeOf(who: string): readonly Happened[]
}

const ACTIVE = [
  ...['page_view', 'click', 'engagement', 'login', 'feature_use', 'search', 'cart', 'checkout', 'signup'],
  ...['purchase', 'survey'],
]

export function createHistory(given: readonly GivenEvent[], setting: Setting): History {
  const known = given.filter(event => Date.parse(event.event_time) < setting.known)
  // whom a crawler says an id belongs to is nobody's business
  const links = linksOf(known.filter(event => !isInvalid(event)))
  const all = known
    .map(event => ({ type: event.event_type, t: Date.parse(event.event_time), who: personOf(event, links), event }))
    .sort((a, b) => a.t - b.t)
  const events = all.filter(({ event }) => !isInvalid(event))
  const byType = Map.groupBy(events, happened => happened.type)
  const activeTypes = new Set(setting.activeTypes ?? ACTIVE)
  const isActive = ({ type, event }: Happened): boolean =>
    activeTypes.has(type) ||
    (setting.activeTypes === undefined && type === 'ticket' && event['action'] === 'opened') ||
    (setting.activeTypes === undefined && type === 'campaign_contact' && event['action'] === 'participated')
  let active: Map<string, Happened[]> | undefined
  return {
    events,
    invalid: all.filter(({ event }) => isInvalid(event)),
    calendar: calendarOf(setting.zone),
    known: setting.known,
    isActive,
    activeOf(who) {
      active ??= Map.groupBy(events.filter(isActive), happened => happened.who)
      return active.get(who) ?? []
    },
    of(type, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
      const found = typeof type === 'string' ? (byType.get(type) ?? []) : events.filter(e => type.includes(e.type))
      return found.filter(e => e.t >= from && e.t < to)
    },
  }
}

function isInvalid({ source, properties }: GivenEvent): boolean {
  const flag = (properties as Readonly<Record<string, string>> | undefined)?.['traffic']
  return source === 'test' || flag === 'bot' || flag === 'internal' || flag === 'test'
}

/** The first user with whom an anonymous id appears in one event. */
function linksOf(events: readonly GivenEvent[]): Map<string, string> {
  const links = new Map<string, { user: string; t: number }>()
  for (const event of events) {
    const { user_id: user, anonymous_id: anonymous } = event
    if (typeof user !== 'string' || typeof anonymous !== 'string') continue
    const t = Date.parse(event.event_time)
    const link = links.get(anonymous)
    if (link === undefined || t < link.t) links.set(anonymous, { user, t })
  }
  return new Map([...links].map(([anonymous, { user }]) => [anonymous, user]))
}

function personOf(event: GivenEvent, links: ReadonlyMap<string, string>): string {
  const { user_id: user, anonymous_id: anonymous } = event
  if (typeof user === 'string' && user !== '') return `user ${user}`
  if (typeof anonymous !== 'string' || anonymous === '') return ''
  const linked = links.get(anonymous)
  return linked === undefined ? `anonymous ${anonymous}` : `user ${linked}`
}

/** A text field; '' where it is missing. */
export const text = ({ event }: Happened, field: string): string => {
  if (field.startsWith('properties.')) {
    const properties = event['properties'] as Readonly<Record<string, string>> | undefined
    return properties?.[field.slice('properties.'.length)] ?? ''
  }
  const value = event[field]
  return typeof value === 'string' ? value : ''
}

/** A number field; NaN where it is missing. */
export const number = ({ event }: Happened, field: string): number =>
  typeof event[field] === 'number' ? (event[field] as number) : Number.NaN

/** The order of a purchase line or a refund: an event without one is an order of its own. */
export const orderId = (happened: Happened): string => text(happened, 'order_id') || happened.event.event_id

export type Group = Readonly<Record<string, string>>

/** Is it in the group? Everything is in the empty group. */
export const inGroup = (happened: Happened, by: Group | undefined): boolean =>
  Object.entries(by ?? {}).every(([field, value]) => text(happened, field) === value)
