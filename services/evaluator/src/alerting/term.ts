/**
 * One leadership, from its take-over to its end: read → step → append → send, about once a second.
 *
 * Nothing is sent that is not in the log, nothing is taken for the state that is not in the log, and an append that
 * failed ends it all: the next leader's fold tells what became of it.
 */
import {
  AlertDraft,
  type AlertFact,
  type AlertRecord,
  type AlertState,
  type Catalog,
  type Leadership,
  readRecord,
  type StateChange,
  sendable,
  settleAnswers,
  stepAlerts,
  takeOver,
} from '@kivi/domain'
import type { DigestDesk } from '../digests/desk.ts'
import { createBell } from './bell.ts'
import type { AlertingEvents } from './events.ts'
import { createOutbox } from './outbox.ts'
import { evaluateOwn, type KnownOfKivi } from './own.ts'
import type { Found, Reader } from './reading.ts'
import type { Receivers } from './receivers.ts'
import { createSynchronised } from './synchronised.ts'
import { wordingOf } from './wording.ts'

export interface TermDeps {
  readonly catalog: () => Catalog
  readonly reader: Reader
  readonly receivers: Receivers
  /** sends reports with each step; null: nobody makes any */
  readonly digests: DigestDesk | null
  readonly externalUrl: string | null
  /** random: the key by which a receiver knows a message again */
  readonly newKey: () => string
  /** wall clock, epoch ms */
  readonly now: () => number
  readonly tell: AlertingEvents
  /** after each step that is in the log */
  readonly stepped: (now: number) => void
  /** the steps cannot go on, by a mistake of ours: another leadership has to begin */
  readonly failed: (error: unknown) => void
}

export interface Term {
  /** begins nothing more, waits for answers that are about to come, and puts them into the log */
  leave(): Promise<void>
  /** the leadership is over */
  end(): void
}

/** From one reading to the next, and from one step to the next where nothing happens. */
const STEP_MS = 1_000
/** A ClickHouse that has not answered for so long is away. */
const HANGS_AFTER_MS = 10_000
/** So long the first messages wait for what was missed, and for silences. */
const FIRST_READING_MS = 5_000
/** Of a leader that leaves: answers after that are the next one's doubt. */
const LAST_ANSWERS_MS = 2_000

/** @param state the fold of the log up to the take-over record; changed here only */
export function startTerm(leadership: Leadership, state: AlertState, deps: TermDeps): Term {
  const { catalog, reader, receivers, digests, now, tell } = deps
  const bell = createBell()
  const leads = (): boolean => leadership.leads()
  const outbox = createOutbox({ receivers, leads, now, answered: () => bell.ring(), told: tell.attempted })
  const synchronised = createSynchronised({ receivers, leads, told: tell.attempted })
  digests?.onNews(() => bell.ring())
  const begunAt = performance.now()

  let over = false
  let leaving = false
  let found: Found | null = null
  let readingSince: number | null = null
  let readLast = Number.NEGATIVE_INFINITY
  let hasRead = false
  let catchingUp: ReadonlySet<string> = new Set()
  let known: Omit<KnownOfKivi, 'unsynchronised'> = { watermark: null, problem: null, records: new Map() }

  /** Beside the steps, one at a time, and only once what the last one found is in the log. */
  function readOn(): void {
    const at = performance.now()
    if (readingSince !== null || found !== null || (catchingUp.size === 0 && at - readLast < STEP_MS)) return
    readingSince = at
    readLast = at
    void reader(catalog(), state)
      .then(result => {
        found = result
      })
      .catch((error: unknown) => {
        tell.readingFailed({ error })
        found = { ...NOTHING_FOUND, problem: (error as Error).message }
      })
      .finally(() => {
        readingSince = null
        hasRead = true
        bell.ring()
      })
  }

  /** False: the leadership is over. */
  async function step(): Promise<boolean> {
    const at = now()
    const inForce = catalog()
    const { alerting } = inForce
    const wording = wordingOf(inForce, deps.externalUrl)
    const read = found
    if (read !== null) {
      const { watermark, problem, records } = read
      if (problem !== known.problem) tell.clickhouse({ problem })
      known = { watermark: watermark ?? known.watermark, problem, records }
      catchingUp = read.catchingUp
    }
    const hangs = readingSince !== null && performance.now() - readingSince > HANGS_AFTER_MS
    const problem = hangs ? 'ClickHouse does not answer' : known.problem
    // a rule that was changed since it was read is read anew
    const evaluations = (read?.evaluations ?? []).filter(({ rule }) => alerting.rules.get(rule.id) === rule)
    const own = evaluateOwn(
      state,
      alerting.rules.values(),
      alerting.receivers.keys(),
      { ...known, problem, unsynchronised: new Map([...(digests?.failing() ?? []), ...synchronised.failing]) },
      at,
    )
    const answers = outbox.answers()
    const changes = stepAlerts(state, {
      ...{ alerting, now: at, wording, newKey: deps.newKey, catchingUp, answers },
      evaluations: [...evaluations, ...own],
      silences: read?.silences ?? null,
    })
    const acknowledged = changes.filter(({ key, value }) => value !== null && key.startsWith('acknowledgement/'))
    const facts = await append(changes)
    if (facts === null) return false
    // what was read meanwhile is for the next step
    if (found === read) found = null
    outbox.settled(answers)
    deps.stepped(at)
    tell.stepped({ seconds: (now() - at) / 1000, changes: changes.length })
    if (leaving) return true
    outbox.send(sendable(state, now(), outbox.isUnderWay), alerting)
    if (catchingUp.size === 0) synchronised.tick(state, { alerting, wording, now: now() }, facts.some(turns))
    for (const { value } of acknowledged) if (value !== null) passOn(readRecord(value).record, inForce)
    return true
  }

  /** What happened with them, now that they are in the log; null: the leadership is over. */
  async function append(changes: readonly StateChange[]): Promise<readonly AlertFact[] | null> {
    if (changes.length === 0) return leads() ? [] : null
    if ((await leadership.append(changes)) === 'ended') return null
    const facts = changes.flatMap(change => state.fold(change))
    for (const fact of facts) tell.happened(fact)
    return facts
  }

  /** Where a receiver can be told that somebody takes care. Best effort: it only spares people a second look. */
  function passOn(record: AlertRecord, { alerting }: Catalog): void {
    if (record.kind !== 'acknowledgement') return
    const instance = state.instances.get(record.acknowledgement.alert)
    for (const { lane, receiver, groupLabels } of state.lanes.values()) {
      const settings = alerting.receivers.get(receiver)
      if (settings === undefined || instance?.told[receiver] === undefined) continue
      if (Object.entries(groupLabels).some(([name, value]) => (instance.labels[name] ?? '') !== value)) continue
      const made = receivers.for(settings)
      if (typeof made === 'string' || made.acknowledge === undefined) continue
      const begun = performance.now()
      void made.acknowledge(lane, { signal: ending.signal, mayStart: () => !leaving && leads() }).then(
        ({ kind }) => tell.attempted({ receiver, outcome: kind, seconds: (performance.now() - begun) / 1000 }),
        () => {},
      )
    }
  }

  const ending = new AbortController()
  async function run(): Promise<void> {
    const draft = new AlertDraft(state)
    takeOver(draft, now())
    if ((await append(draft.changes())) === null) return
    while (!over && !leaving) {
      const begun = performance.now()
      readOn()
      const patient = performance.now() - begunAt < FIRST_READING_MS
      if ((hasRead || !patient) && !(await step())) return
      if (digests !== null && !leaving && !(await digests.step())) return
      readOn()
      await bell.wait(STEP_MS - (performance.now() - begun))
    }
  }

  const running = run().catch(deps.failed)

  return {
    async leave() {
      leaving = true
      bell.ring()
      await running
      await outbox.drain(LAST_ANSWERS_MS)
      const answers = outbox.answers()
      if (!over && answers.length > 0 && (await append(settleAnswers(state, answers, now()))) !== null)
        outbox.settled(answers)
      if (!over) await digests?.leave()
    },
    end() {
      over = true
      bell.ring()
      ending.abort()
      outbox.abort()
      digests?.end()
      synchronised.abort()
    },
  }
}

/** Does an alert fire or end with it? */
const turns = ({ fact }: AlertFact): boolean => fact === 'firing' || fact === 'resolved'

const NOTHING_FOUND: Found = {
  evaluations: [],
  catchingUp: new Set(),
  silences: null,
  watermark: null,
  records: new Map(),
  problem: null,
}
