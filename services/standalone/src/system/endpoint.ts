/** Where a running Kivi can be reached: `endpoint.json` in its data directory, for the other commands. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Started } from '@kivi/service-kit'

export interface Endpoint {
  readonly pid: number
  /** of the query service; null where none runs there */
  readonly url: string | null
  readonly clickhouse: string
  /** ms; what the running worker accepts */
  readonly retentionRaw: number | 'forever'
  readonly startedAt: string
}

const FILE = 'endpoint.json'

/** Written whole or not at all; removed again at the stop. */
export async function publishEndpoint(directory: string, endpoint: Endpoint): Promise<Started<void>> {
  const path = join(directory, FILE)
  await writeFile(`${path}.new`, `${JSON.stringify(endpoint, null, 2)}\n`)
  await rename(`${path}.new`, path)
  return { value: undefined, stop: () => rm(path, { force: true }) }
}

/** Null where no Kivi runs on the directory: none wrote the file, or its process is gone. */
export async function readEndpoint(directory: string): Promise<Endpoint | null> {
  try {
    const endpoint = JSON.parse(await readFile(join(directory, FILE), 'utf8')) as Endpoint
    return isAlive(endpoint.pid) ? endpoint : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // not ours to signal, but there
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
