/** The SQLite file of the embedded log: opened, migrated, written in transactions. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { KiviError } from '@kivi/domain'

const APPLICATION_ID = 0x4b697669 // 'Kivi'
const VERSION = 2
/** how long a writer waits for another process's transaction; those take milliseconds */
const BUSY_TIMEOUT_MS = 10_000

/**
 * Every commit is flushed. Large pages suit batches of records, and a checkpoint every 16 MB instead of every 4
 * saves flushes. (The page size counts only when the file is made.)
 */
const PRAGMAS = `
  pragma page_size = 16384;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma wal_autocheckpoint = 1000;
  pragma journal_size_limit = 67108864;
`

/**
 * A batch of records is one row, keyed by (partition's slot, base offset) in one integer, so that appending and
 * reading a partition go along the table's own order.
 */
const SCHEMA = `
  create table partitions (
    slot integer primary key,
    topic text not null,
    partition integer not null,
    low integer not null,
    high integer not null,
    unique (topic, partition)
  ) strict;
  create table batches (
    id integer primary key,
    next integer not null,
    appended integer not null,
    data blob not null
  ) strict;
  create table offsets (
    "group" text not null,
    topic text not null,
    partition integer not null,
    position integer not null,
    metadata text not null,
    consumer integer not null,
    primary key ("group", topic, partition)
  ) strict, without rowid;
  create table owners (
    "group" text not null,
    epoch integer not null,
    lease_ms integer not null,
    host text not null,
    pid integer not null,
    released integer not null,
    primary key ("group", epoch)
  ) strict, without rowid;
  create table writers (
    "group" text primary key,
    epoch integer not null
  ) strict, without rowid;
`

/**
 * State logs: records of a topic in the order of their offsets; those that are not superseded are the state, and the
 * others are kept for a while for who follows the log.
 */
const STATES_SCHEMA = `
  create table state_logs (
    topic text primary key,
    next integer not null,
    epoch integer not null,
    beat integer not null,
    lease_ms integer not null,
    host text not null,
    pid integer not null,
    released integer not null
  ) strict, without rowid;
  create table states (
    topic text not null,
    "offset" integer not null,
    stamp integer not null,
    key text not null,
    value text,
    superseded integer,
    unique (topic, "offset")
  ) strict;
  create unique index states_now on states (topic, key) where superseded is null;
  create index states_superseded on states (superseded) where superseded is not null;
`

export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec(PRAGMAS)
    inTransaction(db, () => migrate(db, path))
    return db
  } catch (cause) {
    db.close()
    if (cause instanceof KiviError) throw cause
    throw new KiviError('log_unreachable', `${path} cannot be opened as an event log: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number }
  if (version === VERSION) return
  if (version > VERSION)
    throw new KiviError(
      'log_unreachable',
      `${path} has format ${version}, this Kivi reads ${VERSION}: start the version that wrote it.`,
    )
  if (version < 1) db.exec(SCHEMA)
  db.exec(STATES_SCHEMA)
  db.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${VERSION}`)
}

/** Runs a write transaction that sees no other's half; a thrown error undoes it. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (error) {
    // a failed commit (full disk) has ended the transaction already
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}

/** SQLite's errors in Kivi's words. */
export function asLogError(error: unknown, doing: string): KiviError {
  if (error instanceof KiviError) return error
  return new KiviError('log_unreachable', `The embedded event log failed while ${doing}: ${(error as Error).message}`, {
    cause: error,
  })
}
