/** The directory that holds what Kivi keeps on this machine: who uses it, and whether it is the demo's. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isKiviError, KiviError } from '@kivi/domain'
import type { Config, Started } from '@kivi/service-kit'
import { readEndpoint } from './endpoint.ts'

export interface DataDirectory {
  readonly path: string
  readonly engine: string
  readonly log: string
}

const SQLITE_BUSY = 5

const unusable = (path: string, why: string, cause: unknown): KiviError =>
  new KiviError(
    'config_invalid',
    `The data directory ${path} cannot be used: ${why}. Make it writable for this user, or choose another one with KIVI_DATA_DIR.`,
    { cause },
  )

/** Makes the directory where it is missing. */
export async function openDataDirectory(config: Config): Promise<DataDirectory> {
  const path = resolve(config.data.directory)
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw unusable(path, (error as Error).message, error)
  }
  return { path, engine: join(path, 'clickhouse'), log: join(path, 'log') }
}

/**
 * One process at a time may hold a name of the directory. The lock is one of the operating system on a file
 * (through SQLite): it goes with its process however that ends, so no stale lock can ever be left behind.
 */
export async function holdDirectory(directory: DataDirectory, name: string): Promise<Started<void>> {
  const path = join(directory.path, `${name}.lock`)
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { timeout: 0 })
  } catch (error) {
    throw unusable(directory.path, `${path}: ${(error as Error).message}`, error)
  }
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY)
      throw unusable(directory.path, `${path}: ${(error as Error).message}`, error)
    const endpoint = await readEndpoint(directory.path)
    const who = endpoint === null ? 'Another Kivi' : `Another Kivi (process ${endpoint.pid}, ${endpoint.url})`
    throw new KiviError(
      'log_owned',
      `${who} runs on ${directory.path}. Stop that one first, or give this one a directory of its own: KIVI_DATA_DIR=…`,
      { cause: error },
    )
  }
  return { value: undefined, stop: async () => database.close() }
}

/**
 * The same for a service beside the main process. Where that one was killed and Kivi is started again at once, the
 * service of before still drains: it is waited for.
 */
export async function holdDirectoryWhenFree(directory: DataDirectory, name: string): Promise<Started<void>> {
  const until = performance.now() + DRAINED_WITHIN_MS
  for (;;) {
    try {
      return await holdDirectory(directory, name)
    } catch (error) {
      const taken = isKiviError(error, 'log_owned')
      if (!taken || performance.now() >= until) throw error
      await sleep(200)
    }
  }
}

/** A worker drains for 8 s at most, and then has something to close. */
const DRAINED_WITHIN_MS = 15_000

const MARK = 'kivi.json'

/** What the directory was first used for; null: not yet used. */
async function readKind(directory: DataDirectory): Promise<'demo' | 'own' | null> {
  try {
    const mark = JSON.parse(await readFile(join(directory.path, MARK), 'utf8')) as { kind?: unknown }
    return mark.kind === 'demo' ? 'demo' : 'own'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/**
 * The demo's events and real ones must not meet: a directory belongs to whichever came first.
 * Throws import_refused, saying how to start instead.
 */
export async function claimDirectory(directory: DataDirectory, kind: 'demo' | 'own'): Promise<void> {
  const before = await readKind(directory)
  if (before === null) return writeFile(join(directory.path, MARK), `${JSON.stringify({ kind })}\n`)
  if (before === kind) return
  throw new KiviError(
    'import_refused',
    kind === 'own'
      ? `${directory.path} holds the demo, and real events do not mix with it. ${WITHOUT_DEMO}`
      : `${directory.path} holds events of your own, and the demo does not mix with them. ${WITHOUT_DEMO}`,
  )
}

export const WITHOUT_DEMO = 'Start without the demo, on a directory of its own: KIVI_DEMO=off npm start'

export async function isDemo(directory: DataDirectory): Promise<boolean> {
  return (await readKind(directory)) === 'demo'
}
