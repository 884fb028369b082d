/** What the log of the alerts says, followed beside whoever leads. */
import { type AlertFact, AlertState, type Intent, type LeaderRecord, readRecord, type StateLog } from '@kivi/domain'

export class LogReader {
  readonly state = new AlertState()
  readonly facts: AlertFact[] = []
  /** who took the lead, in order */
  readonly leaders: Array<LeaderRecord & { readonly stamp: number }> = []
  /** every message that was ever decided, by its key */
  readonly messages = new Map<string, Pick<Intent, 'notification' | 'tells'>>()
  readonly #log: StateLog
  #at = 0

  constructor(log: StateLog) {
    this.#log = log
  }

  /** Reads on until the condition holds. */
  async until(condition: (reader: this) => boolean): Promise<void> {
    while (!condition(this)) await this.#read(100)
  }

  /** All that is there now. */
  async toEnd(): Promise<void> {
    while (!(await this.#read(0)));
  }

  async #read(maxWaitMs: number): Promise<boolean> {
    const { records, next, end } = await this.#log.read(this.#at, { maxWaitMs })
    for (const record of records) {
      this.state.fold(record)
      if (record.value === null) continue
      const { record: value, facts } = readRecord(record.value)
      this.facts.push(...facts)
      if (value.kind === 'leader') this.leaders.push({ ...value, stamp: record.stamp })
      if (value.kind === 'lane' && value.open !== null) this.messages.set(value.open.notification.key, value.open)
    }
    this.#at = next
    return end
  }

  /** Until the rule has been judged up to the instant. */
  judged(rule: string, instant: number): Promise<void> {
    return this.until(() => (this.state.progress.get(rule)?.instant ?? -1) >= instant)
  }
}
