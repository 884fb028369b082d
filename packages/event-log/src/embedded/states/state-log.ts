import type { Candidate, CandidateOptions, StateLog } from '@kivi/domain'
import type { Logger } from '../../logger.ts'
import { sleep } from '../../signal.ts'
import { asLogError } from '../database.ts'
import type { Storage } from '../storage.ts'
import { EmbeddedCandidate } from './candidate.ts'
import { ensureStates, nextOffset, readStates } from './table.ts'

const MOST_RECORDS = 10_000
/** How often a reader that waits looks for records: a look-up, microseconds. */
const POLL_MS = 20

/** A state log as a keyed table in the embedded log's file. */
export class EmbeddedStateLog implements StateLog {
  readonly warnings = []
  readonly #storage: Storage
  readonly #topic: string
  readonly #logger: Logger
  readonly #candidates = new Set<Candidate>()

  constructor(storage: Storage, topic: string, logger: Logger) {
    this.#storage = storage
    this.#topic = topic
    this.#logger = logger
    try {
      ensureStates(storage, topic)
    } catch (error) {
      throw asLogError(error, `making the topic ${topic}`)
    }
  }

  async contend(options: CandidateOptions): Promise<Candidate> {
    const candidate = new EmbeddedCandidate(this.#storage, this.#topic, options, this.#logger)
    this.#candidates.add(candidate)
    return candidate
  }

  async read(from: number, { maxWaitMs = 0 } = {}) {
    const deadline = performance.now() + maxWaitMs
    let found = this.#read(from)
    while (found.records.length === 0 && performance.now() < deadline) {
      await sleep(POLL_MS)
      if (nextOffset(this.#storage, this.#topic) > found.next) found = this.#read(from)
    }
    return found
  }

  async close(): Promise<void> {
    await Promise.all([...this.#candidates].map(candidate => candidate.stop()))
    this.#candidates.clear()
  }

  #read(from: number) {
    try {
      return readStates(this.#storage, this.#topic, from, MOST_RECORDS)
    } catch (error) {
      throw asLogError(error, `reading ${this.#topic}`)
    }
  }
}
