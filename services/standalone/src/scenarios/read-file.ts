/** Scenario files: YAML, with each mistake told by file, line and column. */
import { type Catalog, createZone, type EventType, KiviError, suggest, type Zone } from '@kivi/domain'
import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'
import { type EventLine, readEventLine, setField, typeOf } from './event-line.ts'
import type {
  Expectation,
  Expected,
  ExpectedAlert,
  ExpectedAlerts,
  Scenario,
  ScenarioEvent,
  ScenarioFile,
  Step,
} from './scenario.ts'
import { ALERT_KEYS, EXPECTED_KEYS } from './scenario.ts'
import { TIME_ADVICE, timeOf } from './times.ts'
import type { ScenarioSource } from './yaml-source.ts'

const FILE_KEYS = ['catalog', 'settings', 'defaults', 'scenarios']
const SCENARIO_KEYS = ['name', 'defaults', 'events', 'watch_from', 'expect']
const STEP_KEYS = ['at', 'window', 'period', 'from', 'to', 'by', 'filter', 'values', 'alerts']

type Defaults = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Throws usage with a line per mistake. */
export function readScenarios(source: ScenarioSource, catalog: Catalog): ScenarioFile {
  const reader = new Reader(source, catalog)
  const scenarios = reader.file()
  if (source.problems.length > 0) throw new KiviError('usage', source.problems.join('\n'))
  return { file: source.file, scenarios }
}

class Reader {
  readonly #source: ScenarioSource
  readonly #catalog: Catalog
  readonly #zone: Zone

  constructor(source: ScenarioSource, catalog: Catalog) {
    this.#source = source
    this.#catalog = catalog
    this.#zone = createZone(catalog.timezone)
  }

  file(): Scenario[] {
    const root = this.#source.root
    if (!isMap(root)) {
      this.#source.report(root, 'a scenario file is a mapping with scenarios')
      return []
    }
    this.#refuseUnknown(root, FILE_KEYS, 'a scenario file')
    const defaults = this.#defaults(root, new Map())
    const scenarios = this.#list(root, 'scenarios', root)
    const names = new Set<string>()
    return scenarios.flatMap(node => {
      if (!isMap(node)) return this.#source.report(node, 'a scenario is a mapping with name, events and expect')
      this.#refuseUnknown(node, SCENARIO_KEYS, 'a scenario')
      const name = this.#text(node, 'name') ?? this.#source.report(node, 'a scenario needs a name')[0] ?? ''
      if (names.has(name)) this.#source.report(node, `there is another scenario '${name}' in this file`)
      names.add(name)
      const own = this.#defaults(node, defaults)
      const line = this.#source.line(node)
      const watchFrom = this.#time(node, 'watch_from') ?? null
      return [{ name, line, events: this.#events(node, own), steps: this.#steps(node), watchFrom }]
    })
  }

  #events(scenario: YAMLMap, defaults: Defaults): ScenarioEvent[] {
    const node = scenario.get('events', true) as Node | undefined
    const entries: { readonly at: Node; readonly line: number; readonly read: () => EventLine }[] = []
    const { eventTypes } = this.#catalog
    const addLines = (scalar: Scalar): void => {
      for (const { line, text } of this.#source.linesOf(scalar))
        entries.push({ at: scalar, line, read: () => readEventLine(text, eventTypes) })
    }
    if (isScalar(node) && typeof node.value === 'string') addLines(node)
    else if (isSeq(node))
      for (const item of node.items as Node[]) {
        if (isScalar(item) && typeof item.value === 'string') addLines(item)
        else if (isMap(item)) entries.push({ at: item, line: this.#source.line(item), read: () => this.#mapping(item) })
        else this.#source.report(item, 'an event is a line or a mapping')
      }
    else if (node !== undefined && !(isScalar(node) && node.value === null))
      this.#source.report(node, 'events are lines of text, or a list')
    const events: ScenarioEvent[] = []
    let previous: number | null = null
    for (const { line, read } of entries) {
      try {
        previous = this.#place(read(), line, previous, defaults, events)
      } catch (error) {
        this.#source.reportLine(line, ended((error as Error).message))
      }
    }
    return events.sort((a, b) => a.arrives - b.arrives)
  }

  /** the same as a mapping: at, type, fields */
  #mapping(item: YAMLMap): EventLine {
    const { at, type: name, arrives, ...fields } = item.toJS(this.#source.document) as Record<string, unknown>
    if (typeof at !== 'string' || typeof name !== 'string') throw new Error('an event needs at and type')
    const type = typeOf(name, this.#catalog.eventTypes)
    const checked: Record<string, unknown> = {}
    for (const [field, value] of Object.entries(fields)) setField(checked, type, field, value)
    return {
      time: at,
      type: name,
      fields: checked,
      arrives: typeof arrives === 'string' ? arrives : null,
      times: 1,
      every: null,
    }
  }

  #place(
    { time, type, fields, arrives, times, every }: EventLine,
    line: number,
    previous: number | null,
    defaults: Defaults,
    into: ScenarioEvent[],
  ): number {
    const at = timeOf(time, this.#zone, previous)
    if (at === null) throw new Error(`'${time}' is no time. ${TIME_ADVICE.replace(/\.$/, '')}`)
    const known = typeOf(type, this.#catalog.eventTypes)
    const given = { ...pick(defaults.get('*') ?? {}, known), ...defaults.get(type), ...fields }
    let happens = at
    for (let n = 1; n <= times; n++) {
      if (n > 1 && every !== null) happens = this.#after(every, happens, 'every')
      const event = {
        event_id: `line-${line}-${n}`,
        event_type: type,
        event_time: happens,
        source: 'scenario',
        ...(numbered(given, n) as object),
      }
      into.push({ event, arrives: arrives === null ? happens : this.#after(arrives, happens, 'arrives'), line })
    }
    return at
  }

  #after(text: string, instant: number, key: string): number {
    const time = timeOf(text.startsWith('+') || key === 'arrives' ? text : `+${text}`, this.#zone, instant)
    if (time === null) throw new Error(`${key} is '${text}', which is no time. ${TIME_ADVICE.slice(0, -1)}`)
    return time
  }

  #steps(scenario: YAMLMap): Step[] {
    const steps = this.#list(scenario, 'expect', scenario).flatMap(node => {
      if (!isMap(node)) return this.#source.report(node, 'what is expected is a mapping with at and values')
      this.#refuseUnknown(node, STEP_KEYS, 'an expectation')
      const at = this.#time(node, 'at')
      const values = node.has('values') || !node.has('alerts') ? this.#values(node) : []
      const alerts = this.#alerts(node)
      if (at === undefined)
        return this.#source.report(node, 'an expectation needs at: the instant at which it is asked')
      return [{ at, window: this.#window(node, at), by: this.#by(node), filter: this.#filter(node), values, alerts }]
    })
    return steps.sort((a, b) => a.at - b.at)
  }

  #window(node: YAMLMap, at: number): Record<string, string> {
    const [from, to] = [this.#time(node, 'from'), this.#time(node, 'to')]
    const [window, period] = [this.#text(node, 'window'), this.#text(node, 'period')]
    return {
      ...(window === undefined ? {} : { window }),
      ...(period === undefined ? {} : { period }),
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      to: new Date(to ?? at).toISOString(),
    }
  }

  #by(node: YAMLMap): string[] {
    const by = (node.get('by', true) as Node | undefined)?.toJS(this.#source.document) ?? []
    return (Array.isArray(by) ? by : String(by).split(',')).map(name => String(name).trim())
  }

  #filter(node: YAMLMap): Record<string, string[]> {
    const filter = (node.get('filter', true) as Node | undefined)?.toJS(this.#source.document) ?? {}
    return Object.fromEntries(
      Object.entries(filter as object).map(([name, value]) => [name, [value].flat().map(String)]),
    )
  }

  #values(node: YAMLMap): Expectation[] {
    const values = node.get('values', true)
    if (!isMap(values)) return this.#source.report(node, 'values says what is expected of which indicator')
    return (values.items as Pair<Scalar, Node | null>[]).flatMap(({ key, value }) => {
      const indicator = String(key.value)
      if (!this.#catalog.indicators.has(indicator))
        return this.#source.report(
          key,
          `there is no indicator ${indicator}${hint(indicator, [...this.#catalog.indicators.keys()])}`,
        )
      const groups = isMap(value) ? value.get('groups', true) : undefined
      return [
        {
          indicator,
          line: this.#source.line(key),
          expected: this.#expected(value),
          groups: isMap(groups)
            ? new Map(
                (groups.items as Pair<Scalar, Node | null>[]).map(pair => [
                  String(pair.key.value),
                  { line: this.#source.line(pair.key), expected: this.#expected(pair.value) },
                ]),
              )
            : null,
        },
      ]
    })
  }

  #alerts(node: YAMLMap): ExpectedAlerts[] {
    const alerts = node.get('alerts', true)
    if (alerts === undefined) return []
    if (!isMap(alerts)) return this.#source.report(alerts as Node, 'alerts says which are expected of which rule')
    const { rules } = this.#catalog.alerting
    return (alerts.items as Pair<Scalar, Node | null>[]).flatMap(({ key, value }) => {
      const name = String(key.value)
      const rule = rules.get(name)
      if (rule === undefined)
        return this.#source.report(key, `there is no alert ${name}${hint(name, [...rules.keys()])}`)
      if (rule.indicator === null)
        return this.#source.report(key, `${name} is about Kivi itself: no events can make it fire here`)
      if (!isSeq(value)) return this.#source.report(key, `${name} needs a list of alerts; [] is none`)
      return [
        { rule: name, line: this.#source.line(key), alerts: (value.items as Node[]).flatMap(one => this.#alert(one)) },
      ]
    })
  }

  #alert(node: Node): ExpectedAlert[] {
    if (!isMap(node)) return this.#source.report(node, 'an alert is a mapping: { state: firing, since: … }')
    const state = this.#text(node, 'state') ?? 'firing'
    if (state !== 'pending' && state !== 'firing' && state !== 'resolved')
      return this.#source.report(node, `an alert is pending, firing or resolved, not ${state}`)
    const labels = Object.fromEntries(
      (node.items as Pair<Scalar, Node | null>[]).flatMap(({ key, value }) => {
        const name = String(key.value)
        if ((ALERT_KEYS as readonly string[]).includes(name)) return []
        return [[name, String(value?.toJS(this.#source.document) ?? '')] as const]
      }),
    )
    const value = node.has('value') ? this.#number(node.get('value', true) as Node | null) : undefined
    const [since, until] = [this.#time(node, 'since') ?? null, this.#time(node, 'until') ?? null]
    return [{ line: this.#source.line(node), labels, state, since, until, value }]
  }

  /** a number or null stands for the value; a fraction may be written as one */
  #expected(node: Node | null): Expected {
    if (!isMap(node)) return { value: this.#number(node) }
    const expected: Record<string, unknown> = {}
    for (const { key, value } of node.items as Pair<Scalar, Node | null>[]) {
      const name = String(key.value)
      if (name === 'groups') continue
      if (!(EXPECTED_KEYS as readonly string[]).includes(name))
        this.#source.report(key, `an answer has no ${name}${hint(name, EXPECTED_KEYS)}`)
      else if (name === 'value' || name === 'target' || name === 'attainment') expected[name] = this.#number(value)
      else expected[name] = plain(value?.toJS(this.#source.document) ?? null)
    }
    return expected
  }

  #number(node: Node | null): number | null {
    // a key without a value is null
    if (node === null) return null
    const value = isScalar(node) ? node.value : undefined
    if (value === null || typeof value === 'number') return value
    const number = typeof value === 'string' ? fraction(value) : null
    if (number === null) this.#source.report(node, 'a number is expected here, a fraction such as 2/3, or null')
    return number
  }

  #defaults(node: YAMLMap, outer: Defaults): Defaults {
    const given = ((node.get('defaults', true) as Node | undefined)?.toJS(this.#source.document) ?? {}) as object
    const defaults = new Map(outer)
    for (const [type, fields] of Object.entries(given)) {
      if (type !== '*' && !this.#catalog.eventTypes.has(type))
        this.#source.report(
          node.get('defaults', true) as Node,
          `defaults name the event type ${type}, which does not exist${hint(type, [...this.#catalog.eventTypes.keys()])}`,
        )
      defaults.set(type, { ...outer.get(type), ...(fields as object) })
    }
    return defaults
  }

  #time(node: YAMLMap, key: string): number | undefined {
    const text = this.#text(node, key)
    if (text === undefined) return undefined
    const time = timeOf(text, this.#zone, null)
    if (time === null)
      this.#source.report(node.get(key, true) as Node, `${key} is '${text}', which is no time. ${TIME_ADVICE}`)
    return time ?? undefined
  }

  #text(node: YAMLMap, key: string): string | undefined {
    const value = node.get(key)
    return value === undefined || value === null ? undefined : String(value)
  }

  #list(node: YAMLMap, key: string, at: Node): Node[] {
    const list = node.get(key, true)
    if (isSeq(list)) return list.items as Node[]
    this.#source.report(at, `${key} is a list, and it is missing here`)
    return []
  }

  #refuseUnknown(node: YAMLMap, known: readonly string[], what: string): void {
    for (const { key } of node.items as Pair<Scalar, Node | null>[]) {
      const name = String(key.value)
      if (!known.includes(name)) this.#source.report(key, `${what} has no ${name}${hint(name, known)}`)
    }
  }
}

const ended = (sentence: string): string => (/[.?]$/.test(sentence) ? sentence : `${sentence}.`)

/** the defaults for all types, as far as the type has the field */
const pick = (fields: Readonly<Record<string, unknown>>, type: EventType): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name === 'properties' || type.fields.has(name)))

/** `{n}` in texts counts the events of a line */
function numbered(value: unknown, n: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(n))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, numbered(inner, n)]))
}

/** numbers of parts may be fractions too */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return fraction(value) ?? value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function fraction(text: string): number | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(text)
  return match === null ? null : Number(match[1]) / Number(match[2])
}

function hint(name: string, names: readonly string[]): string {
  const similar = suggest(name, names)
  return similar === null ? '' : `; did you mean ${similar}?`
}
