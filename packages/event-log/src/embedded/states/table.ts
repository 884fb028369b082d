/**
 * State logs in SQLite: each topic's owner and records. Synchronous; each function is one transaction, in which the
 * owner's epoch is checked. The epoch of an owner is the offset of its take-over record, as on Kafka.
 */
import { hostname } from 'node:os'
import { KiviError, type StateChange, type StateRecord } from '@kivi/domain'
import { inTransaction } from '../database.ts'
import type { Storage } from '../storage.ts'

/** Who owns a topic; `beat` ascends as long as it lives. */
export interface Owner {
  readonly epoch: number
  readonly beat: number
  readonly lease_ms: number
  readonly host: string
  readonly pid: number
  readonly released: number
}

const NOBODY = { epoch: -1, beat: 0, lease_ms: 0, host: '', pid: 0, released: 1 }

export function ensureStates(storage: Storage, topic: string): void {
  const { epoch, beat, lease_ms, host, pid, released } = NOBODY
  inTransaction(storage.db, () => {
    storage
      .sql(
        'insert or ignore into state_logs (topic, next, epoch, beat, lease_ms, host, pid, released) values (?, 0, ?, ?, ?, ?, ?, ?)',
      )
      .run(topic, epoch, beat, lease_ms, host, pid, released)
  })
}

export function readOwner(storage: Storage, topic: string): Owner {
  const row = storage
    .sql('select epoch, beat, lease_ms, host, pid, released from state_logs where topic = ?')
    .get(topic)
  return row as unknown as Owner
}

/**
 * Takes the topic over, unless its owner is another than `seen` by now: appends the record and gives the state with it.
 */
export function takeOver(
  storage: Storage,
  topic: string,
  seen: Owner,
  leaseMs: number,
  record: StateChange,
): { readonly epoch: number; readonly state: Map<string, string> } | null {
  return inTransaction(storage.db, () => {
    const owner = readOwner(storage, topic)
    if (owner.epoch !== seen.epoch || owner.beat !== seen.beat) return null
    const epoch = append(storage, topic, [record])
    storage
      .sql('update state_logs set epoch = ?, beat = 0, lease_ms = ?, host = ?, pid = ?, released = 0 where topic = ?')
      .run(epoch, Math.ceil(leaseMs), hostname(), process.pid, topic)
    return { epoch, state: fold(storage, topic) }
  })
}

/** A sign of life; false: another owns the topic. */
export function beat(storage: Storage, topic: string, epoch: number): boolean {
  const update = storage.sql('update state_logs set beat = beat + 1 where topic = ? and epoch = ?')
  return update.run(topic, epoch).changes === 1
}

/** Nothing of this owner is under way any more. */
export function release(storage: Storage, topic: string, epoch: number): void {
  storage.sql('update state_logs set released = 1 where topic = ? and epoch = ?').run(topic, epoch)
}

/** All changes or, where another owns the topic, none and an error. */
export function appendAsOwner(storage: Storage, topic: string, epoch: number, changes: readonly StateChange[]): void {
  inTransaction(storage.db, () => {
    if (readOwner(storage, topic).epoch !== epoch) throw new KiviError('log_fenced', `A newer leader writes ${topic}.`)
    append(storage, topic, changes)
  })
}

/** @returns the offset of the first */
function append(storage: Storage, topic: string, changes: readonly StateChange[]): number {
  const advance = storage.sql('update state_logs set next = next + ? where topic = ? returning next')
  const { next } = advance.get(changes.length, topic) as { next: number }
  const supersede = storage.sql('update states set superseded = ? where topic = ? and key = ? and superseded is null')
  const insert = storage.sql(
    'insert into states (topic, "offset", stamp, key, value, superseded) values (?, ?, ?, ?, ?, ?)',
  )
  const now = Date.now()
  const first = next - changes.length
  changes.forEach(({ key, value }, i) => {
    supersede.run(now, topic, key)
    // a removed key needs no record but for those who follow
    insert.run(topic, first + i, now, key, value, value === null ? now : null)
  })
  return first
}

function fold(storage: Storage, topic: string): Map<string, string> {
  const rows = storage.sql('select key, value from states where topic = ? and superseded is null')
  const state = new Map<string, string>()
  for (const row of rows.iterate(topic)) {
    const { key, value } = row as { key: string; value: string }
    state.set(key, value)
  }
  return state
}

/** The offset that the next record gets. */
export function nextOffset(storage: Storage, topic: string): number {
  return (storage.sql('select next from state_logs where topic = ?').get(topic) as { next: number }).next
}

/** Records from a position on, as on Kafka. Takes no lock: what is appended meanwhile may be there or not. */
export function readStates(storage: Storage, topic: string, from: number, limit: number) {
  const next = nextOffset(storage, topic)
  if (from > next)
    throw new KiviError(
      'position_outside_log',
      `${topic} does not hold position ${from}: the file of the embedded log was replaced or rolled back. Read it from its beginning.`,
    )
  const records = storage
    .sql('select "offset", stamp, key, value from states where topic = ? and "offset" >= ? order by "offset" limit ?')
    .all(topic, from, limit) as unknown as StateRecord[]
  const last = records.at(-1)?.offset ?? -1
  const end = records.length < limit
  return { records, next: end ? Math.max(next, last + 1) : last + 1, end }
}

/**
 * Removes up to `limit` records that were superseded before `before`, and the oldest of those that are more than `most`,
 * of all topics. How many it removed.
 */
export function compact(
  storage: Storage,
  before: number,
  limit: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  const { count } = storage.sql('select count(*) as count from states where superseded is not null').get() as {
    count: number
  }
  const tooMany = Math.min(limit, Math.max(0, count - most))
  const oldest = 'select rowid from states where superseded is not null order by superseded limit ?'
  const surplus =
    tooMany === 0 ? 0 : Number(storage.sql(`delete from states where rowid in (${oldest})`).run(tooMany).changes)
  const old = 'select rowid from states where superseded < ? order by superseded limit ?'
  const { changes } = storage.sql(`delete from states where rowid in (${old})`).run(before, limit - surplus)
  return surplus + Number(changes)
}
