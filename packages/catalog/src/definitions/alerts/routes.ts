/** The tree of routes, and what inhibits what. */
import type { Inhibition, KnownLabels, Route } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { readLength } from './lengths.ts'
import { readLabelNames, readMatchers } from './matchers.ts'

export const ROUTE_KEYS: Keys = {
  known: [
    ...['name', 'match', 'receiver', 'group_by', 'group_wait', 'group_interval', 'repeat_interval'],
    ...['active_in', 'muted_in', 'escalate', 'continue', 'routes'],
  ],
}
export const ESCALATE_KEYS: Keys = { known: ['after', 'receiver'] }
export const INHIBIT_KEYS: Keys = { known: ['source', 'target', 'equal', 'pending', 'linger'] }

export interface RouteWorld {
  readonly receivers: ReadonlySet<string>
  readonly intervals: ReadonlySet<string>
  /** that alerts can have; null: nobody knows */
  readonly labels: KnownLabels | null
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DEFAULTS = { groupWaitMs: 30_000, groupIntervalMs: 5 * MINUTE, repeatIntervalMs: 4 * HOUR } as const

/** What a route does not say is as in the one above it. */
export function readRoute(mapping: Mapping, world: RouteWorld, above: Route | null): Route | null {
  mapping.refuseUnknown(ROUTE_KEYS)
  if (above === null) {
    if (!mapping.require('receiver')) return null
    for (const key of ['match', 'continue'])
      if (mapping.has(key))
        mapping.source.report(
          mapping.keyAt(key),
          'unknown_key',
          `the outermost route takes every alert, and has no ${key}.`,
          'Put it into one of its routes.',
        )
  } else if (!mapping.has('match'))
    mapping.source.report(
      mapping.node,
      'missing_key',
      `${mapping.what} does not say which alerts it takes.`,
      `Give it match: [severity="page"], for example.`,
    )
  const name = mapping.text('name')
  const receiver = readName(mapping, 'receiver', world.receivers, 'receiver') ?? above?.receiver
  const names = (key: string, known: ReadonlySet<string>, noun: string): string[] =>
    (mapping.texts(key) ?? []).flatMap(({ value, node }) => {
      if (known.has(value)) return [value]
      mapping.source.report(
        node,
        'unknown_name',
        `${key} of ${mapping.what}: there is no ${noun} ${value}.`,
        didYouMean(value, known),
      )
      return []
    })
  const matchers = readMatchers(mapping, 'match', world.labels)
  const groupBy = readLabelNames(mapping, 'group_by', world.labels, '...') ?? above?.groupBy ?? ['alertname']
  const route: Route = {
    id: [above?.id, name ?? (above === null ? 'default' : (receiver ?? 'route'))].filter(Boolean).join('/'),
    matchers,
    receiver: receiver ?? '',
    groupBy,
    groupWaitMs: readLength(mapping, 'group_wait') ?? above?.groupWaitMs ?? DEFAULTS.groupWaitMs,
    groupIntervalMs: readLength(mapping, 'group_interval', 1_000) ?? above?.groupIntervalMs ?? DEFAULTS.groupIntervalMs,
    repeatIntervalMs:
      readLength(mapping, 'repeat_interval', MINUTE) ?? above?.repeatIntervalMs ?? DEFAULTS.repeatIntervalMs,
    activeIn: mapping.has('active_in') ? names('active_in', world.intervals, 'time interval') : (above?.activeIn ?? []),
    mutedIn: mapping.has('muted_in') ? names('muted_in', world.intervals, 'time interval') : (above?.mutedIn ?? []),
    escalations: mapping.has('escalate') ? readEscalations(mapping, world) : (above?.escalations ?? []),
    continue: mapping.boolean('continue') ?? false,
    routes: [],
  }
  const routes = mapping
    .mappings('routes', `a route of ${route.id}`, null)
    .flatMap(child => readRoute(child, world, route) ?? [])
  return receiver === undefined ? null : { ...route, routes }
}

function readEscalations(mapping: Mapping, world: RouteWorld): Route['escalations'] {
  return mapping
    .mappings('escalate', `an escalation of ${mapping.what}`, ESCALATE_KEYS)
    .flatMap(step => {
      if (!step.require('after', 'receiver')) return []
      const afterMs = readLength(step, 'after', 1_000)
      const receiver = readName(step, 'receiver', world.receivers, 'receiver')
      return afterMs === undefined || receiver === undefined ? [] : [{ afterMs, receiver }]
    })
    .sort((a, b) => a.afterMs - b.afterMs)
}

function readName(mapping: Mapping, key: string, known: ReadonlySet<string>, noun: string): string | undefined {
  const name = mapping.text(key)
  if (name === undefined || known.has(name)) return name
  mapping.source.report(
    mapping.at(key),
    'unknown_name',
    `${key} of ${mapping.what}: there is no ${noun} ${name}.`,
    didYouMean(name, known),
  )
  return undefined
}

export function readInhibition(mapping: Mapping, labels: KnownLabels | null): Inhibition | null {
  if (!mapping.require('source', 'target')) return null
  return {
    source: readMatchers(mapping, 'source', labels),
    target: readMatchers(mapping, 'target', labels),
    equal: readLabelNames(mapping, 'equal', labels) ?? [],
    pending: mapping.boolean('pending') ?? false,
    lingerMs: readLength(mapping, 'linger') ?? HOUR,
  }
}
