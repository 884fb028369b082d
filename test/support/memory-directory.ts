import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The temporary directory that outlives the run, for what is made once a machine. */
export const LASTING = 'KIVI_TEST_LASTING_TMPDIR'

const SHARED_MEMORY = '/dev/shm'
/** A run writes less than a third of it. */
const ENOUGH_BYTES = 8 * 1024 ** 3

/**
 * Gives this process, and all that it starts from now on, a temporary directory in memory, where the machine has
 * enough of it: engines, logs and brokers sync each of thousands of small files to the disk, which is what they are for,
 * and what tests would wait for. Processes that are killed lose nothing there either. A TMPDIR that is set stays.
 * @returns ends it; nothing of the directory is left
 */
export async function temporaryInMemory(): Promise<() => Promise<void>> {
  if (process.env['TMPDIR'] !== undefined || freemem() < ENOUGH_BYTES) return async () => {}
  const room = await statfs(SHARED_MEMORY).catch(() => null)
  if (room === null || room.bavail * room.bsize < ENOUGH_BYTES) return async () => {}
  process.env[LASTING] = tmpdir()
  const directory = await mkdtemp(join(SHARED_MEMORY, 'kivi-test-'))
  process.env['TMPDIR'] = directory
  return () => rm(directory, { recursive: true, force: true, maxRetries: 3 })
}
