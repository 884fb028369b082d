/**
 * The state of all alerts as the alert log tells it, followed record by record: fresh within a moment, and known
 * while ClickHouse is away, which is when people look at alerts most.
 */
import {
  type AlertFeed,
  type AlertNotice,
  AlertState,
  DigestState,
  isKiviError,
  readRecord,
  type StateLog,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { type AlertRing, createAlertRing } from '../live/alert-ring.ts'

/** What was followed up to some moment. The state goes on changing: nothing is to be kept of it over an await. */
export interface Followed {
  readonly state: AlertState
  /** what became of reports, from the same log */
  readonly digests: DigestState
  /** wall clock at which the log was read to its end last */
  readonly asOf: number
  /** stamp of the newest record: the last sign of life of whoever leads; null: there is none */
  readonly heard: number | null
}

export interface AlertFollower {
  readonly feed: AlertFeed
  /** Waits a moment for the first reading. Throws log_unavailable where the log has not been read yet. */
  current(): Promise<Followed>
  start(): void
  stop(): Promise<void>
}

export interface FollowerDeps {
  /** opens the log; asked again where it fails */
  readonly states: () => Promise<Pick<StateLog, 'read'>>
  /** what the feed tells of an instance; null: nothing */
  readonly noticeOf: (state: AlertState, id: string) => Omit<AlertNotice, 'position'> | null
  readonly now: () => number
  readonly failed: (error: unknown) => void
}

/** How long a reading waits for records. */
const WAIT_MS = 1_000
const FIRST_READING_MS = 3_000
const MOST_PAUSE_MS = 5_000
/** Changes that a dashboard which was away for a moment can be told of afterwards. */
const NOTICES = 2_000

export function createAlertFollower({ states, noticeOf, now, failed }: FollowerDeps): AlertFollower {
  let state = new AlertState()
  let digests = new DigestState()
  let at = 0
  let asOf: number | null = null
  let heard: number | null = null
  let ring: AlertRing = createAlertRing({ capacity: 0 })
  const listeners = new Set<(notice: AlertNotice) => void>()
  const first = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  let stopping = false
  let running: Promise<void> = Promise.resolve()

  const pause = (ms: number) => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms)
    })
    return Promise.race([late, stopped.promise]).finally(() => clearTimeout(timer))
  }

  async function follow(): Promise<void> {
    let log: Pick<StateLog, 'read'> | undefined
    for (let wait = 100; !stopping; ) {
      try {
        log ??= await states()
        await readOn(log)
        wait = 100
      } catch (error) {
        if (isKiviError(error, 'position_outside_log') && at > 0) {
          // the topic was made anew: what is known is of another one
          begin()
          continue
        }
        failed(error)
        await pause(wait)
        wait = Math.min(MOST_PAUSE_MS, wait * 2)
      }
    }
  }

  async function readOn(log: Pick<StateLog, 'read'>): Promise<void> {
    const { records, next, end } = await log.read(at, { maxWaitMs: WAIT_MS })
    for (const record of records) {
      state.fold(record)
      digests.fold(record)
      heard = Math.max(heard ?? 0, record.stamp)
      if (asOf !== null) publish(record.offset, record.key, record.value)
    }
    at = next
    if (!end) return
    if (asOf === null) ring = createAlertRing({ capacity: NOTICES, begins: next })
    asOf = now()
    first.resolve()
  }

  function begin(): void {
    state = new AlertState()
    digests = new DigestState()
    at = 0
    asOf = null
    heard = null
    ring = createAlertRing({ capacity: 0 })
  }

  /** Instances, and what people say about one: both change what is shown of it. */
  function publish(offset: number, key: string, value: string | null): void {
    const [kind, id] = key.split('/')
    if (value === null || (kind !== 'instance' && kind !== 'acknowledgement') || id === undefined) return
    // a step over records of a later version of Kivi
    if (readRecord(value).record.kind !== kind) return
    const notice = noticeOf(state, id)
    if (notice === null) return
    const placed = { ...notice, position: offset + 1 }
    ring.publish(placed)
    for (const listener of listeners) listener(placed)
  }

  return {
    feed: {
      newest: () => ring.newest(),
      since: position => ring.since(position),
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    async current() {
      if (asOf === null) await Promise.race([first.promise, pause(FIRST_READING_MS)])
      if (asOf === null)
        throw new ProblemError(
          'log_unavailable',
          'The log of the alerts could not be read yet: ask again in some seconds. Is Kafka running?',
        )
      return { state, digests, asOf, heard }
    },
    start() {
      running = follow()
    },
    async stop() {
      stopping = true
      stopped.resolve()
      await running
    },
  }
}
