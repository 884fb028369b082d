/** The state of all alerts: the fold of the log, and what a step is about to append to it. */
import type { StateChange } from '../ports/state-log.ts'
import { readRecord, writeText } from './record-text.ts'
import type { AlertFact } from './types/history.ts'
import type {
  AcknowledgementRecord,
  AlertInstance,
  AlertRecord,
  LaneRecord,
  LeaderRecord,
  RuleProgress,
  SilenceRecord,
} from './types/records.ts'

/** Where each record lies in the log. */
export function keyOf(record: AlertRecord): string {
  switch (record.kind) {
    case 'instance':
      return `instance/${record.id}`
    case 'lane':
      return `lane/${record.lane}`
    case 'progress':
      return `progress/${record.rule}`
    case 'silence':
      return `silence/${record.silence.id}`
    case 'acknowledgement':
      return `acknowledgement/${record.acknowledgement.alert}`
    case 'leader':
      return 'leader'
  }
}

/** The last record of each key. Changed by nothing but `fold`. */
export class AlertState {
  readonly instances = new Map<string, AlertInstance>()
  readonly lanes = new Map<string, LaneRecord>()
  readonly progress = new Map<string, RuleProgress>()
  readonly silences = new Map<string, SilenceRecord>()
  readonly acknowledgements = new Map<string, AcknowledgementRecord>()
  readonly leaders = new Map<'leader', LeaderRecord>()

  /**
   * Takes a record of the log in, and gives what it says to have happened. A key of another kind is of a later version
   * of Kivi: it is left alone.
   */
  fold({ key, value }: StateChange): readonly AlertFact[] {
    const [kind, name] = partsOf(key)
    const table = this.#tables[kind]
    if (value === null) {
      table?.delete(name)
      return []
    }
    const { record, facts } = readRecord(value)
    table?.set(name, record)
    return facts
  }

  readonly #tables = {
    instance: this.instances,
    lane: this.lanes,
    progress: this.progress,
    silence: this.silences,
    acknowledgement: this.acknowledgements,
    leader: this.leaders,
  } as Readonly<Record<string, Map<string, AlertRecord> | undefined>>
}

/** Kind and name of a record; `leader` has no other name. */
function partsOf(key: string): readonly [kind: string, name: string] {
  const at = key.indexOf('/')
  return at < 0 ? [key, key] : [key.slice(0, at), key.slice(at + 1)]
}

/** The state that a log of these records has. */
export function foldAlerts(records: Iterable<StateChange>): AlertState {
  const state = new AlertState()
  for (const record of records) state.fold(record)
  return state
}

export const writeRecord = (record: AlertRecord, facts: readonly AlertFact[] = []): StateChange => ({
  key: keyOf(record),
  value: writeText(record, facts),
})

/** What is to become of a record: null, there is none any more. */
interface Change {
  readonly key: string
  record: AlertRecord | null
  facts: AlertFact[] | null
}

/** A state with changes over it that nobody has seen yet. */
export class AlertDraft {
  readonly #state: AlertState
  /** in the order in which they are appended */
  readonly #changed = new Map<string, Change>()
  /** the same by kind and name: a step looks at every record, and most of them did not change */
  readonly #byKind = new Map<string, Map<string, Change>>()

  constructor(state: AlertState) {
    this.#state = state
  }

  instance(id: string): AlertInstance | undefined {
    return this.#read('instance', id, this.#state.instances)
  }

  lane(lane: string): LaneRecord | undefined {
    return this.#read('lane', lane, this.#state.lanes)
  }

  progress(rule: string): RuleProgress | undefined {
    return this.#read('progress', rule, this.#state.progress)
  }

  instances(): AlertInstance[] {
    return this.#all('instance', this.#state.instances)
  }

  lanes(): LaneRecord[] {
    return this.#all('lane', this.#state.lanes)
  }

  allProgress(): RuleProgress[] {
    return this.#all('progress', this.#state.progress)
  }

  silences(): SilenceRecord[] {
    return this.#all('silence', this.#state.silences)
  }

  acknowledgements(): AcknowledgementRecord[] {
    return this.#all('acknowledgement', this.#state.acknowledgements)
  }

  /** The record takes the place of the one with its key; `facts` are added to those of this step. */
  put(record: AlertRecord, ...facts: readonly AlertFact[]): void {
    const change = this.#change(record)
    change.record = record
    if (facts.length > 0) change.facts = change.facts === null ? [...facts] : [...change.facts, ...facts]
  }

  /**
   * There is none of it any more. What happened in this step stands in the record, and would never have been heard of:
   * such a record stays until the next step removes it.
   */
  remove(record: AlertRecord): void {
    const change = this.#change(record)
    if (change.facts === null) change.record = null
  }

  /** What is to be appended, in one transaction. */
  changes(): StateChange[] {
    const found: StateChange[] = []
    for (const { key, record, facts } of this.#changed.values()) {
      if (record !== null) found.push(writeRecord(record, facts ?? []))
      // what came and went within the step was never there
      else if (!key.startsWith('instance/') || this.#state.instances.has(partsOf(key)[1]))
        found.push({ key, value: null })
    }
    return found
  }

  #change(record: AlertRecord): Change {
    const key = keyOf(record)
    const known = this.#changed.get(key)
    if (known !== undefined) return known
    const change: Change = { key, record: null, facts: null }
    this.#changed.set(key, change)
    const [kind, name] = partsOf(key)
    const ofKind = this.#byKind.get(kind)
    if (ofKind === undefined) this.#byKind.set(kind, new Map([[name, change]]))
    else ofKind.set(name, change)
    return change
  }

  #read<T extends AlertRecord>(kind: string, name: string, base: ReadonlyMap<string, T>): T | undefined {
    const change = this.#byKind.get(kind)?.get(name)
    return change === undefined ? base.get(name) : ((change.record as T | null) ?? undefined)
  }

  #all<T extends AlertRecord>(kind: string, base: ReadonlyMap<string, T>): T[] {
    const changed = this.#byKind.get(kind)
    if (changed === undefined) return [...base.values()]
    const found: T[] = []
    for (const [name, record] of base) {
      const change = changed.get(name)
      if (change === undefined) found.push(record)
      else if (change.record !== null) found.push(change.record as T)
    }
    for (const [name, { record }] of changed) if (record !== null && !base.has(name)) found.push(record as T)
    return found
  }
}
