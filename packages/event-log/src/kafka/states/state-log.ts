import type { Candidate, CandidateOptions, ConsumeOptions, LogConsumer, StateLog, StateRecord } from '@kivi/domain'
import type { Logger } from '../../logger.ts'
import { asKiviError } from '../errors.ts'
import { type Cluster, createCluster } from '../kafkajs.ts'
import type { KafkaOptions } from '../options.ts'
import { KafkaCandidate } from './candidate.ts'
import { text } from './fold.ts'
import { readStates } from './reader.ts'
import { ensureStateTopic } from './topic.ts'

const SESSION_TIMEOUT_MS = 30_000

interface Dependencies {
  readonly options: KafkaOptions
  readonly logger: Logger
  readonly consume: (options: ConsumeOptions) => Promise<LogConsumer>
}

/** A state log on a compacted topic of one partition. */
export class KafkaStateLog implements StateLog {
  readonly warnings: readonly string[]
  readonly #topic: string
  readonly #dependencies: Dependencies
  readonly #cluster: Cluster
  readonly #candidates = new Set<Candidate>()

  private constructor(topic: string, warnings: readonly string[], cluster: Cluster, dependencies: Dependencies) {
    this.#topic = topic
    this.warnings = warnings
    this.#cluster = cluster
    this.#dependencies = dependencies
  }

  /** Makes the topic where it is missing, and connects. */
  static async open(topic: string, dependencies: Dependencies): Promise<KafkaStateLog> {
    const warnings = await ensureStateTopic(dependencies.options, topic)
    const cluster = createCluster(dependencies.options)
    try {
      await cluster.connect()
      await cluster.addTargetTopic(topic)
    } catch (error) {
      await cluster.disconnect().catch(() => {})
      throw asKiviError(error, `connecting to ${topic}`)
    }
    return new KafkaStateLog(topic, warnings, cluster, dependencies)
  }

  async contend(options: CandidateOptions): Promise<Candidate> {
    const { options: kafka, logger, consume } = this.#dependencies
    const sessionTimeoutMs = options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS
    const topic = this.#topic
    const candidate = await KafkaCandidate.contend(options, {
      topic,
      kafka,
      logger,
      cluster: this.#cluster,
      sessionTimeoutMs,
      // membership only: no partition is ever started
      consume: handler =>
        consume({
          topic,
          group: `${topic}-leader`,
          sessionTimeoutMs,
          handler: { ...handler, records: async () => {}, caughtUp: () => {} },
        }),
    })
    this.#candidates.add(candidate)
    return candidate
  }

  async read(from: number, { maxWaitMs = 0 } = {}) {
    const records: StateRecord[] = []
    try {
      const { next, end } = await readStates(this.#cluster, this.#topic, from, maxWaitMs, set => {
        for (let row = 0; row < set.count; row++) {
          const key = text(set, set.keyStart[row]!, set.keyEnd[row]!)
          const value = text(set, set.valueStart[row]!, set.valueEnd[row]!)
          if (key !== null) records.push({ offset: set.offset[row]!, stamp: set.stamp[row]!, key, value })
        }
      })
      return { records, next, end }
    } catch (error) {
      throw asKiviError(error, `reading ${this.#topic}`)
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#candidates].map(candidate => candidate.stop()))
    this.#candidates.clear()
    await this.#cluster.disconnect()
  }
}
