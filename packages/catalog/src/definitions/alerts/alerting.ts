/** The sections of alerts*.yaml, joined: names are checked across all of them. */
import {
  type Alerting,
  type AlertRule,
  labelsOfRules,
  NO_ALERTING,
  type ReceiverSettings,
  type Route,
  type TimeInterval,
} from '@kivi/domain'
import { Mapping } from '../../mapping.ts'
import type { Problem } from '../../problems.ts'
import { readSource } from '../../source.ts'
import { didYouMean } from '../../suggest.ts'
import { RECEIVER_KEYS_OF_ALL, readReceiver } from './receivers.ts'
import { INHIBIT_KEYS, readInhibition, readRoute } from './routes.ts'
import { RULE_KEYS, type RuleWorld, readRule } from './rule.ts'
import { INTERVAL_KEYS, type IntervalWorld, readTimeInterval } from './time-intervals.ts'

export const ALERT_SECTIONS = ['alerts', 'receivers', 'route', 'time_intervals', 'inhibit'] as const

/** `alerts.yaml`, and where one is not enough `alerts.shop.yaml`, … */
export const isAlertFile = (name: string): boolean => /^alerts(\.[\w-]+)?\.ya?ml$/.test(name)

const RULE_ID = /^[A-Za-z]\w{0,63}$/
const NAME = /^[a-z][a-z0-9_]{0,63}$/

export interface AlertWorld extends RuleWorld, IntervalWorld {
  readonly problems: Problem[]
}

export interface LoadedAlerting {
  readonly alerting: Alerting
  /** of receivers that could be read, and of those that could not */
  readonly receiverNames: ReadonlySet<string>
}

export function readAlerting(world: AlertWorld): LoadedAlerting {
  const { files, problems } = world
  const roots = [...files.keys()]
    .filter(isAlertFile)
    .sort()
    .flatMap(file => {
      const source = readSource(file, files.get(file) as string, problems)
      // a file of comments only is no mistake
      if (source.root === null) return []
      return Mapping.read(source, source.root, file, { known: ALERT_SECTIONS }) ?? []
    })
  if (roots.length === 0) return { alerting: NO_ALERTING, receiverNames: new Set() }
  const named = (section: 'receivers' | 'time_intervals', noun: string): Map<string, Mapping> => {
    const found = new Map<string, Mapping>()
    for (const root of roots) {
      const definitions = root.mapping(section, section, null)
      for (const [id, mapping] of definitions?.entries(name => `${noun} ${name}`, null) ?? []) {
        checkId(mapping, id, NAME, 'small letters, digits and _ only, a letter first')
        if (refuseTwice(found.get(id), mapping, mapping.keyOf(), `${noun} ${id}`)) found.set(id, mapping)
      }
    }
    return found
  }
  const receiverMappings = named('receivers', 'receiver')
  const receivers = new Map<string, ReceiverSettings>()
  for (const [id, mapping] of receiverMappings) {
    mapping.refuseUnknown(RECEIVER_KEYS_OF_ALL)
    const receiver = readReceiver(id, mapping)
    if (receiver !== null) receivers.set(id, receiver)
  }
  const intervalMappings = named('time_intervals', 'time interval')
  const intervals = new Map<string, TimeInterval>()
  for (const [id, mapping] of intervalMappings) {
    mapping.refuseUnknown(INTERVAL_KEYS)
    const interval = readTimeInterval(id, mapping, world)
    if (interval !== null) intervals.set(id, interval)
  }
  const { rules, complete } = readRules(roots, world)
  // of a rule that could not be read nobody knows the labels; without rules there are none to be right or wrong about
  const labels = complete && rules.size > 0 ? labelsOfRules(rules.values()) : null
  const names = { receivers: new Set(receiverMappings.keys()), intervals: new Set(intervalMappings.keys()), labels }
  const alerting: Alerting = {
    rules,
    receivers,
    route: readRoot(roots, names),
    intervals,
    inhibitions: roots.flatMap(root =>
      root.mappings('inhibit', 'an inhibition', INHIBIT_KEYS).flatMap(mapping => readInhibition(mapping, labels) ?? []),
    ),
  }
  return { alerting, receiverNames: names.receivers }
}

function readRules(
  roots: readonly Mapping[],
  world: RuleWorld,
): { readonly rules: Map<string, AlertRule>; readonly complete: boolean } {
  const mappings = new Map<string, Mapping>()
  const rules = new Map<string, AlertRule>()
  let found = 0
  for (const root of roots)
    for (const plain of root.mappings('alerts', 'an alert', null)) {
      found += 1
      if (!plain.require('alert')) continue
      const id = plain.text('alert')
      if (id === undefined) continue
      const mapping = Mapping.read(plain.source, plain.node, `alert ${id}`, RULE_KEYS)
      if (mapping === undefined) continue
      checkId(mapping, id, RULE_ID, 'letters, digits and _ only, a letter first', mapping.at('alert'))
      if (!refuseTwice(mappings.get(id), mapping, mapping.at('alert'), `alert ${id}`)) continue
      mappings.set(id, mapping)
      const rule = readRule(id, mapping, world)
      if (rule !== null) rules.set(id, rule)
    }
  for (const { id, formerly } of rules.values())
    for (const name of formerly)
      if (mappings.has(name)) {
        const mapping = mappings.get(id) as Mapping
        mapping.source.report(
          mapping.at('formerly'),
          'duplicate_id',
          `${mapping.what} was formerly ${name}, and there is an alert ${name}.`,
          'What is told of one of them cannot be told of both.',
        )
      }
  return { rules, complete: rules.size === found }
}

function readRoot(roots: readonly Mapping[], names: Parameters<typeof readRoute>[1]): Route | null {
  const [first, ...others] = roots.filter(root => root.has('route'))
  for (const other of others)
    other.source.report(
      other.keyAt('route'),
      'duplicate_id',
      `there is another route in ${first?.source.file}.`,
      'There is one outermost route; put this one into its routes.',
    )
  const mapping = first?.mapping('route', 'the route', null)
  return mapping === undefined ? null : readRoute(mapping, names, null)
}

function checkId(mapping: Mapping, id: string, pattern: RegExp, rule: string, at = mapping.keyOf()): void {
  if (!pattern.test(id))
    mapping.source.report(at, 'bad_id', `${id} cannot be a name: ${rule}, at most 64.`, didYouMean(id, []))
}

function refuseTwice(
  before: Mapping | undefined,
  mapping: Mapping,
  at: ReturnType<Mapping['at']>,
  what: string,
): boolean {
  if (before === undefined) return true
  mapping.source.report(
    at,
    'duplicate_id',
    `there is another ${what} in ${before.source.file}.`,
    'Give one of them another name.',
  )
  return false
}
