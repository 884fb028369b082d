import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from './free-ports.ts'
import { artifacts } from './jars.ts'
import { spawnTethered } from './tethered.ts'

const run = promisify(execFile)
const VERSION = '3.0.9'
const ARTIFACT = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`

export interface LocalRegistry {
  /** base URL of the Confluent API: `${url}/subjects/…`, `${url}/schemas/ids/…` */
  readonly url: string
  readonly pid: number
  /** ends it, as a crash would: it keeps nothing */
  stop(): Promise<void>
}

async function unpack(directory: string): Promise<void> {
  const archive = join(directory, `apicurio-registry-app-${VERSION}-all.tar.gz`)
  await run('tar', ['-xzf', archive, '-C', directory])
  await rm(archive)
}

/**
 * Starts a real Schema Registry (Apicurio, with Confluent's API) that keeps its schemas in memory. Ends with this
 * process, whatever ends it.
 */
export async function startRegistry(options: { readonly port?: number } = {}): Promise<LocalRegistry> {
  const directory = await artifacts(`registry-${VERSION}`, { artifact: ARTIFACT }, unpack)
  const port = options.port ?? (await freePorts(1))[0]!
  const registry = await spawnTethered('java', [
    ...['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
    ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`],
    // its ready line is one of this level
    ...['-Dquarkus.log.level=INFO', '-jar', join(directory, `apicurio-registry-app-${VERSION}-runner.jar`)],
  ])
  const stop = async (): Promise<void> => {
    registry.signal('SIGKILL')
    await registry.exited
  }
  try {
    await registry.line(/Listening on: http/)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}/apis/ccompat/v7`, pid: registry.pid, stop }
}
