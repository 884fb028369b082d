/**
 * Who owns the one partition in the candidates' group leads: it takes the log over with a writer of its own, folds
 * the log up to its own take-over record, and leads until its lease or an append fails. While it still owns the
 * partition it then takes over again.
 */
import { randomUUID } from 'node:crypto'
import { type Candidate, type CandidateOptions, KiviError, type LogConsumer, type Session } from '@kivi/domain'
import { LogLeadership } from '../../leadership.ts'
import type { Logger } from '../../logger.ts'
import { Signal } from '../../signal.ts'
import { asKiviError, errorType, FENCED_PRODUCER, isRetriable } from '../errors.ts'
import type { Cluster } from '../kafkajs.ts'
import type { KafkaOptions } from '../options.ts'
import { fold } from './fold.ts'
import { StateWriter } from './writer.ts'

const PARTITION = 0
const MAX_BACKOFF_MS = 5_000
/** By this header a new leader finds its own take-over record. */
const TAKE_OVER_HEADER = 'kivi-take-over'

export interface CandidateDependencies {
  readonly topic: string
  readonly kafka: KafkaOptions
  /** for reading the log */
  readonly cluster: Cluster
  readonly logger: Logger
  readonly sessionTimeoutMs: number
  /** joins the candidates' group */
  readonly consume: (handler: {
    joined(session: Session): void
    leaving(session: Session): Promise<void>
    failed(error: Error): void
  }) => Promise<LogConsumer>
}

export class KafkaCandidate implements Candidate {
  readonly #options: CandidateOptions
  readonly #dependencies: CandidateDependencies
  #consumer: LogConsumer | undefined
  /** serves one session after the other */
  #serving: Promise<void> = Promise.resolve()
  #leadership: LogLeadership | undefined
  #stopping = false
  readonly #wake = new Signal()

  private constructor(options: CandidateOptions, dependencies: CandidateDependencies) {
    this.#options = options
    this.#dependencies = dependencies
  }

  static async contend(options: CandidateOptions, dependencies: CandidateDependencies): Promise<KafkaCandidate> {
    const candidate = new KafkaCandidate(options, dependencies)
    candidate.#consumer = await dependencies.consume({
      joined: session => candidate.#joined(session),
      leaving: () => candidate.#leaving('others came or went, and the group shares anew'),
      failed: error => candidate.#failed(error),
    })
    return candidate
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake.notify()
    await this.#consumer?.stop()
    this.#leadership?.end('this candidate stops')
    await this.#serving
  }

  #joined(session: Session): void {
    this.#leadership?.end('the group was joined anew')
    this.#wake.notify()
    this.#serving = this.#serving.then(() => this.#serve(session))
  }

  async #leaving(reason: string): Promise<void> {
    const leadership = this.#leadership
    if (!leadership?.leads()) return
    await this.#options.handler.leaving?.(leadership)
    leadership.end(this.#stopping ? 'this candidate stops' : reason)
  }

  /** Whoever cannot go on makes room for another. */
  #failed(error: Error): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#leadership?.end(error.message)
    this.#options.handler.failed(error)
    void this.#consumer?.stop()
  }

  async #serve(session: Session): Promise<void> {
    if (!session.partitions.includes(PARTITION)) return
    const { topic, logger } = this.#dependencies
    for (let pause = 100; session.alive() && !this.#stopping; ) {
      const began = performance.now()
      try {
        const reason = await this.#lead(session)
        logger.info({ topic, reason }, 'leads no more')
      } catch (error) {
        if (!session.alive()) break
        if (!isRetriable(error)) return this.#failed(asKiviError(error, `taking over ${topic}`))
        logger.warn({ topic, error: (error as Error).message }, 'taking over failed, trying again')
      }
      if (performance.now() - began > MAX_BACKOFF_MS) pause = 100
      if (session.alive() && !this.#stopping) await this.#wake.wait(pause)
      pause = Math.min(MAX_BACKOFF_MS, pause * 2)
    }
  }

  /** One leadership from its take-over to its end, whose reason it gives. */
  async #lead(session: Session): Promise<string> {
    const { topic, kafka, cluster, sessionTimeoutMs, logger } = this.#dependencies
    const { handler, takeOver } = this.#options
    const owns = () => !this.#stopping && performance.now() < session.leaseUntil()
    const writer = await StateWriter.open(kafka, topic, sessionTimeoutMs)
    try {
      if (!owns()) return 'the partition went to another before it was taken over'
      const token = randomUUID()
      await writer.append([{ ...takeOver(), headers: [[TAKE_OVER_HEADER, token]] }])
      const { state, epoch } = await fold(cluster, topic, { header: TAKE_OVER_HEADER, token, goOn: owns })
      const leadership = new LogLeadership({
        epoch,
        leaseUntil: session.leaseUntil,
        append: async changes => {
          try {
            await writer.append(changes)
          } catch (cause) {
            if (!FENCED_PRODUCER.has(errorType(cause) ?? '')) throw cause
            throw new KiviError('log_fenced', `A newer leader writes ${topic}.`, { cause })
          }
        },
      })
      this.#leadership = leadership
      logger.info({ topic, epoch, keys: state.size }, 'leads')
      try {
        handler.leading(leadership, state)
      } catch (error) {
        this.#failed(error as Error)
      }
      const reason = await leadership.over
      this.#leadership = undefined
      handler.ended(leadership, reason)
      return reason
    } finally {
      await writer.close()
    }
  }
}
