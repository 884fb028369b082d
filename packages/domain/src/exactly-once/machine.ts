import type { ErrorCode } from '../errors.ts'
import type { Mark, Plan } from './plan.ts'
import type { PositionDecision } from './position.ts'

/**
 * The exactly-once protocol of one partition in one session of the consumer group, as a pure state machine: events
 * in, actions out. Kafka and ClickHouse only carry its actions out (services/ingest-worker/src/partition.ts), and
 * test/property/exactly-once.test.ts drives it through crashes, lost answers and zombies.
 *
 *   read position → [replay a pending batch] → fill → plan → write → (close and plan the next | close)
 *
 * A batch is folded first, then planned durably (the metadata of the commit whose offset is the batch's beginning),
 * then written: dead letters, its inserts in order, the ledger last. A session that ends for whatever reason drops
 * everything; the next one reads the plan and replays exactly that range.
 */

/** A folded batch, ready to be planned. */
export interface CutBatch {
  readonly from: number
  readonly to: number
  readonly records: number
  readonly digest: string
  readonly catalog: string
  readonly unknownSchemas: readonly number[]
  readonly hasDeadLetters: boolean
  /** blocks to insert, in order; the last one is the ledger's */
  readonly inserts: number
}

export type ProtocolEvent =
  | { readonly type: 'joined' }
  | { readonly type: 'position'; readonly decision: PositionDecision }
  /** the open batch was closed for more records; ask `mayCut` first */
  | { readonly type: 'cut'; readonly batch: CutBatch }
  | { readonly type: 'commit-answer'; readonly answer: 'committed' | 'refused' | 'ambiguous' }
  | { readonly type: 'dead-letters-written' }
  | { readonly type: 'proof'; readonly present: boolean }
  /** doubtful: no answer, or an error that leaves open whether the block is there; the driver waits before telling */
  | { readonly type: 'insert-answer'; readonly answer: 'ok' | 'doubtful' }
  | { readonly type: 'insert-refused'; readonly reason: string }
  /** nothing is open and nothing came for a while: close the last batch */
  | { readonly type: 'idle' }
  /** a newer session exists or the lease is over: whatever was open here is another's now */
  | { readonly type: 'lost' }

export type ProtocolAction =
  | { readonly type: 'read-position' }
  /** begin delivery; with `replay`, fold exactly [from, replay.to) as one batch and cut it */
  | { readonly type: 'deliver'; readonly from: number; readonly replay: Plan | null; readonly lineage: string }
  | { readonly type: 'commit'; readonly offset: number; readonly mark: Mark }
  | { readonly type: 'write-dead-letters' }
  | { readonly type: 'prove'; readonly insert: number }
  | { readonly type: 'insert'; readonly insert: number; readonly attempt: number }
  /** the batch and its ledger row are durable; its memory may go, the next one may be cut */
  | { readonly type: 'written'; readonly to: number }
  | { readonly type: 'rejoin'; readonly reason: string }
  | { readonly type: 'stop'; readonly code: ErrorCode; readonly reason: string }

interface Writing {
  readonly batch: CutBatch
  /** −1: dead letters */
  readonly insert: number
  readonly attempt: number
  /** the block may be there already: a replay, or an earlier send without an answer */
  readonly doubt: boolean
  readonly replay: boolean
}

export type ProtocolState =
  | { readonly phase: 'new' }
  | { readonly phase: 'reading' }
  | { readonly phase: 'replaying'; readonly lineage: string; readonly from: number; readonly plan: Plan }
  /** `position`: all before it is written; `closed`: and committed without a plan */
  | { readonly phase: 'filling'; readonly lineage: string; readonly position: number; readonly closed: boolean }
  | { readonly phase: 'planning'; readonly lineage: string; readonly batch: CutBatch }
  | { readonly phase: 'dead-letters'; readonly lineage: string; readonly writing: Writing }
  | { readonly phase: 'proving'; readonly lineage: string; readonly writing: Writing; readonly sent: boolean }
  | { readonly phase: 'inserting'; readonly lineage: string; readonly writing: Writing }
  | { readonly phase: 'closing'; readonly lineage: string; readonly position: number }
  | { readonly phase: 'over'; readonly why: string }

export interface Step {
  readonly state: ProtocolState
  readonly actions: readonly ProtocolAction[]
}

export const newProtocol: ProtocolState = { phase: 'new' }

/** A cut is taken only here; while a batch is planned or written, records may be folded into the next one. */
export const mayCut = (state: ProtocolState): boolean => state.phase === 'filling' || state.phase === 'replaying'

/** Nothing is open or in flight and the last batch is closed. */
export const isQuiet = (state: ProtocolState): boolean => state.phase === 'filling' && state.closed

/** @throws Error where an event comes that the phase cannot get: a fault of the driver, never of the outside. */
export function step(state: ProtocolState, event: ProtocolEvent): Step {
  if (state.phase === 'over') return { state, actions: [] }
  switch (event.type) {
    case 'lost':
      return over('the session ended')
    case 'joined':
      if (state.phase !== 'new') break
      return { state: { phase: 'reading' }, actions: [{ type: 'read-position' }] }
    case 'position':
      if (state.phase !== 'reading') break
      return begin(event.decision)
    case 'cut':
      if (state.phase === 'replaying') return replayed(state, event.batch)
      if (state.phase === 'filling') return plan(state, event.batch)
      break
    case 'commit-answer':
      if (state.phase === 'planning' || state.phase === 'closing') return committed(state, event.answer)
      break
    case 'dead-letters-written':
      if (state.phase === 'dead-letters') return next(state.lineage, state.writing)
      break
    case 'proof':
      if (state.phase === 'proving') return proved(state, event.present)
      break
    case 'insert-answer':
      if (state.phase === 'inserting') return inserted(state, event.answer)
      break
    case 'insert-refused':
      if (state.phase === 'inserting' || state.phase === 'proving')
        return stop('store_rejected', `ClickHouse refuses a block for good, nothing was committed: ${event.reason}`)
      break
    case 'idle':
      if (state.phase !== 'filling' || state.closed) return { state, actions: [] }
      return {
        state: { phase: 'closing', lineage: state.lineage, position: state.position },
        actions: [{ type: 'commit', offset: state.position, mark: { lineage: state.lineage, plan: null } }],
      }
  }
  throw new Error(`exactly-once: event ${event.type} in phase ${state.phase}`)
}

function begin(decision: PositionDecision): Step {
  if (decision.kind === 'stop') return stop(decision.code, decision.reason)
  const { lineage, position, plan: pending } = decision
  const state: ProtocolState =
    pending !== null
      ? { phase: 'replaying', lineage, from: position, plan: pending }
      : // the commit may be behind the ledger: `closed: false` makes an idle partition commit its position
        { phase: 'filling', lineage, position, closed: false }
  return { state, actions: [{ type: 'deliver', from: position, replay: pending, lineage }] }
}

function plan(state: Extract<ProtocolState, { phase: 'filling' }>, batch: CutBatch): Step {
  const { to, catalog, records, digest, unknownSchemas } = batch
  return {
    state: { phase: 'planning', lineage: state.lineage, batch },
    // closes the batch before, plans this one: one request
    actions: [
      {
        type: 'commit',
        offset: batch.from,
        mark: { lineage: state.lineage, plan: { to, catalog, records, digest, unknownSchemas } },
      },
    ],
  }
}

function replayed(state: Extract<ProtocolState, { phase: 'replaying' }>, batch: CutBatch): Step {
  const { plan: planned, from, lineage } = state
  if (batch.from !== from || batch.to !== planned.to)
    return stop('replay_differs', `The replay of ${from} to ${planned.to} gave ${batch.from} to ${batch.to}.`)
  if (planned.digest !== null && planned.digest !== batch.digest)
    return stop(
      'replay_differs',
      `Positions ${from} to ${planned.to}, read again, give digest ${batch.digest} over ${batch.records} records; ` +
        `planned were ${planned.digest} over ${planned.records}. The log changed (compaction, truncation), or an ` +
        'outcome depends on something else than the log. Nothing more was written; docs/operations.md says what to do.',
    )
  return write(lineage, batch, true)
}

function committed(
  state: Extract<ProtocolState, { phase: 'planning' | 'closing' }>,
  answer: 'committed' | 'refused' | 'ambiguous',
): Step {
  switch (answer) {
    case 'refused':
      return over('a newer generation owns the partition')
    case 'ambiguous':
      // no retry and no new cut: the new generation fences the request that may still be under way
      return { ...over('a commit has no answer'), actions: [{ type: 'rejoin', reason: 'a commit has no answer' }] }
    case 'committed':
      if (state.phase === 'closing')
        return {
          state: { phase: 'filling', lineage: state.lineage, position: state.position, closed: true },
          actions: [],
        }
      return write(state.lineage, state.batch, false)
  }
}

function write(lineage: string, batch: CutBatch, replay: boolean): Step {
  const writing: Writing = { batch, insert: -1, attempt: 1, doubt: replay, replay }
  if (!batch.hasDeadLetters) return next(lineage, writing)
  return { state: { phase: 'dead-letters', lineage, writing }, actions: [{ type: 'write-dead-letters' }] }
}

/** The step after `writing.insert` is done. */
function next(lineage: string, done: Writing): Step {
  const insert = done.insert + 1
  if (insert === done.batch.inserts)
    return {
      state: { phase: 'filling', lineage, position: done.batch.to, closed: false },
      actions: [{ type: 'written', to: done.batch.to }],
    }
  const writing: Writing = { ...done, insert, attempt: 1, doubt: done.replay }
  return writing.doubt ? prove(lineage, writing, false) : send(lineage, writing)
}

const prove = (lineage: string, writing: Writing, sent: boolean): Step => ({
  state: { phase: 'proving', lineage, writing, sent },
  actions: [{ type: 'prove', insert: writing.insert }],
})

const send = (lineage: string, writing: Writing): Step => ({
  state: { phase: 'inserting', lineage, writing },
  actions: [{ type: 'insert', insert: writing.insert, attempt: writing.attempt }],
})

function proved(state: Extract<ProtocolState, { phase: 'proving' }>, present: boolean): Step {
  const { lineage, writing, sent } = state
  if (present) return next(lineage, writing)
  // answered OK and still absent: the token was logged but its part was lost with the server; only another token helps
  return send(lineage, sent ? { ...writing, attempt: writing.attempt + 1 } : writing)
}

function inserted(state: Extract<ProtocolState, { phase: 'inserting' }>, answer: 'ok' | 'doubtful'): Step {
  const { lineage, writing } = state
  if (answer === 'doubtful') return prove(lineage, { ...writing, doubt: true }, false)
  // a token is no proof: where the block may have been sent before, OK may only mean that the token is known
  return writing.doubt ? prove(lineage, writing, true) : next(lineage, writing)
}

const over = (why: string): Step => ({ state: { phase: 'over', why }, actions: [] })

const stop = (code: ErrorCode, reason: string): Step => ({
  state: { phase: 'over', why: reason },
  actions: [{ type: 'stop', code, reason }],
})
