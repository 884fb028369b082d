import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const cache = fileURLToPath(new URL('../../.cache/', import.meta.url))

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Fails with one sentence that says what to install, where `command --version` cannot be run. */
async function need(command: string, argument: string, install: string): Promise<void> {
  await run(command, [argument]).catch(cause => {
    throw new Error(`A local Kafka needs ${install} (or a running Docker), and \`${command}\` was not found.`, {
      cause,
    })
  })
}

/**
 * The directory with the artifacts of `infra/local/<name>/pom.xml`, fetched through Maven the first time and kept
 * in `.cache/` of the repository. `unpack` runs in the fresh directory before it is published; several processes
 * may ask at once, since a directory appears by one rename.
 */
export async function artifacts(name: string, version: string, unpack?: (directory: string) => Promise<void>) {
  await need('java', '-version', 'Java 17 or newer')
  const directory = join(cache, `${name}-${version}`)
  if (await exists(directory)) return directory
  await need('mvn', '--version', 'Maven (package `maven`)')
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, `${name}-`))
  try {
    const pom = join(here, name, 'pom.xml')
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]).catch(
      (cause: { stdout?: string }) => {
        const reason = cause.stdout?.split('\n').find(line => line.includes('ERROR')) ?? String(cause)
        throw new Error(`Maven could not fetch the artifacts of infra/local/${name}/pom.xml: ${reason}`, { cause })
      },
    )
    await unpack?.(fresh)
    await rename(fresh, directory).catch(async cause => {
      if (!(await exists(directory))) throw cause
    })
    return directory
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}
