import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** Builds the dashboard of this source into a folder of its own: whatever else is built meanwhile is not in its way. */
export async function buildDashboard(): Promise<{ readonly url: URL; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-dashboard-'))
  const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))
  const source = fileURLToPath(new URL('../../packages/dashboard/', import.meta.url))
  await promisify(execFile)(process.execPath, [vite, 'build', source, '--outDir', directory, '--logLevel', 'warn'])
  return {
    url: pathToFileURL(`${directory}/`),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
