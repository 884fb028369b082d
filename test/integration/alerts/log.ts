/** What the log of the alerts says, followed beside whoever leads. */
import { type AlertFact, AlertState, readRecord, type StateLog } from '@kivi/domain'

export class LogReader {
  readonly state = new AlertState()
  readonly facts: AlertFact[] = []
  readonly #log: StateLog
  #at = 0

  constructor(log: StateLog) {
    this.#log = log
  }

  /** Reads on until the condition holds. */
  async until(condition: (reader: this) => boolean): Promise<void> {
    while (!condition(this)) {
      const { records, next } = await this.#log.read(this.#at, { maxWaitMs: 100 })
      for (const record of records) {
        this.state.fold(record)
        if (record.value !== null) this.facts.push(...readRecord(record.value).facts)
      }
      this.#at = next
    }
  }

  /** Until the rule has been judged up to the instant. */
  judged(rule: string, instant: number): Promise<void> {
    return this.until(() => (this.state.progress.get(rule)?.instant ?? -1) >= instant)
  }
}
