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
    throw new Error(`This needs ${install}, or a running Docker: \`${command}\` could not be run.`, {
      cause,
    })
  })
}

/**
 * A directory of `.cache/` that Maven fills the first time: with the artifacts of `infra/local/<pom>`, or with one
 * artifact by its coordinates. `unpack` runs before the directory appears, and it appears by one rename, so several
 * processes may ask at once.
 */
export async function artifacts(
  name: string,
  source: { readonly pom: string } | { readonly artifact: string },
  unpack?: (directory: string) => Promise<void>,
): Promise<string> {
  await need('java', '-version', 'Java 17 or newer')
  const directory = join(cache, name)
  if (await exists(directory)) return directory
  await need('mvn', '--version', 'Maven (package `maven`)')
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, `${name}-`))
  const goal =
    'pom' in source
      ? ['-f', join(here, source.pom), 'dependency:copy-dependencies']
      : ['-f', join(here, 'pom.xml'), 'dependency:copy', `-Dartifact=${source.artifact}`]
  try {
    await run('mvn', ['-q', '-B', ...goal, `-DoutputDirectory=${fresh}`]).catch((cause: { stdout?: string }) => {
      const reason = cause.stdout?.split('\n').find(line => line.includes('ERROR')) ?? String(cause)
      throw new Error(`Maven could not fetch ${Object.values(source)[0]}: ${reason}`, { cause })
    })
    await unpack?.(fresh)
    await rename(fresh, directory).catch(async cause => {
      if (!(await exists(directory))) throw cause
    })
    return directory
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}
