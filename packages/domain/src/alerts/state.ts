/** The state of all alerts: the fold of the log, and what a step is about to append to it. */
import type { StateChange } from '../ports/state-log.ts'
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

  /** Takes a record of the log in. A key of another kind is of a later version of Kivi: it is left alone. */
  fold({ key, value }: StateChange): this {
    const [kind = '', ...rest] = key.split('/')
    const name = rest.join('/')
    const table = (this.#tables as Record<string, Map<string, AlertRecord> | undefined>)[kind]
    if (value === null) table?.delete(name || kind)
    else table?.set(name || kind, readRecord(value).record)
    return this
  }

  get #tables() {
    return {
      instance: this.instances,
      lane: this.lanes,
      progress: this.progress,
      silence: this.silences,
      acknowledgement: this.acknowledgements,
      leader: this.leaders,
    }
  }
}

/** The state that a log of these records has. */
export function foldAlerts(records: Iterable<StateChange>): AlertState {
  const state = new AlertState()
  for (const record of records) state.fold(record)
  return state
}

/** A value of the log: the record, and what happened when it was written. */
export function readRecord(value: string): { readonly record: AlertRecord; readonly facts: readonly AlertFact[] } {
  const { facts = [], ...record } = JSON.parse(value) as AlertRecord & { readonly facts?: readonly AlertFact[] }
  return { record, facts }
}

export const writeRecord = (record: AlertRecord, facts: readonly AlertFact[] = []): StateChange => ({
  key: keyOf(record),
  value: JSON.stringify(facts.length === 0 ? record : { ...record, facts }),
})

/** A state with changes over it that nobody has seen yet. */
export class AlertDraft {
  readonly #state: AlertState
  readonly #changed = new Map<string, AlertRecord | null>()
  readonly #facts = new Map<string, AlertFact[]>()

  constructor(state: AlertState) {
    this.#state = state
  }

  instance(id: string): AlertInstance | undefined {
    return this.#read(`instance/${id}`, this.#state.instances.get(id))
  }

  lane(lane: string): LaneRecord | undefined {
    return this.#read(`lane/${lane}`, this.#state.lanes.get(lane))
  }

  progress(rule: string): RuleProgress | undefined {
    return this.#read(`progress/${rule}`, this.#state.progress.get(rule))
  }

  instances(): AlertInstance[] {
    return this.#all('instance/', this.#state.instances)
  }

  lanes(): LaneRecord[] {
    return this.#all('lane/', this.#state.lanes)
  }

  allProgress(): RuleProgress[] {
    return this.#all('progress/', this.#state.progress)
  }

  silences(): SilenceRecord[] {
    return this.#all('silence/', this.#state.silences)
  }

  acknowledgements(): AcknowledgementRecord[] {
    return this.#all('acknowledgement/', this.#state.acknowledgements)
  }

  /** The record takes the place of the one with its key; `facts` are added to those of this step. */
  put(record: AlertRecord, ...facts: readonly AlertFact[]): void {
    const key = keyOf(record)
    this.#changed.set(key, record)
    if (facts.length > 0) this.#facts.set(key, [...(this.#facts.get(key) ?? []), ...facts])
  }

  remove(record: AlertRecord): void {
    this.#changed.set(keyOf(record), null)
  }

  /** What is to be appended, in one transaction. */
  changes(): StateChange[] {
    const known = (key: string) => {
      const [kind = '', ...rest] = key.split('/')
      const name = rest.join('/')
      if (kind === 'instance') return this.#state.instances.has(name)
      return true
    }
    return [...this.#changed].flatMap(([key, record]) => {
      if (record !== null) return [writeRecord(record, this.#facts.get(key))]
      // what came and went within the step was never there
      return known(key) ? [{ key, value: null }] : []
    })
  }

  #read<T extends AlertRecord>(key: string, base: T | undefined): T | undefined {
    const changed = this.#changed.get(key)
    return changed === undefined ? base : ((changed as T | null) ?? undefined)
  }

  #all<T extends AlertRecord>(prefix: string, base: ReadonlyMap<string, T>): T[] {
    const found: T[] = []
    for (const [name, record] of base) {
      const now = this.#read<T>(prefix + name, record)
      if (now !== undefined) found.push(now)
    }
    for (const [key, record] of this.#changed)
      if (record !== null && key.startsWith(prefix) && !base.has(key.slice(prefix.length))) found.push(record as T)
    return found
  }
}
